import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate, randomOf, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, expectBooksAgree, invoicesOf, paymentOf } from '../../test/books.ts';
import { openCreditAccount } from '../../test/credit-account.ts';
import {
  type Hearing,
  newOrder,
  orderPlaced,
  partnerRegistered,
  shipmentConfirmed,
  startHearing,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import { invoiceNumber } from '../domain/invoice.ts';
import { createRecordPayment, type RecordPayment } from './record-payment.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));

let clone: TestDatabase;
let database: Database;
let hearing: Hearing;
let record: (command: RecordPayment) => ReturnType<ReturnType<typeof createRecordPayment>>;

beforeAll(async () => {
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test', writeConnections: 10 });
  hearing = await startHearing(database.sql);
  record = createRecordPayment({ sql: database.sql, poke: () => undefined });
});

afterAll(async () => {
  await expectBooksAgree(database.sql);
  await hearing.leave();
  await database.close();
  await clone.drop();
});

/** A partner that orders may be placed for, with the given terms. */
async function newPartner(termsDays = 30): Promise<string> {
  const partnerId = newId();
  await hearing.hear(partnerRegistered(partnerId));
  await openCreditAccount(database.sql, partnerId, 1_000_000_000, termsDays);
  return partnerId;
}

/** Orders of these values, each placed, reserved and shipped whole, in this order. */
async function shipped(partnerId: string, ...values: number[]): Promise<TestOrder[]> {
  const orders = values.map(() => newOrder(partnerId));
  for (const [index, order] of orders.entries()) {
    const value = values[index] ?? 0;
    await hearing.hear(
      orderPlaced(order, value),
      stockReserved(order, value),
      shipmentConfirmed(order, value),
    );
  }
  return orders;
}

async function paidOf(orders: readonly TestOrder[]): Promise<(number | undefined)[]> {
  return Promise.all(orders.map(async (order) => (await invoicesOf(database.sql, order))[0]?.paid));
}

async function numbersOf(orders: readonly TestOrder[]): Promise<string[]> {
  const rows = await Promise.all(orders.map((order) => invoicesOf(database.sql, order)));
  return rows.flatMap(([row]) => (row?.number == null ? [] : [invoiceNumber(row.number)]));
}

describe('money that came from a partner', () => {
  it('settles its invoices, the oldest due first, and the rest stands to its credit', async () => {
    const partnerId = await newPartner();
    const orders = await shipped(partnerId, 1_000, 500, 700);
    const numbers = await numbersOf(orders);
    const parts = (amounts: readonly number[]) =>
      amounts.map((amountMinor, index) => ({ number: Number(numbers[index]?.slice(4)), amountMinor }));
    const first = await record(paymentOf(partnerId, 1_200));
    expect(first).toEqual({ verdict: 'NEW', refusal: null, settled: parts([1_000, 200]) });
    expect(await paidOf(orders)).toEqual([1_000, 200, 0]);
    await record(paymentOf(partnerId, 2_000));
    expect(await paidOf(orders)).toEqual([1_000, 500, 700]);
    expect(await accountOf(database.sql, partnerId)).toEqual({
      ...{ exposure: -1_000, unapplied: 1_000, open: 0, version: 3 },
    });
  });

  it('settles what is issued later, the oldest first', async () => {
    const partnerId = await newPartner();
    expect((await record(paymentOf(partnerId, 1_300))).settled).toEqual([]);
    const orders = await shipped(partnerId, 1_000, 500, 700);
    expect(await paidOf(orders)).toEqual([1_000, 300, 0]);
    expect(await accountOf(database.sql, partnerId)).toMatchObject({
      exposure: 900,
      unapplied: 0,
      open: 900,
    });
  });

  it('settles those first that it names, in their order, then others', async () => {
    const partnerId = await newPartner();
    const orders = await shipped(partnerId, 1_000, 500, 700);
    const [one = '', two = '', three = ''] = await numbersOf(orders);
    const { settled } = await record(paymentOf(partnerId, 1_300, [three, two]));
    expect(settled.map(({ number, amountMinor }) => [invoiceNumber(number), amountMinor])).toEqual([
      [three, 700],
      [two, 500],
      [one, 100],
    ]);
    expect(await paidOf(orders)).toEqual([100, 500, 700]);
  });

  it('looks at the day an invoice is due, not at the day it was issued', async () => {
    const partnerId = await newPartner(60);
    const [late] = await shipped(partnerId, 1_000);
    await openCreditAccount(database.sql, partnerId, 1_000_000_000, 10);
    const [soon] = await shipped(partnerId, 1_000);
    await record(paymentOf(partnerId, 1_000));
    expect(await paidOf([late, soon].filter((each) => each !== undefined))).toEqual([0, 1_000]);
  });

  it('is booked once under its key, whoever else asks with it at the same time', async () => {
    const partnerId = await newPartner();
    await shipped(partnerId, 1_000);
    const command = paymentOf(partnerId, 400);
    const answers = await Promise.all(Array.from({ length: 8 }, () => record(command)));
    expect(answers.filter(({ verdict }) => verdict === 'NEW')).toHaveLength(1);
    expect(answers.filter(({ verdict }) => verdict === 'REPLAYED')).toHaveLength(7);
    expect(new Set(answers.map(({ settled }) => JSON.stringify(settled))).size).toBe(1);
    expect(await accountOf(database.sql, partnerId)).toMatchObject({ exposure: 600, open: 600 });
    expect((await record({ ...command, reference: 'another' })).verdict).toBe('KEY_REUSED');
  });

  it('is said in the stream of the partner, beside its limits', async () => {
    const partnerId = await newPartner();
    await record(paymentOf(partnerId, 400));
    const said = await database.sql`
      SELECT version, type, data ->> 'reference' AS reference FROM events
      WHERE category = 'credit' AND stream_id = ${partnerId} ORDER BY version`;
    expect([...said]).toEqual([
      { version: 1, type: 'CreditLimitSet', reference: null },
      { version: 2, type: 'PaymentReceived', reference: 'BACS 1' },
    ]);
  });

  it('is refused of a stranger, in another currency and for an invoice of another, and then leaves no trace', async () => {
    const [partnerId, otherId] = [await newPartner(), await newPartner()];
    const [foreign = ''] = await numbersOf(await shipped(otherId, 100));
    const codeOf = async (command: RecordPayment) => {
      const { verdict, refusal } = await record(command);
      return [verdict, refusal?.code];
    };
    const euros = { ...paymentOf(partnerId, 1), amount: { amount: '1', currencyCode: 'EUR' } };
    expect(await codeOf(euros)).toEqual(['REFUSED', 'CURRENCY_MISMATCH']);
    expect(await codeOf(paymentOf(partnerId, 1, [foreign]))).toEqual(['REFUSED', 'UNKNOWN_INVOICE']);
    expect(await codeOf(paymentOf(newId(), 1))).toEqual(['REFUSED', 'UNKNOWN_PARTNER']);
    expect(await accountOf(database.sql, partnerId)).toMatchObject({ exposure: 0, unapplied: 0, version: 1 });
    // A refused request left its key free.
    expect(
      (await record({ ...euros, ...paymentOf(partnerId, 1), idempotencyKey: euros.idempotencyKey })).verdict,
    ).toBe('NEW');
  });
});

describe('the room that a partner has', () => {
  it('grows by what it paid, also beyond its limit when it paid ahead', async () => {
    const partnerId = await newPartner();
    await openCreditAccount(database.sql, partnerId, 1_000, 30);
    const statusOf = async (value: number) => {
      const [order] = await shipped(partnerId, value);
      const [row] = await database.sql`SELECT stage FROM payments WHERE order_id = ${order?.orderId ?? ''}`;
      return row?.stage;
    };
    expect(await statusOf(1_000)).toBe('AUTHORISED');
    await record(paymentOf(partnerId, 1_500));
    expect(await statusOf(1_500)).toBe('AUTHORISED');
    expect(await accountOf(database.sql, partnerId)).toMatchObject({ exposure: 1_000, open: 1_000 });
    const order = newOrder(partnerId);
    await hearing.hear(orderPlaced(order, 1), stockReserved(order, 1));
    const [row] = await database.sql`SELECT stage FROM payments WHERE order_id = ${order.orderId}`;
    expect(row).toEqual({ stage: 'DECLINED' });
  });
});

type Owed = { number: number; due: number; open: number };

/** Settles with pen and paper: what is named first, then the oldest due; answers the parts and what is left. */
function settledByHand(owed: Owed[], money: number, first: readonly number[]): [number[][], number] {
  const rank = ({ number }: Owed) => (first.includes(number) ? first.indexOf(number) : first.length);
  const sorted = owed.toSorted(
    (one, other) => rank(one) - rank(other) || one.due - other.due || one.number - other.number,
  );
  let left = money;
  const parts: number[][] = [];
  for (const invoice of sorted) {
    const part = Math.min(left, invoice.open);
    if (part === 0) continue;
    parts.push([invoice.number, part]);
    invoice.open -= part;
    left -= part;
  }
  return [parts, left];
}

it('settles whatever comes as one would by hand', async () => {
  const random = randomOf(20_261_127);
  const partnerId = await newPartner();
  const owed: Owed[] = [];
  let ahead = 0;
  for (let step = 0; step < 60; step += 1) {
    if (random.chance(0.5)) {
      const days = random.below(4) * 10;
      // The same terms again are no change.
      await openCreditAccount(database.sql, partnerId, 1_000_000_000 + step, days);
      const value = 1 + random.below(1_000);
      const [order] = await shipped(partnerId, value);
      const [row] = order === undefined ? [] : await invoicesOf(database.sql, order);
      owed.push({ number: row?.number ?? 0, due: days, open: value });
      [, ahead] = settledByHand(owed, ahead, []);
    } else {
      const money = 1 + random.below(1_500);
      const named = owed.filter(() => random.chance(0.2)).map(({ number }) => number);
      const { settled } = await record(paymentOf(partnerId, money, named.map(invoiceNumber)));
      const [parts, left] = settledByHand(owed, money + ahead, named);
      ahead = left;
      expect(settled.map(({ number, amountMinor }) => [number, amountMinor])).toEqual(parts);
    }
    const open = owed.reduce((sum, invoice) => sum + invoice.open, 0);
    expect(await accountOf(database.sql, partnerId)).toMatchObject({ open, unapplied: ahead });
  }
});

describe('under load', () => {
  it('loses no penny and no number where payments, shipments, limits and rollbacks meet on two partners', async () => {
    const random = randomOf(20_260_301);
    const partners = [await newPartner(), await newPartner()] as const;
    const numbersBefore = (await database.sql`SELECT last_number::int AS last FROM invoice_counter`)[0]?.last;
    const ships = async () => {
      for (let batch = 0; batch < 12; batch += 1) {
        const facts = Array.from({ length: 4 }, () => {
          const order = newOrder(random.pick(partners));
          const value = 1 + random.below(5_000);
          return [orderPlaced(order, value), stockReserved(order, value), shipmentConfirmed(order, value)];
        });
        await hearing.hear(...facts.flat());
      }
    };
    const pays = async () => {
      for (let payment = 0; payment < 12; payment += 1) {
        const { verdict } = await record(paymentOf(random.pick(partners), 1 + random.below(6_000)));
        expect(verdict).toBe('NEW');
      }
    };
    /** Takes a number, holds it a moment, and gives up. */
    const fails = async () => {
      for (let round = 0; round < 10; round += 1) {
        const sheet = { orders: [], invoices: [failing(partners[0])] };
        await expect(
          database.sql`SELECT invoices_write(${JSON.stringify(sheet)}::text::jsonb), pg_sleep(0.003), 1 / (random() * 0)::int`,
        ).rejects.toThrow('division by zero');
      }
    };
    await Promise.all([ships(), pays(), pays(), pays(), fails()]);
    await expectBooksAgree(database.sql);
    const numbersAfter = (await database.sql`SELECT last_number::int AS last FROM invoice_counter`)[0]?.last;
    expect(numbersAfter - numbersBefore).toBe(48);
  });
});

function failing(partnerId: string) {
  return {
    ...{ shipmentId: newId(), orderId: newId(), partnerId, currencyCode: 'GBP', totalMinor: 1 },
    ...{ lines: [], method: 'CARD', paidMinor: 0, creditedMinor: 0 },
  };
}
