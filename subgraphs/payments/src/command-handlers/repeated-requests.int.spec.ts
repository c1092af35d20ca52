// The same request written otherwise is the same request, and a key that stands is answered whatever comes with it.
import { fileURLToPath } from 'node:url';
import { type Database, fingerprint, migrate, newId, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { paymentOf } from '../../test/books.ts';
import { openCreditAccount } from '../../test/credit-account.ts';
import {
  type Hearing,
  newOrder,
  orderPlaced,
  partnerRegistered,
  shipmentConfirmed,
  startHearing,
  stockReserved,
} from '../../test/hearing.ts';
import { createClosePaymentBreak } from './ask-for-reconciliation.ts';
import { createRecordPayment } from './record-payment.ts';
import { createRefundPayment } from './refund-payment.ts';
import { createSetCreditLimits, type SetCreditLimits } from './set-credit-limits.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
const BY_ERP = { actor: 'erp', traceparent: null };

let clone: TestDatabase;
let database: Database;
let hearing: Hearing;
const partnerId = newId();
const order = newOrder(partnerId);
const shipmentId = newId();

beforeAll(async () => {
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
  hearing = await startHearing(database.sql);
  await hearing.hear(partnerRegistered(partnerId));
  await openCreditAccount(database.sql, partnerId, 1_000_000, 30);
  await hearing.hear(
    ...[orderPlaced(order, 1_000), stockReserved(order, 1_000)],
    shipmentConfirmed(order, 1_000, shipmentId),
  );
});

afterAll(async () => {
  await hearing.leave();
  await database.close();
  await clone.drop();
});

const gbp = (amount: string) => ({ amount, currencyCode: 'GBP' });

/** What stands under a key is compared with what an older version of this code stored for input in the API's own form. */
async function expectPrint(key: string, input: object): Promise<void> {
  const rows = await database.sql`SELECT fingerprint FROM idempotency_keys WHERE key = ${key}`;
  expect([...rows]).toEqual([{ fingerprint: fingerprint(input) }]);
}

it('is one payment, with or without its noughts', async () => {
  const record = createRecordPayment({ sql: database.sql, poke: () => undefined });
  const { actor: _actor, traceparent: _trace, idempotencyKey, ...input } = paymentOf(partnerId, 500);
  const ask = async (more: object) =>
    (await record({ ...input, idempotencyKey, ...BY_ERP, ...more })).verdict;
  expect(await ask({ amount: gbp('5') })).toBe('NEW');
  for (const amount of ['5.00', '5.0', '05']) expect(await ask({ amount: gbp(amount) })).toBe('REPLAYED');
  expect(await ask({ amount: gbp('5.01') })).toBe('KEY_REUSED');
  expect(await ask({ amount: gbp('much') })).toBe('KEY_REUSED');
  await expectPrint(idempotencyKey, { ...input, amount: gbp('5.00') });
});

it('is one refund, in capitals or not', async () => {
  const desk = { sql: database.sql, poke: () => undefined, onCallsQueued: () => undefined };
  const refund = createRefundPayment({ ...desk, draw: Math.random });
  const idempotencyKey = newId();
  const input = { orderId: order.orderId, amount: gbp('1.50'), shipmentId, reason: 'damaged' };
  const ask = async (more: object) =>
    (await refund({ ...input, idempotencyKey, ...BY_ERP, ...more })).verdict;
  const capitals = { orderId: order.orderId.toUpperCase(), shipmentId: shipmentId.toUpperCase() };
  expect(await ask({ ...capitals, amount: gbp('1.5') })).toBe('NEW');
  expect(await ask({})).toBe('REPLAYED');
  expect(await ask({ ...capitals, reason: 'lost' })).toBe('KEY_REUSED');
  await expectPrint(idempotencyKey, input);
});

it('is one setting of limits, and one key for no other number of rows', async () => {
  const set = createSetCreditLimits({ sql: database.sql, poke: () => undefined });
  const idempotencyKey = newId();
  const input = { errorPolicy: 'REJECT_ALL', limits: [{ partnerId, limit: gbp('90000.00') }] } as const;
  const ask = (more: Partial<SetCreditLimits>) => set({ ...input, idempotencyKey, ...BY_ERP, ...more });
  expect((await ask({ limits: [{ partnerId, limit: gbp('90000') }] })).verdict).toBe('NEW');
  expect((await ask({})).verdict).toBe('REPLAYED');
  await expectPrint(idempotencyKey, input);
  const many = Array.from({ length: 1_001 }, () => input.limits[0]);
  for (const limits of [[], many]) {
    expect((await ask({ limits })).verdict).toBe('KEY_REUSED');
    const refused = { verdict: 'REFUSED', refusal: { code: 'INVALID_INPUT', field: ['limits'] } };
    expect(await ask({ limits, idempotencyKey: newId() })).toMatchObject(refused);
  }
});

it('is one closing of a difference, and one key for no other note', async () => {
  const close = createClosePaymentBreak({ sql: database.sql });
  const [idempotencyKey, breakId] = [newId(), newId()];
  await database.sql`INSERT INTO payment_breaks (id, kind, state, order_id, subject, detail, owner)
    VALUES (${breakId}, 'TAKEN_TWICE', 'OPEN', ${order.orderId}, 's1', 'Give it back.', 'x')`;
  const input = { breakId, note: 'Given back.' };
  const ask = (more: object) => close({ ...input, idempotencyKey, actor: 'operator', ...more });
  expect(await ask({ breakId: breakId.toUpperCase() })).toEqual({ verdict: 'NEW', refusal: null });
  expect(await ask({})).toEqual({ verdict: 'REPLAYED', refusal: null });
  await expectPrint(idempotencyKey, input);
  for (const other of [{ note: '' }, { breakId: 'none' }]) {
    expect(await ask(other)).toEqual({ verdict: 'KEY_REUSED', refusal: null });
    const field = Object.keys(other);
    expect(await ask({ ...other, idempotencyKey: newId() })).toMatchObject({ refusal: { field } });
  }
});
