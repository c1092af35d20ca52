// A database of fulfillment is restored to an earlier point while everybody else has moved on.
import { fileURLToPath } from 'node:url';
import { migrate, newId, type Sql } from '@crossdock/event-store';
import { runRestoreCommand } from '@crossdock/messaging';
import { LOG_SECRET, type Neighbour, startNeighbour, startSubject } from '@crossdock/messaging/neighbour';
import { createLogger, createRegistry } from '@crossdock/telemetry';
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
import { a, type Order, orderOf } from '../test/restore-orders.ts';
import { RESTORED_ROWS } from '../test/restored-rows.ts';
import { createConfirmShipments } from './command-handlers/confirm-shipments.ts';
import { createUpsertWarehouses } from './command-handlers/upsert-warehouses.ts';
import { createFulfillmentConsumer } from './consumers/fulfillment-consumer.ts';
import { createOwnHistory } from './consumers/own-history.ts';
import { retryHeldOrders } from './consumers/retry-held-orders.ts';
import { createRoutingMetrics } from './consumers/routing-metrics.ts';

const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));
const SETTLED = { timeout: 20_000, interval: 100 };
const TEST_MS = 90_000;

let nats: OwnServer;
let clone: TestDatabase;
let backup: DatabaseBackup;
let orders: Neighbour;
let inventory: Neighbour;
let payments: Neighbour;
let port: number;
let subject: Awaited<ReturnType<typeof startSubject>>;

const urls = () => ({ orders: orders.url, inventory: inventory.url, payments: payments.url });
const consumerOf = (sql: Sql) =>
  createFulfillmentConsumer({
    ...{ sql, logger: createLogger('fulfillment-test', 'silent'), onReleased: () => undefined },
    metrics: createRoutingMetrics(createRegistry('fulfillment-test')),
  });
const start = () =>
  startSubject({
    ...{ name: 'fulfillment', databaseUrl: clone.url, natsUrl: nats.url, port, urls: urls(), consumerOf },
  });

beforeAll(async () => {
  nats = await ownNats();
  port = await freePort();
  clone = await databaseFromTemplate('fulfillment', (url) => migrate(url, MIGRATIONS));
  orders = await startNeighbour('orders', nats.url);
  inventory = await startNeighbour('inventory', nats.url);
  payments = await startNeighbour('payments', nats.url);
  subject = await start();
  for (const each of [orders, inventory, payments]) each.follow('fulfillment', `http://127.0.0.1:${port}`);
}, TEST_MS);

afterAll(async () => {
  await subject.stop();
  await Promise.all([orders.stop(), inventory.stop(), payments.stop()]);
  await backup.drop();
  await clone.drop();
  await nats.stop();
}, TEST_MS);

const place = (order: Order) =>
  orders.say('OrderPlaced', order, {
    ...{ number: 'N', currencyCode: 'GBP', totalMinor: 0, shortagePolicy: 'REJECT', paymentMethod: 'TERMS' },
    ...{ placedBy: 'buyer', shipTo: { country: 'GB' }, requestedShipDate: '2026-03-02' },
    lines: [{ sku: 'a', quantity: order.quantity, unitPriceMinor: 100 }],
  });
const confirm = (order: Order, lines: object[] | null = null) =>
  orders.say('OrderConfirmed', order, { number: 'N', ...(lines === null ? {} : { lines }) });
const receive = (warehouseId: string, quantity: number) =>
  inventory.sayRaw({
    ...{
      partition: 2,
      category: 'receipt',
      streamId: newId(),
      version: 1,
      id: newId(),
      type: 'StockReceived',
    },
    ...{ data: { receiptId: newId(), lines: [{ sku: 'a', warehouseId, quantity }] }, metadata: {} },
  });

type Shipment = Readonly<{ shipmentId: string; planId: string; warehouseId: string; status: string }>;
const shipmentsOf = ({ orderId }: Order) => subject.sql<Shipment[]>`
  SELECT shipment_id AS "shipmentId", plan_id AS "planId", warehouse_id AS "warehouseId", status FROM shipments
  WHERE order_id = ${orderId} AND status <> 'REROUTED' ORDER BY planned_at`;

async function planned(order: Order, attempt = 1): Promise<Shipment> {
  await vi.waitFor(async () => {
    const [row] = await subject.sql`SELECT plan_attempts FROM orders WHERE order_id = ${order.orderId}`;
    expect(row?.plan_attempts).toBe(attempt);
  }, SETTLED);
  const shipment = (await shipmentsOf(order)).at(-1);
  if (shipment === undefined) throw new Error('a planned order has a shipment');
  return shipment;
}

async function released(order: Order): Promise<Shipment> {
  const shipment = await planned(order);
  const { planId, shipmentId } = shipment;
  await inventory.say('StockAllocated', order, { planId, shipmentIds: [shipmentId] });
  await vi.waitFor(async () => expect((await shipmentsOf(order))[0]?.status).toBe('RELEASED'), SETTLED);
  return shipment;
}

