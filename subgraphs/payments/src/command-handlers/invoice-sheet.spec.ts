import { describe, expect, it } from 'vitest';
import { bookingOf } from '../domain/bookings.ts';
import { evolve } from '../domain/evolve.ts';
import { initialPayment, type PaymentEvent, type PaymentMethod } from '../domain/payment.ts';
import { openInvoiceSheet } from './invoice-sheet.ts';

const [orderId, partnerId, shipmentId] = ['o', 'p', 's'];
const LINES = [{ sku: 'MUG', quantity: 1, unitPriceMinor: 1_000 }];
const noted: PaymentEvent = {
  type: 'ShipmentNoted',
  data: { shipmentId, valueMinor: 1_000, currencyCode: 'GBP' },
};
const asked: PaymentEvent = { type: 'CardCaptureRequested', data: { shipmentId } };
const captured: PaymentEvent = { type: 'PaymentCaptured', data: { shipmentId, amountMinor: 1_000 } };
const refunded = (refundId: string, amountMinor: number): PaymentEvent => ({
  type: 'PaymentRefunded',
  data: { refundId, shipmentId, amountMinor, reason: 'broken' },
});

/** What a sheet makes of events that follow others. */
function writesOf(method: PaymentMethod | null, before: readonly PaymentEvent[], ...events: PaymentEvent[]) {
  const sheet = openInvoiceSheet();
  sheet.tellLines(shipmentId, LINES);
  const order = { currencyCode: 'GBP', totalMinor: 1_000, sealedCardToken: null };
  let state = method === null ? initialPayment : { ...initialPayment, ...order, method };
  state = before.reduce(evolve, state);
  for (const event of events) {
    const booking = bookingOf(state, event);
    state = evolve(state, event);
    sheet.follow(event, { orderId, partnerId, state }, booking);
  }
  return sheet.writes();
}

const write = {
  ...{ shipmentId, orderId, partnerId, currencyCode: 'GBP', totalMinor: 1_000 },
  ...{ lines: null, issue: null, paidMinor: 0, creditedMinor: 0 },
};
const [TERMS, CARD] = [{ method: 'TERMS' }, { method: 'CARD' }];

describe('what events make of an invoice', () => {
  it('is one entry of a shipment, however many of them a batch has', () => {
    expect(writesOf('TERMS', [], noted, captured)).toEqual([{ ...write, lines: LINES, issue: TERMS }]);
    expect(writesOf('CARD', [], noted, asked)).toEqual([{ ...write, lines: LINES, issue: CARD }]);
    expect(writesOf('CARD', [], noted, asked, captured)).toEqual([
      { ...write, lines: LINES, issue: CARD, paidMinor: 1_000 },
    ]);
  });

  it('is only lines while the order is not known', () => {
    expect(writesOf(null, [], noted)).toEqual([{ ...write, lines: LINES }]);
  });

  it('leaves the lines alone that stand already', () => {
    expect(writesOf('CARD', [noted], asked)).toEqual([{ ...write, issue: CARD }]);
    expect(writesOf('CARD', [noted, asked], captured)).toEqual([{ ...write, issue: CARD, paidMinor: 1_000 }]);
  });

  it('adds up what is credited', () => {
    expect(writesOf('TERMS', [noted, captured], refunded('r1', 300), refunded('r2', 200))).toEqual([
      { ...write, creditedMinor: 500 },
    ]);
  });

  it('is nothing for what is about no shipment', () => {
    expect(writesOf('TERMS', [], { type: 'PaymentAuthorised', data: { amountMinor: 1_000 } })).toEqual([]);
  });
});
