// What is sold in a throughput case, put there through inventory's own API.

import { setTimeout as sleep } from 'node:timers/promises';
import { subjectOf } from '@crossdock/contracts';
import { newId } from '@crossdock/event-store';
import type { Bus } from '@crossdock/messaging';
import { WAREHOUSES } from '@crossdock/tools/seed';
import { request } from 'undici';
import { z } from 'zod';
import type { Reserver } from './reserver.ts';

/** Rows that a bulk mutation takes. */
const ROWS_MAX = 1_000;
const WAREHOUSE = WAREHOUSES[0].id;
/** A warehouse that was only just said to exist is known a moment later. */
const TRIES = 40;
const PAUSE_MS = 250;

const UPSERT = `mutation Products($input: UpsertProductsInput!) {
  upsertProducts(input: $input) { userErrors { code } results { userErrors { code } } }
}`;
const RECEIVE = `mutation Receive($input: ReceiveStockInput!) { receiveStock(input: $input) { userErrors { code } } }`;

const reply = z.object({
  data: z.record(z.string(), z.object({ userErrors: z.array(z.object({ code: z.string() })) })).nullish(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});

/** Opens a warehouse and puts so many units of each SKU there. */
export async function fillShelves(
  reserver: Reserver,
  bus: Bus,
  skus: readonly string[],
  units: number,
): Promise<void> {
  await openWarehouse(reserver, bus);
  for (let from = 0; from < skus.length; from += ROWS_MAX) {
    const some = skus.slice(from, from + ROWS_MAX);
    const listPrice = { amount: '2.50', currencyCode: 'GBP' };
    const products = some.map((sku) => ({ sku, name: sku, listPrice }));
    await send(reserver, UPSERT, { idempotencyKey: `products-${from}`, products });
    const lines = some.map((sku) => ({ sku, warehouseId: WAREHOUSE, quantity: units }));
    await send(reserver, RECEIVE, { idempotencyKey: `stock-${from}`, lines });
  }
}

async function openWarehouse({ logs: { fulfillment } }: Reserver, bus: Bus): Promise<void> {
  const eventId = newId();
  const event = {
    ...{ id: eventId, category: 'warehouse', stream: WAREHOUSE, version: 1 },
    ...{ type: 'WarehouseRegistered', schemaVersion: 1, metadata: {}, at: new Date().toISOString() },
    data: { warehouseId: WAREHOUSE, name: WAREHOUSE, status: 'OPEN' },
  };
  const message = fulfillment.append([{ partition: 0, eventId, text: JSON.stringify(event) }]);
  // The stream is made by the process when it subscribes; what was published before is read from the log.
  await bus.publish(subjectOf('fulfillment'), message, eventId).catch(() => undefined);
}

async function send(reserver: Reserver, query: string, input: object): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { body } = await request(`${reserver.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-internal-auth': reserver.token() },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const { data, errors } = reply.parse(await body.json());
    const codes = Object.values(data ?? {}).flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    if (codes.length === 0 && (errors ?? []).length === 0) return;
    if (attempt === TRIES) throw new Error(`Stock was refused: ${JSON.stringify(errors ?? codes)}`);
    await sleep(PAUSE_MS);
  }
}
