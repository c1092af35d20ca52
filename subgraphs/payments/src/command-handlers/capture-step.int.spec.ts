// One key has one body: a capture that is tried again asks for the same thing, whatever else was taken meanwhile.
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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

describe('a capture that waits for a person, of an authorisation that is ended by hand', () => {
  /** An order of 10,000 whose first shipment, of 4,000, was refused; captures go through from now on. */
  async function refusedOnce() {
    const order = newOrder(newId());
    await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
    let refuses = true;
    cards.dispatch({
      ...cards.provider,
      capture: async (...of) =>
        refuses ? { kind: 'refused', reason: 'do_not_honor' } : cards.provider.capture(...of),
    });
    await cards.reaches(order, { status: 'AUTHORISED' });
    await cards.hear(shipmentConfirmed(order, 4_000));
    const { sql } = cards.database;
    const capturesOf = async () =>
      (
        await sql`SELECT state FROM payment_calls WHERE order_id = ${order.orderId} AND operation = 'capture'`
      ).map(({ state }) => state);
    await expect.poll(capturesOf, PATIENCE).toEqual(['held']);
    const [stored] = await sql`
      SELECT provider_authorisation_id AS id FROM payments WHERE order_id = ${order.orderId}`;
    refuses = false;
    return { order, capturesOf, authorisationId: String(stored?.id) };
  }

  it('is not asked of the card again where it may be what was taken, and neither is what leaves later', async () => {
    const { order, capturesOf, authorisationId } = await refusedOnce();
    const reference = { orderId: order.orderId, purpose: 'shipment', epoch: 1, instance: 'by-hand' };
    const byHand = { amountMinor: 4_000, currencyCode: 'GBP', final: true, reference };
    expect(await cards.provider.capture(authorisationId, byHand, newId())).toMatchObject({ kind: 'done' });
    await cards.hear(shipmentConfirmed(order, 6_000));
    await expect.poll(capturesOf, PATIENCE).toEqual(['held', 'held']);
    const done = ['created 1 10000', 'authorised 1 10000', 'captured 1 4000'];
    expect(await cards.journalOf(order)).toEqual(done);
    expect((await cards.saidOf(order)).filter((type) => type === 'PaymentHeld')).toHaveLength(2);
  });

  it('is taken from what takes its place where nothing was taken, and waits for nobody any more', async () => {
    const { order, capturesOf, authorisationId } = await refusedOnce();
    await cards.provider.release(authorisationId, newId());
    await cards.hear(shipmentConfirmed(order, 6_000));
    await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
    await expect.poll(capturesOf, PATIENCE).toEqual(['done', 'done', 'done', 'done']);
    const told = (await cards.saidOf(order)).filter((type) => /Held|Resumed/.test(type));
    expect(told).toEqual(['PaymentHeld', 'PaymentResumed']);
  });
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
