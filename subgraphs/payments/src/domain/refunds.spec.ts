import { specification } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import { callsOf, providerKey, subjectOf } from './card-calls.ts';
import { paymentDecider } from './decide.ts';
import { evolve } from './evolve.ts';
import { initialPayment, type PaymentCommand, type PaymentEvent, type PaymentState } from './payment.ts';
import type { AskedPart } from './refund.ts';
import { decideRefund, type RefundRequest, refundStatusOf } from './refunds.ts';
import { exposureOf, statusOf } from './status.ts';

const given = specification(paymentDecider);

const order = { currencyCode: 'GBP', totalMinor: 12_000 };
const onTerms: PaymentEvent = {
  type: 'OrderNoted',
  data: { ...order, method: 'TERMS', sealedCardToken: null },
};
const byCard: PaymentEvent = {
  type: 'OrderNoted',
  data: { ...order, method: 'CARD', sealedCardToken: 'sealed' },
};
const closed: PaymentEvent = { type: 'OrderClosed', data: {} };
const reserved = (wave: number, reservedMinor: number): PaymentEvent => ({
  type: 'ReservationNoted',
  data: { ...(wave === 1 ? {} : { wave }), reservedMinor },
});
const authorised = (wave: number, amountMinor: number): PaymentEvent => ({
  type: 'PaymentAuthorised',
  data: { ...(wave === 1 ? {} : { wave }), amountMinor },
});
const shipped = (shipmentId: string, valueMinor: number): PaymentEvent => ({
  type: 'ShipmentNoted',
  data: { shipmentId, valueMinor, currencyCode: 'GBP' },
});
const asked = (shipmentId: string, ...amounts: [number, number][]): PaymentEvent => ({
  type: 'CardCaptureRequested',
  data: {
    shipmentId,
    parts: amounts.map(([wave, amountMinor]) => ({ wave, amountMinor, captured: false })),
  },
});
const captured = (shipmentId: string, amountMinor: number): PaymentEvent => ({
  type: 'PaymentCaptured',
  data: { shipmentId, amountMinor },
});
const part = (shipmentId: string, amountMinor: number, wave = 1): AskedPart => ({
  shipmentId,
  wave,
  amountMinor,
});
const of = (refundId: string, ...parts: AskedPart[]) => ({ refundId, reason: 'damaged', parts });
const requestRefund = (refundId: string, ...parts: AskedPart[]): PaymentCommand => ({
  type: 'RequestRefund',
  data: of(refundId, ...parts),
});
const refundAsked = (refundId: string, ...parts: AskedPart[]): PaymentEvent => ({
  type: 'CardRefundRequested',
  data: of(refundId, ...parts),
});
const refunded = (refundId: string, shipmentId: string, amountMinor: number): PaymentEvent => ({
  type: 'PaymentRefunded',
  data: { refundId, shipmentId, amountMinor, reason: 'damaged' },
});
const recordRefunded = (refundId: string, shipmentId: string, wave = 1): PaymentCommand => ({
  type: 'RecordRefunded',
  data: { refundId, shipmentId, wave },
});

/** Two shipments on terms, worth 40.00 and 60.00. */
const INVOICED = [
  ...[onTerms, reserved(1, 10_000), authorised(1, 10_000)],
  ...[shipped('s1', 4_000), captured('s1', 4_000), shipped('s2', 6_000), captured('s2', 6_000)],
];
/** By card: 40.00 from the first wave, then 110.00 from both. */
const TAKEN = [
  ...[byCard, reserved(1, 10_000), authorised(1, 10_000), reserved(2, 5_000), authorised(2, 5_000)],
  ...[shipped('s1', 4_000), asked('s1', [1, 4_000]), captured('s1', 4_000)],
  ...[shipped('s2', 11_000), asked('s2', [1, 6_000], [2, 5_000]), captured('s2', 11_000)],
];

