// A capture that is charged and never answered: a person gets it as a dead letter, replays it when the cause is gone, and the money
// was taken once.
import { newId } from '@crossdock/event-store';
import { ownNats, redisUrl } from '@crossdock/testing';
import { CompactEncrypt, exportJWK, generateKeyPair } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import {
  newOrder,
  orderPlaced,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import { startPayments } from '../../test/payments-process.ts';
import { PROVIDER_KEY } from '../../test/simulator-process.ts';
import { loadPaymentViews } from '../read-models/order-payments.ts';

const OPERATOR = { role: 'operator' };
const PATIENCE = { timeout: 25_000, interval: 40 };
const SHOWN = `query ($of: [_Any!]!) { _entities(representations: $of) {
  ... on Order { payment { status deadline provider held { operation instance reason owner } } } } }`;
const REPLAY = `mutation ($input: ReplayDeadLettersInput!) {
  replayPaymentsDeadLetters(input: $input) { letters { letter { key type error attempts status } outcome error } userErrors { code } } }`;

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(() => cards.stopAll());
afterAll(() => cards.close());

async function authorisedOrder(): Promise<TestOrder> {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
  cards.dispatch();
  await cards.reaches(order, { status: 'AUTHORISED' });
  await cards.stopAll();
  return order;
}

const lettersOf = ({ orderId }: TestOrder) => cards.database.sql`
  SELECT key, error, attempts, status, source, event ->> 'type' AS type FROM dead_letters
  WHERE key LIKE ${`%${orderId}%`} ORDER BY ordinal`;
const callsOf = async ({ orderId }: TestOrder) =>
  (
    await cards.database
      .sql`SELECT operation, state FROM payment_calls WHERE order_id = ${orderId} ORDER BY operation`
  ).map(({ operation, state }) => `${operation} ${state}`);
const factsOf = async ({ orderId }: TestOrder, type: string) =>
  (
    await cards.database
      .sql`SELECT data FROM events WHERE stream_id = ${orderId} AND type = ${type} ORDER BY version`
  ).map(({ data }) => data);

describe('a call that waits for a person', () => {
  it('was kept from being made by a fault of ours, however often it was tried', async () => {
    const order = newOrder(newId());
    await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
    let tries = 0;
    const openCardToken = async () => {
      tries += 1;
      throw new RangeError('a fault of ours');
    };
    cards.dispatch(cards.provider, { patienceMs: 1_500, openCardToken });
    await expect.poll(() => callsOf(order), PATIENCE).toEqual(['authorise held']);
    await cards.stopAll();
    expect(tries).toBeGreaterThan(1);
    const [letter] = await lettersOf(order);
    expect(letter).toMatchObject({
      ...{ key: `authorise ${order.orderId}/1`, error: 'it could not be made for a fault of ours' },
      ...{ attempts: tries, status: 'parked' },
    });
    expect(await cards.journalOf(order)).toEqual([]);
  });

  it('was charged without an answer, and is found out by a replay of its letter', async () => {
    const order = await authorisedOrder();
    const shipmentId = newId();
    const parked: string[] = [];
    await cards.simulator.setMode({ mode: 'charge-then-timeout' });
    await cards.hear(shipmentConfirmed(order, 4_000, shipmentId));
    const [since] = await cards.database.sql`
      SELECT since FROM payment_calls WHERE order_id = ${order.orderId} AND operation = 'capture'`;
    const [view] = await loadPaymentViews(cards.database.read, [order.orderId], 60_000);
    expect(view).toMatchObject({ provider: 'simulator', held: [] });
    expect(view?.deadline?.getTime()).toBe(since?.since.getTime() + 60_000);
    cards.dispatch(cards.provider, { patienceMs: 1_000, onParked: (keys) => void parked.push(...keys) });
    await expect.poll(() => callsOf(order), PATIENCE).toEqual(['authorise done', 'capture held']);
    await cards.stopAll();
    const key = `capture ${order.orderId}/${shipmentId}`;
    expect(new Set(parked)).toEqual(new Set([key]));
    const what = { operation: 'capture', instance: shipmentId, amountMinor: 4_000 };
    const [fact] = await factsOf(order, 'PaymentHeld');
    expect(fact).toMatchObject({
      ...what,
      orderId: order.orderId,
      owner: 'payment operations',
      method: 'CARD',
    });
    expect([...(await lettersOf(order))]).toEqual([
      { key, error: fact.reason, attempts: 1, status: 'parked', source: 'payments', type: 'PaymentHeld' },
    ]);
    expect(await cards.rowOf(order)).toMatchObject({ status: 'UNKNOWN', captured: 0 });

    await cards.simulator.setMode({ mode: 'none' });
    await cards.leave();
    const nats = await ownNats();
    const { privateKey } = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
    const payments = await startPayments({
      ...{ databaseUrl: cards.databaseUrl, natsUrl: nats.url, redisUrl: redisUrl() },
      cardTokenPrivateJwk: await exportJWK(privateKey),
      provider: { url: cards.simulator.url, key: PROVIDER_KEY },
    });
    try {
      const dry = { idempotencyKey: newId(), key, dryRun: true };
      const rehearsed = await payments.ask(OPERATOR, REPLAY, { input: dry });
      expect(rehearsed.data?.replayPaymentsDeadLetters).toMatchObject({
        letters: [{ outcome: 'WOULD_SUCCEED' }],
      });
      expect(await callsOf(order)).toEqual(['authorise done', 'capture held']);
      const input = { idempotencyKey: newId(), key, reason: 'the provider answers again' };
      const replayed = await payments.ask(OPERATOR, REPLAY, { input });
      expect(replayed.data?.replayPaymentsDeadLetters).toMatchObject({
        letters: [{ outcome: 'REPLAYED', letter: { key, type: 'PaymentHeld', status: 'REPLAYED' } }],
      });
      await cards.reaches(order, { captured: 4_000 });
      await expect.poll(() => factsOf(order, 'PaymentResumed'), PATIENCE).toMatchObject([what]);
    } finally {
      expect(await payments.stop()).toBe(0);
      await nats.stop();
    }
    expect((await cards.journalOf(order)).filter((line) => line.startsWith('captured'))).toEqual([
      'captured 1 4000',
    ]);
    expect(await factsOf(order, 'PaymentCaptured')).toHaveLength(1);
    expect(await callsOf(order)).toEqual(['authorise done', 'capture done']);
    const [row] = await cards.database
      .sql`SELECT in_depth -> 'held' AS held FROM payments WHERE order_id = ${order.orderId}`;
    expect(row?.held).toEqual([]);
  });

  it('may be replayed in the process that left it, and its order goes on', async () => {
    await cards.simulator.setMode({ mode: 'error-500', probability: 1 });
    const card = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true });
    const sealed = await new CompactEncrypt(new TextEncoder().encode('tok_visa'))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(card.publicKey);
    const order = newOrder(newId());
    const [other, nats] = [await openCards(), await ownNats()];
    await other.hear(orderPlaced(order, 10_000, sealed), stockReserved(order, 10_000));
    await other.leave();
    const payments = await startPayments({
      ...{ databaseUrl: other.databaseUrl, natsUrl: nats.url, redisUrl: redisUrl() },
      cardTokenPrivateJwk: await exportJWK(card.privateKey),
      provider: { url: cards.simulator.url, key: PROVIDER_KEY },
      environment: { CALL_PATIENCE_S: '1' },
    });
    try {
      const said = () => other.saidOf(order);
      await expect.poll(said, PATIENCE).toEqual(['PaymentHeld']);
      const held = { operation: 'authorise', instance: '1', reason: 'HTTP 500', owner: 'payment operations' };
      const of = [{ __typename: 'Order', id: order.orderId }];
      const shown = await payments.ask({ role: 'erp' }, SHOWN, { of });
      const payment = { status: 'PENDING', deadline: null, provider: null, held: [held] };
      expect(shown).toEqual({ data: { _entities: [{ payment }] } });
      await cards.simulator.setMode({ mode: 'none' });
      const input = { idempotencyKey: newId(), key: `authorise ${order.orderId}/1` };
      const replayed = await payments.ask(OPERATOR, REPLAY, { input });
      expect(replayed.data?.replayPaymentsDeadLetters).toMatchObject({ letters: [{ outcome: 'REPLAYED' }] });
      await expect.poll(said, PATIENCE).toEqual(['PaymentHeld', 'PaymentAuthorised', 'PaymentResumed']);
    } finally {
      expect(await payments.stop()).toBe(0);
      await nats.stop();
      await other.close();
    }
  });
});
