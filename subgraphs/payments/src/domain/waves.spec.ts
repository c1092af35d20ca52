// What comes after an order's first reservation, and what is given back or lost of any.
import { specification } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import { callsOf, providerKey } from './card-calls.ts';
import type { CreditAccount } from './credit.ts';
import { paymentDecider } from './decide.ts';
import { evolve } from './evolve.ts';
import { initialPayment, type PaymentCommand, type PaymentEvent } from './payment.ts';
import { authorisedMinor, exposureOf, statusOf } from './status.ts';

const given = specification(paymentDecider);
const after = (...events: PaymentEvent[]) => events.reduce(evolve, initialPayment);

const order = { currencyCode: 'GBP', totalMinor: 15_000, sealedCardToken: null };
const onTerms: PaymentEvent = { type: 'OrderNoted', data: { ...order, method: 'TERMS' } };
const byCard: PaymentEvent = {
  type: 'OrderNoted',
  data: { ...order, method: 'CARD', sealedCardToken: 'sealed' },
};
const first: PaymentEvent = { type: 'ReservationNoted', data: { reservedMinor: 10_000 } };
const second: PaymentEvent = { type: 'ReservationNoted', data: { wave: 2, reservedMinor: 5_000 } };
const authorised: PaymentEvent = { type: 'PaymentAuthorised', data: { amountMinor: 10_000 } };
const authorisedAgain: PaymentEvent = { type: 'PaymentAuthorised', data: { wave: 2, amountMinor: 5_000 } };
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
const noted = (version: number, valueMinor: number, cause = 'cancelled'): PaymentEvent => ({
  type: 'ReductionNoted',
  data: { version, valueMinor, cause },
});
const reduced = (version: number, amountMinor: number, cause = 'cancelled'): PaymentEvent => ({
  type: 'PaymentReduced',
  data: { version, amountMinor, cause },
});
const absorbed = (amountMinor: number): PaymentEvent => ({
  type: 'DeclinedPartReduced',
  data: { amountMinor },
});
const declinedAgain: PaymentEvent = {
  type: 'PaymentDeclined',
  data: { wave: 2, amountMinor: 5_000, reason: 'CREDIT_LIMIT' },
};

const credit = (limitMinor: number, exposureMinor: number): CreditAccount => ({
  ...{ currencyCode: 'GBP', limitMinor, exposureMinor, limitSet: true },
});
const noteOrder = (account: CreditAccount): PaymentCommand => ({
  type: 'NoteOrder',
  data: { ...order, method: 'TERMS', credit: account },
});
const noteWave = (
  wave: number,
  reservedMinor: number,
  [units, version]: readonly [number, number],
  account: CreditAccount | null = null,
): PaymentCommand => ({
  type: 'NoteReservation',
  data: { wave, reservedMinor, waiting: { units, version }, credit: account },
});
const noteReduction = (version: number, valueMinor: number, waitingDelta = 0): PaymentCommand => ({
  type: 'NoteReduction',
  data: { version, valueMinor, cause: 'cancelled', waitingDelta },
});
const noteShipment = (shipmentId: string, valueMinor: number): PaymentCommand => ({
  type: 'NoteShipment',
  data: { shipmentId, valueMinor, currencyCode: 'GBP' },
});
const recordAuthorised = (wave: number): PaymentCommand => ({ type: 'RecordAuthorised', data: { wave } });
const recordVoided = (wave: number): PaymentCommand => ({ type: 'RecordVoided', data: { wave } });
const recordCaptured = (shipmentId: string, wave: number): PaymentCommand => ({
  type: 'RecordCaptured',
  data: { shipmentId, wave },
});

