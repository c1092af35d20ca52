// A second authorisation for a second wave, shipments across both, and what is given back at the end: the provider's journal
// shows that each happened once, also where the process dies between the intent and the answer.
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import { dyingAt, type Step } from '../../test/dying-provider.ts';
import {
  newOrder,
  orderCancelled,
  orderPartiallyShipped,
  orderPlaced,
  reservationBroken,
  reservationReduced,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
  waveReserved,
} from '../../test/hearing.ts';

const PATIENCE = { timeout: 25_000, interval: 40 };

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(() => cards.stopAll());
afterAll(() => cards.close());

/** The first wave is authorised, worth 100.00; two units wait. */
async function halfOrder(token = 'tok_visa'): Promise<TestOrder> {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 15_000, `sealed:${token}`), waveReserved(order, 1, 10_000, 2));
  cards.dispatch();
  await cards.reaches(order, { status: 'AUTHORISED' });
  return order;
}

const FIRST = ['created 1 10000', 'authorised 1 10000'];
const SECOND = ['created 2 5000', 'authorised 2 5000'];

describe('a second wave', () => {
  it('has an authorisation of its own, for which the token was kept', async () => {
    const order = await halfOrder();
    expect(await cards.rowOf(order)).toMatchObject({ sealed: 'sealed:tok_visa' });
    await cards.hear(waveReserved(order, 2, 5_000));
    await cards.reaches(order, { status: 'AUTHORISED', authorised: 15_000, sealed: null });
    expect(await cards.journalOf(order)).toEqual([...FIRST, ...SECOND]);
    const keys = await cards.database.sql`
      SELECT provider_key FROM payment_calls WHERE order_id = ${order.orderId} ORDER BY instance`;
    expect(keys.map((row) => row.provider_key)).toEqual([
      `${order.orderId}:authorise:1:1`,
      `${order.orderId}:authorise:2:2`,
    ]);
  });

  it('is taken together with the first where a shipment fits neither', async () => {
    const order = await halfOrder();
    await cards.hear(waveReserved(order, 2, 5_000));
    await cards.reaches(order, { authorised: 15_000 });
    await cards.hear(shipmentConfirmed(order, 12_000));
    await cards.reaches(order, { status: 'PARTIALLY_CAPTURED', captured: 12_000 });
    await cards.hear(shipmentConfirmed(order, 3_000));
    await cards.reaches(order, { status: 'CAPTURED', captured: 15_000 });
    const taken = (await cards.journalOf(order)).slice(4).sort();
    expect(taken).toEqual(['captured 1 10000', 'captured 2 2000', 'captured 2 3000']);
    expect(await cards.saidOf(order)).toEqual([
      ...['PaymentAuthorised', 'PaymentAuthorised'],
      ...['PaymentCaptured', 'PaymentCaptured'],
    ]);
  });

  it('is declined by itself', async () => {
    const order = await halfOrder();
    await cards.database.sql`
      UPDATE payments SET sealed_card_token = 'sealed:tok_declined' WHERE order_id = ${order.orderId}`;
    await cards.hear(waveReserved(order, 2, 5_000));
    const declined = async () => {
      const said = await cards.database.sql`
        SELECT data FROM events WHERE stream_id = ${order.orderId} AND type = 'PaymentDeclined'`;
      return said.map((event) => event.data);
    };
    const why = { wave: 2, amountMinor: 5_000, reason: 'card_declined' };
    await expect.poll(declined, PATIENCE).toEqual([expect.objectContaining(why)]);
    const stands = { status: 'AUTHORISED', authorised: 10_000 };
    await cards.reaches(order, { ...stands, sealed: 'sealed:tok_declined' });
    await cards.hear(reservationReduced(order, 5_000));
    await cards.reaches(order, { ...stands, sealed: null });
  });

  it('is paid for from what broke of the first, once the token is gone', async () => {
    const order = newOrder(newId());
    await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
    cards.dispatch();
    await cards.reaches(order, { status: 'AUTHORISED', sealed: null });
    await cards.hear(reservationBroken(order, 4_000, 'BACKORDERED'), waveReserved(order, 2, 4_000));
    await cards.reaches(order, { status: 'AUTHORISED', authorised: 10_000 });
    await cards.hear(shipmentConfirmed(order, 10_000));
    await cards.reaches(order, { status: 'CAPTURED' });
    expect(await cards.journalOf(order)).toEqual([...FIRST, 'captured 1 10000']);
  });
});

