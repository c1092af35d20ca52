import { fileURLToPath } from 'node:url';
import {
  acquireLease,
  commitIntentions,
  type Database,
  loadOffsets,
  migrate,
  newId,
  openDatabase,
  readUnpublished,
  type Sql,
} from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';
import { createLogger, Registry } from '@crossdock/telemetry';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOthersFactsConsumer } from '../consumers/others-facts.ts';
import { DEADLINES_S } from '../domain/deadline.ts';
import { changesAfter } from '../read-models/changes/queries.ts';
import { stuckOrders } from '../read-models/orders/stuck.ts';
import { watchPlaced } from '../store/watches.ts';
import { createPlaceOrder } from './place-order.ts';
import { createUpsertPartners } from './upsert-partners.ts';
import { createWatchMetrics } from './watch-metrics.ts';
import { type WatchOptions, watchOrders } from './watch-orders.ts';
import { startWatchdog } from './watchdog.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
const actor = { subject: 'tester', traceparent: null };
const poke = () => undefined;
const registry = new Registry();
const metrics = createWatchMetrics(registry);

let testDatabase: TestDatabase;
let database: Database;
let sql: Sql;
let epoch: number;
let options: WatchOptions;

beforeAll(async () => {
  testDatabase = await databaseFromTemplate('orders', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: testDatabase.url, applicationName: 'orders-watch-test' });
  sql = database.sql;
  const partner = {
    id: 'p1',
    name: 'Shop',
    currencyCode: 'GBP',
    shipTo: null,
    paymentMethods: ['TERMS'] as const,
  };
  await createUpsertPartners({ sql, poke })('seed', 'REJECT_ALL', [partner], actor);
  await sql`INSERT INTO products VALUES ('a', 'Apple', 250, 'GBP')`;
  epoch = (await acquireLease(sql, 'worker', 'test', 0)) ?? 0;
  await loadOffsets(sql, 'orders', ['inventory', 'payments', 'fulfillment'], epoch);
  // Whatever is placed is of age at once, and PLACED too long; the later stages have time.
  const deadlines = { ...DEADLINES_S, PLACED: 0.000_001 };
  options = { sql, logger: createLogger('test', 'silent'), metrics, deadlines, poke };
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  await sql`DELETE FROM order_watches`;
  await sql`UPDATE watch_marks m SET position = p.position FROM partitions p WHERE p.partition = m.partition`;
  registry.resetMetrics();
});

async function place(): Promise<string> {
  const outcome = await createPlaceOrder({ sql, seal: async () => 'sealed', poke })(
    newId(),
    {
      ...{ partnerId: 'p1', poNumber: null, shipTo: null, requestedShipDate: null, shortagePolicy: 'REJECT' },
      ...{ paymentMethod: null, cardToken: null, holdId: null, expectedTotal: null, note: null, waitMs: 0 },
      lines: [{ sku: 'a', quantity: 2 }],
    },
    actor,
  );
  if (!('accepted' in outcome)) throw new Error(JSON.stringify(outcome.refusals));
  return outcome.accepted.orderId;
}

const positions = new Map<string, number>();

/** Lets orders hear facts of one order, all in one batch, each from its own subgraph's log. */
async function hear(orderId: string, ...facts: [ArrivedEvent['source'], string, object][]): Promise<void> {
  const before = new Map(positions);
  const events = facts.map(([source, type, data]): ArrivedEvent => {
    const position = (positions.get(source) ?? 0) + 1;
    positions.set(source, position);
    const place = { id: newId(), category: 'x', stream: orderId, version: 1, type, schemaVersion: 1 };
    const told = { data: { orderId, partnerId: 'p1', ...data }, metadata: {}, at: new Date().toISOString() };
    return { source, partition: 0, position, event: { ...place, ...told } };
  });
  const offsets = [...new Set(facts.map(([source]) => source))].map((source) => ({
    ...{ source, partition: 0, from: before.get(source) ?? 0, to: positions.get(source) ?? 0 },
    eventId: newId(),
  }));
  const consumer = createOthersFactsConsumer({ sql, onHeld: (owner) => metrics.held.inc({ owner }) });
  await consumer.apply(events, { consumer: 'orders', epoch, offsets, parked: [] });
}

const reserved: [ArrivedEvent['source'], string, object] = [
  'inventory',
  'StockReserved',
  { reservedValueMinor: 500, currencyCode: 'GBP' },
];
const authorised: [ArrivedEvent['source'], string, object] = [
  'payments',
  'PaymentAuthorised',
  { amountMinor: 500, currencyCode: 'GBP', method: 'TERMS' },
];

/** The time of every next look comes. */
const timePasses = () => sql`UPDATE order_watches SET look_at = '-infinity'`;

async function rounds(count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    await watchOrders(options, epoch);
    await timePasses();
  }
}

async function orderOf(orderId: string) {
  const [row] = await sql`
    SELECT status, held_from, hold_reason, hold_owner, version FROM orders WHERE order_id = ${orderId}`;
  return row;
}

