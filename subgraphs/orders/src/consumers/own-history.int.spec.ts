// Orders that did not simply get all they asked for, taken back from their published facts into a database that has none of them.
import { fileURLToPath } from 'node:url';
import {
  acquireLease,
  compareReadModel,
  type Database,
  loadOffsets,
  migrate,
  newId,
  openDatabase,
  type Sql,
} from '@crossdock/event-store';
import { type ArrivedEvent, type HistoryPage, offsetMoves } from '@crossdock/messaging';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  captureHeld,
  captureResumed,
  type OrdersDatabase,
  ordersDatabase,
  type Told,
} from '../../test/orders-database.ts';
import { createCancelOrder } from '../command-handlers/cancel-order.ts';
import { COMPARED_TABLES } from '../read-models/compared-tables.ts';
import { HEARD_SOURCES } from './heard-facts.ts';
import { createOthersFactsConsumer } from './others-facts.ts';
import { createOwnHistory } from './own-history.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
/** So few that pages begin in the middle of orders. */
const PAGE_EVENTS = 3;
const LINES = [
  { sku: 'a', quantity: 5 },
  { sku: 'b', quantity: 2 },
];
const [A3, A2] = [[{ sku: 'a', quantity: 3 }], [{ sku: 'a', quantity: 2 }]];
const B2 = [{ sku: 'b', quantity: 2 }];
const claim = (wave: number, lines: typeof LINES | null, backordered: typeof LINES | null): Told => [
  ...(['inventory', 'StockReserved'] as const),
  { wave, lines, backordered, reservedValueMinor: 100, currencyCode: 'GBP' },
];
const pay = (wave: number, type = 'PaymentAuthorised'): Told => [
  'payments',
  type,
  { wave, amountMinor: 100, currencyCode: 'GBP', method: 'TERMS', reason: 'CREDIT_LIMIT' },
];
const lost = (lines: typeof LINES, rest: string): Told => [
  'inventory',
  'ReservationBroken',
  { lines, rest, cause: 'COUNT', valueMinor: 100, currencyCode: 'GBP' },
];
const leave = (lines: typeof LINES, shipmentId = newId()): Told => [
  'fulfillment',
  'ShipmentConfirmed',
  {
    ...{ shipmentId, warehouseId: 'W1', releaseEpoch: 1, valueMinor: 10, currencyCode: 'GBP' },
    lines,
  },
];

const missing = (...shipmentIds: string[]): Told => [
  'inventory',
  'AllocationBroken',
  {
    warehouseId: 'W1',
    cause: 'COUNT',
    shipments: shipmentIds.map((shipmentId) => ({ shipmentId, lines: A2 })),
  },
];

let lived: OrdersDatabase;
let clone: TestDatabase;
let restored: Database;

beforeAll(async () => {
  lived = await ordersDatabase();
  clone = await databaseFromTemplate('orders', (url) => migrate(url, MIGRATIONS));
  restored = openDatabase({ url: clone.url, applicationName: 'orders-restored' });
});
afterAll(async () => {
  await restored.close();
  await clone.drop();
  await lived.close();
});

async function liveSome(): Promise<void> {
  const cancelOrder = createCancelOrder({ sql: lived.sql, poke: lived.poke });
  const cancel = (orderId: string, lines: typeof LINES | null) =>
    cancelOrder(
      newId(),
      { orderId, partnerId: 'p1' },
      { lines, reason: 'mind', expectedVersion: null },
      {
        subject: 'tester',
        traceparent: null,
      },
    );
  const place = () => lived.place({ lines: LINES, shortagePolicy: 'BACKORDER', poNumber: newId() });
  const { hear } = lived;
  const [replenished, declined, broken] = [await place(), await place(), await place()];
  const [cancelled, waiting, whole] = [await place(), await place(), await place()];
  await hear(replenished, claim(1, A3, [...A2, ...B2]), pay(1), leave(A3));
  await hear(replenished, pay(2), claim(2, A2, B2));
  await hear(declined, pay(1), claim(1, A3, [...A2, ...B2]), leave(A3), claim(2, A2, B2));
  await hear(declined, pay(2, 'PaymentDeclined'));
  await hear(broken, claim(1, null, null), pay(1), lost(A2, 'HELD'), lost(B2, 'BACKORDERED'));
  await cancel(broken, [{ sku: 'a', quantity: 1 }]);
  await cancel(cancelled, A2);
  await hear(cancelled, claim(1, null, null));
  await cancel(cancelled, null);
  await hear(waiting, ['inventory', 'StockBackordered', { lines: LINES }]);
  await hear(whole, claim(1, null, null), pay(1));
  const [short, found, second] = [await place(), await place(), await place()];
  const [s1, s2, s3] = [newId(), newId(), newId()];
  await hear(short, claim(1, A3, [...A2, ...B2]), pay(1), missing(s1, s2), leave(A2, s2));
  await hear(short, claim(2, A2, B2), pay(2));
  await hear(found, claim(1, null, null), pay(1), missing(s3), leave(A3, s3), missing(s3));
  await hear(found, missing(s3));
  await liveUnpaid(place);
  await hear(second, claim(1, A3, [...A2, ...B2]), lost(A3, 'BACKORDERED'), claim(2, B2, LINES), pay(2));
}

