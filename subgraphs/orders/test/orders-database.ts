// A migrated database of its own for one test file, with a partner, a product and the lease; orders are placed and hear
// facts of the others as main.ts would let them.
import { fileURLToPath } from 'node:url';
import {
  acquireLease,
  type Database,
  faultKind,
  loadOffsets,
  migrate,
  newId,
  openDatabase,
} from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';
import { createLogger, Registry } from '@crossdock/telemetry';
import { databaseFromTemplate } from '@crossdock/testing';
import { createPlaceOrder } from '../src/command-handlers/place-order.ts';
import { createUpsertPartners } from '../src/command-handlers/upsert-partners.ts';
import { createWatchMetrics } from '../src/command-handlers/watch-metrics.ts';
import { createOthersFactsConsumer } from '../src/consumers/others-facts.ts';
import type { OrderRequest } from '../src/domain/request.ts';

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));
const SOURCES = ['inventory', 'payments', 'fulfillment'] as const;
const PARTNER = 'p1';
const TWO_APPLES = [{ sku: 'a', quantity: 2 }];
const actor = { subject: 'tester', traceparent: null };
const poke = () => undefined;

/** A fact of another subgraph about an order, its ids left out. */
export type Told = readonly [source: ArrivedEvent['source'], type: string, data: object];

const money = { currencyCode: 'GBP' };
export const RESERVED: Told = ['inventory', 'StockReserved', { reservedValueMinor: 500, ...money }];
export const SHORT: Told = ['inventory', 'StockShort', { short: [{ sku: 'a', requested: 2, available: 0 }] }];
export const AUTHORISED: Told = [
  'payments',
  'PaymentAuthorised',
  { amountMinor: 500, method: 'TERMS', ...money },
];

const card = { amountMinor: 500, method: 'CARD', ...money };

/** A capture for a shipment that waits for a person, and the same when it waits no more. */
export const captureHeld = (shipmentId: string, reason = 'expired'): Told => [
  ...(['payments', 'PaymentHeld'] as const),
  { ...card, operation: 'capture', instance: shipmentId, reason, owner: 'finance' },
];
export const captureResumed = (shipmentId: string): Told => [
  ...(['payments', 'PaymentResumed'] as const),
  { ...card, operation: 'capture', instance: shipmentId },
];

export async function ordersDatabase() {
  const clone = await databaseFromTemplate('orders', (url) => migrate(url, MIGRATIONS));
  const database = openDatabase({ url: clone.url, applicationName: 'orders-test' });
  const { sql } = database;
  const row = {
    id: PARTNER,
    name: 'Shop',
    currencyCode: 'GBP',
    shipTo: null,
    paymentMethods: ['TERMS', 'CARD'] as const,
  };
  await createUpsertPartners({ sql, poke })('seed', 'REJECT_ALL', [row], actor);
  await sql`INSERT INTO products VALUES ('a', 'Apple', 250, 'GBP'), ('b', 'Pear', 100, 'GBP')`;
  const epoch = (await acquireLease(sql, 'worker', 'test', 0)) ?? 0;
  await loadOffsets(sql, 'orders', SOURCES, epoch);
  const registry = new Registry();
  const metrics = createWatchMetrics(registry);
  const heard: ArrivedEvent[] = [];
  return {
    ...{ database, sql, epoch, registry, metrics, logger: createLogger('test', 'silent'), poke },
    place: (more?: Partial<OrderRequest>) => place(database, more),
    /** Everything that was heard, in order. */
    heard,
    hear: hearing(database, epoch, heard, (owner) => metrics.held.inc({ owner })),
    close: async () => {
      await database.close();
      await clone.drop();
    },
  };
}

export type OrdersDatabase = Awaited<ReturnType<typeof ordersDatabase>>;

/** Places an order of two apples on terms, or what differs from it; answers its id. */
async function place({ sql }: Database, more: Partial<OrderRequest> = {}): Promise<string> {
  const outcome = await createPlaceOrder({ sql, seal: async () => 'sealed', poke })(
    newId(),
    {
      ...{
        partnerId: PARTNER,
        poNumber: null,
        shipTo: null,
        requestedShipDate: null,
        shortagePolicy: 'REJECT',
      },
      ...{ paymentMethod: null, cardToken: null, holdId: null, expectedTotal: null, note: null, waitMs: 0 },
      lines: TWO_APPLES,
      ...more,
    },
    actor,
  );
  if (!('accepted' in outcome)) throw new Error(JSON.stringify(outcome.refusals));
  return outcome.accepted.orderId;
}

/** Rounds in which a batch finds its orders moved meanwhile; a worker gives up likewise. */
const ROUNDS_MAX = 3;

/** As a worker does when somebody else wrote in between. */
async function decidedAgain(apply: () => Promise<void>): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      return await apply();
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round >= ROUNDS_MAX) throw error;
    }
  }
}

/** Lets orders hear facts of one order, all in one batch, each from its own subgraph's log. */
function hearing({ sql }: Database, epoch: number, heard: ArrivedEvent[], onHeld: (owner: string) => void) {
  const positions = new Map<string, number>();
  const consumer = createOthersFactsConsumer({ sql, onHeld });
  return async (orderId: string, ...facts: Told[]): Promise<void> => {
    const before = new Map(positions);
    const events = facts.map(([source, type, data]): ArrivedEvent => {
      const position = (positions.get(source) ?? 0) + 1;
      positions.set(source, position);
      const place = { id: newId(), category: 'x', stream: orderId, version: 1, type, schemaVersion: 1 };
      const told = {
        data: { orderId, partnerId: PARTNER, ...data },
        metadata: {},
        at: new Date().toISOString(),
      };
      return { source, partition: 0, position, event: { ...place, ...told } };
    });
    const offsets = [...new Set(facts.map(([source]) => source))].map((source) => ({
      ...{ source, partition: 0, from: before.get(source) ?? 0, to: positions.get(source) ?? 0 },
      eventId: newId(),
    }));
    heard.push(...events);
    await decidedAgain(() => consumer.apply(events, { consumer: 'orders', epoch, offsets, parked: [] }));
  };
}
