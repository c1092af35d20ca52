// A person discards the letter of a capture whose part has moved to a renewal: what is said of it is what becomes of the money.
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { expectBooksAgree } from '../../test/books.ts';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import {
  newOrder,
  orderPlaced,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import { discardLetter, inProcess, replayLetter } from '../../test/letter-door.ts';
import type { PaymentProvider } from '../ports.ts';

const PATIENCE = { timeout: 25_000, interval: 40 };
const RENEWAL = 1_000_001;

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(async () => {
  await cards.simulator.setMode({ mode: 'none' });
  await cards.stopAll();
});
afterAll(() => cards.close());

type Captures = PaymentProvider['capture'];

/** The first authorisation is refused, and shows as `status`; of captures from its renewal `renewed` becomes. */
function refusing(status: 'AUTHORISED' | 'EXPIRED', renewed: Awaited<ReturnType<Captures>>): PaymentProvider {
  const { provider } = cards;
  return {
    ...provider,
    capture: async (_id, { reference }) =>
      reference.epoch === 1 ? { kind: 'refused', reason: 'not_possible' } : renewed,
    read: async (id) => {
      const answer = await provider.read(id);
      const isFirst = answer.kind === 'done' && answer.value.reference?.epoch === 1;
      return isFirst ? { ...answer, value: { ...answer.value, status } } : answer;
    },
  };
}

const capturesOf = async ({ orderId }: TestOrder) =>
  new Map(
    (
      await cards.database.sql`
        SELECT instance, state FROM payment_calls WHERE order_id = ${orderId} AND operation = 'capture'`
    ).map(({ instance, state }): [string, string] => [instance, state]),
  );
const heldOf = async ({ orderId }: TestOrder) =>
  (await cards.database.sql`SELECT in_depth -> 'held' AS held FROM payments WHERE order_id = ${orderId}`)[0]
    ?.held;
const lettersOf = async ({ orderId }: TestOrder) =>
  (
    await cards.database
      .sql`SELECT key, status FROM dead_letters WHERE key LIKE ${`%${orderId}%`} ORDER BY ordinal`
  ).map(({ key, status }) => `${key} ${status}`);

/** A capture that was held, and whose part a renewal is asked for now, with what becomes of that. */
async function movedCapture(
  renewed: Awaited<ReturnType<Captures>>,
  state: string,
): Promise<Readonly<{ order: TestOrder; held: string; key: string }>> {
  const order = newOrder(newId());
  const [held, other] = [newId(), newId()];
  await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
  cards.dispatch();
  await cards.reaches(order, { authorised: 10_000 });
  await cards.stopAll();
  await cards.hear(shipmentConfirmed(order, 4_000, held));
  cards.dispatch(refusing('AUTHORISED', renewed));
  await expect.poll(() => capturesOf(order), PATIENCE).toEqual(new Map([[held, 'held']]));
  await cards.stopAll();
  cards.dispatch(refusing('EXPIRED', renewed));
  await cards.hear(shipmentConfirmed(order, 6_000, other));
  const moved = async () => (await capturesOf(order)).get(`${held}/${RENEWAL}`);
  await expect.poll(moved, PATIENCE).toBe(state);
  await expect.poll(async () => (await capturesOf(order)).get(held), PATIENCE).toBe('done');
  await cards.stopAll();
  return { order, held, key: `capture ${order.orderId}/${held}` };
}

it('is not done while the renewal is asked for it, nor after that was taken', async () => {
  const busy = { kind: 'turned-away', reason: 'busy' } as const;
  const { order, held, key } = await movedCapture(busy, 'due');
  expect(await heldOf(order)).toEqual([]);
  const failed = (error: unknown) => ({
    letters: [{ outcome: 'FAILED', error, letter: { key, status: 'PARKED' } }],
    userErrors: [],
  });
  await cards.simulator.setMode({ mode: 'error-500', probability: 1 });
  await inProcess(cards, async (payments) => {
    const asked = expect.stringContaining(`It is asked of the provider, as capture ${held}/${RENEWAL}`);
    expect(await discardLetter(payments, key)).toMatchObject(failed(asked));
    await cards.simulator.setMode({ mode: 'none' });
    await cards.reaches(order, { captured: 10_000 });
    expect(await discardLetter(payments, key)).toMatchObject(
      failed(expect.stringContaining('It was done meanwhile')),
    );
    expect(await replayLetter(payments, key)).toMatchObject({ letters: [{ outcome: 'REPLAYED' }] });
  });
  expect((await cards.journalOf(order)).filter((line) => line.startsWith('captured')).sort()).toEqual([
    ...[`captured ${RENEWAL} 4000`, `captured ${RENEWAL} 6000`],
  ]);
  expect(await lettersOf(order)).toEqual([`${key} replayed`]);
  await expectBooksAgree(cards.database.sql);
}, 60_000);

it('gives up the part where it is held now, and it is never taken', async () => {
  const refused = { kind: 'refused', reason: 'not_possible' } as const;
  const { order, held, key } = await movedCapture(refused, 'held');
  await inProcess(cards, async (payments) => {
    expect(await discardLetter(payments, key)).toMatchObject({
      letters: [{ outcome: 'DISCARDED', error: null, letter: { key, status: 'DISCARDED' } }],
    });
    expect(await discardLetter(payments, `${key}/${RENEWAL}`)).toMatchObject({
      letters: [{ outcome: 'DISCARDED' }],
    });
  });
  expect((await capturesOf(order)).get(`${held}/${RENEWAL}`)).toBe('done');
  expect((await heldOf(order)).map(({ instance }: { instance: string }) => instance.includes(held))).toEqual([
    false,
  ]);
  const journal = await cards.journalOf(order);
  expect(journal.filter((line) => line.startsWith('captured'))).toEqual([]);
  await expectBooksAgree(cards.database.sql);
}, 60_000);
