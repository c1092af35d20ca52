// An order may be cancelled whole once all that is left of it waits: what left before is still paid for.
import { specification } from '@crossdock/event-sourcing';
import { describe, it } from 'vitest';
import { paymentDecider } from './decide.ts';
import type { PaymentCommand, PaymentEvent } from './payment.ts';

const given = specification(paymentDecider);

const order = { currencyCode: 'GBP', totalMinor: 15_000, sealedCardToken: null };
const onTerms: PaymentEvent = { type: 'OrderNoted', data: { ...order, method: 'TERMS' } };
const byCard: PaymentEvent = {
  type: 'OrderNoted',
  data: { ...order, method: 'CARD', sealedCardToken: 'sealed' },
};
const first: PaymentEvent = { type: 'ReservationNoted', data: { reservedMinor: 10_000 } };
const second: PaymentEvent = { type: 'ReservationNoted', data: { wave: 2, reservedMinor: 5_000 } };
const authorised: PaymentEvent = { type: 'PaymentAuthorised', data: { amountMinor: 10_000 } };
const requested: PaymentEvent = { type: 'CardAuthorisationRequested', data: {} };
const requestedAgain: PaymentEvent = { type: 'CardAuthorisationRequested', data: { wave: 2 } };
const closed: PaymentEvent = { type: 'OrderClosed', data: {} };
const waiting = (units: number, version: number): PaymentEvent => ({
  type: 'WaitingNoted',
  data: { units, version },
});
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
const expectShipment: PaymentCommand = { type: 'ExpectShipment', data: { shipmentId: 's1' } };
const noteShipment = (shipmentId: string, valueMinor: number): PaymentCommand => ({
  type: 'NoteShipment',
  data: { shipmentId, valueMinor, currencyCode: 'GBP' },
});
const close: PaymentCommand = { type: 'CloseOrder', data: {} };
const recordAuthorised = (wave: number): PaymentCommand => ({ type: 'RecordAuthorised', data: { wave } });
const recordCaptured = (shipmentId: string, wave: number): PaymentCommand => ({
  type: 'RecordCaptured',
  data: { shipmentId, wave },
});

describe('an order that was cancelled while its rest waits', () => {
  const held = [byCard, first, waiting(4, 1), requested, authorised];
  const expected: PaymentEvent = { type: 'ShipmentExpected', data: { shipmentId: 's1' } };

  it('keeps the authorisation for what orders knows to have left', () => {
    given(...held)
      .when(expectShipment)
      .then(expected);
    given(...held, expected)
      .when(close)
      .then(closed);
    given(...held, expected, closed)
      .when(noteShipment('s1', 10_000))
      .then(shipped('s1', 10_000), captureRequested('s1'));
    given(...held, expected, closed, shipped('s1', 9_000), captureRequested('s1'))
      .when(recordCaptured('s1', 1))
      .then(captured('s1', 9_000), { type: 'CardVoidRequested', data: { authorisedMinor: 10_000 } });
  });

  it('keeps the credit likewise, and expects nothing that is known', () => {
    given(onTerms, first, authorised, expected).when(close).then(closed);
    given(onTerms, first, authorised, expected, closed)
      .when(noteShipment('s1', 9_000))
      .then(shipped('s1', 9_000), captured('s1', 9_000), {
        type: 'PaymentVoided',
        data: { amountMinor: 1_000 },
      });
    given(...held, shipped('s1', 4_000), captureRequested('s1'))
      .when(expectShipment)
      .then();
    given(onTerms, first, authorised, expected).when(expectShipment).then();
  });

  it('gives a wave back whose answer comes late', () => {
    given(...held, second, waiting(0, 2), requestedAgain, closed)
      .when(recordAuthorised(2))
      .then(
        { type: 'CardVoidRequested', data: { wave: 2, authorisedMinor: 5_000 } },
        { type: 'CardVoidRequested', data: { authorisedMinor: 10_000 } },
      );
  });
});
