// Orders whose payment waits for a person, on real Postgres: what stands in their rows, who sees them, and how they go on.
import { newId } from '@crossdock/event-store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AUTHORISED,
  captureHeld,
  captureResumed,
  type OrdersDatabase,
  ordersDatabase,
  RESERVED,
  SHORT,
  type Told,
} from '../../test/orders-database.ts';
import { createCancelOrder } from '../command-handlers/cancel-order.ts';
import { watchOrders } from '../command-handlers/watch-orders.ts';
import { DEADLINES_S } from '../domain/deadline.ts';
import { stuckOrders } from '../read-models/orders/stuck.ts';

let db: OrdersDatabase;
beforeAll(async () => {
  db = await ordersDatabase();
});
afterAll(() => db.close());

const leave = (shipmentId: string): Told => [
  ...(['fulfillment', 'ShipmentConfirmed'] as const),
  {
    ...{ shipmentId, warehouseId: 'w1', releaseEpoch: 1, valueMinor: 500, currencyCode: 'GBP' },
    lines: [{ sku: 'a', quantity: 2, unitPriceMinor: 250 }],
  },
];

async function rowOf(orderId: string) {
  const [row] = await db.sql`
    SELECT status, held_from, hold_reason, hold_owner, held_payments, shipped_at::text FROM orders
    WHERE order_id = ${orderId}`;
  return row ?? {};
}
const typesOf = async (orderId: string) =>
  (
    await db.sql`SELECT type FROM events WHERE stream_id = ${orderId} AND category = 'order' ORDER BY version`
  ).map(({ type }) => type);
const stuckIds = async () => (await stuckOrders(db.database.read, null, 100)).map(({ orderId }) => orderId);
const look = async () => {
  await db.sql`UPDATE order_watches SET look_at = '-infinity'`;
  await watchOrders({ ...db, deadlines: DEADLINES_S }, db.epoch);
};

it('an order that has left is held with its owner, watched on, and final again once its payment goes on', async () => {
  const [orderId, shipmentId] = [await db.place(), newId()];
  await db.hear(orderId, RESERVED, AUTHORISED, leave(shipmentId));
  const shipped = await rowOf(orderId);
  expect(shipped).toMatchObject({ status: 'SHIPPED', shipped_at: expect.any(String) });
  await db.hear(orderId, captureHeld(shipmentId, 'the authorisation expired'));
  const reason = `Taking the money for shipment ${shipmentId} did not succeed: the authorisation expired`;
  expect(await rowOf(orderId)).toEqual({
    ...shipped,
    ...{ status: 'ON_HOLD', held_from: 'SHIPPED', hold_reason: reason, hold_owner: 'finance' },
    held_payments: {
      calls: [{ operation: 'capture', instance: shipmentId, hold: { reason, owner: 'finance' } }],
      covered: [],
    },
  });
  await look();
  expect(await stuckIds()).toEqual([orderId]);
  await db.hear(orderId, captureResumed(shipmentId));
  expect(await rowOf(orderId)).toEqual(shipped);
  expect(await stuckIds()).toEqual([]);
  await look();
  expect(await db.sql`SELECT * FROM order_watches WHERE order_id = ${orderId}`).toEqual([]);
  expect(await typesOf(orderId)).toEqual([
    ...['OrderPlaced', 'OrderConfirmed', 'OrderShipped', 'OrderHeld', 'OrderResumed'],
  ]);
  const [said] = await db.sql`SELECT data FROM events WHERE stream_id = ${orderId} AND type = 'OrderResumed'`;
  expect(said?.data).toMatchObject({
    status: 'SHIPPED',
    reason: expect.stringMatching(/^Taking the money for shipment .* waits for nobody any more\.$/),
  });
  const timeline = await db.sql`
    SELECT type, detail FROM timeline_entries WHERE order_id = ${orderId} AND source = 'payments' ORDER BY position`;
  expect(timeline).toEqual([
    { type: 'PaymentAuthorised', detail: null },
    { type: 'PaymentHeld', detail: 'the authorisation expired' },
    { type: 'PaymentResumed', detail: 'capture' },
  ]);
});

