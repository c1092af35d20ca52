// Cancelling on real Postgres, alone and against what the others say at the same moment.
import { newId } from '@crossdock/event-store';
import { randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AUTHORISED,
  type OrdersDatabase,
  ordersDatabase,
  RESERVED,
  type Told,
} from '../../test/orders-database.ts';
import type { CancelRequest } from '../domain/cancellation.ts';
import { type CancelOrder, createCancelOrder } from './cancel-order.ts';

const RACES = 60;
/** Times as many at most, until each side was first in some: who is first goes by the machine. */
const HEATS_MAX = 5;
/** Ends that come to be only where both sides are first in some. */
const ENDS_MIN = 3;
const LINES = [
  { sku: 'a', quantity: 5 },
  { sku: 'b', quantity: 2 },
];
const actor = { subject: 'tester', traceparent: null };
const whole: CancelRequest = { lines: null, reason: 'too late', expectedVersion: null };
const wave = (number: number) => ({ wave: number, currencyCode: 'GBP' });
const claim = (number: number, lines: typeof LINES, backordered: typeof LINES = []): Told => [
  ...(['inventory', 'StockReserved'] as const),
  { ...wave(number), reservedValueMinor: 100, lines, ...(backordered.length > 0 ? { backordered } : {}) },
];
const pay = (number: number, type: 'PaymentAuthorised' | 'PaymentDeclined'): Told => [
  'payments',
  type,
  { ...wave(number), amountMinor: 100, method: 'TERMS', reason: 'CREDIT_LIMIT' },
];

let db: OrdersDatabase;
let cancelOrder: CancelOrder;

beforeAll(async () => {
  db = await ordersDatabase();
  cancelOrder = createCancelOrder({ sql: db.sql, poke: db.poke });
});
afterAll(() => db.close());

const cancel = (orderId: string, changed: Partial<CancelRequest> = {}, key = newId()) =>
  cancelOrder(key, { orderId, partnerId: 'p1' }, { ...whole, ...changed }, actor);

async function codes(...args: Parameters<typeof cancel>) {
  const outcome = await cancel(...args);
  return 'refusals' in outcome ? outcome.refusals.map(({ code }) => code) : [];
}

async function rowOf(orderId: string) {
  const [row] = await db.sql`
    SELECT status, status_reason, version, units_confirmed::int AS confirmed, stock, payment, book FROM orders
    WHERE order_id = ${orderId}`;
  return row ?? {};
}

async function factsOf(orderId: string) {
  const rows = await db.sql<
    { type: string; data: Record<string, unknown>; metadata: object; version: number }[]
  >`
    SELECT type, data, metadata, version FROM events WHERE stream_id = ${orderId} AND category = 'order' ORDER BY version`;
  expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1));
  return rows;
}
const typesOf = async (orderId: string) => (await factsOf(orderId)).map(({ type }) => type);

