import { specification } from '@crossdock/event-sourcing';
import { describe, it } from 'vitest';
import type { CreditAccount } from './credit.ts';
import { paymentDecider } from './decide.ts';
import type { PaymentCommand, PaymentEvent } from './payment.ts';

const given = specification(paymentDecider);

const order = { currencyCode: 'GBP', totalMinor: 12_000, sealedCardToken: null };
const onTerms: PaymentEvent = { type: 'OrderNoted', data: { ...order, method: 'TERMS' } };
const byCard: PaymentEvent = {
  type: 'OrderNoted',
  data: { ...order, method: 'CARD', sealedCardToken: 'sealed' },
};
const reserved: PaymentEvent = { type: 'ReservationNoted', data: { reservedMinor: 10_000 } };
const authorised: PaymentEvent = { type: 'PaymentAuthorised', data: { amountMinor: 10_000 } };
const requested: PaymentEvent = { type: 'CardAuthorisationRequested', data: {} };
const closed: PaymentEvent = { type: 'OrderClosed', data: {} };
const unknown: PaymentEvent = { type: 'OutcomeWentUnknown', data: {} };
const foundOut: PaymentEvent = { type: 'OutcomeFoundOut', data: {} };
const nothing: PaymentEvent = { type: 'NothingAuthorised', data: {} };
const voidRequested: PaymentEvent = { type: 'CardVoidRequested', data: { authorisedMinor: 10_000 } };
const shipped = (shipmentId: string, valueMinor: number): PaymentEvent => ({
  type: 'ShipmentNoted',
  data: { shipmentId, valueMinor, currencyCode: 'GBP' },
});
const captured = (shipmentId: string, amountMinor: number): PaymentEvent => ({
  type: 'PaymentCaptured',
  data: { shipmentId, amountMinor },
});
const captureRequested = (shipmentId: string): PaymentEvent => ({
  type: 'CardCaptureRequested',
  data: { shipmentId },
});
const declined = (reason: string): PaymentEvent => ({
  type: 'PaymentDeclined',
  data: { amountMinor: 10_000, reason },
});

const account = (limitMinor: number, exposureMinor = 0): CreditAccount => ({
  currencyCode: 'GBP',
  limitMinor,
  exposureMinor,
  limitSet: true,
});
const noteOrder = (method: 'TERMS' | 'CARD', credit: CreditAccount | null = null): PaymentCommand => ({
  type: 'NoteOrder',
  data: { ...order, method, sealedCardToken: method === 'CARD' ? 'sealed' : null, credit },
});
const noteReservation = (credit: CreditAccount | null = null, reservedMinor = 10_000): PaymentCommand => ({
  type: 'NoteReservation',
  data: { wave: 1, reservedMinor, waiting: { units: 0, version: 1 }, credit },
});
const noteShipment = (shipmentId: string, valueMinor: number): PaymentCommand => ({
  type: 'NoteShipment',
  data: { shipmentId, valueMinor, currencyCode: 'GBP' },
});
const close: PaymentCommand = { type: 'CloseOrder', data: {} };
const recordAuthorised: PaymentCommand = { type: 'RecordAuthorised', data: { wave: 1 } };
const recordDeclined: PaymentCommand = { type: 'RecordDeclined', data: { wave: 1, reason: 'card_declined' } };
const recordNothing: PaymentCommand = { type: 'RecordNothingAuthorised', data: { wave: 1 } };
const recordVoided: PaymentCommand = { type: 'RecordVoided', data: { wave: 1 } };
const recordUnknown: PaymentCommand = { type: 'RecordOutcomeUnknown', data: {} };
const recordCaptured = (shipmentId: string): PaymentCommand => ({
  type: 'RecordCaptured',
  data: { wave: 1, shipmentId },
});

describe('on terms', () => {
  it('waits for both facts, whichever comes first', () => {
    given().when(noteOrder('TERMS')).then(onTerms);
    given().when(noteReservation()).then(reserved);
    given(onTerms)
      .when(noteReservation(account(10_000)))
      .then(reserved, authorised);
    given(reserved)
      .when(noteOrder('TERMS', account(10_000)))
      .then(onTerms, authorised);
  });

  it('reserves up to the limit and not beyond', () => {
    given(onTerms)
      .when(noteReservation(account(15_000, 5_000)))
      .then(reserved, authorised);
    given(onTerms)
      .when(noteReservation(account(15_000, 5_001)))
      .then(reserved, declined('CREDIT_LIMIT'));
    given(onTerms)
      .when(noteReservation(account(4_000, 9_000)))
      .then(reserved, declined('CREDIT_LIMIT'));
  });

  it('declines without an account, without a limit, and in another currency', () => {
    given(onTerms).when(noteReservation(null)).then(reserved, declined('NO_CREDIT_ACCOUNT'));
    const never = { ...account(0), limitSet: false };
    given(onTerms).when(noteReservation(never)).then(reserved, declined('NO_CREDIT_ACCOUNT'));
    const euros = { ...account(99_999), currencyCode: 'EUR' };
    given(onTerms).when(noteReservation(euros)).then(reserved, declined('NO_CREDIT_ACCOUNT'));
  });

  it('needs no credit for nothing', () => {
    const none: PaymentEvent = { type: 'ReservationNoted', data: { reservedMinor: 0 } };
    given(onTerms)
      .when(noteReservation(null, 0))
      .then(none, { type: 'PaymentAuthorised', data: { amountMinor: 0 } });
  });

  it('invoices each shipment once', () => {
    given(onTerms, reserved, authorised)
      .when(noteShipment('s1', 4_000))
      .then(shipped('s1', 4_000), captured('s1', 4_000));
    given(onTerms, reserved, authorised, shipped('s1', 4_000), captured('s1', 4_000))
      .when(noteShipment('s1', 4_000))
      .then();
  });

  it('invoices goods that left, whatever the state', () => {
    given(onTerms, closed).when(noteShipment('s1', 4_000)).then(shipped('s1', 4_000), captured('s1', 4_000));
    given(shipped('s1', 4_000)).when(noteOrder('TERMS')).then(onTerms, captured('s1', 4_000));
    given(onTerms, reserved, declined('CREDIT_LIMIT'))
      .when(noteShipment('s1', 1))
      .then(shipped('s1', 1), captured('s1', 1));
  });

  it('asks credit only for what is not owed already', () => {
    given(onTerms, shipped('s1', 4_000), captured('s1', 4_000))
      .when(noteReservation(account(10_000, 4_000)))
      .then(reserved, authorised);
  });

  it('gives credit back when the order is rejected, less what was shipped', () => {
    given(onTerms, reserved, authorised)
      .when(close)
      .then(closed, { type: 'PaymentVoided', data: { amountMinor: 10_000 } });
    given(onTerms, reserved, authorised, shipped('s1', 4_000), captured('s1', 4_000))
      .when(close)
      .then(closed, { type: 'PaymentVoided', data: { amountMinor: 6_000 } });
  });

  it('reserves nothing for an order that is closed already', () => {
    given(closed, onTerms)
      .when(noteReservation(account(99_999)))
      .then(reserved);
    given(closed).when(close).then();
    given(onTerms, reserved, declined('CREDIT_LIMIT')).when(close).then(closed);
  });

  it('hears each fact once', () => {
    given(onTerms).when(noteOrder('TERMS')).then();
    given(reserved).when(noteReservation()).then();
  });
});

