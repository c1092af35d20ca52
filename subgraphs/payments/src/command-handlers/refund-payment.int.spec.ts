// What the ERP may ask to be given back, and what becomes of it: booked, counted against the rest, and never asked twice.
import { newId } from '@crossdock/event-store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cards, openCards } from '../../test/card-fixture.ts';
import {
  newOrder,
  orderCancelled,
  orderPlaced,
  shipmentConfirmed,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import {
  givenBack,
  refund,
  refundCallsOf,
  refundsOf,
  takenOrder,
  toldOf,
  wavedOrder,
} from '../../test/refund-fixture.ts';

let cards: Cards;

beforeAll(async () => {
  cards = await openCards();
});

afterEach(() => cards.stopAll());
afterAll(() => cards.close());

async function entriesOf({ orderId, partnerId }: TestOrder): Promise<string[]> {
  const rows = await cards.database.sql<{ entry: string }[]>`
    SELECT kind || ' ' || debit_account || ' > ' || credit_account || ' ' || amount_minor AS entry
    FROM ledger_entries WHERE order_id = ${orderId} ORDER BY kind DESC, amount_minor`;
  return rows.map(({ entry }) => entry.replaceAll(partnerId, 'partner'));
}

/** 100.00 invoiced on terms. */
async function invoicedOrder(): Promise<TestOrder> {
  const order = newOrder(newId());
  await cards.hear(orderPlaced(order, 10_000), shipmentConfirmed(order, 10_000));
  await cards.reaches(order, { status: 'CAPTURED', captured: 10_000 });
  return order;
}

async function exposureOf({ partnerId }: TestOrder): Promise<unknown> {
  const [row] = await cards.database.sql`
    SELECT exposure_minor::float8 AS exposure FROM credit_accounts WHERE partner_id = ${partnerId}`;
  return row?.exposure;
}

describe('a refund by card', () => {
  it('goes back part by part to the authorisations it was taken from, and is booked by part', async () => {
    const [both, last] = [newId(), newId()];
    const order = await wavedOrder(cards, both, last);
    const asked = await refund(cards, order, { amount: '140.00' });
    expect(asked).toMatchObject({ verdict: 'NEW', orderId: order.orderId });
    expect(await refundsOf(cards, order)).toEqual(['REQUESTED 14000 damaged']);
    cards.dispatch();
    await cards.reaches(order, { status: 'PARTIALLY_REFUNDED', captured: 15_000, refunded: 14_000 });
    expect(await givenBack(cards, order)).toEqual(['refunded 1 9000', 'refunded 2 2000', 'refunded 2 3000']);
    expect(await refundsOf(cards, order)).toEqual(['DONE 14000 damaged']);
    const told = (await toldOf(cards, order)).map(({ shipmentId, amountMinor, reason, method }) => ({
      ...{ shipmentId, amountMinor, reason, method },
    }));
    const as = { reason: 'damaged', method: 'CARD' };
    expect(told.toSorted((a, b) => a.amountMinor - b.amountMinor)).toEqual([
      { shipmentId: last, amountMinor: 3_000, ...as },
      { shipmentId: both, amountMinor: 11_000, ...as },
    ]);
    expect(await entriesOf(order)).toEqual([
      ...['SALE card_clearing/partner > sales 2000', 'SALE card_clearing/partner > sales 3000'],
      'SALE card_clearing/partner > sales 10000',
      ...['REFUND sales > card_clearing/partner 2000', 'REFUND sales > card_clearing/partner 3000'],
      'REFUND sales > card_clearing/partner 9000',
    ]);
    expect(await refund(cards, order, { amount: '10.01' })).toMatchObject({
      verdict: 'REFUSED',
      refusal: { code: 'AMOUNT_EXCEEDS_CAPTURED' },
    });
    // A cancelled order was taken for what left all the same; its rest is given back like any other.
    await cards.hear(orderCancelled(order));
    await refund(cards, order, { shipmentId: both.toUpperCase() });
    cards.dispatch();
    await cards.reaches(order, { status: 'REFUNDED', refunded: 15_000 });
    expect((await givenBack(cards, order)).length).toBe(4);
  });

  it('is refused while a capture is only asked for', async () => {
    const order = newOrder(newId());
    const shipmentId = newId();
    await cards.hear(orderPlaced(order, 10_000, 'sealed:tok_visa'), stockReserved(order, 10_000));
    cards.dispatch();
    await cards.reaches(order, { status: 'AUTHORISED' });
    await cards.stopAll();
    await cards.hear(shipmentConfirmed(order, 10_000, shipmentId));
    for (const asked of [{}, { shipmentId }])
      expect(await refund(cards, order, asked)).toMatchObject({ refusal: { code: 'PAYMENT_STATE' } });
    cards.dispatch();
    await cards.reaches(order, { status: 'CAPTURED' });
    expect(await refund(cards, order)).toMatchObject({ verdict: 'NEW' });
    await cards.reaches(order, { status: 'REFUNDED' });
  });
});

describe('a refund on terms', () => {
  it('is a credit note at once, and lets receivable and exposure fall', async () => {
    const order = await invoicedOrder();
    expect(await exposureOf(order)).toBe(10_000);
    await refund(cards, order, { amount: '25.00' });
    expect(await refundsOf(cards, order)).toEqual(['DONE 2500 damaged']);
    expect(await cards.rowOf(order)).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: 2_500 });
    expect([await exposureOf(order), await refundCallsOf(cards, order)]).toEqual([7_500, []]);
    expect(await entriesOf(order)).toEqual([
      'SALE receivable/partner > sales 10000',
      'REFUND sales > receivable/partner 2500',
    ]);
    const [event] = await cards.database.sql`
      SELECT metadata ->> 'actor' AS actor FROM events WHERE stream_id = ${order.orderId} AND type = 'PaymentRefunded'`;
    expect(event?.actor).toBe('erp');
  });

  it('lets the exposure fall below zero where the partner has paid', async () => {
    const order = await invoicedOrder();
    await cards.database.sql`
      UPDATE credit_accounts SET exposure_minor = exposure_minor - 10000 WHERE partner_id = ${order.partnerId}`;
    await refund(cards, order);
    expect(await exposureOf(order)).toBe(-10_000);
    expect(await cards.rowOf(order)).toMatchObject({ status: 'REFUNDED', refunded: 10_000 });
  });
});