const after = (...events: PaymentEvent[]): PaymentState => events.reduce(evolve, initialPayment);
const request = (amount: string | null, more: Partial<RefundRequest> = {}): RefundRequest => ({
  amount: amount === null ? null : { amount, currencyCode: 'GBP' },
  shipmentId: null,
  reason: 'damaged',
  ...more,
});
const granted = (...parts: AskedPart[]) => ({ type: 'granted', parts });

describe('what a refund takes back', () => {
  it('is of what left last, and goes on with what left before it', () => {
    const state = after(...INVOICED);
    expect(decideRefund(request('60.00'), state)).toEqual(granted(part('s2', 6_000)));
    expect(decideRefund(request('60.01'), state)).toEqual(granted(part('s2', 6_000), part('s1', 1)));
    expect(decideRefund(request(null), state)).toEqual(granted(part('s2', 6_000), part('s1', 4_000)));
  });

  it('is only of the shipment that is named', () => {
    const state = after(...INVOICED);
    expect(decideRefund(request('1', { shipmentId: 's1' }), state)).toEqual(granted(part('s1', 100)));
    expect(decideRefund(request(null, { shipmentId: 's1' }), state)).toEqual(granted(part('s1', 4_000)));
  });

  it('is taken of each authorisation up to what it gave', () => {
    const state = after(...TAKEN);
    expect(decideRefund(request('60.00'), state)).toEqual(granted(part('s2', 5_000, 2), part('s2', 1_000)));
    expect(decideRefund(request('150.00'), state)).toEqual(
      granted(part('s2', 5_000, 2), part('s2', 6_000), part('s1', 4_000)),
    );
  });

  it('leaves what others asked for before it, given back or not', () => {
    const before = after(...TAKEN, refundAsked('r1', part('s2', 5_000, 2), part('s2', 1_000)));
    expect(decideRefund(request(null), before)).toEqual(granted(part('s2', 5_000), part('s1', 4_000)));
    const half = after(...TAKEN, refundAsked('r1', part('s1', 4_000)), refunded('r1', 's1', 4_000));
    expect(decideRefund(request(null), half)).toEqual(granted(part('s2', 5_000, 2), part('s2', 6_000)));
  });

  it('is not of a capture that is only asked for, and of half a shipment what is taken', () => {
    const waits = [...TAKEN.slice(0, 8), shipped('s2', 11_000), asked('s2', [1, 6_000], [2, 5_000])];
    expect(decideRefund(request(null), after(...waits))).toEqual(granted(part('s1', 4_000)));
    const half: PaymentEvent = { type: 'PartCaptured', data: { shipmentId: 's2', wave: 1 } };
    expect(decideRefund(request(null), after(...waits, half))).toEqual(
      granted(part('s2', 6_000), part('s1', 4_000)),
    );
  });

  it('is the same of an order that was closed', () => {
    expect(decideRefund(request('10'), after(...INVOICED, closed))).toEqual(granted(part('s2', 1_000)));
  });
});

it('is given back in the currency of the payment though ISO 4217 withdrew it since', () => {
  const state = { ...after(...INVOICED), currencyCode: 'BGN' };
  const amount = { amount: '60.00', currencyCode: 'BGN' };
  expect(decideRefund(request(null, { amount }), state)).toEqual(granted(part('s2', 6_000)));
  expect(decideRefund(request(null, { amount }), after(...INVOICED))).toMatchObject({
    ...{ type: 'refused', refusal: { code: 'INVALID_INPUT' } },
  });
});

