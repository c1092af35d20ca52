// Refunds by the provider's own journal: each part given back once, whatever the provider and our own processes do.
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import { dyingAt, type RefundStep } from '../../test/dying-provider.ts';
import { discardLetter, inProcess } from '../../test/letter-door.ts';
import {
  givenBack,
  refund,
  refundCallsOf,
  refundsOf,
  takenOrder,
  toldOf,
  wavedOrder,
} from '../../test/refund-fixture.ts';

const PATIENCE = { timeout: 25_000, interval: 40 };

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(async () => {
  await cards.simulator.setMode({ mode: 'none' });
  await cards.stopAll();
});
afterAll(() => cards.close());

describe('a provider in trouble', () => {
  it.each([
    ['error-500', 'unknown', 2],
    ['reset', 'unknown', 2],
    ['error-429', 'failed', 2],
    ['charge-then-timeout', 'unknown', 1],
    ['forget-keys', 'unknown', 1],
  ])(
    'at the refund itself (%s) gives back once',
    async (mode, first, asks) => {
      const order = await takenOrder(cards);
      let asked = 0;
      cards.dispatch({
        ...cards.provider,
        refund: async (id, request, key) => {
          asked += 1;
          if (asked > 1) return cards.provider.refund(id, request, key);
          await cards.simulator.setMode({ mode });
          const answer = await cards.provider.refund(id, request, key);
          // Keys stay forgotten, and that it worked is not heard: whoever asked blindly now would pay twice.
          if (mode === 'forget-keys') return { kind: 'unknown', reason: 'timeout' };
          await cards.simulator.setMode({ mode: 'none' });
          return answer;
        },
      });
      await refund(cards, order, { amount: '40.00' });
      await cards.reaches(order, { status: 'PARTIALLY_REFUNDED', refunded: 4_000 });
      expect([await givenBack(cards, order), asked]).toEqual([['refunded 1 4000'], asks]);
      const attempts = await cards.database.sql`
        SELECT outcome FROM payment_attempts WHERE order_id = ${order.orderId} AND operation = 'refund' ORDER BY attempt`;
      expect(attempts.map((row) => row.outcome)).toEqual([first, 'succeeded']);
      expect((await toldOf(cards, order)).length).toBe(1);
    },
    60_000,
  );

  it.each(['error-500', 'reset', 'error-429'])(
    'at every other call (%s) gives back once of each authorisation',
    async (mode) => {
      const [both, last] = [newId(), newId()];
      const order = await wavedOrder(cards, both, last);
      await cards.simulator.setMode({ mode, probability: 0.4, seed: 7 });
      cards.dispatch();
      await refund(cards, order, { amount: '100.00', shipmentId: both });
      await cards.reaches(order, { status: 'PARTIALLY_REFUNDED', refunded: 10_000 });
      expect(await givenBack(cards, order)).toEqual(['refunded 1 8000', 'refunded 2 2000']);
      expect((await toldOf(cards, order)).map(({ amountMinor }) => amountMinor)).toEqual([10_000]);
    },
    60_000,
  );
});

describe('a provider that refuses for good', () => {
  it('leaves the refund to a person, and it still counts', async () => {
    const order = await takenOrder(cards);
    cards.dispatch({
      ...cards.provider,
      refund: async () => ({ kind: 'refused', reason: 'charge_disputed' }),
    });
    await refund(cards, order, { amount: '60.00' });
    await expect.poll(() => refundCallsOf(cards, order), PATIENCE).toEqual(['held']);
    expect(await refundsOf(cards, order)).toEqual(['HELD 6000 damaged']);
    expect(await refund(cards, order, { amount: '40.01' })).toMatchObject({
      refusal: { code: 'AMOUNT_EXCEEDS_CAPTURED' },
    });
    expect(await cards.rowOf(order)).toMatchObject({ status: 'CAPTURED', refunded: 0 });
    expect([await givenBack(cards, order), await toldOf(cards, order)]).toEqual([[], []]);
  });
});

describe('a refund that was given up, and made after all', () => {
  it('is not made once more under another name: a person has what is asked for anew', async () => {
    const shipmentId = newId();
    const order = await takenOrder(cards, shipmentId);
    let isMade = false;
    cards.dispatch(
      {
        ...cards.provider,
        refund: async (...asked) => {
          await cards.provider.refund(...asked);
          isMade = true;
          return { kind: 'unknown', reason: 'timeout' };
        },
        read: async (id) => (isMade ? { kind: 'unknown', reason: 'timeout' } : cards.provider.read(id)),
      },
      { patienceMs: 500 },
    );
    await refund(cards, order, { amount: '40.00' });
    await expect.poll(() => refundCallsOf(cards, order), PATIENCE).toEqual(['held']);
    await cards.stopAll();
    const [call] = await cards.database
      .sql`SELECT instance FROM payment_calls WHERE order_id = ${order.orderId} AND operation = 'refund'`;
    await inProcess(cards, async (payments) => {
      expect(await discardLetter(payments, `refund ${order.orderId}/${call?.instance}`)).toMatchObject({
        letters: [{ outcome: 'DISCARDED' }],
      });
    });
    expect(await refund(cards, order, { amount: '40.00' })).toMatchObject({ verdict: 'NEW' });
    cards.dispatch();
    await expect
      .poll(async () => (await refundCallsOf(cards, order)).toSorted(), PATIENCE)
      .toEqual(['done', 'held']);
    const [letter] = await cards.database.sql`
      SELECT error FROM dead_letters WHERE key LIKE ${`refund ${order.orderId}/%`} AND status = 'parked'`;
    expect(letter?.error).toBe('a refund of it that was given up was made after all');
    expect([await givenBack(cards, order), await toldOf(cards, order)]).toEqual([['refunded 1 4000'], []]);
  }, 60_000);
});

describe('a process that dies', () => {
  const EVERYWHERE: [RefundStep, 'before' | 'after', string][] = [
    ['read', 'before', 'none'],
    ['read', 'after', 'none'],
    ['refund', 'before', 'none'],
    ['refund', 'after', 'none'],
    ['refund', 'after', 'forget-keys'],
  ];

  it.each(EVERYWHERE)('at %s, %s the call, gives back once (%s)', async (step, when, mode) => {
    const order = await takenOrder(cards);
    await cards.simulator.setMode({ mode });
    const { deadly, died, revive } = dyingAt(cards.provider, step, when);
    cards.dispatch(deadly);
    await refund(cards, order, { amount: '40.00' });
    await died;
    await cards.takeOver();
    await cards.reaches(order, { status: 'PARTIALLY_REFUNDED', refunded: 4_000 });
    const said = await cards.saidOf(order);
    // The dead process was only stopped: it goes on with what it had read, under the key that was used meanwhile.
    revive();
    await cards.stopAll();
    expect(await givenBack(cards, order)).toEqual(['refunded 1 4000']);
    expect(await cards.saidOf(order)).toEqual(said);
    expect(said).toEqual(['PaymentAuthorised', 'PaymentCaptured', 'PaymentRefunded']);
  });
});