describe('cancelling an order', () => {
  it('is done once for a key, and a replay answers after a commit of its own', async () => {
    const orderId = await db.place();
    const all = await Promise.all(Array.from({ length: 8 }, () => cancel(orderId, {}, 'once')));
    expect(all.filter((each) => 'replayed' in each && !each.replayed)).toHaveLength(1);
    expect(await typesOf(orderId)).toEqual(['OrderPlaced', 'OrderCancelled']);
    const replays = async () =>
      (
        await db.sql`SELECT replays FROM idempotency_keys WHERE key = 'once' AND operation = 'cancelOrder'`
      )[0];
    const before = await replays();
    expect(await cancel(orderId, {}, 'once')).toEqual({ orderId, replayed: true });
    expect((await replays())?.replays).toBe(before?.replays + 1);
    expect(await codes(orderId, { reason: 'other' }, 'once')).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });

  it('says who and why, and marks the request', async () => {
    const orderId = await db.place();
    await cancel(orderId, {}, 'mark');
    const [, fact] = await factsOf(orderId);
    expect(fact?.data).toMatchObject({ orderId, partnerId: 'p1', reason: 'too late', by: 'tester' });
    expect(fact?.metadata).toMatchObject({
      actor: 'tester',
      request: { scope: 'p1', operation: 'cancelOrder', key: 'mark', result: orderId },
    });
    expect(await rowOf(orderId)).toMatchObject({
      status: 'CANCELLED',
      status_reason: 'too late',
      version: 2,
    });
  });

  it('refused stores nothing, and the key is free for what is right', async () => {
    const orderId = await db.place();
    expect(await codes(orderId, { expectedVersion: 7 }, 'free')).toEqual(['CONFLICT']);
    expect(await codes(orderId, { lines: [{ sku: 'z', quantity: 1 }] }, 'free')).toEqual(['UNKNOWN_SKU']);
    expect(await db.sql`SELECT 1 FROM idempotency_keys WHERE key = 'free'`).toHaveLength(0);
    expect(await codes(newId(), {}, 'free')).toEqual(['UNKNOWN_ORDER']);
    expect(await cancel(orderId, { expectedVersion: 1 }, 'free')).toEqual({ orderId, replayed: false });
    expect(await codes(orderId)).toEqual(['ORDER_STATE']);
  });

  it('frees its PO number', async () => {
    const orderId = await db.place({ poNumber: 'PO-1' });
    await cancel(orderId);
    expect(await db.place({ poNumber: 'PO-1' })).not.toBe(orderId);
  });

  it('takes units before they are reserved, and the reservation that comes then confirms the others', async () => {
    const orderId = await db.place({ lines: LINES });
    await cancel(orderId, { lines: [{ sku: 'a', quantity: 2 }] });
    await db.hear(orderId, RESERVED, AUTHORISED);
    const [, , fact] = await factsOf(orderId);
    expect(fact).toMatchObject({
      type: 'OrderConfirmed',
      data: { lines: [{ sku: 'a', quantity: 3 }, LINES[1]] },
    });
    expect(await rowOf(orderId)).toMatchObject({ status: 'CONFIRMED', confirmed: 5, stock: 'RESERVED' });
  });

  it('takes what waits of a confirmed order, and what comes meanwhile is not confirmed', async () => {
    const orderId = await db.place({ lines: LINES, shortagePolicy: 'BACKORDER' });
    const [some, rest] = [
      [{ sku: 'a', quantity: 3 }],
      [
        { sku: 'a', quantity: 2 },
        { sku: 'b', quantity: 2 },
      ],
    ];
    await db.hear(orderId, pay(1, 'PaymentAuthorised'), claim(1, some, rest));
    expect(await codes(orderId)).toEqual(['ORDER_STATE']);
    await cancel(orderId, { lines: [{ sku: 'a', quantity: 1 }] });
    await db.hear(orderId, claim(2, rest), pay(2, 'PaymentAuthorised'));
    const facts = await factsOf(orderId);
    expect(facts.slice(1)).toMatchObject([
      { type: 'OrderConfirmed', data: { lines: some, backordered: rest } },
      { type: 'OrderLinesCancelled', data: { status: 'CONFIRMED' } },
      {
        type: 'OrderReplenished',
        data: {
          wave: 2,
          lines: [
            { sku: 'a', quantity: 1 },
            { sku: 'b', quantity: 2 },
          ],
        },
      },
    ]);
    expect(await rowOf(orderId)).toMatchObject({ confirmed: 6 });
  });

  it('of an order that waits for receipts ends it, and the short deadline of one that moves on counts again', async () => {
    const waits: Told = ['inventory', 'StockBackordered', { lines: LINES }];
    const [first, second] = [await db.place({ lines: LINES }), await db.place({ lines: LINES })];
    await db.sql`INSERT INTO order_watches (order_id, look_at) VALUES (${first}, now() + interval '90 days'),
      (${second}, now() + interval '90 days')`;
    await db.hear(first, waits);
    expect(await rowOf(first)).toMatchObject({ status: 'BACKORDERED', version: 2 });
    await cancel(first);
    expect(await typesOf(first)).toEqual(['OrderPlaced', 'OrderBackordered', 'OrderCancelled']);
    await db.hear(second, waits);
    await db.hear(second, claim(1, LINES), pay(1, 'PaymentAuthorised'));
    expect(await typesOf(second)).toEqual(['OrderPlaced', 'OrderBackordered', 'OrderConfirmed']);
    const soon =
      await db.sql`SELECT 1 FROM order_watches WHERE order_id IN (${first}, ${second}) AND look_at <= now()`;
    expect(soon).toHaveLength(2);
  });
});

describe('a cancellation that races what the others say', () => {
  it('has one outcome, and the row, the log and the book agree on it', async () => {
    const fc = seeded(fastCheck);
    const ends = new Map<string, number>();
    const race = async (seed: number) => {
      const random = randomOf(seed);
      const orderId = await db.place({ lines: LINES });
      const lines = random.chance(0.5) ? null : [{ sku: 'a', quantity: 1 + random.below(4) }];
      const [reserved, paid] = random.chance(0.5)
        ? [RESERVED, AUTHORISED]
        : [
            claim(
              1,
              [{ sku: 'a', quantity: 3 }],
              [
                { sku: 'a', quantity: 2 },
                { sku: 'b', quantity: 2 },
              ],
            ),
            pay(1, 'PaymentAuthorised'),
          ];
      const hearing = async () => {
        await db.hear(
          orderId,
          random.chance(0.5) ? reserved : paid,
          ...(random.chance(0.3) ? [reserved, paid] : []),
        );
        await db.hear(orderId, reserved, paid);
      };
      const [outcome] = await Promise.all([cancel(orderId, { lines }), hearing()]);
      const [row, facts] = [await rowOf(orderId), await factsOf(orderId)];
      const types = facts.map(({ type }) => type);
      const isDone = 'replayed' in outcome;
      expect(types.filter((type) => type.includes('Cancelled'))).toHaveLength(isDone ? 1 : 0);
      if (!isDone) expect(outcome.refusals.map(({ code }) => code)).toEqual(['ORDER_STATE']);
      expect(row.status).toBe(isDone && lines === null ? 'CANCELLED' : 'CONFIRMED');
      expect(row.version).toBe(facts.length);
      expect(types.filter((type) => type === 'OrderConfirmed')).toHaveLength(
        row.status === 'CONFIRMED' ? 1 : 0,
      );
      if (row.status === 'CONFIRMED') expect([row.stock, row.payment]).toEqual(['RESERVED', 'AUTHORISED']);
      const book = row.book?.lines as
        | readonly { confirmed: number; cancelled: number; ordered: number }[]
        | undefined;
      if (row.status === 'CONFIRMED' && book !== undefined)
        expect(book.reduce((sum, line) => sum + line.confirmed, 0)).toBe(row.confirmed);
      const end = `${types.slice(1).join()} ${isDone}`;
      ends.set(end, (ends.get(end) ?? 0) + 1);
    };
    for (let heat = 1; heat <= HEATS_MAX && ends.size < ENDS_MIN; heat += 1)
      await fc.assert(fc.asyncProperty(fc.integer(), race), { numRuns: RACES, endOnFailure: true });
    expect(ends.size, JSON.stringify([...ends])).toBeGreaterThanOrEqual(ENDS_MIN);
  }, 60_000);
});
