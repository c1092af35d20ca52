import { commitIntentions, newId, readUnpublished, type Sql } from '@crossdock/event-store';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AUTHORISED,
  type OrdersDatabase,
  ordersDatabase,
  RESERVED,
  SHORT,
} from '../../test/orders-database.ts';
import { DEADLINES_S } from '../domain/deadline.ts';
import { changesAfter } from '../read-models/changes/queries.ts';
import { stuckOrders } from '../read-models/orders/stuck.ts';
import { watchPlaced } from '../store/watches.ts';
import { type WatchOptions, watchOrders } from './watch-orders.ts';
import { startWatchdog } from './watchdog.ts';

// Whatever is placed is of age at once, and PLACED too long; the later stages have time.
const AT_ONCE_S = 0.000_001;

let db: OrdersDatabase;
let sql: Sql;
let options: WatchOptions;

beforeAll(async () => {
  db = await ordersDatabase();
  sql = db.sql;
  options = { ...db, deadlines: { ...DEADLINES_S, PLACED: AT_ONCE_S } };
});
afterAll(() => db.close());

beforeEach(async () => {
  await sql`DELETE FROM order_watches`;
  await sql`UPDATE watch_marks m SET position = p.position FROM partitions p WHERE p.partition = m.partition`;
  db.registry.resetMetrics();
});

/** The time of every next look comes. */
const timePasses = () => sql`UPDATE order_watches SET look_at = '-infinity'`;

async function rounds(count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    await watchOrders(options, db.epoch);
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
const stuckIds = async () => (await stuckOrders(db.database.read, null, 100)).map(({ orderId }) => orderId);
const everything = () => sql`
  SELECT (SELECT count(*) FROM events) AS events, (SELECT json_agg(o ORDER BY order_id) FROM orders o) AS orders,
         (SELECT json_agg(w ORDER BY order_id) FROM order_watches w) AS watches, (SELECT json_agg(m) FROM watch_marks m) AS marks`;

describe('an order whose stock is never decided', () => {
  it('is reminded thrice, then held with an owner, and comes back by itself when the fact arrives', async () => {
    const orderId = await db.place();
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

    await db.hear(orderId, RESERVED, AUTHORISED);
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
    const orderId = await db.place();
    await rounds(2);
    await db.hear(orderId, RESERVED, AUTHORISED);
    await watchOrders({ ...options, deadlines: { ...DEADLINES_S, CONFIRMED: AT_ONCE_S } }, db.epoch);
    const reminders = (await logOf(orderId)).filter(({ type }) => type === 'OrderReminded');
    expect(reminders.map(({ version, data }) => [version, data.status, data.reminder])).toEqual([
      [1, 'PLACED', 1],
      [2, 'PLACED', 2],
      [3, 'CONFIRMED', 1],
    ]);
  });

  it('is counted and measured', async () => {
    const [held, reminded] = [await db.place(), await db.place()];
    await rounds(4);
    await sql`UPDATE order_watches SET reminders = 1, version = 1 WHERE order_id = ${reminded}`;
    await sql`UPDATE orders SET status = 'PLACED', held_from = NULL, hold_reason = NULL, hold_owner = NULL, version = 1
      WHERE order_id = ${reminded}`;
    await sql`UPDATE order_watches SET look_at = 'infinity'`;
    await watchOrders(options, db.epoch);
    expect((await db.metrics.overdue.get()).values).toMatchObject(
      expect.arrayContaining([
        { labels: { status: 'ON_HOLD' }, value: 1 },
        { labels: { status: 'PLACED' }, value: 1 },
      ]),
    );
    expect((await db.metrics.reminders.get()).values).toMatchObject([{ value: 6 }]);
    expect((await db.metrics.held.get()).values).toMatchObject([
      { labels: { owner: 'order operations' }, value: 2 },
    ]);
    expect(await stuckOrders(db.database.read, held, 100)).toMatchObject([{ orderId: reminded }]);
  });
});

describe('the watch', () => {
  it('takes in only what is of age and not final, once', async () => {
    const rejected = await db.place();
    await db.hear(rejected, SHORT);
    const late = await db.place();
    await watchOrders({ ...options, deadlines: DEADLINES_S }, db.epoch);
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
    const placed = [await db.place(), await db.place()];
    await watchPlaced(sql, db.epoch, { ageS: AT_ONCE_S, limit: 500, final: [] });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 5 * 60_000 });
    placed.push(await db.place(), await db.place());
    vi.useRealTimers();
    while ((await watchPlaced(sql, db.epoch, { ageS: AT_ONCE_S, limit: 1, final: [] })) > 0);
    const watched = await sql`SELECT order_id FROM order_watches`;
    expect(watched.map(({ order_id }) => order_id).sort()).toEqual(placed.sort());
  });

  it('forgets an order that is final', async () => {
    const orderId = await db.place();
    await rounds(1);
    await db.hear(orderId, SHORT);
    await rounds(1);
    expect(await sql`SELECT order_id FROM order_watches`).toEqual([]);
    expect((await typesOf(orderId)).at(-1)).toBe('OrderRejected');
  });

  it('leaves an order alone that moves on between look and write, and looks at it again', async () => {
    const orderId = await db.place();
    await rounds(3);
    const connection = await sql.reserve();
    await connection`BEGIN`;
    await connection`UPDATE orders SET version = version + 1, status = 'CONFIRMED', units_confirmed = 2 WHERE order_id = ${orderId}`;
    // Reads the order as PLACED and due, then waits in its call for the row that is moving on.
    const round = watchOrders(options, db.epoch);
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
    await db.place();
    await rounds(1);
    await db.place();
    const before = await everything();
    await expect(watchOrders(options, db.epoch - 1)).rejects.toMatchObject({ code: 'CD001' });
    for (const leaseEpoch of [() => null, () => db.epoch - 1]) {
      await startWatchdog({ ...options, leaseEpoch }).stop();
      expect(await everything()).toEqual(before);
    }
    await startWatchdog({ ...options, leaseEpoch: () => db.epoch }).stop();
    expect(await everything()).not.toEqual(before);
  });
});

