// A database of inventory is restored to an earlier point while everybody else has moved on.
import { fileURLToPath } from 'node:url';
import { partitionOf } from '@crossdock/contracts';
import { migrate, newId } from '@crossdock/event-store';
import { runRestoreCommand } from '@crossdock/messaging';
import { LOG_SECRET, type Neighbour, startNeighbour, startSubject } from '@crossdock/messaging/neighbour';
import {
  backupOf,
  type DatabaseBackup,
  databaseFromTemplate,
  freePort,
  type OwnServer,
  ownNats,
  type TestDatabase,
} from '@crossdock/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { disagreements } from '../test/books.ts';
import { newEventOf } from './command-handlers/decided-events.ts';
import { createReceiveStock } from './command-handlers/receive-stock.ts';
import { createUpsertProducts } from './command-handlers/upsert-products.ts';
import { createOwnHistory } from './consumers/own-history.ts';
import { createStockConsumer } from './consumers/stock-consumer.ts';
import { evolveHold } from './domain/hold/evolve.ts';
import { noHold } from './domain/hold/hold.ts';
import { createShelves } from './domain/shelves.ts';
import { NOTHING, writeStock } from './store/stock-write.ts';

const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));
const SETTLED = { timeout: 20_000, interval: 100 };
const TEST_MS = 90_000;
const partnerId = 'p1';
const metadata = { actor: 'erp' };

let nats: OwnServer;
let clone: TestDatabase;
let backup: DatabaseBackup;
let orders: Neighbour;
let payments: Neighbour;
let fulfillment: Neighbour;
let port: number;
let subject: Awaited<ReturnType<typeof startSubject>>;

const urls = () => ({ orders: orders.url, payments: payments.url, fulfillment: fulfillment.url });
const start = () =>
  startSubject({
    ...{ name: 'inventory', databaseUrl: clone.url, natsUrl: nats.url, port, urls: urls() },
    consumerOf: createStockConsumer,
  });

beforeAll(async () => {
  nats = await ownNats();
  port = await freePort();
  clone = await databaseFromTemplate('inventory', (url) => migrate(url, MIGRATIONS));
  orders = await startNeighbour('orders', nats.url);
  payments = await startNeighbour('payments', nats.url);
  fulfillment = await startNeighbour('fulfillment', nats.url);
  subject = await start();
  for (const each of [orders, payments, fulfillment]) each.follow('inventory', `http://127.0.0.1:${port}`);
}, TEST_MS);

afterAll(async () => {
  await subject.stop();
  await Promise.all([orders.stop(), payments.stop(), fulfillment.stop()]);
  await backup.drop();
  await clone.drop();
  await nats.stop();
}, TEST_MS);

type Order = Readonly<{ orderId: string; partnerId: string; partition: number; lines: readonly Line[] }>;
type Line = Readonly<{ sku: string; quantity: number }>;

const orderOf = (...lines: readonly Line[]): Order => ({
  ...{ orderId: newId(), partnerId, partition: partitionOf(partnerId), lines },
});
const place = (order: Order, shortagePolicy = 'REJECT', holdId: string | null = null) =>
  orders.say('OrderPlaced', order, {
    ...{
      number: 'N',
      currencyCode: 'GBP',
      totalMinor: 0,
      shortagePolicy,
      paymentMethod: 'TERMS',
      placedBy: 'buyer',
      holdId,
    },
    lines: order.lines.map((line) => ({ ...line, unitPriceMinor: 100 })),
  });
const cancelLines = (order: Order, ...lines: readonly Line[]) =>
  orders.say('OrderLinesCancelled', order, { number: 'N', status: 'PLACED', reason: 'no need', lines });
const reject = (order: Order) =>
  orders.say('OrderRejected', order, { number: 'N', reason: 'PAYMENT_DECLINED' });
const plan = (order: Order, warehouseId: string, shipmentId: string, lines = order.lines) =>
  fulfillment.say('ShipmentsPlanned', order, {
    ...{ planId: newId(), attempt: 1, shipments: [{ shipmentId, warehouseId, lines }] },
  });
const ship = (order: Order, warehouseId: string, shipmentId: string) =>
  fulfillment.say('ShipmentConfirmed', order, {
    ...{ shipmentId, warehouseId, releaseEpoch: 1, valueMinor: 0, currencyCode: 'GBP', lines: order.lines },
  });
const warehouse = (warehouseId: string, status: string, version = 1) =>
  fulfillment.sayRaw({
    ...{
      partition: partitionOf(warehouseId),
      category: 'warehouse',
      streamId: warehouseId,
      version,
      id: newId(),
    },
    ...{ type: version === 1 ? 'WarehouseRegistered' : 'WarehouseRevised', metadata: {} },
    data: { warehouseId, name: warehouseId, status },
  });

