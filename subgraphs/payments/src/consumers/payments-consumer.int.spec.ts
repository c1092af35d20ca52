import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Hearing,
  newOrder,
  orderPlaced,
  orderRejected,
  orderReminded,
  partnerRegistered,
  shipmentConfirmed,
  startHearing,
  stockReserved,
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

async function partnerWithLimit(amount: string): Promise<string> {
  const partnerId = newId();
  await hearing.hear(partnerRegistered(partnerId));
  const set = createSetCreditLimits({ sql: database.sql, poke: () => undefined });
  const limits = [{ partnerId, limit: { amount, currencyCode: 'GBP' } }];
  const outcome = await set({
    idempotencyKey: newId(),
    errorPolicy: 'REJECT_ALL',
    limits,
    actor: 'erp',
    traceparent: null,
  });
  expect(outcome.verdict).toBe('NEW');
  return partnerId;
}

async function exposureOf(partnerId: string): Promise<number | undefined> {
  const [row] = await database.sql<{ exposure: number }[]>`
    SELECT exposure_minor::float8 AS exposure FROM credit_accounts WHERE partner_id = ${partnerId}`;
  return row?.exposure;
}

async function statusOf(orderId: string): Promise<string | undefined> {
  const [row] = await database.sql<
    { status: string }[]
  >`SELECT status FROM payments WHERE order_id = ${orderId}`;
  return row?.status;
}

async function saidOf(orderId: string) {
  return database.sql`SELECT type, version, data, partition FROM events WHERE stream_id = ${orderId} ORDER BY version`;
}

describe('terms', () => {
  it('reserves credit and says so, with order and reservation in one batch', async () => {
    const order = newOrder(await partnerWithLimit('100.00'));
    await hearing.hear(orderPlaced(order, 10_000), stockReserved(order, 9_000));
    expect(await statusOf(order.orderId)).toBe('AUTHORISED');
    expect(await exposureOf(order.partnerId)).toBe(9_000);
    const [event] = await saidOf(order.orderId);
    expect(event).toMatchObject({ type: 'PaymentAuthorised', version: 1 });
    expect(event?.data).toEqual({ ...order, amountMinor: 9_000, currencyCode: 'GBP', method: 'TERMS' });
  });

  it('hears the reservation before the order', async () => {
    const order = newOrder(await partnerWithLimit('100.00'));
    await hearing.hear(stockReserved(order, 9_000));
    expect(await statusOf(order.orderId)).toBe('PENDING');
    await hearing.hear(orderPlaced(order, 9_000));
    expect(await statusOf(order.orderId)).toBe('AUTHORISED');
  });

  it('decides a batch in order: the limit holds for each, and one that fits still goes through', async () => {
    const partnerId = await partnerWithLimit('100.00');
    const orders = [newOrder(partnerId), newOrder(partnerId), newOrder(partnerId)] as const;
    const values = [6_000, 5_000, 4_000];
    await hearing.hear(
      ...orders.flatMap((order, index) => [
        orderPlaced(order, values[index] ?? 0),
        stockReserved(order, values[index] ?? 0),
      ]),
    );
    expect(await Promise.all(orders.map((order) => statusOf(order.orderId)))).toEqual([
      'AUTHORISED',
      'DECLINED',
      'AUTHORISED',
    ]);
    expect(await exposureOf(partnerId)).toBe(10_000);
    const [declined] = await saidOf(orders[1].orderId);
    expect(declined?.data).toMatchObject({ amountMinor: 5_000, reason: 'CREDIT_LIMIT' });
  });

  it('declines a partner without a limit', async () => {
    const order = newOrder(newId());
    await hearing.hear(orderPlaced(order, 100), stockReserved(order, 100));
    const [declined] = await saidOf(order.orderId);
    expect(declined?.data).toMatchObject({ reason: 'NO_CREDIT_ACCOUNT' });
    expect(await exposureOf(order.partnerId)).toBeUndefined();
  });

  it('releases credit when the order is rejected, and reserves none after', async () => {
    const partnerId = await partnerWithLimit('100.00');
    const [late, early] = [newOrder(partnerId), newOrder(partnerId)];
    await hearing.hear(orderPlaced(late, 9_000), stockReserved(late, 9_000));
    await hearing.hear(orderRejected(late), orderRejected(early));
    await hearing.hear(orderPlaced(early, 9_000), stockReserved(early, 9_000));
    expect(await exposureOf(partnerId)).toBe(0);
    expect([await statusOf(late.orderId), await statusOf(early.orderId)]).toEqual(['VOIDED', 'VOIDED']);
    expect((await saidOf(late.orderId)).map((each) => each.type)).toEqual([
      'PaymentAuthorised',
      'PaymentVoided',
    ]);
    expect(await saidOf(early.orderId)).toEqual([]);
  });

  it('turns what was reserved into a receivable, shipment by shipment', async () => {
    const partnerId = await partnerWithLimit('100.00');
    const order = newOrder(partnerId);
    await hearing.hear(
      orderPlaced(order, 9_000),
      stockReserved(order, 9_000),
      shipmentConfirmed(order, 4_000),
    );
    expect(await statusOf(order.orderId)).toBe('PARTIALLY_CAPTURED');
    await hearing.hear(shipmentConfirmed(order, 5_000));
    expect(await statusOf(order.orderId)).toBe('CAPTURED');
    expect(await exposureOf(partnerId)).toBe(9_000);
    const lines = await database.sql<{ account: string; total: number }[]>`
      SELECT account, sum(amount_minor)::float8 AS total FROM ledger_lines WHERE order_id = ${order.orderId} GROUP BY account ORDER BY 1`;
    expect([...lines]).toEqual([
      { account: `receivable/${partnerId}`, total: 9_000 },
      { account: 'sales', total: -9_000 },
    ]);
  });

  it('books goods that left without a reservation, beyond any limit', async () => {
    const order = newOrder(newId());
    await hearing.hear(shipmentConfirmed(order, 700), orderPlaced(order, 700));
    expect(await statusOf(order.orderId)).toBe('CAPTURED');
    expect(await exposureOf(order.partnerId)).toBe(700);
  });
});

