// A database of orders is restored to an earlier point while everybody else has moved on.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, newId, openDatabase } from '@crossdock/event-store';
import { type Neighbour, startNeighbour } from '@crossdock/messaging/neighbour';
import {
  backupOf,
  type DatabaseBackup,
  databaseFromTemplate,
  freePort,
  type OwnServer,
  ownNats,
  redisUrl,
  type TestDatabase,
} from '@crossdock/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  gatewayKeys,
  type OrdersPlatform,
  type OrdersProcess,
  restoreLog,
  startOrders,
} from '../test/orders-process.ts';

const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));
const SETTLED = { timeout: 20_000, interval: 100 };
const TEST_MS = 120_000;
const ERP = { role: 'erp' };
const PLACE = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
  order { id number status } replayed userErrors { code existingOrderId } } }`;
const UPSERT = `mutation ($input: UpsertPartnersInput!) { upsertPartners(input: $input) {
  replayed userErrors { code } results { index id created } } }`;

type Placed = Readonly<{
  order: Readonly<{ id: string; number: string; status: string }> | null;
  replayed: boolean;
  userErrors: readonly Readonly<{ code: string; existingOrderId: string | null }>[];
}>;
type Order = Readonly<{ orderId: string; partnerId: string; partition: number; number: string; key: string }>;

let nats: OwnServer;
let clone: TestDatabase;
let backup: DatabaseBackup;
let platform: OrdersPlatform;
let keys: Awaited<ReturnType<typeof gatewayKeys>>;
let orders: OrdersProcess;
let inventory: Neighbour;
let payments: Neighbour;
let fulfillment: Neighbour;
const journals = mkdtempSync(join(tmpdir(), 'crossdock-journals-'));

beforeAll(async () => {
  nats = await ownNats();
  clone = await databaseFromTemplate('orders', (url) => migrate(url, MIGRATIONS));
  inventory = await startNeighbour('inventory', nats.url);
  payments = await startNeighbour('payments', nats.url);
  fulfillment = await startNeighbour('fulfillment', nats.url);
  keys = await gatewayKeys();
  platform = {
    ...{ databaseUrl: clone.url, natsUrl: nats.url, redisUrl: redisUrl(), port: await freePort() },
    subgraphUrls: { inventory: inventory.url, payments: payments.url, fulfillment: fulfillment.url },
  };
  orders = await startOrders(platform, keys);
  for (const each of [inventory, payments, fulfillment])
    each.follow('orders', `http://127.0.0.1:${platform.port}`);
}, TEST_MS);

afterAll(async () => {
  await orders.end('SIGTERM');
  await Promise.all([inventory.stop(), payments.stop(), fulfillment.stop()]);
  await backup.drop();
  await clone.drop();
  await nats.stop();
  rmSync(journals, { recursive: true });
}, TEST_MS);

/** Asks the database of orders by a connection that lives for the question: the database is exchanged under the test. */
async function rowsOf<Row extends object>(query: string): Promise<Row[]> {
  const database = openDatabase({
    url: clone.url,
    applicationName: 'orders-restore-test',
    writeConnections: 1,
  });
  try {
    return [...(await database.sql.unsafe<Row[]>(query))];
  } finally {
    await database.close();
  }
}

async function place(key: string, more: object = {}): Promise<Placed> {
  const lines = [{ sku: 'a', quantity: 3 }];
  const input = { idempotencyKey: key, partnerId: 'p1', lines, waitMs: 0, ...more };
  const { data, errors } = await orders.ask(ERP, PLACE, { input });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  // The document asks for these fields.
  return data?.placeOrder as Placed;
}

async function placed(key: string, more: object = {}): Promise<Order> {
  const { order, userErrors } = await place(key, more);
  if (order === null) throw new Error(JSON.stringify(userErrors));
  const [row] = await rowsOf<{ partition: number }>(
    `SELECT partition FROM orders WHERE order_id = '${order.id}'`,
  );
  return { orderId: order.id, number: order.number, partnerId: 'p1', partition: row?.partition ?? 0, key };
}

const upsertPartners = (key: string, names: Record<string, string>) =>
  orders.ask(ERP, UPSERT, {
    input: {
      idempotencyKey: key,
      partners: Object.entries(names).map(([id, name]) => ({ id, name, currencyCode: 'GBP' })),
    },
  });

const reserve = (order: Order) =>
  inventory.say('StockReserved', order, { reservedValueMinor: 750, currencyCode: 'GBP' });
const authorise = (order: Order) =>
  payments.say('PaymentAuthorised', order, { amountMinor: 750, currencyCode: 'GBP', method: 'TERMS' });