const upsert = (idempotencyKey: string, prices: Record<string, string>) =>
  createUpsertProducts(subject)({
    input: {
      ...{ idempotencyKey, errorPolicy: 'REJECT_ALL' },
      products: Object.entries(prices).map(([sku, amount]) => ({
        ...{ sku, name: sku, listPrice: { amount, currencyCode: 'GBP' } },
        ...{ casePack: 1, minOrderQuantity: 1, weightGrams: 1 },
      })),
    },
    metadata,
  });
const receive = (idempotencyKey: string, sku: string, warehouseId: string, quantity: number) =>
  createReceiveStock(subject)({
    input: { idempotencyKey, lines: [{ sku, warehouseId, quantity }] },
    metadata,
  });

/** Holds units as the holds' handler does. */
async function hold(...lines: readonly Line[]): Promise<string> {
  const holdId = newId();
  const partition = partitionOf(partnerId);
  const of = { stream: holdId, partnerId, partition, version: 1, ordinal: 0, cause: newId() };
  const held = lines.map(({ sku, quantity }) => [sku, quantity] as const);
  const data = { lines: held, expiresAt: new Date(Date.now() + TEST_MS).toISOString() };
  const event = { type: 'HoldPlaced', data } as const;
  const shelves = createShelves({ totals: [], stock: [], isOpen: () => true });
  shelves.bookHold(event, holdId, of.cause);
  const row = { holdId, partnerId, partition, version: 1, state: evolveHold(noHold, event) };
  const inbox = { consumer: 'inventory', epoch: 0, offsets: [], parked: [] };
  const events = [newEventOf({ ...of, category: 'hold', event })];
  await writeStock(
    subject.sql,
    { kind: 'inbox', inbox },
    { ...NOTHING, holds: [row], moves: shelves.moves(), events },
  );
  return holdId;
}

async function statusIs({ orderId }: Order, status: string | null): Promise<void> {
  await vi.waitFor(async () => {
    const rows = await subject.sql`SELECT status FROM reservations WHERE order_id = ${orderId}`;
    expect(rows.map((row) => row.status)).toEqual([status]);
  }, SETTLED);
}

/** Inventory heard all that was said, and everybody heard all that it said. */
async function allIsHeard(): Promise<void> {
  await vi.waitFor(async () => {
    for (const [source, { sql }] of Object.entries({ orders, fulfillment })) {
      const [said] = await sql`SELECT sum(position)::int AS events FROM partitions`;
      const [heard] =
        await subject.sql`SELECT sum(position)::int AS events FROM offsets WHERE source = ${source}`;
      expect(heard?.events).toBe(said?.events);
    }
    const [own] = await subject.sql`SELECT sum(position)::int AS events FROM partitions`;
    for (const each of [orders, payments, fulfillment]) expect(await each.heard()).toHaveLength(own?.events);
  }, SETTLED);
}

const BOOKS = [
  `SELECT partition, position, category, stream_id, version, event_id, type, data, metadata FROM events ORDER BY 1, 2`,
  'SELECT * FROM products ORDER BY sku',
  'SELECT * FROM warehouses ORDER BY warehouse_id',
  'SELECT * FROM stock ORDER BY sku, warehouse_id',
  'SELECT * FROM sku_totals ORDER BY sku',
  `SELECT order_id, partner_id, partition, status, closed, policy, currency_code, lines::text, waiting::text, short::text,
          shipments::text, wave, facts, decided_at IS NULL AS undecided
   FROM reservations ORDER BY order_id`,
  `SELECT hold_id, partner_id, partition, status, lines::text, expires_at, order_id, version FROM holds ORDER BY hold_id`,
  `SELECT sku, order_id, partner_id, partition, quantity FROM backorders ORDER BY sku, order_id`,
  // What the warehouses' statuses made of the shelves is told anew at the end of a restore, in one line for each shelf.
  `SELECT sku, warehouse_id, replace(kind, 'ship_shut', 'ship') AS kind, quantity, order_id, hold_id, reason, cause FROM movements
   WHERE kind NOT IN ('open', 'shut', 'suspend', 'resume') ORDER BY cause, kind, sku, warehouse_id, order_id, hold_id`,
  'SELECT scope, operation, key, fingerprint, result FROM idempotency_keys ORDER BY 1, 2, 3',
  'SELECT source, partition, position, event_id FROM offsets ORDER BY 1, 2',
];
const books = () => Promise.all(BOOKS.map(async (query) => [...(await subject.sql.unsafe(query))]));

const a5 = [{ sku: 'a', quantity: 5 }];
const [before, kept] = [orderOf(...a5), orderOf(...a5)];
const [fromSouth, short, partly] = [
  orderOf({ sku: 'b', quantity: 10 }),
  orderOf({ sku: 'a', quantity: 10_000 }),
  orderOf({ sku: 'c', quantity: 9 }),
];
const d = (quantity: number) => ({ sku: 'd', quantity });
const [waiting, holding, assigned, broken] = [orderOf(d(6)), orderOf(d(2)), orderOf(d(3)), orderOf(d(4))];
const [released, closedFirst, refused] = [orderOf(...a5), orderOf(...a5), orderOf(...a5)];
let whole: Awaited<ReturnType<typeof books>>;

