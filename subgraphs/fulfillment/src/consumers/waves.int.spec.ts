// Waves, breaks and holds on real tables: what the rows hold, and who else may move them meanwhile.
import { newId, openDatabase, type Sql } from '@crossdock/event-store';
import { Registry } from '@crossdock/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArrivals } from '../../test/arrivals.ts';
import { type FulfillmentDatabase, fulfillmentDatabase } from '../../test/fulfillment-database.ts';
import { eventually } from '../../test/processes.ts';
import { waveArrivals } from '../../test/wave-arrivals.ts';
import { createConfirmShipments } from '../command-handlers/confirm-shipments.ts';
import type { Shipment } from '../domain/shipment.ts';
import { latestPlans } from '../read-models/routing.ts';
import { retryHeldOrders } from './retry-held-orders.ts';
import { createRoutingMetrics } from './routing-metrics.ts';

let db: FulfillmentDatabase;
const arrivals = createArrivals();
const waves = waveArrivals(arrivals);

beforeAll(async () => {
  db = await fulfillmentDatabase();
});
afterAll(() => db.close());

const orderRow = async (orderId: string) =>
  (
    await db.sql`SELECT state, plan_attempts, facts, hold_reason, waves FROM orders WHERE order_id = ${orderId}`
  )[0];
const plansOf = (orderId: string) =>
  db.sql<{ plan_id: string; wave: number; attempt: number }[]>`
    SELECT plan_id, wave, attempt FROM plans WHERE order_id = ${orderId} ORDER BY attempt`;
const heldOf = async (orderId: string) =>
  (await db.events('FulfillmentHeld')).filter(({ stream_id }) => stream_id === orderId);

let pokes = 0;
const retry = (sql: Sql = db.sql) =>
  retryHeldOrders({
    ...{ sql, logger: db.logger, metrics: createRoutingMetrics(new Registry()) },
    consumer: 'fulfillment',
    poke: () => {
      pokes += 1;
    },
  });

it('plans an order on hold again when a warehouse opens, once, and says the rest in its stream', async () => {
  const orderId = newId();
  await db.apply([arrivals.received('NORTH', { A: 100 })]);
  await db.apply([arrivals.placed(orderId, { A: [4, 250] }), arrivals.confirmed(orderId)]);
  expect(await orderRow(orderId)).toMatchObject({ state: 'ON_HOLD', hold_reason: 'No warehouse is open.' });
  await retry();
  await db.apply([arrivals.reminded(orderId)]);
  expect(await heldOf(orderId)).toHaveLength(1);
  await db.warehouses({ id: 'NORTH', priority: 1 });
  await retry();
  await retry();
  expect(pokes).toBe(1);
  expect(await orderRow(orderId)).toMatchObject({ state: 'PLANNED', plan_attempts: 1, facts: 2 });
  expect((await db.events('ShipmentsPlanned')).map(({ version }) => version)).toEqual([2]);
  const [row] = await db.sql`SELECT available FROM stock_view WHERE sku = 'A'`;
  expect(row?.available).toEqual({ NORTH: 96 });
});

describe('while the consumer is at work', () => {
  // Its own connections: statements of one pool may wait behind each other.
  const other = () => openDatabase({ url: db.url, applicationName: 'fulfillment-retry' });
  const viewed = async () => (await db.sql`SELECT available FROM stock_view WHERE sku = 'A'`)[0]?.available;

  async function heldForNow(): Promise<void> {
    const orderId = newId();
    await db.sql`UPDATE warehouses SET status = 'PAUSED'`;
    await db.apply([arrivals.placed(orderId, { A: [1, 1] }), arrivals.confirmed(orderId)]);
    await db.sql`UPDATE warehouses SET status = 'OPEN', version = version + 1`;
  }

  it('plans again on fresh rows when the consumer was first', async () => {
    await heldForNow();
    const orderId = newId();
    const connection = await db.sql.reserve();
    await connection`BEGIN`;
    await connection`SELECT 1 FROM offsets WHERE consumer = 'fulfillment' FOR SHARE`;
    const applied = db.apply([arrivals.placed(orderId, { A: [5, 1] }), arrivals.confirmed(orderId)]);
    await waitingFor(1);
    const database = other();
    const retried = retry(database.sql);
    await waitingFor(2);
    await connection`COMMIT`;
    connection.release();
    await Promise.all([applied, retried]);
    expect(await viewed()).toEqual({ NORTH: 90 });
    await database.close();
  });

  it('has the consumer decide on fresh rows when it was first itself', async () => {
    await heldForNow();
    const orderId = newId();
    const connection = await db.sql.reserve();
    await connection`BEGIN`;
    await connection`SELECT 1 FROM warehouses FOR UPDATE`;
    const database = other();
    const retried = retry(database.sql);
    await waitingFor(1);
    // Decides on the view as it is before, and waits for the offsets that the other call holds.
    const applied = db.apply([arrivals.placed(orderId, { A: [5, 1] }), arrivals.confirmed(orderId)]);
    await waitingFor(2);
    await connection`COMMIT`;
    connection.release();
    await Promise.all([applied, retried]);
    expect(await viewed()).toEqual({ NORTH: 84 });
    expect(db.faults.at(-1)).toContain('guard-lost');
    await database.close();
  });
});