describe('a later wave on terms', () => {
  const standing = [onTerms, first, waiting(4, 1), authorised];

  it('reserves credit for its own value', () => {
    given(...standing)
      .when(noteWave(2, 5_000, [0, 2], credit(15_000, 10_000)))
      .then(second, waiting(0, 2), authorisedAgain);
    given(...standing)
      .when(noteWave(2, 5_000, [0, 2], credit(14_999, 10_000)))
      .then(second, waiting(0, 2), declinedAgain);
  });

  it('is heard once, and so is what waits', () => {
    given(...standing, second, waiting(0, 2), authorisedAgain)
      .when(noteWave(2, 5_000, [0, 2]))
      .then();
    given(...standing)
      .when({ type: 'NoteBackorder', data: { units: 9, version: 1 } })
      .then();
    given(waiting(9, 1))
      .when({ type: 'NoteBackorder', data: { units: 9, version: 1 } })
      .then();
  });

  it('weighs on credit beside those before it, also when the order is heard last', () => {
    given(first, waiting(4, 1), second, waiting(0, 2))
      .when(noteOrder(credit(14_999, 0)))
      .then(onTerms, authorised, declinedAgain);
  });

  it('is nothing for a closed order', () => {
    const end = [...standing, closed, { type: 'PaymentVoided', data: { amountMinor: 10_000 } } as const];
    given(...end)
      .when(noteWave(2, 5_000, [0, 2], credit(99_999, 0)))
      .then(second, waiting(0, 2));
  });
});

describe('what was given back or lost', () => {
  it('weighs on terms no more, at once and once', () => {
    const events = [onTerms, first, authorised];
    given(...events)
      .when(noteReduction(2, 3_000))
      .then(noted(2, 3_000), waiting(0, 2), reduced(2, 3_000));
    given(...events, noted(2, 3_000), waiting(0, 2), reduced(2, 3_000))
      .when(noteReduction(2, 3_000))
      .then();
    expect(exposureOf(after(...events, noted(2, 3_000), waiting(0, 2), reduced(2, 3_000)))).toBe(7_000);
  });

  it('waits for the answer', () => {
    given(byCard, first, requested).when(noteReduction(2, 3_000)).then(noted(2, 3_000), waiting(0, 2));
    given(byCard, first, requested, noted(2, 3_000), waiting(0, 2))
      .when(recordAuthorised(1))
      .then(authorised, reduced(2, 3_000));
    given(first, noted(2, 3_000), waiting(0, 2))
      .when(noteOrder(credit(10_000, 0)))
      .then(onTerms, authorised, reduced(2, 3_000));
  });

  it('takes first of what was declined, which nobody had promised', () => {
    const declined = [onTerms, first, waiting(4, 1), authorised, second, waiting(0, 2), declinedAgain];
    given(...declined)
      .when(noteReduction(3, 5_000))
      .then(noted(3, 5_000), waiting(0, 3), absorbed(5_000));
    given(...declined)
      .when(noteReduction(3, 6_000))
      .then(noted(3, 6_000), waiting(0, 3), absorbed(5_000), reduced(3, 1_000));
    expect(exposureOf(after(...declined, noted(3, 5_000), waiting(0, 3), absorbed(5_000)))).toBe(10_000);
  });

  it('is told as voided and not as reduced where it comes after the end', () => {
    given(onTerms, first, authorised, closed, { type: 'PaymentVoided', data: { amountMinor: 10_000 } })
      .when(noteReduction(2, 10_000))
      .then(noted(2, 10_000), waiting(0, 2));
  });
});