const shipment = (order: Order) => ({ shipmentId: order.orderId, warehouseId: 'NORTH', releaseEpoch: 1 });
const release = (order: Order) => fulfillment.say('ShipmentReleased', order, shipment(order));
const ship = (order: Order) =>
  fulfillment.say('ShipmentConfirmed', order, {
    ...shipment(order),
    valueMinor: 750,
    currencyCode: 'GBP',
    lines: [{ sku: 'a', quantity: 3 }],
  });

async function statusIs(order: Order, status: string): Promise<void> {
  await vi.waitFor(async () => {
    const [row] = await rowsOf<{ status: string }>(
      `SELECT status FROM orders WHERE order_id = '${order.orderId}'`,
    );
    expect(row?.status).toBe(status);
  }, SETTLED);
}

/** Everybody has heard everything that orders published. */
async function allIsHeard(): Promise<void> {
  await vi.waitFor(async () => {
    const [log] = await rowsOf<{ events: number }>('SELECT sum(position)::int AS events FROM intents');
    const [end] = await rowsOf<{ events: number }>('SELECT sum(position)::int AS events FROM partitions');
    expect(log?.events).toBe(end?.events);
    for (const each of [inventory, payments, fulfillment]) {
      const heard = await each.heard();
      expect(new Set(heard).size).toBe(heard.length);
      expect(heard).toHaveLength(log?.events ?? 0);
    }
  }, SETTLED);
}

const LOG = `SELECT partition, position, category, stream_id, version, event_id, type, schema_version, data, metadata,
  date_trunc('milliseconds', recorded_at) AS recorded_at FROM events ORDER BY partition, position`;
const ORDERS = `SELECT order_id, partition, partner_id, number, po_number, status, status_reason, version, shortage_policy,
  currency_code, total_minor, units_ordered, units_confirmed, units_shipped, stock, payment, book, placed_by,
  confirmed_at IS NULL AS unconfirmed, released_at IS NULL AS unreleased, shipped_at IS NULL AS unshipped
  FROM orders ORDER BY order_id`;
const TIMELINE = 'SELECT * FROM timeline_entries ORDER BY order_id, source, position';
const OTHERS = [
  'SELECT * FROM po_numbers ORDER BY partner_id, po_number',
  'SELECT * FROM partners ORDER BY partner_id',
  'SELECT scope, operation, key, fingerprint, result FROM idempotency_keys ORDER BY scope, operation, key',
];
const snapshot = async () => Promise.all([LOG, ORDERS, TIMELINE, ...OTHERS].map((query) => rowsOf(query)));

let before: Order;
let half: Order;
let shipped: Order;
let confirmed: Order;
let rejected: Order;
let unpublished: Order;
let whole: Awaited<ReturnType<typeof snapshot>>;

it('takes orders until the backup, and after it', { timeout: TEST_MS }, async () => {
  const product = {
    sku: 'a',
    name: 'Apple',
    listPriceMinor: 250,
    currencyCode: 'GBP',
    casePack: 1,
    minOrderQuantity: 1,
    weightGrams: 1,
  };
  await inventory.sayRaw({
    ...{ partition: 0, category: 'product', streamId: 'a', version: 1, id: newId(), metadata: {} },
    ...{ type: 'ProductRegistered', data: product },
  });
  expect((await upsertPartners('partners 1', { p1: 'Shop', p2: 'Stall' })).errors).toBeUndefined();
  before = await placed('before');
  half = await placed('half');
  await reserve(half);
  await vi.waitFor(
    async () => expect(await rowsOf(`SELECT 1 FROM orders WHERE stock = 'RESERVED'`)).toHaveLength(1),
    SETTLED,
  );
  await allIsHeard();
  await orders.end('SIGTERM');
  backup = await backupOf(clone.url);
  orders = await startOrders(platform, keys);

  await authorise(half);
  await statusIs(half, 'CONFIRMED');
  await upsertPartners('partners 2', { p1: 'Shop', p2: 'Stall and sons', p3: 'Kiosk' });
  shipped = await placed('shipped', { poNumber: 'PO-1' });
  confirmed = await placed('confirmed');
  rejected = await placed('rejected', { poNumber: 'PO-2' });
  for (const each of [shipped, confirmed]) await authorise(each);
  for (const each of [shipped, confirmed, before]) await reserve(each);
  await statusIs(shipped, 'CONFIRMED');
  await release(shipped);
  await statusIs(shipped, 'RELEASED');
  await ship(shipped);
  await statusIs(shipped, 'SHIPPED');
  await inventory.say('StockShort', rejected, { short: [{ sku: 'a', requested: 3, available: 0 }] });
  await statusIs(rejected, 'REJECTED');
  await statusIs(confirmed, 'CONFIRMED');
  await vi.waitFor(
    async () =>
      expect(
        await rowsOf(`SELECT 1 FROM orders WHERE stock = 'RESERVED' AND status = 'PLACED'`),
      ).toHaveLength(1),
    SETTLED,
  );
  await allIsHeard();
  whole = await snapshot();
});