const logOf = (orderId: string) => sql`
  SELECT category, type, version, data FROM events WHERE stream_id = ${orderId} ORDER BY partition, position`;
const typesOf = async (orderId: string) => (await logOf(orderId)).map(({ type }) => type);
const stuckIds = async () => (await stuckOrders(database.read, null, 100)).map(({ orderId }) => orderId);
const everything = () => sql`
  SELECT (SELECT count(*) FROM events) AS events, (SELECT json_agg(o ORDER BY order_id) FROM orders o) AS orders,
         (SELECT json_agg(w ORDER BY order_id) FROM order_watches w) AS watches, (SELECT json_agg(m) FROM watch_marks m) AS marks`;

describe('an order whose stock is never decided', () => {
  it('is reminded thrice, then held with an owner, and comes back by itself when the fact arrives', async () => {
    const orderId = await place();
    await rounds(1);
    expect(await stuckIds()).toEqual([orderId]);
    await rounds(3);
    expect(await orderOf(orderId)).toMatchObject({
      ...{ status: 'ON_HOLD', held_from: 'PLACED', hold_owner: 'order operations', version: 2 },
      hold_reason: expect.stringContaining('Stock was neither reserved nor short'),
    });
    const log = await logOf(orderId);
    const about = { orderId, partnerId: 'p1', number: log[0]?.data.number };
    expect(log.slice(1)).toMatchObject([
      ...[1, 2, 3].map((reminder) => ({
        ...{ category: 'order-reminder', type: 'OrderReminded', version: reminder },
        data: { ...about, status: 'PLACED', reminder },
      })),
      { category: 'order', type: 'OrderHeld', version: 2, data: { ...about, owner: 'order operations' } },
    ]);
    await rounds(3);
    expect(await typesOf(orderId)).toHaveLength(5);
    expect(await stuckIds()).toEqual([orderId]);

    await hear(orderId, reserved, authorised);
    expect(await orderOf(orderId)).toMatchObject({
      ...{ status: 'CONFIRMED', held_from: null, hold_reason: null, hold_owner: null, version: 3 },
    });
    expect(await stuckIds()).toEqual([]);
    // It is watched again: the deadline of its new status has not come.
    await rounds(2);
    expect((await typesOf(orderId)).at(-1)).toBe('OrderConfirmed');
    expect(await sql`SELECT stuck FROM order_watches WHERE order_id = ${orderId}`).toEqual([
      { stuck: false },
    ]);
  });

  it('counts reminders anew for each status, and numbers them on through its life', async () => {
    const orderId = await place();
    await rounds(2);
    await hear(orderId, reserved, authorised);
    await watchOrders({ ...options, deadlines: { ...DEADLINES_S, CONFIRMED: 0.000_001 } }, epoch);
    const reminders = (await logOf(orderId)).filter(({ type }) => type === 'OrderReminded');
    expect(reminders.map(({ version, data }) => [version, data.status, data.reminder])).toEqual([
      [1, 'PLACED', 1],
      [2, 'PLACED', 2],
      [3, 'CONFIRMED', 1],
    ]);
  });

  it('is counted and measured', async () => {
    const [held, reminded] = [await place(), await place()];
    await rounds(4);
    await sql`UPDATE order_watches SET reminders = 1, version = 1 WHERE order_id = ${reminded}`;
    await sql`UPDATE orders SET status = 'PLACED', held_from = NULL, hold_reason = NULL, hold_owner = NULL, version = 1
      WHERE order_id = ${reminded}`;
    await sql`UPDATE order_watches SET look_at = 'infinity'`;
    await watchOrders(options, epoch);
    expect((await metrics.overdue.get()).values).toMatchObject(
      expect.arrayContaining([
        { labels: { status: 'ON_HOLD' }, value: 1 },
        { labels: { status: 'PLACED' }, value: 1 },
      ]),
    );
    expect((await metrics.reminders.get()).values).toMatchObject([{ value: 6 }]);
    expect((await metrics.held.get()).values).toMatchObject([
      { labels: { owner: 'order operations' }, value: 2 },
    ]);
    expect(await stuckOrders(database.read, held, 100)).toMatchObject([{ orderId: reminded }]);
  });
});