describe('a later wave by card', () => {
  const held = [byCard, first, waiting(4, 1), requested, authorised];
  const both = [...held, second, waiting(0, 2), requestedAgain, authorisedAgain];

  it('is asked for by itself, with the token that was kept for it', () => {
    expect(after(...held).sealedCardToken).toBe('sealed');
    given(...held)
      .when(noteWave(2, 5_000, [0, 2]))
      .then(second, waiting(0, 2), requestedAgain);
    given(...held, second, waiting(0, 2), requestedAgain)
      .when(recordAuthorised(2))
      .then(authorisedAgain);
    expect(after(...both).sealedCardToken).toBeNull();
    expect(after(...held, waiting(0, 2)).sealedCardToken).toBeNull();
    expect(after(...held, closed).sealedCardToken).toBeNull();
  });

  it('is captured from the first authorisation that is enough, else from several, each by a call of its own', () => {
    given(...both)
      .when(noteShipment('s1', 4_000))
      .then(shipped('s1', 4_000), captureRequested('s1'));
    const parts = [
      { wave: 1, amountMinor: 10_000, captured: false },
      { wave: 2, amountMinor: 2_000, captured: false },
    ];
    const split: PaymentEvent = { type: 'CardCaptureRequested', data: { shipmentId: 's1', parts } };
    given(...both)
      .when(noteShipment('s1', 12_000))
      .then(shipped('s1', 12_000), split);
    expect(callsOf('o', [split]).map(providerKey)).toEqual(['o:capture:1:s1', 'o:capture:2:s1/2']);
    const asked = [...both, shipped('s1', 12_000), split];
    const partTaken: PaymentEvent = { type: 'PartCaptured', data: { shipmentId: 's1', wave: 2 } };
    given(...asked)
      .when(recordCaptured('s1', 2))
      .then(partTaken);
    given(...asked, partTaken)
      .when(recordCaptured('s1', 2))
      .then();
    given(...asked, partTaken)
      .when(recordCaptured('s1', 1))
      .then(captured('s1', 12_000));
  });

  it('waits with a shipment for what may still be authorised', () => {
    given(...held, second, waiting(0, 2), requestedAgain)
      .when(noteShipment('s1', 12_000))
      .then(shipped('s1', 12_000));
  });

  it('gives the rest of every authorisation back when all that is left was taken', () => {
    const taken = [...both, shipped('s1', 9_000), captureRequested('s1'), captured('s1', 9_000)];
    const voidFirst: PaymentEvent = { type: 'CardVoidRequested', data: { authorisedMinor: 10_000 } };
    const voidSecond: PaymentEvent = { type: 'CardVoidRequested', data: { wave: 2, authorisedMinor: 5_000 } };
    given(...taken)
      .when(noteReduction(3, 5_500))
      .then(noted(3, 5_500), waiting(0, 3), reduced(3, 5_500));
    const less = [...taken, noted(3, 5_500), waiting(0, 3), reduced(3, 5_500)];
    given(...less)
      .when(noteReduction(4, 500))
      .then(noted(4, 500), waiting(0, 4), reduced(4, 500), voidFirst, voidSecond);
    const end = [...less, noted(4, 500), waiting(0, 4), reduced(4, 500), voidFirst, voidSecond];
    given(...end)
      .when(recordVoided(2))
      .then({ type: 'RestReleased', data: { wave: 2 } });
    expect([statusOf(after(...end)), authorisedMinor(after(...end))]).toEqual(['CAPTURED', 9_000]);
  });

  it('gives nothing back while units wait', () => {
    given(...held)
      .when(noteReduction(2, 10_000))
      .then(noted(2, 10_000), waiting(4, 2), reduced(2, 10_000));
    given(...held, noted(2, 10_000), waiting(4, 2), reduced(2, 10_000))
      .when(noteReduction(3, 0, -4))
      .then(waiting(0, 3), { type: 'CardVoidRequested', data: { authorisedMinor: 10_000 } });
  });

  it('pays for units that broke and came again from what was given back, as the card cannot be asked once more', () => {
    const broken = [byCard, first, requested, authorised, noted(2, 6_000), waiting(3, 2), reduced(2, 6_000)];
    given(...broken)
      .when(noteWave(2, 5_000, [0, 3]))
      .then(second, waiting(0, 3), {
        type: 'PaymentAuthorised',
        data: { wave: 2, amountMinor: 5_000, isRest: true },
      });
    given(...broken)
      .when(noteWave(2, 6_001, [0, 3]))
      .then(
        { type: 'ReservationNoted', data: { wave: 2, reservedMinor: 6_001 } },
        waiting(0, 3),
        requestedAgain,
      );
  });

  it('is asked for where units broke whose share a declined wave took, with the token that was kept for it', () => {
    const declined = [...held, second, waiting(0, 2), requestedAgain, declinedAgain];
    const broken = [...declined, noted(3, 5_000), waiting(4, 3), absorbed(5_000)];
    const third: PaymentEvent = { type: 'ReservationNoted', data: { wave: 3, reservedMinor: 5_000 } };
    const asked: PaymentEvent = { type: 'CardAuthorisationRequested', data: { wave: 3 } };
    given(...broken)
      .when(noteWave(3, 5_000, [0, 4]))
      .then(third, waiting(0, 4), asked);
    expect(after(...broken, third, waiting(0, 4), asked).sealedCardToken).toBe('sealed');
    expect(after(...declined, { type: 'RestReleased', data: {} }).sealedCardToken).toBe('sealed');
    const lessBy = (amountMinor: number) => [noted(3, amountMinor), waiting(0, 3), absorbed(amountMinor)];
    expect(after(...declined, ...lessBy(4_999)).sealedCardToken).toBe('sealed');
    expect(after(...declined, ...lessBy(5_000)).sealedCardToken).toBeNull();
  });
});
