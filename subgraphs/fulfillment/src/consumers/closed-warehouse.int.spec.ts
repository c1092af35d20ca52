// A warehouse goes down between a plan and its release, on real tables.
import { newId } from '@crossdock/event-store';
import { Registry } from '@crossdock/telemetry';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createArrivals } from '../../test/arrivals.ts';
import { type FulfillmentDatabase, fulfillmentDatabase } from '../../test/fulfillment-database.ts';
import { eventually } from '../../test/processes.ts';
import { retryHeldOrders } from './retry-held-orders.ts';
import { createRoutingMetrics } from './routing-metrics.ts';

let db: FulfillmentDatabase;
const arrivals = createArrivals();

beforeAll(async () => {
  db = await fulfillmentDatabase();
  await db.warehouses({ id: 'NORTH', priority: 1 }, { id: 'SOUTH', priority: 2 });
  await db.apply([arrivals.received('NORTH', { A: 100 })]);
});
beforeEach(() => setTo('OPEN'));
afterAll(() => db.close());

const setTo = (status: string) =>
  db.sql`UPDATE warehouses SET status = ${status}, version = version + 1 WHERE warehouse_id = 'NORTH'`;
const retry = () =>
  retryHeldOrders({
    ...{ sql: db.sql, logger: db.logger, metrics: createRoutingMetrics(new Registry()) },
    ...{ consumer: 'fulfillment', poke: () => undefined },
  });

async function plannedInNorth() {
  const orderId = newId();
  await db.apply([arrivals.placed(orderId, { A: [2, 1] }), arrivals.confirmed(orderId)]);
  const [shipment] = await db.sql<{ shipment_id: string; plan_id: string }[]>`
    SELECT shipment_id, plan_id FROM shipments WHERE order_id = ${orderId}`;
  const shipmentId = shipment?.shipment_id ?? '';
  return {
    orderId,
    shipmentId,
    allocated: arrivals.allocated(orderId, shipment?.plan_id ?? '', [shipmentId]),
  };
}

async function standing(orderId: string) {
  const [order] = await db.sql`
    SELECT o.state, o.hold_owner, s.status, (SELECT count(*)::int FROM outgoing_releases r WHERE r.shipment_id = s.shipment_id) AS due
    FROM orders o JOIN shipments s USING (order_id) WHERE o.order_id = ${orderId}`;
  return order;
}
const WAITING = { state: 'ON_HOLD', hold_owner: 'warehouse operations', status: 'PLANNED', due: 0 };
const RELEASED = { state: 'PLANNED', hold_owner: null, status: 'RELEASED', due: 1 };

it.each(['DOWN', 'PAUSED'])(
  'releases nothing to a warehouse that is %s until it opens again',
  async (status) => {
    const { orderId, shipmentId, allocated } = await plannedInNorth();
    await setTo(status);
    await db.apply([allocated]);
    await retry();
    expect(await standing(orderId)).toEqual(WAITING);
    const held = (await db.events('FulfillmentHeld')).filter(({ stream_id }) => stream_id === orderId);
    expect(held.map(({ data }) => data.reason)).toEqual([
      `Nothing is released to a warehouse that is not open: shipment ${shipmentId} waits for warehouse NORTH.`,
    ]);
    await setTo('OPEN');
    await retry();
    await retry();
    expect(await standing(orderId)).toEqual(RELEASED);
  },
);

it('releases nothing of an order that ended while its warehouse was down', async () => {
  const { orderId, allocated } = await plannedInNorth();
  await setTo('DOWN');
  await db.apply([allocated]);
  await db.apply([
    arrivals.from('orders', 'OrderCancelled', {
      orderId,
      partnerId: 'P1',
      number: 'N',
      reason: 'no longer wanted',
    }),
  ]);
  await setTo('OPEN');
  await retry();
  expect(await standing(orderId)).toEqual({ ...WAITING, status: 'CANCELLED' });
});

it('waits when its warehouse goes down between the decision and the commit', async () => {
  const { orderId, allocated } = await plannedInNorth();
  const connection = await db.sql.reserve();
  await connection`BEGIN`;
  await connection`UPDATE warehouses SET status = 'DOWN', version = version + 1 WHERE warehouse_id = 'NORTH'`;
  const applied = db.apply([allocated]);
  await eventually(
    () =>
      db.sql`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    (rows) => rows.length > 0,
  );
  await connection`COMMIT`;
  connection.release();
  await applied;
  expect(await standing(orderId)).toEqual(WAITING);
});

it('gives an order that is cancelled after its release to its owner, and says so', async () => {
  const { orderId, shipmentId, allocated } = await plannedInNorth();
  await db.apply([allocated]);
  await db.apply([
    arrivals.from('orders', 'OrderCancelled', {
      orderId,
      partnerId: 'P1',
      number: 'N',
      reason: 'no longer wanted',
    }),
  ]);
  expect(await standing(orderId)).toEqual({
    ...RELEASED,
    state: 'ON_HOLD',
    hold_owner: 'warehouse operations',
  });
  const held = (await db.events('FulfillmentHeld')).filter(({ stream_id }) => stream_id === orderId);
  expect(held.map(({ data }) => String(data.reason))).toEqual([expect.stringContaining(shipmentId)]);
});