describe('a provider in trouble', () => {
  afterEach(() => cards.simulator.setMode({ mode: 'none' }));

  it.each(['error-500', 'reset', 'forget-keys', 'error-429'])(
    'charges each wave once through %s',
    async (mode) => {
      const order = await halfOrder();
      // By this seed the first confirmation and the first capture meet it, and a later one.
      await cards.simulator.setMode({ mode, probability: 0.5, seed: 14_788 });
      await cards.hear(waveReserved(order, 2, 5_000));
      await cards.reaches(order, { authorised: 15_000 });
      await cards.hear(shipmentConfirmed(order, 12_000), reservationReduced(order, 3_000));
      await cards.reaches(order, { status: 'CAPTURED', captured: 12_000 });
      const moved = (journal: readonly string[]) =>
        journal.filter((line) => !line.startsWith('created')).sort();
      await expect
        .poll(async () => moved(await cards.journalOf(order)), PATIENCE)
        .toEqual([
          ...['authorised 1 10000', 'authorised 2 5000'],
          ...['captured 1 10000', 'captured 2 2000', 'voided 2 3000'],
        ]);
      expect(await cards.simulator.faultsMet(mode)).toBeGreaterThan(0);
    },
    60_000,
  );
});

describe('what is left at the end', () => {
  it('goes back to the card when all that left was taken', async () => {
    const order = await halfOrder();
    await cards.hear(shipmentConfirmed(order, 7_000));
    await cards.reaches(order, { captured: 7_000 });
    await cards.hear(reservationReduced(order, 3_000));
    await cards.reaches(order, {
      status: 'PARTIALLY_CAPTURED',
      authorised: 7_000,
      sealed: 'sealed:tok_visa',
    });
    expect(await cards.journalOf(order)).toEqual([...FIRST, 'captured 1 7000']);
    await cards.hear(reservationReduced(order, 0, 2));
    await expect
      .poll(() => cards.journalOf(order), PATIENCE)
      .toEqual([...FIRST, 'captured 1 7000', 'voided 1 3000']);
    await cards.reaches(order, { status: 'CAPTURED', captured: 7_000, sealed: null });
    expect(await cards.saidOf(order)).toEqual(['PaymentAuthorised', 'PaymentCaptured', 'PaymentReduced']);
  });

  it('goes back of a cancelled order only after what orders knows to have left is taken', async () => {
    const order = await halfOrder();
    await cards.hear(waveReserved(order, 2, 5_000, 1));
    await cards.reaches(order, { authorised: 15_000 });
    const shipmentId = newId();
    await cards.hear(orderPartiallyShipped(order, shipmentId), orderCancelled(order));
    await cards.hear(shipmentConfirmed(order, 10_000, shipmentId));
    await cards.reaches(order, { status: 'CAPTURED', captured: 10_000, authorised: 10_000 });
    await expect
      .poll(() => cards.journalOf(order), PATIENCE)
      .toEqual([...FIRST, ...SECOND, 'captured 1 10000', 'voided 2 5000']);
    await expect.poll(() => cards.saidOf(order), PATIENCE).toContain('PaymentVoided');
  });
});

describe('a process that dies', () => {
  const EVERYWHERE = (['create', 'confirm', 'capture', 'release'] as const).flatMap(
    (step): [Step, 'before' | 'after'][] => [
      [step, 'before'],
      [step, 'after'],
    ],
  );

  it.each(EVERYWHERE)('at %s of the second wave, %s the call, moves money once', async (step, when) => {
    const order = await halfOrder();
    const asks = step === 'create' || step === 'confirm';
    if (!asks) {
      await cards.hear(waveReserved(order, 2, 5_000));
      await cards.reaches(order, { authorised: 15_000 });
    }
    await cards.stopAll();
    const { deadly, died, revive } = dyingAt(cards.provider, step, when);
    cards.dispatch(deadly);
    if (asks) await cards.hear(waveReserved(order, 2, 5_000));
    // Fits the second wave alone once the first is taken; what ends it is a shipment or a cancellation.
    if (step === 'capture') await cards.hear(shipmentConfirmed(order, 15_000));
    if (step === 'release') await cards.hear(orderCancelled(order));
    await died;
    await cards.takeOver();
    const ends = { capture: { status: 'CAPTURED', captured: 15_000 }, release: { status: 'VOIDED' } };
    await cards.reaches(order, asks ? { authorised: 15_000 } : ends[step]);
    const last = {
      ...{ create: [], confirm: [] },
      capture: ['captured 1 10000', 'captured 2 5000'],
      release: ['voided 1 10000', 'voided 2 5000'],
    };
    const journal = await cards.journalOf(order);
    expect(journal.slice(0, 4)).toEqual([...FIRST, ...SECOND]);
    expect(journal.slice(4).sort()).toEqual(last[step]);
    const said = await cards.saidOf(order);
    revive();
    await cards.stopAll();
    expect(await cards.saidOf(order)).toEqual(said);
    expect((await cards.journalOf(order)).length).toBe(journal.length);
  });
});
