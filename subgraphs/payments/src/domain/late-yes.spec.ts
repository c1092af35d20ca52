// A card's yes that is heard of when the provider has let it die already.
import { specification } from '@crossdock/event-sourcing';
import { describe, it } from 'vitest';
import { paymentDecider } from './decide.ts';
import type { PaymentCommand, PaymentEvent } from './payment.ts';
import { RENEWAL_FIRST } from './wave.ts';

const given = specification(paymentDecider);
const NEW = RENEWAL_FIRST;
const DIED_AT = '2026-03-08T09:30:00.000Z';

const ordered: PaymentEvent[] = [
  {
    type: 'OrderNoted',
    data: { method: 'CARD', currencyCode: 'GBP', totalMinor: 10_000, sealedCardToken: 'sealed' },
  },
  { type: 'ReservationNoted', data: { reservedMinor: 10_000 } },
  { type: 'CardAuthorisationRequested', data: {} },
];
const noted: PaymentEvent = { type: 'ExpiryNoted', data: { expiresAt: DIED_AT } };
const authorised: PaymentEvent = { type: 'PaymentAuthorised', data: { amountMinor: 10_000 } };
const ended: PaymentEvent = { type: 'AuthorisationEnded', data: {} };
const closed: PaymentEvent = { type: 'OrderClosed', data: {} };
const shipped: PaymentEvent = {
  type: 'ShipmentNoted',
  data: { shipmentId: 's1', valueMinor: 10_000, currencyCode: 'GBP' },
};
const asked: PaymentEvent = { type: 'CardCaptureRequested', data: { shipmentId: 's1' } };
const standing = [...ordered, noted, authorised];
const renewing = (amountMinor: number, wave = NEW): PaymentEvent => ({
  type: 'RenewalRequested',
  data: { wave, renews: 1, amountMinor },
});

describe('an authorisation that had ended when it was heard of', () => {
  const recordEndedYes = (wave: number): PaymentCommand => ({
    type: 'RecordAuthorised',
    data: { wave, expiresAt: DIED_AT, ended: true },
  });

  it('is authorised, so that the order goes on, and asked for again', () => {
    given(...ordered)
      .when(recordEndedYes(1))
      .then(noted, authorised, ended, renewing(10_000));
  });

  it('holds nothing where it was to renew another, and the card is asked under the next number', () => {
    given(...standing, shipped, asked, ended, renewing(10_000))
      .when(recordEndedYes(NEW))
      .then({ type: 'NothingAuthorised', data: { wave: NEW } }, renewing(10_000, NEW + 1));
  });

  it('is left to the next look where it was to renew one that stands', () => {
    given(...standing, renewing(10_000))
      .when(recordEndedYes(NEW))
      .then({ type: 'NothingAuthorised', data: { wave: NEW } });
  });

  it('is nothing to a closed order', () => {
    given(...ordered, closed)
      .when(recordEndedYes(1))
      .then({ type: 'NothingAuthorised', data: {} });
  });
});