describe("a hold of fulfillment's", () => {
  it('puts the order on hold at once, and a shipment that is released after all ends it', async () => {
    const orderId = await db.place();
    await db.hear(orderId, RESERVED, AUTHORISED);
    const hold = { reason: 'No warehouse is open.', owner: 'warehouse operations' };
    await db.hear(orderId, ['fulfillment', 'FulfillmentHeld', hold]);
    expect(await orderOf(orderId)).toEqual({
      ...{ status: 'ON_HOLD', held_from: 'CONFIRMED', version: 3 },
      ...{ hold_reason: hold.reason, hold_owner: hold.owner },
    });
    expect(await stuckIds()).toEqual([orderId]);
    expect((await db.metrics.held.get()).values).toMatchObject([
      { labels: { owner: 'warehouse operations' }, value: 1 },
    ]);
    const timeline =
      await sql`SELECT type, detail FROM timeline_entries WHERE order_id = ${orderId} AND source = 'fulfillment'`;
    expect(timeline).toEqual([{ type: 'FulfillmentHeld', detail: hold.reason }]);
    await rounds(2);
    expect(await typesOf(orderId)).toEqual(['OrderPlaced', 'OrderConfirmed', 'OrderHeld']);

    const shipmentId = newId();
    await db.hear(orderId, [
      'fulfillment',
      'ShipmentReleased',
      { shipmentId, warehouseId: 'w1', releaseEpoch: 1 },
    ]);
    expect(await orderOf(orderId)).toMatchObject({ status: 'RELEASED', held_from: null, version: 4 });
    expect(await stuckIds()).toEqual([]);
  });
});

it('puts no index on what changes along an order’s way, so that its updates stay on their page', async () => {
  const indexed = await sql`
    SELECT DISTINCT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = 'orders'::regclass ORDER BY 1`;
  expect(indexed.map(({ attname }) => attname)).toEqual(['number', 'order_id', 'partner_id']);
  // A partial index counts as one on the columns of its condition.
  expect(
    await sql`SELECT 1 FROM pg_index WHERE indrelid = 'orders'::regclass AND indpred IS NOT NULL`,
  ).toEqual([]);
});

it('shows holds among the changes of orders, and no reminder', async () => {
  const orderId = await db.place();
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
  await commitIntentions(sql, intentions, db.epoch);
  const { changes } = await changesAfter(sql, new Array<number>(8).fill(0), 1_000);
  expect(changes.some(({ type }) => type === 'OrderReminded')).toBe(false);
  const mine = changes.filter((change) => change.orderId === orderId);
  expect(mine.map(({ type, version }) => [type, version])).toEqual([
    ['OrderPlaced', 1],
    ['OrderHeld', 2],
  ]);
});