describe('the consumer', () => {
  it('writes nothing under offsets that moved, nor under an old epoch', async () => {
    const inbox = { consumer: 'payments', parked: [] };
    const past = { source: 'inventory', partition: 0, from: 1_000_000, to: 1_000_001, eventId: newId() };
    const { epoch, consumer } = hearing;
    await expect(consumer.apply([], { ...inbox, epoch, offsets: [past] })).rejects.toMatchObject({
      code: 'CD001',
    });
    const [row] = await database.sql<{ position: number }[]>`
      SELECT position::int FROM offsets WHERE source = 'inventory' AND partition = 0`;
    const next = { ...past, from: row?.position ?? 0, to: (row?.position ?? 0) + 1 };
    await expect(consumer.apply([], { ...inbox, epoch: epoch - 1, offsets: [next] })).rejects.toMatchObject({
      code: 'CD001',
    });
  });

  it('keeps the log dense and the ledger at zero', async () => {
    const [gaps] = await database.sql<{ gaps: number }[]>`
      SELECT count(*)::int AS gaps FROM (SELECT position, row_number() OVER (PARTITION BY partition ORDER BY position) AS n FROM events) e
      WHERE position <> n`;
    const [ledger] = await database.sql<
      { total: number }[]
    >`SELECT sum(amount_minor)::float8 AS total FROM ledger_lines`;
    expect([gaps?.gaps, ledger?.total]).toEqual([0, 0]);
    await expect(database.sql`UPDATE ledger_entries SET amount_minor = 1`).rejects.toThrow('never changed');
    await expect(database.sql`DELETE FROM ledger_entries`).rejects.toThrow('never changed');
  });
});

describe('a reminder', () => {
  const due = (orderId: string) =>
    database.sql`SELECT next_try_at <= now() AS due, claimed_epoch FROM payment_calls WHERE order_id = ${orderId}`;

  it('makes the open calls of its order due, and neither those under way nor those of others', async () => {
    const [late, calling, other] = [newOrder('P-late'), newOrder('P-late'), newOrder('P-late')];
    for (const order of [late, calling, other])
      await hearing.hear(orderPlaced(order, 500, 'sealed'), stockReserved(order, 500));
    await database.sql`UPDATE payment_calls SET next_try_at = 'infinity'`;
    await database.sql`UPDATE payment_calls SET claimed_epoch = ${hearing.epoch} WHERE order_id = ${calling.orderId}`;
    await hearing.hear(orderReminded(late), orderReminded(calling), orderReminded(newOrder('P-late')));
    expect(await due(late.orderId)).toEqual([{ due: true, claimed_epoch: null }]);
    expect(await due(calling.orderId)).toMatchObject([{ due: false }]);
    expect(await due(other.orderId)).toMatchObject([{ due: false }]);
  });

  it('names the key behind which the facts of its order wait', () => {
    const { data, type } = orderReminded({ orderId: 'o1', partnerId: 'p1' });
    const event = {
      ...{ id: newId(), category: 'order-reminder', stream: 'o1', version: 1, type },
      schemaVersion: 1,
    };
    const heard = { ...event, data: { ...data }, metadata: {}, at: '2026-03-01T09:30:00.000Z' };
    expect(hearing.consumer.reminds?.('orders', heard)).toBe(hearing.consumer.keyOf(heard));
    expect(hearing.consumer.reminds?.('orders', { ...heard, type: 'OrderPlaced' })).toBeNull();
  });
});