describe('a refund that is refused', () => {
  const all = after(...TAKEN, refundAsked('r1', part('s2', 5_000, 2), part('s2', 6_000), part('s1', 4_000)));
  const often = Array.from({ length: 100 }, (_, index) => refunded(`r${index}`, 's1', 1));
  const waiting = after(byCard, reserved(1, 10_000), authorised(1, 10_000), shipped('s1', 4_000));
  it.each<[string, string[], RefundRequest, PaymentState]>([
    ['INVALID_INPUT', ['reason'], request('1', { reason: ' ' }), after(...INVOICED)],
    ['INVALID_INPUT', ['reason'], request('1', { reason: 'x'.repeat(256) }), after(...INVOICED)],
    ['INVALID_INPUT', ['amount'], request('0.00'), after(...INVOICED)],
    ['INVALID_INPUT', ['amount'], request('-1.00'), after(...INVOICED)],
    ['INVALID_INPUT', ['amount'], request('1.001'), after(...INVOICED)],
    ['INVALID_INPUT', ['amount'], request('ten'), after(...INVOICED)],
    ['UNKNOWN_ORDER', ['orderId'], request(null), after(reserved(1, 10_000))],
    [
      'CURRENCY_MISMATCH',
      ['amount', 'currencyCode'],
      request(null, { amount: { amount: '1', currencyCode: 'EUR' } }),
      after(...INVOICED),
    ],
    ['UNKNOWN_SHIPMENT', ['shipmentId'], request(null, { shipmentId: 's9' }), after(...INVOICED)],
    ['PAYMENT_STATE', ['orderId'], request(null), waiting],
    ['PAYMENT_STATE', ['shipmentId'], request('1', { shipmentId: 's1' }), waiting],
    ['PAYMENT_STATE', ['orderId'], request(null), after(onTerms, shipped('s1', 0), captured('s1', 0))],
    ['PAYMENT_STATE', ['orderId'], request('0.01'), after(...INVOICED, ...often)],
    ['AMOUNT_EXCEEDS_CAPTURED', ['amount'], request('100.01'), after(...INVOICED)],
    ['AMOUNT_EXCEEDS_CAPTURED', ['amount'], request('40.01', { shipmentId: 's1' }), after(...INVOICED)],
    ['AMOUNT_EXCEEDS_CAPTURED', ['amount'], request('0.01'), all],
    ['AMOUNT_EXCEEDS_CAPTURED', ['amount'], request(null), all],
  ])('says %s at %j', (code, field, asks, payment) => {
    expect(decideRefund(asks, payment)).toMatchObject({ type: 'refused', refusal: { code, field } });
  });
});

describe('a refund on terms', () => {
  it('is a credit note for each shipment, done at once and once', () => {
    given(...INVOICED)
      .when(requestRefund('r1', part('s2', 6_000), part('s1', 1_000)))
      .then(refunded('r1', 's2', 6_000), refunded('r1', 's1', 1_000));
    given(...INVOICED, refunded('r1', 's2', 6_000))
      .when(requestRefund('r1', part('s2', 6_000)))
      .then();
    given(...INVOICED)
      .when(requestRefund('r1'))
      .then();
  });

  it('lets the exposure fall, whatever else the order still has reserved', () => {
    const open = INVOICED.slice(0, 5);
    expect(exposureOf(after(...open))).toBe(10_000);
    expect(exposureOf(after(...open, refunded('r1', 's1', 1_000)))).toBe(9_000);
    const over = [...open, closed, { type: 'PaymentVoided', data: { amountMinor: 6_000 } }] as const;
    expect(exposureOf(after(...over, refunded('r1', 's1', 1_000)))).toBe(3_000);
    expect(exposureOf(after(...INVOICED, refunded('r1', 's2', 6_000), refunded('r1', 's1', 4_000)))).toBe(0);
  });
});

