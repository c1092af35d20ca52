import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@crossdock/event-store';
import { type OwnServer, ownNats, redisUrl } from '@crossdock/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArrivals } from '../test/arrivals.ts';
import { type FulfillmentDatabase, fulfillmentDatabase } from '../test/fulfillment-database.ts';
import { type Claims, startGateway, startLog } from '../test/neighbours.ts';
import {
  eventually,
  type StartedProcess,
  type StartedWms,
  startFulfillment,
  startWmsSimulator,
} from '../test/processes.ts';

let db: FulfillmentDatabase;
let nats: OwnServer;
let wms: StartedWms;
let fulfillment: StartedProcess;
let orders: Awaited<ReturnType<typeof startLog>>;
let inventory: Awaited<ReturnType<typeof startLog>>;
let gateway: Awaited<ReturnType<typeof startGateway>>;
const arrivals = createArrivals(0);
const folder = mkdtempSync(join(tmpdir(), 'crossdock-fulfillment-'));

const erp: Claims = { sub: 'erp', role: 'erp' };
const buyer: Claims = { sub: 'buyer', role: 'buyer', partner: 'P1' };
const stranger: Claims = { sub: 'stranger', role: 'buyer', partner: 'P2' };
const north: Claims = { sub: 'wms', role: 'wms', warehouse: 'NORTH' };
const south: Claims = { sub: 'wms', role: 'wms', warehouse: 'SOUTH' };

async function start(): Promise<StartedProcess> {
  const started = await startFulfillment({
    ...{ DATABASE_URL: db.url, NATS_URL: nats.url, REDIS_URL: redisUrl(), WMS_URL: wms.url },
    ...{ INTERNAL_PUBLIC_JWK: gateway.publicJwk, LOG_READ_SECRET: 'a secret of this test', DRAIN_MS: '0' },
    SUBGRAPH_URLS: JSON.stringify({ orders: orders.url, inventory: inventory.url }),
  });
  gateway.pointAt(started.url);
  return started;
}

