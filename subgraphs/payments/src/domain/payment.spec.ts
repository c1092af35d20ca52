import { describe, expect, it } from 'vitest';
import { evolve } from './evolve.ts';
import { initialPayment, type PaymentEvent } from './payment.ts';
import { exposureOf, statusOf } from './status.ts';

const order = { currencyCode: 'GBP', totalMinor: 12_000, sealedCardToken: null };
const onTerms: PaymentEvent = { type: 'OrderNoted', data: { ...order, method: 'TERMS' } };
const byCard: PaymentEvent = {
  type: 'OrderNoted',
  data: { ...order, method: 'CARD', sealedCardToken: 'sealed' },
};
const authorised: PaymentEvent = { type: 'PaymentAuthorised', data: { amountMinor: 10_000 } };
const requested: PaymentEvent = { type: 'CardAuthorisationRequested', data: {} };
const closed: PaymentEvent = { type: 'OrderClosed', data: {} };
const voided: PaymentEvent = { type: 'PaymentVoided', data: { amountMinor: 1 } };
const shipment: PaymentEvent = {
  type: 'ShipmentNoted',
  data: { shipmentId: 's', valueMinor: 4_000, currencyCode: 'GBP' },
};
const captured = (amountMinor: number): PaymentEvent => ({
  type: 'PaymentCaptured',
  data: { shipmentId: 's', amountMinor },
});

const after = (...events: PaymentEvent[]) => events.reduce(evolve, initialPayment);

describe('the status shown', () => {
  it.each([
    ['PENDING', [onTerms]],
    ['PENDING', [byCard, requested]],
    ['UNKNOWN', [byCard, requested, { type: 'OutcomeWentUnknown', data: {} }]],
    ['AUTHORISED', [onTerms, authorised]],
    [
      'AUTHORISED',
      [byCard, authorised, closed, { type: 'CardVoidRequested', data: { authorisedMinor: 10_000 } }],
    ],
    [
      'DECLINED',
      [onTerms, { type: 'PaymentDeclined', data: { amountMinor: 1, reason: 'CREDIT_LIMIT' } }, closed],
    ],
    ['PARTIALLY_CAPTURED', [onTerms, authorised, shipment, captured(4_000)]],
    ['CAPTURED', [onTerms, authorised, shipment, captured(10_000)]],
    ['CAPTURED', [onTerms, authorised, shipment, captured(4_000), closed, voided]],
    ['VOIDED', [closed, onTerms]],
    ['VOIDED', [onTerms, authorised, closed, voided]],
  ] satisfies [string, PaymentEvent[]][])('is %s', (status, events) => {
    expect(statusOf(after(...events))).toBe(status);
  });
});

describe('the weight on credit', () => {
  it.each([
    [0, [byCard, authorised]],
    [0, [onTerms]],
    [10_000, [onTerms, authorised]],
    [10_000, [onTerms, authorised, shipment, captured(4_000)]],
    [4_000, [onTerms, authorised, shipment, captured(4_000), closed, voided]],
    [0, [onTerms, authorised, closed, voided]],
    [11_000, [onTerms, authorised, shipment, captured(11_000)]],
  ] satisfies [number, PaymentEvent[]][])('is %d', (weight, events) => {
    expect(exposureOf(after(...events))).toBe(weight);
  });
});

describe('the sealed card token', () => {
  it('stays until the card was asked', () => {
    expect(after(byCard, requested).sealedCardToken).toBe('sealed');
  });

  it.each<[string, PaymentEvent[]]>([
    ['authorised', [byCard, requested, authorised]],
    [
      'declined',
      [byCard, requested, { type: 'PaymentDeclined', data: { amountMinor: 1, reason: 'card_declined' } }],
    ],
    ['closed', [byCard, requested, closed]],
    ['closed before it came', [closed, byCard]],
  ])('is gone once the payment is %s', (_when, events) => {
    expect(after(...events).sealedCardToken).toBeNull();
  });
});