it('an order that is over stays so, and its timeline shows what is held', async () => {
  const orderId = await db.place();
  await db.hear(orderId, SHORT);
  const rejected = await rowOf(orderId);
  await db.hear(orderId, captureHeld(newId()));
  expect(await rowOf(orderId)).toEqual(rejected);
  const timeline =
    await db.sql`SELECT type FROM timeline_entries WHERE order_id = ${orderId} AND source = 'payments'`;
  expect(timeline).toEqual([{ type: 'PaymentHeld' }]);
});

it('a held order is cancelled as ever, by what it was decided on', async () => {
  const cancelOrder = createCancelOrder({ sql: db.sql, poke: db.poke });
  const [orderId, shipmentId] = [await db.place({ lines: [{ sku: 'a', quantity: 4 }] }), newId()];
  await db.hear(orderId, captureHeld(shipmentId));
  const cancel = (lines: { sku: string; quantity: number }[] | null, expectedVersion: number) =>
    cancelOrder(
      newId(),
      { orderId, partnerId: 'p1' },
      { lines, reason: 'mind', expectedVersion },
      { subject: 'tester', traceparent: null },
    );
  await cancel([{ sku: 'a', quantity: 1 }], 2);
  expect(await rowOf(orderId)).toMatchObject({
    ...{ status: 'ON_HOLD', held_from: 'PLACED', hold_owner: 'finance' },
    held_payments: { calls: [{ instance: shipmentId }] },
  });
  await cancel(null, 3);
  expect(await rowOf(orderId)).toMatchObject({ status: 'CANCELLED', hold_owner: null, held_payments: null });
  await db.hear(orderId, captureResumed(shipmentId));
  expect(await typesOf(orderId)).toEqual([
    'OrderPlaced',
    'OrderHeld',
    'OrderLinesCancelled',
    'OrderCancelled',
  ]);
});

it('an order whose last waiting units are cancelled has left, stays held for its payment, and keeps when it left', async () => {
  const cancelOrder = createCancelOrder({ sql: db.sql, poke: db.poke });
  const lines = [{ sku: 'a', quantity: 4 }];
  const [orderId, shipmentId] = [await db.place({ lines, shortagePolicy: 'BACKORDER' }), newId()];
  const two = [{ sku: 'a', quantity: 2 }];
  const claim = { reservedValueMinor: 500, currencyCode: 'GBP', lines: two, backordered: two };
  await db.hear(orderId, ['inventory', 'StockReserved', claim], AUTHORISED, leave(shipmentId));
  await db.hear(orderId, captureHeld(shipmentId));
  expect(await rowOf(orderId)).toMatchObject({ status: 'ON_HOLD', held_from: 'PARTIALLY_SHIPPED' });
  await cancelOrder(
    newId(),
    { orderId, partnerId: 'p1' },
    { lines: null, reason: 'mind', expectedVersion: null },
    { subject: 'tester', traceparent: null },
  );
  const left = await rowOf(orderId);
  expect(left).toMatchObject({
    ...{ status: 'ON_HOLD', held_from: 'SHIPPED', hold_owner: 'finance', shipped_at: expect.any(String) },
  });
  await db.hear(orderId, captureResumed(shipmentId));
  expect(await rowOf(orderId)).toMatchObject({ status: 'SHIPPED', shipped_at: left.shipped_at });
  expect((await typesOf(orderId)).slice(-4)).toEqual([
    ...['OrderHeld', 'OrderLinesCancelled', 'OrderHeld', 'OrderResumed'],
  ]);
});

it('an order whose card provider is silent is held for that, and is confirmed by itself once it answers', async () => {
  const orderId = await db.place({ paymentMethod: 'CARD', cardToken: 'tok_visa' });
  await db.hear(orderId, RESERVED);
  const options = { ...db, deadlines: { ...DEADLINES_S, PLACED: 0.000_001 } };
  for (let round = 0; round < 4; round += 1) {
    await watchOrders(options, db.epoch);
    await db.sql`UPDATE order_watches SET look_at = '-infinity'`;
  }
  expect(await rowOf(orderId)).toMatchObject({
    ...{ status: 'ON_HOLD', held_from: 'PLACED', hold_owner: 'order operations' },
    hold_reason: expect.stringMatching(/^The card provider has not answered after /),
  });
  expect(await stuckIds()).toEqual([orderId]);
  await db.hear(orderId, AUTHORISED);
  expect(await rowOf(orderId)).toMatchObject({ status: 'CONFIRMED', held_from: null, hold_reason: null });
  expect(await stuckIds()).toEqual([]);
});
