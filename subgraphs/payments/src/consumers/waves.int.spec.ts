// Orders on terms whose stock comes in waves, and what is given back, in real rows.
import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Hearing,
  newOrder,
  orderCancelled,
  orderPlaced,
  partnerRegistered,
  reservationBroken,
  reservationReduced,
  shipmentConfirmed,
  startHearing,
  stockBackordered,
  stockReserved,
  type TestOrder,
  waveReserved,
} from '../../test/hearing.ts';
import { createSetCreditLimits } from '../command-handlers/set-credit-limits.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));

let clone: TestDatabase;
let database: Database;
let hearing: Hearing;

beforeAll(async () => {
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
  hearing = await startHearing(database.sql);
});

afterAll(async () => {
  await database.close();
  await clone.drop();
});

async function orderWithLimit(amount: string): Promise<TestOrder> {
  const partnerId = newId();
  await hearing.hear(partnerRegistered(partnerId));
  const set = createSetCreditLimits({ sql: database.sql, poke: () => undefined });
  const limits = [{ partnerId, limit: { amount, currencyCode: 'GBP' } }];
  const from = {
    idempotencyKey: newId(),
    errorPolicy: 'REJECT_ALL',
    actor: 'erp',
    traceparent: null,
  } as const;
  expect(await set({ ...from, limits })).toMatchObject({ verdict: 'NEW' });
  return newOrder(partnerId);
}

/** Status, secured, taken, and what the partner owes. */
async function standing({ orderId, partnerId }: TestOrder): Promise<unknown[]> {
  const [row] = await database.sql`
    SELECT p.status, p.authorised_minor::int AS authorised, p.captured_minor::int AS captured, a.exposure_minor::int AS exposure
    FROM payments p JOIN credit_accounts a USING (partner_id) WHERE order_id = ${orderId} AND partner_id = ${partnerId}`;
  return [row?.status, row?.authorised, row?.captured, row?.exposure];
}

async function isOrdinary({ orderId }: TestOrder): Promise<unknown> {
  const [row] =
    await database.sql`SELECT in_depth IS NULL AS ordinary FROM payments WHERE order_id = ${orderId}`;
  return row?.ordinary;
}

async function saidOf({ orderId }: TestOrder) {
  const rows = await database.sql`
    SELECT type, data ->> 'wave' AS wave, (data ->> 'amountMinor')::int AS amount FROM events WHERE stream_id = ${orderId} ORDER BY version`;
  return rows.map(({ type, wave, amount }) => [type, wave, amount]);
}

it('reserves credit for each wave, and takes what ships of any', async () => {
  const order = await orderWithLimit('150.00');
  await hearing.hear(stockBackordered(order, 5));
  await hearing.hear(orderPlaced(order, 15_000));
  expect(await standing(order)).toEqual(['PENDING', 0, 0, 0]);
  await hearing.hear(waveReserved(order, 1, 10_000, 2));
  expect(await standing(order)).toEqual(['AUTHORISED', 10_000, 0, 10_000]);
  await hearing.hear(shipmentConfirmed(order, 10_000));
  expect(await standing(order)).toEqual(['PARTIALLY_CAPTURED', 10_000, 10_000, 10_000]);
  await hearing.hear(waveReserved(order, 2, 5_000));
  expect(await standing(order)).toEqual(['PARTIALLY_CAPTURED', 15_000, 10_000, 15_000]);
  await hearing.hear(shipmentConfirmed(order, 5_000));
  expect(await standing(order)).toEqual(['CAPTURED', 15_000, 15_000, 15_000]);
  expect(await saidOf(order)).toEqual([
    ['PaymentAuthorised', null, 10_000],
    ['PaymentCaptured', null, 10_000],
    ['PaymentAuthorised', '2', 5_000],
    ['PaymentCaptured', null, 5_000],
  ]);
});

it('declines a wave beyond the limit, and lets what was promised stand when its units are given back', async () => {
  const order = await orderWithLimit('120.00');
  await hearing.hear(
    orderPlaced(order, 15_000),
    waveReserved(order, 1, 10_000, 2),
    waveReserved(order, 2, 5_000),
  );
  expect(await standing(order)).toEqual(['AUTHORISED', 10_000, 0, 10_000]);
  await hearing.hear(reservationReduced(order, 5_000));
  expect(await standing(order)).toEqual(['AUTHORISED', 10_000, 0, 10_000]);
  expect(await saidOf(order)).toEqual([
    ['PaymentAuthorised', null, 10_000],
    ['PaymentDeclined', '2', 5_000],
  ]);
});

it('weighs less as soon as claims shrink, once for each fact, and leaves the ordinary row alone', async () => {
  const order = await orderWithLimit('100.00');
  const reserved = stockReserved(order, 10_000);
  await hearing.hear(orderPlaced(order, 10_000), reserved);
  expect(await isOrdinary(order)).toBe(true);
  const [reduced, broken] = [
    reservationReduced(order, 3_000),
    reservationBroken(order, 1_000, 'BACKORDERED'),
  ];
  await hearing.hear(reduced, broken);
  await hearing.hear(reduced, reserved, broken);
  expect(await standing(order)).toEqual(['AUTHORISED', 6_000, 0, 6_000]);
  expect(await isOrdinary(order)).toBe(false);
  const again = waveReserved(order, 2, 1_000);
  await hearing.hear(again, again);
  expect(await standing(order)).toEqual(['AUTHORISED', 7_000, 0, 7_000]);
  const events =
    await database.sql`SELECT data FROM events WHERE stream_id = ${order.orderId} AND type = 'PaymentReduced'`;
  const money = { ...order, currencyCode: 'GBP', method: 'TERMS' };
  expect(events.map(({ data }) => data)).toEqual([
    { ...money, amountMinor: 3_000, cause: 'LINES_CANCELLED' },
    { ...money, amountMinor: 1_000, cause: 'COUNT' },
  ]);
});

it('gives everything back that a cancelled order holds, and still invoices what left', async () => {
  const order = await orderWithLimit('150.00');
  await hearing.hear(
    orderPlaced(order, 15_000),
    waveReserved(order, 1, 10_000, 2),
    waveReserved(order, 2, 5_000, 1),
  );
  await hearing.hear(orderCancelled(order));
  expect(await standing(order)).toEqual(['VOIDED', 15_000, 0, 0]);
  await hearing.hear(reservationReduced(order, 5_000), waveReserved(order, 3, 700), orderCancelled(order));
  await hearing.hear(shipmentConfirmed(order, 10_000));
  expect(await standing(order)).toEqual(['CAPTURED', 15_000, 10_000, 10_000]);
  expect(await saidOf(order)).toEqual([
    ['PaymentAuthorised', null, 10_000],
    ['PaymentAuthorised', '2', 5_000],
    ['PaymentVoided', null, 15_000],
    ['PaymentCaptured', null, 10_000],
  ]);
});
