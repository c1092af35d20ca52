import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArrivals } from '../../test/arrivals.ts';
import { type FulfillmentDatabase, fulfillmentDatabase } from '../../test/fulfillment-database.ts';
import { eventually } from '../../test/processes.ts';

let db: FulfillmentDatabase;
const arrivals = createArrivals();

beforeAll(async () => {
  db = await fulfillmentDatabase();
  await db.warehouses({ id: 'NORTH', priority: 1 }, { id: 'SOUTH', priority: 2 });
  await db.apply([
    arrivals.received('NORTH', { A: 10, B: 10 }),
    arrivals.received('SOUTH', { A: 100, C: 5 }),
  ]);
});
afterAll(() => db.close());

type Plan = {
  planId: string;
  attempt: number;
  greedy?: boolean;
  shipments: { shipmentId: string; warehouseId: string }[];
};

async function plansOf(orderId: string): Promise<Plan[]> {
  const events = await db.events('ShipmentsPlanned');
  // The event was written by the code under test to the contract.
  return events.filter(({ stream_id }) => stream_id === orderId).map(({ data }) => data as Plan);
}

async function stateOf(orderId: string) {
  const [order] = await db.sql`
    SELECT state, plan_attempts, hold_reason, hold_owner FROM orders WHERE order_id = ${orderId}`;
  return order;
}

describe('a confirmed order', () => {
  it('is planned in one warehouse, released when allocated, at the prices of the order', async () => {
    const orderId = newId();
    await db.apply([arrivals.placed(orderId, { A: [4, 250], B: [2, 100] })]);
    await db.apply([arrivals.confirmed(orderId)]);
    const [plan] = await plansOf(orderId);
    const [planned] = plan?.shipments ?? [];
    expect(plan).toMatchObject({ attempt: 1, shipments: [{ warehouseId: 'NORTH' }] });
    expect(plan).not.toHaveProperty('greedy');

    const wakeUps = db.wakeUps();
    await db.apply([arrivals.allocated(orderId, plan?.planId ?? '', [planned?.shipmentId ?? ''])]);
    expect(db.wakeUps()).toBe(wakeUps + 1);
    const [shipment] = await db.sql`SELECT * FROM shipments WHERE order_id = ${orderId}`;
    expect(shipment).toMatchObject({
      status: 'RELEASED',
      version: 1,
      release_epoch: 1,
      value_minor: 1200n,
      partition: 3,
    });
    expect(
      await db.sql`SELECT * FROM outgoing_releases WHERE shipment_id = ${planned?.shipmentId ?? ''}`,
    ).toMatchObject([{ state: 'PENDING', release_epoch: 1, warehouse_id: 'NORTH', sends: 0 }]);
    expect((await db.events('ShipmentReleased')).at(-1)).toMatchObject({
      version: 1,
      partition: 3,
      data: { orderId, shipmentId: planned?.shipmentId, releaseEpoch: 1 },
    });
    expect(db.faults).toEqual([]);
  });

  it('is placed, confirmed and planned in one batch, with only what was reserved', async () => {
    const orderId = newId();
    await db.apply([
      arrivals.placed(orderId, { B: [3, 100], C: [9, 10] }),
      arrivals.confirmed(orderId, { C: 4 }),
    ]);
    expect(await plansOf(orderId)).toMatchObject([
      { shipments: [{ warehouseId: 'SOUTH', lines: [{ sku: 'C', quantity: 4 }] }] },
    ]);
    const [row] = await db.sql`SELECT available FROM stock_view WHERE sku = 'C'`;
    expect(row?.available).toEqual({ SOUTH: 1 });
  });

  it('is planned again with the returned figures, greedily at last, and then held by its owner', async () => {
    const orderId = newId();
    await db.apply([arrivals.placed(orderId, { A: [20, 1] }), arrivals.confirmed(orderId)]);
    for (const attempt of [1, 2, 3]) {
      const plan = (await plansOf(orderId)).at(-1);
      expect(plan).toMatchObject({ attempt });
      expect(plan?.greedy).toBe(attempt === 3 ? true : undefined);
      const available = [{ sku: 'A', warehouseId: attempt === 1 ? 'SOUTH' : 'NORTH', available: 0 }];
      await db.apply([arrivals.refused(orderId, plan?.planId ?? '', available)]);
    }
    expect(await plansOf(orderId)).toHaveLength(3);
    expect(await stateOf(orderId)).toMatchObject({
      state: 'ON_HOLD',
      plan_attempts: 3,
      hold_owner: 'warehouse operations',
    });
    const said = (await db.events('FulfillmentHeld')).filter(({ stream_id }) => stream_id === orderId);
    expect(said).toMatchObject([
      { version: 4, partition: 3, data: { orderId, partnerId: 'P1', owner: 'warehouse operations' } },
    ]);
    const statuses = await db.sql`SELECT DISTINCT status FROM shipments WHERE order_id = ${orderId}`;
    expect(statuses).toMatchObject([{ status: 'REROUTED' }]);
    expect(await db.sql`SELECT attempt FROM plans WHERE order_id = ${orderId} ORDER BY attempt`).toHaveLength(
      3,
    );
  });
});