const leave = (order: Order, { shipmentId, warehouseId }: Shipment) =>
  createConfirmShipments({ sql: subject.sql, operation: 'confirmShipment', poke: subject.poke })({
    ...{ warehouseId, actor: 'wms', traceparent: null, idempotencyKey: `leave ${order.orderId}` },
    rows: [
      {
        ...{ shipmentId, releaseEpoch: 1, carrier: 'Post', trackingNumber: 'T-1' },
        lines: [{ sku: 'a', quantity: order.quantity }],
      },
    ],
  });

const upsertWarehouses = (idempotencyKey: string, ...ids: readonly string[]) =>
  createUpsertWarehouses(
    subject.sql,
    subject.poke,
  )({
    ...{ actor: 'erp', traceparent: null, idempotencyKey, errorPolicy: 'REJECT_ALL' },
    rows: ids.map((id, index) => ({ id, name: `${id} hall`, country: 'GB', priority: index + 1 })),
  });

async function allIsHeard(): Promise<void> {
  await vi.waitFor(async () => {
    for (const [source, { sql }] of Object.entries({ orders, inventory })) {
      const [said] = await sql`SELECT sum(position)::int AS events FROM partitions`;
      const [heard] =
        await subject.sql`SELECT sum(position)::int AS events FROM offsets WHERE source = ${source}`;
      expect(heard?.events).toBe(said?.events);
    }
    const [own] = await subject.sql`SELECT sum(position)::int AS events FROM partitions`;
    for (const each of [orders, inventory, payments]) expect(await each.heard()).toHaveLength(own?.events);
  }, SETTLED);
}

const rows = () => Promise.all(RESTORED_ROWS.map(async (query) => [...(await subject.sql.unsafe(query))]));

const [plannedBefore, gone, waiting] = [orderOf(5), orderOf(4), orderOf(3)];
const [unplanned, closed] = [orderOf(2), orderOf(1)];
const replanned = orderOf(6);
const [inWaves, shortened, heldOnce] = [orderOf(7), orderOf(8), orderOf(9)];
const [cancelled, stranded] = [orderOf(2), orderOf(1)];
let whole: Awaited<ReturnType<typeof rows>>;
let left: Shipment;

const missOne = (order: Order, { shipmentId, warehouseId }: Shipment) => {
  const shipments = [{ shipmentId, lines: a(1) }];
  return inventory.say('AllocationBroken', order, { warehouseId, cause: 'COUNT', shipments });
};

/** What leaves meanwhile is said as it was before its lines told their prices. */
async function asBeforePrices(leaves: () => Promise<void>): Promise<void> {
  const { sql } = subject;
  await sql`
    CREATE FUNCTION without_prices() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      new.data = jsonb_set(new.data::jsonb, '{lines}', (
        SELECT jsonb_agg(line - 'unitPriceMinor') FROM jsonb_array_elements(new.data::jsonb -> 'lines') line));
      RETURN new;
    END $$`;
  await sql`CREATE TRIGGER without_prices BEFORE INSERT ON events FOR EACH ROW
    WHEN (new.type = 'ShipmentConfirmed') EXECUTE FUNCTION without_prices()`;
  await leaves();
  await sql`DROP TRIGGER without_prices ON events`;
  await sql`DROP FUNCTION without_prices()`;
}

/** A first wave that is released, misses a unit and leaves all the same, and a second one. */
async function shipInWaves(): Promise<void> {
  await place(inWaves);
  await confirm(inWaves, a(4));
  const shipment = await released(inWaves);
  await orders.say('OrderReplenished', inWaves, { number: 'N', status: 'RELEASED', wave: 2, lines: a(3) });
  await planned(inWaves, 2);
  await missOne(inWaves, shipment);
  await allIsHeard();
  await asBeforePrices(async () =>
    expect((await leave({ ...inWaves, quantity: 4 }, shipment)).verdict).toBe('NEW'),
  );
  const [fact] = await subject.sql`
    SELECT data -> 'lines' AS lines FROM events WHERE type = 'ShipmentConfirmed' AND stream_id = ${shipment.shipmentId}`;
  expect(fact?.lines).toEqual(a(4));
}

const refuse = (
  order: Order,
  { planId, warehouseId }: Shipment,
  available: number,
  open = order.quantity,
) => {
  const figures = [{ sku: 'a', warehouseId, available }];
  return inventory.say('AllocationRefused', order, { planId, available: figures, open: a(open) });
};

/** A plan that asks for more than its wave has open, and the one after it. */
async function shorten(): Promise<void> {
  await place(shortened);
  await confirm(shortened);
  await refuse(shortened, await planned(shortened), 50, 6);
  await planned(shortened, 2);
}