function waitingFor(count: number) {
  return eventually(
    () =>
      db.sql`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    (rows) => rows.length >= count,
  );
}

it('plans an order whose plans were refused again when it is reminded', async () => {
  const orderId = newId();
  await db.apply([arrivals.placed(orderId, { A: [2, 1] }), arrivals.confirmed(orderId)]);
  for (let refusal = 1; refusal <= 3; refusal += 1) {
    const planId = (await plansOf(orderId)).at(-1)?.plan_id ?? '';
    await db.apply([arrivals.refused(orderId, planId, [])]);
  }
  expect(await orderRow(orderId)).toMatchObject({ state: 'ON_HOLD', facts: 4 });
  await db.apply([arrivals.reminded(orderId)]);
  expect(await orderRow(orderId)).toMatchObject({ state: 'PLANNED', plan_attempts: 4, facts: 5 });
  expect((await db.events('ShipmentsPlanned')).at(-1)?.data).not.toHaveProperty('greedy');
});

it('ships an order in waves, one of them shortened, and explains both', async () => {
  const orderId = newId();
  await db.apply([arrivals.placed(orderId, { A: [9, 1] }), arrivals.confirmed(orderId, { A: 6 })]);
  await db.apply([waves.replenished(orderId, 2, { A: 3 })]);
  const [first, second] = await plansOf(orderId);
  const available = [{ sku: 'A', warehouseId: 'NORTH', available: 50 }];
  const open = [{ sku: 'A', quantity: 5 }];
  await db.apply([arrivals.refused(orderId, first?.plan_id ?? '', available, open)]);
  const standing = await db.sql`
    SELECT plan_id, lines FROM shipments WHERE order_id = ${orderId} AND status = 'PLANNED' ORDER BY planned_at`;
  const third = (await plansOf(orderId)).at(-1);
  expect(standing).toEqual([
    { plan_id: second?.plan_id, lines: [{ sku: 'A', quantity: 3 }] },
    { plan_id: third?.plan_id, lines: [{ sku: 'A', quantity: 5 }] },
  ]);
  const [routing] = await latestPlans(db.database.read, [orderId]);
  expect(routing).toMatchObject({
    attempt: 3,
    explanation: [/^Wave 1: /, /^Wave 2: /].map((each) => expect.stringMatching(each)),
  });
});

function leave({ shipmentId, lines }: Shipment) {
  const confirm = createConfirmShipments({
    ...{ sql: db.sql, operation: 'confirmShipment', poke: () => undefined },
  });
  const who = { warehouseId: 'NORTH', actor: 'wms', traceparent: null, idempotencyKey: newId() };
  const row = { shipmentId, lines, releaseEpoch: 1, carrier: null, trackingNumber: null };
  return confirm({ ...who, rows: [row] });
}

it('notes on a shipment what is missing of it, and lets it leave when it is found', async () => {
  const [shipment] = await db.released(arrivals, { A: [2, 1] });
  if (shipment === undefined) throw new Error('a released order has a shipment');
  const { orderId, shipmentId } = shipment;
  const lines = [{ sku: 'A', quantity: 1 }];
  for (let told = 1; told <= 2; told += 1)
    await db.apply([waves.allocationBroken(orderId, 'NORTH', [{ shipmentId, lines }])]);
  const [stored] = await db.sql`SELECT status, missing FROM shipments WHERE shipment_id = ${shipmentId}`;
  expect(stored).toEqual({ status: 'RELEASED', missing: [...lines, ...lines] });
  expect((await heldOf(orderId)).map(({ version }) => version)).toEqual([2, 3]);
  expect((await heldOf(orderId))[0]?.data.reason).toContain(`shipment ${shipmentId} misses 1 of A`);
  expect(await orderRow(orderId)).toMatchObject({ state: 'ON_HOLD' });
  expect((await leave(shipment)).verdict).toBe('NEW');
  expect(await orderRow(orderId)).toMatchObject({ state: 'PLANNED', hold_reason: null });
});

it('misses nothing of a shipment that leaves between the decision and the commit', async () => {
  const [shipment] = await db.released(arrivals, { A: [2, 1] });
  if (shipment === undefined) throw new Error('a released order has a shipment');
  const { orderId, shipmentId } = shipment;
  const connection = await db.sql.reserve();
  await connection`BEGIN`;
  await connection`
    UPDATE shipments SET status = 'SHIPPED', version = version + 1, confirmed_at = now() WHERE shipment_id = ${shipmentId}`;
  const broken = [{ shipmentId, lines: [{ sku: 'A', quantity: 1 }] }];
  const applied = db.apply([waves.allocationBroken(orderId, 'NORTH', broken)]);
  await waitingFor(1);
  await connection`COMMIT`;
  connection.release();
  await applied;
  expect(await heldOf(orderId)).toEqual([]);
  expect(db.faults.at(-1)).toContain('guard-lost');
});

it('ends the hold for missing units that was written while their shipment was about to leave', async () => {
  const [shipment] = await db.released(arrivals, { A: [2, 1] });
  if (shipment === undefined) throw new Error('a released order has a shipment');
  const { orderId, shipmentId } = shipment;
  const held = [{ shipmentId, why: 'UNITS_MISSING', reason: 'missing' }];
  const connection = await db.sql.reserve();
  await connection`BEGIN`;
  await connection`
    UPDATE orders SET state = 'ON_HOLD', hold_reason = 'missing', hold_owner = 'somebody',
      held_shipments = ${JSON.stringify(held)}::text::json WHERE order_id = ${orderId}`;
  await connection`SELECT 1 FROM shipments WHERE shipment_id = ${shipmentId} FOR NO KEY UPDATE`;
  const left = leave(shipment);
  await waitingFor(1);
  await connection`COMMIT`;
  connection.release();
  expect((await left).verdict).toBe('NEW');
  expect(await orderRow(orderId)).toMatchObject({ state: 'PLANNED', hold_reason: null });
});