it('books claims, receipts and shipments, before and after the backup', { timeout: TEST_MS }, async () => {
  await warehouse('NORTH', 'OPEN');
  await upsert('products 1', { a: '1.00', b: '2.00' });
  await receive('receipt 1', 'a', 'NORTH', 100);
  for (const order of [before, kept]) await place(order);
  await statusIs(kept, 'RESERVED');
  await allIsHeard();
  await subject.stop();
  backup = await backupOf(clone.url);
  subject = await start();

  await warehouse('SOUTH', 'OPEN');
  await upsert('products 2', { a: '1.50', c: '3.00' });
  await receive('receipt 2', 'b', 'SOUTH', 50);
  await receive('receipt 3', 'a', 'NORTH', 10);
  await receive('receipt 4', 'c', 'SOUTH', 4);
  const shipment = newId();
  await plan(before, 'NORTH', shipment);
  await statusIs(before, 'ALLOCATED');
  await ship(before, 'NORTH', shipment);
  await statusIs(before, 'SHIPPED');
  await place(fromSouth);
  await place(short);
  await place(partly, 'SHIP_AVAILABLE');
  await statusIs(partly, 'RESERVED');
  await place(released);
  await statusIs(released, 'RESERVED');
  await reject(released);
  await statusIs(released, 'RELEASED');
  await reject(closedFirst);
  await statusIs(closedFirst, null);
  await place(closedFirst);
  await place(refused);
  await statusIs(refused, 'RESERVED');
  await plan(refused, 'SOUTH', newId());
  await plan(fromSouth, 'SOUTH', newId());
  await statusIs(fromSouth, 'ALLOCATED');
  await warehouse('EAST', 'OPEN');
  await warehouse('EAST', 'PAUSED', 2);
  await losesWest();
  await allIsHeard();
  expect(await disagreements(subject.sql)).toEqual([]);
  whole = await books();
});

/** A warehouse goes down with claims, holds and assigned units of its goods. */
async function losesWest(): Promise<void> {
  await warehouse('WEST', 'OPEN');
  await upsert('products 3', { d: '4.00' });
  await receive('receipt 5', 'd', 'WEST', 12);
  await receive('receipt 6', 'd', 'NORTH', 2);
  const [claimed] = [await hold(d(3)), await hold(d(3))];
  await place(holding, 'REJECT', claimed);
  await place(assigned);
  await statusIs(assigned, 'RESERVED');
  const shipment = newId();
  await plan(assigned, 'WEST', shipment);
  await statusIs(assigned, 'ALLOCATED');
  await place(broken, 'BACKORDER');
  await place(waiting, 'BACKORDER');
  await statusIs(waiting, 'RESERVED');
  await cancelLines(waiting, d(5));
  await cancelLines(partly, { sku: 'c', quantity: 7 });
  await warehouse('WEST', 'DOWN', 2);
  await statusIs(broken, 'BACKORDERED');
  await ship(assigned, 'WEST', shipment);
  await statusIs(assigned, 'SHIPPED');
}

it('comes back to the same books, and hears nothing twice', { timeout: TEST_MS }, async () => {
  await subject.stop();
  await backup.restore();
  const settings = {
    ...{ DATABASE_URL: clone.url, NATS_URL: nats.url, LOG_READ_SECRET: LOG_SECRET, SUBGRAPH_URLS: urls() },
  };
  const code = await runRestoreCommand({ subgraph: 'inventory', settings, args: [], fold: createOwnHistory });
  expect(code).toBe(0);
  subject = await start();
  await allIsHeard();
  expect(await books()).toEqual(whole);
  expect(await disagreements(subject.sql)).toEqual([]);
  expect([...(await subject.sql`SELECT * FROM dead_letters`)]).toEqual([]);
});

it('goes on: keys are known, and what is free can be claimed, no more', { timeout: TEST_MS }, async () => {
  expect((await receive('receipt 2', 'b', 'SOUTH', 50)).verdict).toBe('REPLAYED');
  expect(await upsert('products 2', { a: '1.50', c: '3.00' })).toMatchObject({
    verdict: 'REPLAYED',
    results: [{ created: false }, { created: true }],
  });
  const [row] = await subject.sql`SELECT sellable - reserved AS free FROM sku_totals WHERE sku = 'a'`;
  const [all, none] = [orderOf({ sku: 'a', quantity: row?.free }), orderOf({ sku: 'a', quantity: 1 })];
  await place(all);
  await place(none);
  await statusIs(all, 'RESERVED');
  await statusIs(none, 'SHORT');
  await allIsHeard();
});