describe('a refund by card', () => {
  const ALL = [part('s2', 5_000, 2), part('s2', 6_000), part('s1', 4_000)];
  const askedAll = [...TAKEN, refundAsked('r1', ...ALL)];

  it('asks the provider for each part, once', () => {
    given(...TAKEN)
      .when(requestRefund('r1', ...ALL))
      .then(refundAsked('r1', ...ALL));
    given(...askedAll)
      .when(requestRefund('r1', ...ALL))
      .then();
    const calls = callsOf('o', [refundAsked('r1', ...ALL)]);
    expect(calls).toEqual([
      { orderId: 'o', operation: 'refund', instance: 'r1/s2/2' },
      { orderId: 'o', operation: 'refund', instance: 'r1/s2' },
      { orderId: 'o', operation: 'refund', instance: 'r1/s1' },
    ]);
    expect(calls.map(subjectOf)).toEqual([
      { refundId: 'r1', shipmentId: 's2', wave: 2 },
      { refundId: 'r1', shipmentId: 's2', wave: 1 },
      { refundId: 'r1', shipmentId: 's1', wave: 1 },
    ]);
    expect(calls.map(providerKey)).toEqual([
      ...['o:refund:2:r1/s2/2', 'o:refund:1:r1/s2', 'o:refund:1:r1/s1'],
    ]);
  });

  it('is said of a shipment when all of its parts are given back', () => {
    const first: PaymentEvent = {
      type: 'RefundPartDone',
      data: { refundId: 'r1', shipmentId: 's2', wave: 1 },
    };
    given(...askedAll)
      .when(recordRefunded('r1', 's2'))
      .then(first);
    given(...askedAll, first)
      .when(recordRefunded('r1', 's2'))
      .then();
    given(...askedAll, first)
      .when(recordRefunded('r1', 's2', 2))
      .then(refunded('r1', 's2', 11_000));
    given(...askedAll, first, refunded('r1', 's2', 11_000))
      .when(recordRefunded('r1', 's2', 2))
      .then();
    given(...askedAll)
      .when(recordRefunded('r2', 's2'))
      .then();
  });

  it('ends the search for an outcome that was unknown', () => {
    given(...askedAll, { type: 'OutcomeWentUnknown', data: {} })
      .when(recordRefunded('r1', 's1'))
      .then({ type: 'OutcomeFoundOut', data: {} }, refunded('r1', 's1', 4_000));
  });

  it('weighs on no credit, and leaves what was taken as it was', () => {
    const state = after(...askedAll, refunded('r1', 's1', 4_000));
    expect([exposureOf(state), state.capturedMinor, state.refundedMinor]).toEqual([0, 15_000, 4_000]);
  });

  it('is on its way, waits for a person, or is done', () => {
    const statusAfter = (held: string[], ...events: PaymentEvent[]) =>
      after(...askedAll, ...events).refunds.map((each) => refundStatusOf(each, new Set(held)));
    expect(statusAfter([])).toEqual(['REQUESTED']);
    expect(statusAfter(['r1/s2/2'])).toEqual(['HELD']);
    expect(statusAfter(['r2/s2/2', 's2/2'])).toEqual(['REQUESTED']);
    const [s1, s2] = [refunded('r1', 's1', 4_000), refunded('r1', 's2', 11_000)];
    expect(statusAfter(['r1/s1'], s1)).toEqual(['REQUESTED']);
    expect(statusAfter([], s1, s2)).toEqual(['DONE']);
  });
});

describe('the status shown', () => {
  const part1 = [...TAKEN.slice(0, 8)];
  it.each<[string, PaymentEvent[]]>([
    ['CAPTURED', [...TAKEN, refundAsked('r1', part('s1', 4_000))]],
    ['PARTIALLY_REFUNDED', [...TAKEN, refunded('r1', 's1', 4_000)]],
    ['REFUNDED', [...TAKEN, refunded('r1', 's1', 4_000), refunded('r1', 's2', 11_000)]],
    ['PARTIALLY_CAPTURED', part1],
    ['PARTIALLY_REFUNDED', [...part1, refunded('r1', 's1', 4_000)]],
    ['UNKNOWN', [...TAKEN, refunded('r1', 's1', 4_000), { type: 'OutcomeWentUnknown', data: {} }]],
    ['REFUNDED', [...INVOICED, closed, refunded('r1', 's1', 4_000), refunded('r2', 's2', 6_000)]],
  ])('is %s', (status, events) => {
    expect(statusOf(after(...events))).toBe(status);
  });
});