it('has the releases of a reminded order told now, and no other', async () => {
  const [late, other] = [
    await db.released(arrivals, { A: [1, 1] }),
    await db.released(arrivals, { A: [1, 1] }),
  ].map(([shipment]) => shipment);
  await db.sql`UPDATE outgoing_releases SET next_send_at = 'infinity'`;
  const wakeUps = db.wakeUps();
  await db.apply([arrivals.reminded(late?.orderId ?? '')]);
  expect(db.wakeUps()).toBe(wakeUps + 1);
  const due = await db.sql`
    SELECT shipment_id, next_send_at <= now() AS due FROM outgoing_releases
    WHERE shipment_id IN (${late?.shipmentId ?? ''}, ${other?.shipmentId ?? ''}) ORDER BY due`;
  expect(due).toEqual([
    { shipment_id: other?.shipmentId, due: false },
    { shipment_id: late?.shipmentId, due: true },
  ]);
  await db.apply([arrivals.reminded(newId())]);
  expect(db.wakeUps()).toBe(wakeUps + 1);
});

it('ignores an answer to a plan that no longer stands, and the confirmation of a closed order', async () => {
  const [first, closed] = [newId(), newId()];
  const rejected = { orderId: closed, partnerId: 'P1', number: 'N', reason: 'EXPIRED' };
  await db.apply([
    ...[arrivals.placed(first, { B: [1, 1] }), arrivals.confirmed(first)],
    arrivals.placed(closed, { B: [1, 1] }),
    arrivals.from('orders', 'OrderRejected', rejected),
    arrivals.confirmed(closed),
  ]);
  await db.apply([arrivals.refused(first, newId(), [])]);
  expect(await plansOf(first)).toHaveLength(1);
  expect(await plansOf(closed)).toHaveLength(0);
  expect(await stateOf(closed)).toMatchObject({ state: 'CLOSED', plan_attempts: 0 });
});

it('plans anew when its warehouse was paused between the decision and the commit', async () => {
  const orderId = newId();
  const connection = await db.sql.reserve();
  await connection`BEGIN`;
  await connection`UPDATE warehouses SET status = 'PAUSED' WHERE warehouse_id = 'NORTH'`;
  await db.apply([arrivals.placed(orderId, { B: [1, 1] })]);
  // Reads NORTH as open, then waits in its call for the row that is being paused.
  const applied = db.apply([arrivals.confirmed(orderId)]);
  await eventually(
    () =>
      db.sql`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    (rows) => rows.length > 0,
  );
  await connection`COMMIT`;
  connection.release();
  await applied;
  expect(await plansOf(orderId)).toMatchObject([{ shipments: [{ warehouseId: 'SOUTH' }] }]);
  expect(db.faults.at(-1)).toContain('guard-lost');
  await db.sql`UPDATE warehouses SET status = 'OPEN' WHERE warehouse_id = 'NORTH'`;
});

it('parks an order it never heard of, and lets the others flow', async () => {
  const [unknown, known] = [newId(), newId()];
  await db.apply([
    arrivals.confirmed(unknown),
    arrivals.placed(known, { A: [1, 1] }),
    arrivals.confirmed(known),
  ]);
  expect(await plansOf(known)).toHaveLength(1);
  expect(await db.sql`SELECT key FROM dead_letters`).toMatchObject([{ key: unknown }]);
});