describe('the watch', () => {
  it('takes in only what is of age and not final, once', async () => {
    const rejected = await place();
    await hear(rejected, ['inventory', 'StockShort', { short: [{ sku: 'a', requested: 2, available: 0 }] }]);
    const late = await place();
    await watchOrders({ ...options, deadlines: DEADLINES_S }, epoch);
    expect(await sql`SELECT order_id FROM order_watches`).toEqual([]);
    await rounds(1);
    expect(await sql`SELECT order_id FROM order_watches`).toEqual([{ order_id: late }]);
    const [mark] = await sql`
      SELECT bool_and(m.position = p.position - (SELECT count(*) FROM events e WHERE e.partition = p.partition
        AND e.type = 'OrderReminded' AND e.stream_id = ${late})) AS here
      FROM watch_marks m JOIN partitions p USING (partition)`;
    expect(mark).toEqual({ here: true });
  });

  it('finds every order, in pages of any size, though the clock of its id was behind', async () => {
    const placed = [await place(), await place()];
    await watchPlaced(sql, epoch, { ageS: 0.000_001, limit: 500, final: [] });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 5 * 60_000 });
    placed.push(await place(), await place());
    vi.useRealTimers();
    while ((await watchPlaced(sql, epoch, { ageS: 0.000_001, limit: 1, final: [] })) > 0);
    const watched = await sql`SELECT order_id FROM order_watches`;
    expect(watched.map(({ order_id }) => order_id).sort()).toEqual(placed.sort());
  });

  it('forgets an order that is final', async () => {
    const orderId = await place();
    await rounds(1);
    await hear(orderId, ['inventory', 'StockShort', { short: [{ sku: 'a', requested: 2, available: 0 }] }]);
    await rounds(1);
    expect(await sql`SELECT order_id FROM order_watches`).toEqual([]);
    expect((await typesOf(orderId)).at(-1)).toBe('OrderRejected');
  });

  it('leaves an order alone that moves on between look and write, and looks at it again', async () => {
    const orderId = await place();
    await rounds(3);
    const connection = await sql.reserve();
    await connection`BEGIN`;
    await connection`UPDATE orders SET version = version + 1, status = 'CONFIRMED', units_confirmed = 2 WHERE order_id = ${orderId}`;
    // Reads the order as PLACED and due, then waits in its call for the row that is moving on.
    const round = watchOrders(options, epoch);
    for (;;) {
      const waiting = await sql`
        SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      if (waiting.length > 0) break;
    }
    await connection`COMMIT`;
    connection.release();
    await round;
    expect(await orderOf(orderId)).toMatchObject({ status: 'CONFIRMED', version: 2 });
    expect((await typesOf(orderId)).filter((type) => type === 'OrderHeld')).toEqual([]);
    await rounds(1);
    expect(await stuckIds()).toEqual([]);
  });

  it('writes nothing without the lease', async () => {
    await place();
    await rounds(1);
    await place();
    const before = await everything();
    await expect(watchOrders(options, epoch - 1)).rejects.toMatchObject({ code: 'CD001' });
    for (const leaseEpoch of [() => null, () => epoch - 1]) {
      await startWatchdog({ ...options, leaseEpoch }).stop();
      expect(await everything()).toEqual(before);
    }
    await startWatchdog({ ...options, leaseEpoch: () => epoch }).stop();
    expect(await everything()).not.toEqual(before);
  });
});

describe("a hold of fulfillment's", () => {
  it('puts the order on hold at once, and a shipment that is released after all ends it', async () => {
    const orderId = await place();
    await hear(orderId, reserved, authorised);
    const hold = { reason: 'No warehouse is open.', owner: 'warehouse operations' };
    await hear(orderId, ['fulfillment', 'FulfillmentHeld', hold]);
    expect(await orderOf(orderId)).toEqual({
      ...{ status: 'ON_HOLD', held_from: 'CONFIRMED', version: 3 },
      ...{ hold_reason: hold.reason, hold_owner: hold.owner },
    });
    expect(await stuckIds()).toEqual([orderId]);
    expect((await metrics.held.get()).values).toMatchObject([
      { labels: { owner: 'warehouse operations' }, value: 1 },
    ]);
    const timeline =
      await sql`SELECT type, detail FROM timeline_entries WHERE order_id = ${orderId} AND source = 'fulfillment'`;
    expect(timeline).toEqual([{ type: 'FulfillmentHeld', detail: hold.reason }]);
    await rounds(2);
    expect(await typesOf(orderId)).toEqual(['OrderPlaced', 'OrderConfirmed', 'OrderHeld']);

    const shipmentId = newId();
    await hear(orderId, [
      'fulfillment',
      'ShipmentReleased',
      { shipmentId, warehouseId: 'w1', releaseEpoch: 1 },
    ]);
    expect(await orderOf(orderId)).toMatchObject({ status: 'RELEASED', held_from: null, version: 4 });
    expect(await stuckIds()).toEqual([]);
  });
});

it('shows holds among the changes of orders, and no reminder', async () => {
  const orderId = await place();
  await rounds(4);
  const rows = await readUnpublished(sql, 1_000);
  const ends = new Map(rows.map((row) => [row.partition, row]));
  const intents = await sql<
    { partition: number; position: number }[]
  >`SELECT partition, position::int FROM intents`;
  const intentions = intents.flatMap(({ partition, position }) => {
    const end = ends.get(partition);
    return end === undefined
      ? []
      : [{ partition, from: position, to: Number(end.position), eventId: end.event_id }];
  });
  await commitIntentions(sql, intentions, epoch);
  const { changes } = await changesAfter(sql, new Array<number>(8).fill(0), 1_000);
  expect(changes.some(({ type }) => type === 'OrderReminded')).toBe(false);
  const mine = changes.filter((change) => change.orderId === orderId);
  expect(mine.map(({ type, version }) => [type, version])).toEqual([
    ['OrderPlaced', 1],
    ['OrderHeld', 2],
  ]);
});