describe('the same request again', () => {
  it('is answered with the same refund, also many at once, and the key takes nothing else', async () => {
    const order = await takenOrder(cards);
    const asked = { amount: '60.00', key: newId() };
    const answers = await Promise.all(Array.from({ length: 6 }, () => refund(cards, order, asked)));
    expect(answers.map(({ verdict }) => verdict).toSorted()).toEqual(['NEW', ...Array(5).fill('REPLAYED')]);
    expect(new Set(answers.map((each) => 'refundId' in each && each.refundId)).size).toBe(1);
    cards.dispatch();
    await cards.reaches(order, { status: 'PARTIALLY_REFUNDED' });
    expect(await refund(cards, order, asked)).toEqual({ ...answers[0], verdict: 'REPLAYED' });
    expect(await refund(cards, order, { ...asked, amount: '1.00' })).toEqual({ verdict: 'KEY_REUSED' });
    expect(await refundsOf(cards, order)).toEqual(['DONE 6000 damaged']);
    expect(await givenBack(cards, order)).toEqual(['refunded 1 6000']);
  });

  it('is free to be asked again where it was refused', async () => {
    const order = await takenOrder(cards);
    const key = newId();
    expect(await refund(cards, order, { amount: '100.01', key })).toMatchObject({ verdict: 'REFUSED' });
    expect(await refund(cards, order, { amount: '100.00', key })).toMatchObject({ verdict: 'NEW' });
  });

  it('shares what was taken among requests that come at once', async () => {
    const order = await takenOrder(cards);
    const answers = await Promise.all(
      Array.from({ length: 24 }, () => refund(cards, order, { amount: '5.00' })),
    );
    const codes = answers.map((each) => ('refusal' in each ? each.refusal.code : each.verdict));
    expect(codes.toSorted()).toEqual([...Array(4).fill('AMOUNT_EXCEEDS_CAPTURED'), ...Array(20).fill('NEW')]);
    cards.dispatch();
    await cards.reaches(order, { status: 'REFUNDED', refunded: 10_000 });
    expect(await givenBack(cards, order)).toEqual(Array(20).fill('refunded 1 500'));
  });
});