it('loses one acknowledged order with its database', { timeout: TEST_MS }, async () => {
  const database = openDatabase({
    url: clone.url,
    applicationName: 'orders-restore-test',
    writeConnections: 1,
  });
  // The driver reserves no connection that was never used.
  await database.sql`SELECT 1`;
  const connection = await database.sql.reserve();
  await connection`BEGIN`;
  // The relay cannot say what it means to publish, so it publishes nothing.
  await connection`SELECT 1 FROM intents FOR UPDATE`;
  unpublished = await placed('unpublished');
  await orders.end('SIGKILL');
  await connection`ROLLBACK`;
  connection.release();
  await database.close();
  const entry = {
    kind: 'acknowledged',
    key: 'unpublished',
    orderId: unpublished.orderId,
    number: unpublished.number,
  };
  const noted = { kind: 'acknowledged', key: 'shipped', orderId: shipped.orderId, number: shipped.number };
  const lines = [noted, entry].map((each) =>
    JSON.stringify({ ...each, totalMinor: 750, at: '2026-03-01T09:30:00Z' }),
  );
  writeFileSync(join(journals, 'client.ndjson'), `${lines.join('\n')}\n`);
});

it('refuses to append to the restored database, and the others stop', { timeout: TEST_MS }, async () => {
  await backup.restore();
  orders = await startOrders(platform, keys);
  const ready = await orders.ready();
  expect(ready.status).toBe(503);
  expect(ready.body).toContain('docs/runbooks/restore-a-database.md');
  expect(await orders.metrics()).toMatch(/^crossdock_log_closed\S* 1$/m);
  const input = { idempotencyKey: 'too early', partnerId: 'p1', lines: [{ sku: 'a', quantity: 1 }] };
  const refused = await orders.ask(ERP, PLACE, { input });
  expect(refused.errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED', retryAfterMs: 5_000 });
  await vi.waitFor(async () => {
    for (const each of [inventory, payments, fulfillment]) expect(await each.forked()).toBeGreaterThan(0);
  }, SETTLED);
});

it('says what it would do, then takes everything back and opens', { timeout: TEST_MS }, async () => {
  const looked = await restoreLog(platform, keys, '--dry-run', '--journals', journals);
  expect(looked.said).toContain('they would be taken back');
  expect(looked.said).toContain(`1 orders were acknowledged and never published`);
  expect(looked.said).toContain(unpublished.orderId);
  expect(looked.code).toBe(0);
  expect((await orders.ready()).status).toBe(503);

  const done = await restoreLog(platform, keys, '--journals', journals);
  expect(done.said).toContain('The log of orders is open.');
  expect(done.said).toContain(unpublished.orderId);
  expect(done.said).not.toContain(shipped.orderId);
  expect(done.code).toBe(0);
  expect((await restoreLog(platform, keys)).said).toContain('there is nothing to restore');
});

it('has lost and doubled nothing that was published', { timeout: TEST_MS }, async () => {
  await vi.waitFor(async () => {
    expect((await orders.ready()).status).toBe(200);
    for (const each of [inventory, payments, fulfillment]) expect(await each.forked()).toBe(0);
    expect(await snapshot()).toEqual(whole);
  }, SETTLED);
  await allIsHeard();
});

it('goes on: keys, numbers and orders on their way', { timeout: TEST_MS }, async () => {
  expect(await place('shipped', { poNumber: 'PO-1' })).toMatchObject({
    replayed: true,
    order: { id: shipped.orderId, status: 'SHIPPED' },
  });
  expect((await place('another', { poNumber: 'PO-1' })).userErrors).toEqual([
    { code: 'DUPLICATE_PO_NUMBER', existingOrderId: shipped.orderId },
  ]);
  expect(
    (await upsertPartners('partners 2', { p1: 'Shop', p2: 'Stall and sons', p3: 'Kiosk' })).data,
  ).toMatchObject({
    upsertPartners: { replayed: true, results: [{ created: false }, { created: false }, { created: true }] },
  });
  const again = await placed('unpublished', { poNumber: 'PO-2' });
  const numbers = [before, half, shipped, confirmed, rejected, unpublished].map(({ number }) => number);
  expect(numbers).not.toContain(again.number);
  await authorise(before);
  await release(confirmed);
  await statusIs(before, 'CONFIRMED');
  await statusIs(confirmed, 'RELEASED');
  await allIsHeard();
});