/** Orders that were held for their payment: one still is, one was meanwhile and after all had left, one for another reason too. */
async function liveUnpaid(place: () => Promise<string>): Promise<void> {
  const { hear } = lived;
  const [held, resumed, covered] = [await place(), await place(), await place()];
  const [s1, s2] = [newId(), newId()];
  for (const orderId of [held, resumed, covered]) await hear(orderId, claim(1, null, null), pay(1));
  await hear(held, leave(LINES, s1), captureHeld(s1), captureHeld(s2));
  await hear(resumed, captureHeld(s2), leave(A3, s1), captureResumed(s2), leave([...A2, ...B2], s2));
  await hear(resumed, captureHeld(s2), captureHeld(s1), captureResumed(s2), captureResumed(s1));
  const closed = { reason: 'No warehouse is open.', owner: 'warehouse operations' };
  await hear(covered, ['fulfillment', 'FulfillmentHeld', closed], captureHeld(s1), captureResumed(s1));
  await hear(covered, captureHeld(s2));
}

const published = (sql: Sql) => sql<(ArrivedEvent['event'] & { partition: number; position: number })[]>`
  SELECT partition, position::float8 AS position, event_id AS id, category, stream_id AS stream, version, type,
         schema_version AS "schemaVersion", data, metadata, to_json(recorded_at) #>> '{}' AS at
  FROM events ORDER BY partition, position`;

/** Takes the log back page by page; answers what its events followed from. */
async function takeBack(): Promise<ReadonlySet<string>> {
  const { sql } = restored;
  await sql`SELECT log_close('a test')`;
  const events = await published(lived.sql);
  for (let at = 0; at < events.length; at += PAGE_EVENTS) {
    const page = events.slice(at, at + PAGE_EVENTS);
    const arrived = page.map(({ partition, position, ...event }) => ({
      ...{ source: 'orders' as const, partition, position, event },
    }));
    const log = { events: page, inputs: [], published: [] };
    const taken: HistoryPage = { events: arrived, log, causeOf: () => undefined, absorbed: [] };
    await createOwnHistory(sql).take(taken);
  }
  await sql`UPDATE partitions SET closed_at = NULL`;
  return new Set(events.flatMap(({ metadata }) => metadata.causationId ?? []));
}

/** Hears again what was heard, as behind the offsets of a backup. */
async function hearAgain(causes: ReadonlySet<string>): Promise<void> {
  const { sql } = restored;
  const epoch = (await acquireLease(sql, 'worker', 'test', 0)) ?? 0;
  await loadOffsets(sql, 'orders', HEARD_SOURCES, epoch);
  const consumer = createOthersFactsConsumer({ sql, onHeld: () => undefined });
  for (const each of lived.heard) {
    const event: ArrivedEvent = causes.has(each.event.id) ? { ...each, isRecorded: true } : each;
    await consumer.apply([event], { consumer: 'orders', epoch, offsets: offsetMoves([event]), parked: [] });
  }
}

/** What an order that is over no longer cares to hear is left out. */
const standing = (sql: Sql) => sql`
  SELECT order_id, number, po_number, status, status_reason, version, units_ordered, units_confirmed, units_shipped,
         held_from, hold_reason, hold_owner, heard_early, missing_units, held_payments, shipped_at IS NULL AS unshipped,
         CASE WHEN status NOT IN ('SHIPPED', 'CANCELLED') THEN jsonb_build_array(stock, payment, book) END AS heard
  FROM orders ORDER BY order_id`;
const numbers = (sql: Sql) => sql`SELECT partner_id, po_number, order_id FROM po_numbers ORDER BY po_number`;

it('stand as they stood once the others were heard again, and nothing is said twice', async () => {
  await liveSome();
  await hearAgain(await takeBack());
  const { sql } = restored;
  expect(await standing(sql)).toEqual(await standing(lived.sql));
  expect(await numbers(sql)).toEqual(await numbers(lived.sql));
  expect(await published(sql)).toEqual(await published(lived.sql));
  const statuses = (await standing(sql)).map(({ status }) => status);
  expect(statuses).toEqual([
    ...['PARTIALLY_SHIPPED', 'SHIPPED', 'ON_HOLD', 'CANCELLED', 'BACKORDERED', 'CONFIRMED'],
    ...['ON_HOLD', 'PARTIALLY_SHIPPED', 'CONFIRMED', 'ON_HOLD', 'SHIPPED', 'ON_HOLD'],
  ]);
});

it('are what their facts alone amount to, where tables are compared with the log', async () => {
  // One connection: the comparison is one transaction.
  const own = openDatabase({ url: clone.url, applicationName: 'orders-compared', writeConnections: 1 });
  for (const model of COMPARED_TABLES.filter(({ table }) => table === 'orders')) {
    const { folded, missing, extra, different, examples } = await compareReadModel(own.sql, model);
    expect({ missing, extra, different, examples }).toEqual({
      missing: 0,
      extra: 0,
      different: 0,
      examples: [],
    });
    expect(folded).toBe(12);
  }
  await own.close();
});