describe('by card', () => {
  it('asks the provider when both facts are known', () => {
    given(byCard).when(noteReservation()).then(reserved, requested);
    given(reserved).when(noteOrder('CARD')).then(byCard, requested);
  });

  it('asks nobody for nothing', () => {
    const none: PaymentEvent = { type: 'ReservationNoted', data: { reservedMinor: 0 } };
    given(byCard)
      .when(noteReservation(null, 0))
      .then(none, { type: 'PaymentAuthorised', data: { amountMinor: 0 } });
  });

  it("says the provider's answer once", () => {
    given(byCard, reserved, requested).when(recordAuthorised).then(authorised);
    given(byCard, reserved, requested, authorised).when(recordAuthorised).then();
    given(byCard, reserved, requested).when(recordDeclined).then(declined('card_declined'));
    given(byCard, reserved, requested, authorised).when(recordDeclined).then();
  });

  it('keeps the first id a provider gave', () => {
    const stored: PaymentEvent = {
      type: 'ProviderIdStored',
      data: { provider: 'simulator', providerAuthorisationId: 'auth_1' },
    };
    const store = (providerAuthorisationId: string): PaymentCommand => ({
      type: 'StoreProviderId',
      data: { wave: 1, provider: 'simulator', providerAuthorisationId },
    });
    given(byCard, reserved, requested).when(store('auth_1')).then(stored);
    given(byCard, reserved, requested, stored).when(store('auth_2')).then();
  });

  it('voids what was authorised for an order that closed meanwhile', () => {
    given(byCard, reserved, requested, closed).when(recordAuthorised).then(voidRequested);
    given(byCard, reserved, requested, closed).when(recordDeclined).then(nothing);
    given(byCard, reserved, requested, closed).when(recordNothing).then(nothing);
    given(byCard, reserved, requested, closed, nothing).when(recordNothing).then();
  });

  it('voids when the order is rejected', () => {
    given(byCard, reserved, requested, authorised).when(close).then(closed, voidRequested);
    const voided: PaymentEvent = { type: 'PaymentVoided', data: { amountMinor: 10_000 } };
    given(byCard, reserved, requested, authorised, closed, voidRequested).when(recordVoided).then(voided);
    given(byCard, reserved, requested, authorised, closed, voidRequested, voided).when(recordVoided).then();
  });

  it('captures each shipment, and says so when the provider did', () => {
    const held = [byCard, reserved, requested, authorised];
    given(...held)
      .when(noteShipment('s1', 4_000))
      .then(shipped('s1', 4_000), captureRequested('s1'));
    given(...held, shipped('s1', 4_000), captureRequested('s1'))
      .when(recordCaptured('s1'))
      .then(captured('s1', 4_000));
    given(...held, shipped('s1', 4_000), captureRequested('s1'), captured('s1', 4_000))
      .when(recordCaptured('s1'))
      .then();
    given(...held)
      .when(recordCaptured('s9'))
      .then();
  });

  it('captures what was shipped before the answer came, and nothing for free goods', () => {
    given(byCard, reserved, requested, shipped('s1', 4_000))
      .when(recordAuthorised)
      .then(authorised, captureRequested('s1'));
    given(byCard, reserved, requested, authorised)
      .when(noteShipment('s1', 0))
      .then(shipped('s1', 0), captured('s1', 0));
  });

  it('voids the rest only after a running capture', () => {
    const held = [byCard, reserved, requested, authorised, shipped('s1', 4_000), captureRequested('s1')];
    given(...held)
      .when(close)
      .then(closed);
    given(...held, closed)
      .when(recordCaptured('s1'))
      .then(captured('s1', 4_000), voidRequested);
  });

  it('remembers that an outcome is unknown until the answer is found', () => {
    given(byCard, reserved, requested).when(recordUnknown).then(unknown);
    given(byCard, reserved, requested, unknown).when(recordUnknown).then();
    given(byCard, reserved, requested, unknown).when(recordAuthorised).then(foundOut, authorised);
  });
});
