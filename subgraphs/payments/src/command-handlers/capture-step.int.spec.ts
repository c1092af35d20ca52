// One key has one body: a capture that is tried again asks for the same thing, whatever else was taken meanwhile.
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import { newOrder, orderPlaced, shipmentConfirmed, stockReserved } from '../../test/hearing.ts';
import type { CaptureRequest } from '../ports.ts';

const PATIENCE = { timeout: 25_000, interval: 40 };

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(() => cards.stopAll());
afterAll(() => cards.close());

it('asks for the same in every try, and the last part ends the authorisation by its sum', async () => {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
  cards.dispatch();
  await cards.reaches(order, { status: 'AUTHORISED' });
  await cards.stopAll();
  const asked: CaptureRequest[] = [];
  cards.dispatch({
    ...cards.provider,
    capture: async (id, request, key) => {
      const isFirst = request.amountMinor === 6_000 && !asked.some((each) => each.amountMinor === 6_000);
      asked.push(request);
      return isFirst ? { kind: 'unknown', reason: 'timeout' } : cards.provider.capture(id, request, key);
    },
  });
  const [first, second] = [newId(), newId()];
  await cards.hear(shipmentConfirmed(order, 6_000, first), shipmentConfirmed(order, 4_000, second));
  await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
  const bodiesOf = (instance: string) =>
    new Set(
      asked.filter(({ reference }) => reference.instance === instance).map((each) => JSON.stringify(each)),
    );
  expect([bodiesOf(first).size, bodiesOf(second).size, asked.length]).toEqual([1, 1, 3]);
  const [held] = await cards.database.sql`
    SELECT provider_authorisation_id AS id FROM payments WHERE order_id = ${order.orderId}`;
  expect(await cards.provider.read(held?.id)).toMatchObject({ kind: 'done', value: { status: 'CAPTURED' } });
});

it('asks the card again where the rest of an authorisation was given back at the provider', async () => {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
  cards.dispatch();
  await cards.reaches(order, { status: 'AUTHORISED' });
  await cards.hear(shipmentConfirmed(order, 4_000));
  await cards.reaches(order, { captured: 4_000 });
  const [stored] = await cards.database.sql`
    SELECT provider_authorisation_id AS id FROM payments WHERE order_id = ${order.orderId}`;
  // By hand, at the provider's own console.
  expect(await cards.provider.release(stored?.id, newId())).toMatchObject({ value: { status: 'CAPTURED' } });
  await cards.hear(shipmentConfirmed(order, 6_000));
  await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
  expect(await cards.saidOf(order)).not.toContain('PaymentHeld');
  const taken = (await cards.journalOf(order)).filter((line) => line.startsWith('captured'));
  expect(taken).toEqual(['captured 1 4000', expect.stringMatching(/^captured [1-9]\d+ 6000$/)]);
});

it('asks no card for what a person took by hand, and leaves what else is to be taken to a person', async () => {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
  let refuses = true;
  cards.dispatch({
    ...cards.provider,
    capture: async (...of) =>
      refuses ? { kind: 'refused', reason: 'do_not_honor' } : cards.provider.capture(...of),
  });
  await cards.reaches(order, { status: 'AUTHORISED' });
  const callsOf = async () =>
    (
      await cards.database.sql`
        SELECT operation, state FROM payment_calls WHERE order_id = ${order.orderId} ORDER BY instance = ${second}, operation`
    ).map(({ operation, state }) => `${operation} ${state}`);
  const [first, second] = [newId(), newId()];
  await cards.hear(shipmentConfirmed(order, 4_000, first));
  await expect.poll(callsOf, PATIENCE).toEqual(['authorise done', 'capture held']);
  const [stored] = await cards.database.sql`
    SELECT provider_authorisation_id AS id FROM payments WHERE order_id = ${order.orderId}`;
  const reference = { orderId: order.orderId, purpose: 'shipment', epoch: 1, instance: 'by-hand' };
  const byHand = { amountMinor: 4_000, currencyCode: 'GBP', final: true, reference };
  expect(await cards.provider.capture(stored?.id, byHand, newId())).toMatchObject({ kind: 'done' });
  refuses = false;
  await cards.hear(shipmentConfirmed(order, 6_000, second));
  await expect.poll(callsOf, PATIENCE).toEqual(['authorise done', 'capture held', 'capture held']);
  expect(await cards.journalOf(order)).toEqual([
    ...['created 1 10000', 'authorised 1 10000', 'captured 1 4000'],
  ]);
  expect((await cards.saidOf(order)).filter((type) => type === 'PaymentHeld')).toHaveLength(2);
});

it('stays unknown where it cannot be read what its tries became', async () => {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
  cards.dispatch();
  await cards.reaches(order, { status: 'AUTHORISED' });
  await cards.stopAll();
  cards.dispatch({
    ...cards.provider,
    capture: async (...of) => {
      await cards.provider.capture(...of);
      return { kind: 'unknown', reason: 'timeout' };
    },
    read: async () => ({ kind: 'refused', reason: 'not_found' }),
  });
  await cards.hear(shipmentConfirmed(order, 4_000));
  const isHeld = async () => (await cards.saidOf(order)).at(-1);
  await expect.poll(isHeld, PATIENCE).toBe('PaymentHeld');
  expect(await cards.rowOf(order)).toMatchObject({ status: 'UNKNOWN', captured: 0 });
});