/** Warehouses change, so that what is on hold is tried again. */
async function reopen(key: string, ...ids: readonly string[]): Promise<void> {
  await upsertWarehouses(key, ...ids);
  const { sql, poke } = subject;
  const logger = createLogger('fulfillment-test', 'silent');
  const metrics = createRoutingMetrics(createRegistry('fulfillment-test'));
  await retryHeldOrders({ sql, poke, logger, metrics, consumer: 'fulfillment' });
}

/** An order whose plans are refused until it is on hold, and which is planned again when a warehouse changed. */
async function holdOnce(): Promise<void> {
  await place(heldOnce);
  await confirm(heldOnce);
  for (const attempt of [1, 2, 3]) await refuse(heldOnce, await planned(heldOnce, attempt), 9);
  await allIsHeard();
  await reopen('warehouses 3', 'NORTH', 'SOUTH', 'EAST');
  await planned(heldOnce, 4);
}

/** An order that is cancelled after its release, and one whose warehouse is down when it is allocated. */
async function giveToOwners(): Promise<void> {
  for (const order of [cancelled, stranded]) {
    await place(order);
    await confirm(order);
  }
  await released(cancelled);
  await orders.say('OrderCancelled', cancelled, { number: 'N', reason: 'no longer wanted' });
  const { planId, shipmentId, warehouseId } = await planned(stranded);
  const setTo = (status: string) =>
    subject.sql`UPDATE warehouses SET status = ${status} WHERE warehouse_id = ${warehouseId}`;
  await setTo('DOWN');
  await inventory.say('StockAllocated', stranded, { planId, shipmentIds: [shipmentId] });
  await allIsHeard();
  expect(await shipmentsOf(stranded)).toMatchObject([{ status: 'PLANNED' }]);
  await setTo('OPEN');
  await reopen('warehouses 4', 'NORTH', 'EAST', 'SOUTH');
  expect(await shipmentsOf(stranded)).toMatchObject([{ status: 'RELEASED' }]);
}

it('plans, releases and lets go, before and after the backup', { timeout: TEST_MS }, async () => {
  await upsertWarehouses('warehouses 1', 'NORTH', 'SOUTH');
  await receive('NORTH', 40);
  await allIsHeard();
  await place(plannedBefore);
  await confirm(plannedBefore);
  await planned(plannedBefore);
  await allIsHeard();
  await subject.stop();
  backup = await backupOf(clone.url);
  subject = await start();

  await upsertWarehouses('warehouses 2', 'NORTH', 'EAST', 'SOUTH');
  await receive('EAST', 15);
  await allIsHeard();
  await released(plannedBefore);
  for (const order of [gone, waiting, unplanned, closed, replanned]) await place(order);
  for (const order of [gone, waiting, replanned]) await confirm(order);
  left = await released(gone);
  expect((await leave(gone, left)).verdict).toBe('NEW');
  await missOne(waiting, await released(waiting));
  const { planId, warehouseId } = await planned(replanned);
  await inventory.say('AllocationRefused', replanned, {
    planId,
    available: [{ sku: 'a', warehouseId, available: 0 }],
  });
  await planned(replanned, 2);
  await orders.say('OrderRejected', closed, { number: 'N', reason: 'EXPIRED' });
  await shipInWaves();
  await shorten();
  await holdOnce();
  await giveToOwners();
  await allIsHeard();
  whole = await rows();
});

it('comes back to the same rows, and hears nothing twice', { timeout: TEST_MS }, async () => {
  await subject.stop();
  await backup.restore();
  const settings = {
    ...{ DATABASE_URL: clone.url, NATS_URL: nats.url, LOG_READ_SECRET: LOG_SECRET, SUBGRAPH_URLS: urls() },
  };
  const code = await runRestoreCommand({
    subgraph: 'fulfillment',
    settings,
    args: [],
    fold: createOwnHistory,
  });
  expect(code).toBe(0);
  subject = await start();
  await allIsHeard();
  expect(await rows()).toEqual(whole);
  expect([...(await subject.sql`SELECT * FROM dead_letters`)]).toEqual([]);
});

it('goes on: nothing leaves twice, and what was only placed is planned', { timeout: TEST_MS }, async () => {
  expect((await leave(gone, left)).verdict).toBe('REPLAYED');
  const twice = await leave({ ...gone, orderId: newId() }, left);
  expect(twice.rows[0]?.refusal?.code).toBe('SHIPMENT_STATE');
  expect((await upsertWarehouses('warehouses 2', 'NORTH', 'EAST', 'SOUTH')).verdict).toBe('REPLAYED');
  await confirm(unplanned);
  await released(unplanned);
  await confirm(closed);
  await allIsHeard();
  expect(await shipmentsOf(closed)).toHaveLength(0);
  const [shipment] = await shipmentsOf(waiting);
  if (shipment !== undefined) expect((await leave(waiting, shipment)).verdict).toBe('NEW');
  await allIsHeard();
});