beforeAll(async () => {
  [db, nats, gateway] = await Promise.all([fulfillmentDatabase(), ownNats(), startGateway()]);
  [orders, inventory] = await Promise.all([startLog('orders', nats.url), startLog('inventory', nats.url)]);
  const tokensFile = join(folder, 'tokens.json');
  writeFileSync(tokensFile, JSON.stringify({ NORTH: JSON.stringify(north), SOUTH: JSON.stringify(south) }));
  wms = await startWmsSimulator(gateway.url, tokensFile);
  fulfillment = await start();
  const input = {
    idempotencyKey: 'w',
    warehouses: [
      { id: 'NORTH', name: 'North', priority: 1 },
      { id: 'SOUTH', name: 'South' },
    ],
  };
  const upserted = await gateway.ask(erp, UPSERT, { input });
  expect(upserted.data).toMatchObject({
    upsertWarehouses: { results: [{ created: true }, { created: true }], userErrors: [] },
  });
  await inventory.say(arrivals.received('NORTH', { A: 100 }), arrivals.received('SOUTH', { B: 100 }));
  await eventually(
    () => db.sql`SELECT 1 FROM stock_view`,
    (rows) => rows.length === 2,
  );
});
afterAll(async () => {
  await fulfillment.end('SIGTERM');
  await wms.stop();
  await Promise.all([orders.close(), inventory.close(), gateway.close()]);
  await nats.stop();
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const UPSERT = `mutation($input: UpsertWarehousesInput!) {
  upsertWarehouses(input: $input) { results { id created } replayed userErrors { code } } }`;
const ORDER = `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Order {
  id shipments { id status version releaseEpoch lines { sku quantity } carrier trackingNumber warehouse { id name status } order { id } }
  routing { rule attempt explanation decidedAt } } } }`;

type OrderView = { shipments: { id: string; status: string }[]; routing: object | null } | null;
async function orderOf(claims: Claims, id: string): Promise<OrderView> {
  const { data, errors } = await gateway.ask(claims, ORDER, {
    representations: [{ __typename: 'Order', id }],
  });
  expect(errors).toBeUndefined();
  const [order] = (data?._entities ?? []) as OrderView[];
  return order ?? null;
}

/** Plays inventory, which allocates whatever is planned. */
async function allocate(orderId: string): Promise<void> {
  const [plan] = await eventually(
    () => db.sql<{ plan_id: string; ids: string[] }[]>`
      SELECT plan_id, array_agg(shipment_id::text) AS ids FROM shipments WHERE order_id = ${orderId} GROUP BY 1`,
    (rows) => rows.length === 1,
  );
  await inventory.say(arrivals.allocated(orderId, plan?.plan_id ?? '', plan?.ids ?? []));
}

async function order(lines: Record<string, readonly [number, number]>): Promise<string> {
  const orderId = newId();
  await orders.say(arrivals.placed(orderId, lines), arrivals.confirmed(orderId));
  await allocate(orderId);
  return orderId;
}
const isShipped = (view: OrderView) => view?.shipments.every(({ status }) => status === 'SHIPPED') === true;

it('an order travels from its confirmation out of two warehouses, whose WMS confirm', async () => {
  const orderId = await order({ A: [2, 100], B: [1, 50] });
  const view = await eventually(() => orderOf(buyer, orderId), isShipped);
  expect(view).toMatchObject({
    shipments: [
      { version: 2, releaseEpoch: 1, order: { id: orderId }, warehouse: { status: 'OPEN' } },
      { version: 2, releaseEpoch: 1 },
    ],
    routing: { rule: 'FEWEST_WAREHOUSES', attempt: 1 },
  });
  expect((await db.events('ShipmentConfirmed')).map(({ data }) => data.valueMinor).sort()).toEqual([200, 50]);
});

it('what was released and not told survives kill -9, is told once and leaves once', async () => {
  await wms.setMode('down');
  const orderId = await order({ A: [5, 1] });
  await eventually(
    () => db.sql`SELECT 1 FROM outgoing_releases WHERE sends > 0`,
    (rows) => rows.length === 1,
  );
  await fulfillment.end('SIGKILL');
  await wms.setMode('none');
  fulfillment = await start();
  const view = await eventually(() => orderOf(buyer, orderId), isShipped, 25_000);
  const [shipment] = view?.shipments ?? [];
  // The WMS writes down that goods left once it has our answer, which is after we say SHIPPED.
  const ofShipment = async () =>
    (await wms.journal('shipped')).filter(({ shipmentId }) => shipmentId === shipment?.id);
  expect(await eventually(ofShipment, (rows) => rows.length > 0)).toHaveLength(1);
  expect(
    (await db.events('ShipmentConfirmed')).filter(({ stream_id }) => stream_id === shipment?.id),
  ).toHaveLength(1);
});

it('each caller sees its own', async () => {
  const orderId = await order({ A: [1, 1], B: [1, 1] });
  const view = await eventually(() => orderOf(buyer, orderId), isShipped);
  expect(await orderOf(stranger, orderId)).toBeNull();
  expect((await orderOf(north, orderId))?.shipments).toHaveLength(1);
  expect((await orderOf(north, orderId))?.routing).toBeNull();
  const id = view?.shipments[0]?.id;
  const one = '{ shipment(id: $id) { id } }';
  const seen = async (claims: Claims) =>
    (await gateway.ask(claims, `query($id: ID!) ${one}`, { id })).data?.shipment;
  expect(await seen(buyer)).toEqual({ id });
  expect(await seen(stranger)).toBeNull();
  expect([await seen(north), await seen(south)].filter((each) => each === null)).toHaveLength(1);
});

type Page = { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
function pageOf(answer: unknown): Page {
  expect(answer).toBeTypeOf('object');
  return answer as Page;
}

it('pages through shipments, newest first, without hole or duplicate', async () => {
  const list = `query($after: String) { shipments(first: 2, after: $after, statuses: [SHIPPED]) {
    nodes { id } pageInfo { hasNextPage endCursor } } }`;
  const found: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 10; page += 1) {
    const { data } = await gateway.ask(buyer, list, { after });
    const { nodes, pageInfo } = pageOf(data?.shipments);
    found.push(...nodes.map(({ id }) => id));
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) break;
  }
  const all = await db.sql`SELECT shipment_id FROM shipments ORDER BY planned_at DESC, shipment_id DESC`;
  expect(found).toEqual(all.map(({ shipment_id }) => shipment_id));
  const preset = await gateway.ask(buyer, '{ shipments(first: null) { nodes { id } } }');
  expect(pageOf(preset.data?.shipments).nodes.length).toBeGreaterThan(2);
  const mine = await gateway.ask(stranger, list);
  expect(mine.data).toMatchObject({ shipments: { nodes: [] } });
  const bad = await gateway.ask(buyer, list, { after: 'nonsense' });
  expect(bad.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

it('lets only a WMS confirm and only the ERP describe warehouses', async () => {
  const confirm =
    'mutation($input: ConfirmShipmentInput!) { confirmShipment(input: $input) { shipment { id } userErrors { code field } } }';
  const input = {
    idempotencyKey: 'k',
    shipmentId: newId(),
    releaseEpoch: 1,
    lines: [{ sku: 'A', quantity: 1 }],
  };
  for (const claims of [buyer, erp]) {
    expect((await gateway.ask(claims, confirm, { input })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  }
  const unknown = await gateway.ask(north, confirm, { input });
  expect(unknown.data).toEqual({
    confirmShipment: { shipment: null, userErrors: [{ code: 'UNKNOWN_SHIPMENT', field: ['shipmentId'] }] },
  });
  const upsert = { idempotencyKey: 'k', warehouses: [{ id: 'X', name: 'X' }] };
  expect((await gateway.ask(north, UPSERT, { input: upsert })).errors?.[0]?.extensions.code).toBe(
    'FORBIDDEN',
  );
});

it('an order that no warehouse was open for leaves once one opens', async () => {
  await db.sql`UPDATE warehouses SET status = 'PAUSED'`;
  const orderId = newId();
  await orders.say(arrivals.placed(orderId, { A: [1, 1] }), arrivals.confirmed(orderId));
  await eventually(
    () => db.sql`SELECT 1 FROM orders WHERE order_id = ${orderId} AND state = 'ON_HOLD'`,
    (rows) => rows.length === 1,
  );
  await db.sql`UPDATE warehouses SET status = 'OPEN'`;
  const input = { idempotencyKey: 'w 2', warehouses: [{ id: 'NORTH', name: 'North hall', priority: 1 }] };
  await gateway.ask(erp, UPSERT, { input });
  await allocate(orderId);
  await eventually(() => orderOf(buyer, orderId), isShipped);
});

it('stops in order', async () => {
  expect(await fulfillment.end('SIGTERM')).toBe(0);
  fulfillment = await start();
});
