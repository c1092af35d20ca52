// Authorisations that die or end before all of theirs is taken, and what takes their place.
import { specification } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import { factDataOf, onceFor } from '../publishers/payment-events.ts';
import { firstExpiry, inDepthJson } from '../store/payment-rows.ts';
import { callsOf, providerKey } from './card-calls.ts';
import { decide, paymentDecider } from './decide.ts';
import { evolve } from './evolve.ts';
import { CALL_OWNER } from './holds.ts';
import { initialPayment, type PaymentCommand, type PaymentEvent } from './payment.ts';
import { authorisedMinor, reservedMinor, securedMinor, statusOf } from './status.ts';
import { newWave, RENEWAL_FIRST, rootOf, type Wave } from './wave.ts';

const given = specification(paymentDecider);
const after = (...events: PaymentEvent[]) => events.reduce(evolve, initialPayment);
const NEW = RENEWAL_FIRST;
const DIES_AT = '2026-03-08T09:30:00.000Z';

const byCard: PaymentEvent = {
  type: 'OrderNoted',
  data: { method: 'CARD', currencyCode: 'GBP', totalMinor: 10_000, sealedCardToken: 'sealed' },
};
const reserved: PaymentEvent = { type: 'ReservationNoted', data: { reservedMinor: 10_000 } };
const requested: PaymentEvent = { type: 'CardAuthorisationRequested', data: {} };
const noted: PaymentEvent = { type: 'ExpiryNoted', data: { expiresAt: DIES_AT } };
const authorised: PaymentEvent = { type: 'PaymentAuthorised', data: { amountMinor: 10_000 } };
const closed: PaymentEvent = { type: 'OrderClosed', data: {} };
const ended: PaymentEvent = { type: 'AuthorisationEnded', data: {} };
const shipped = (shipmentId: string, valueMinor: number): PaymentEvent => ({
  type: 'ShipmentNoted',
  data: { shipmentId, valueMinor, currencyCode: 'GBP' },
});
const asked = (shipmentId: string): PaymentEvent => ({ type: 'CardCaptureRequested', data: { shipmentId } });
const captured = (shipmentId: string, amountMinor: number): PaymentEvent => ({
  type: 'PaymentCaptured',
  data: { shipmentId, amountMinor },
});
const renewing = (amountMinor: number, wave = NEW, renews = 1): PaymentEvent => ({
  type: 'RenewalRequested',
  data: { wave, renews, amountMinor },
});
const renewed = (amountMinor: number, shipmentIds: string[] = [], wave = NEW): PaymentEvent => ({
  type: 'AuthorisationRenewed',
  data: { wave, amountMinor, shipmentIds },
});
const voiding: PaymentEvent = { type: 'CardVoidRequested', data: { authorisedMinor: 10_000 } };
const held: PaymentEvent = {
  type: 'PaymentHeld',
  data: {
    ...{ operation: 'authorise', instance: String(NEW), reason: 'card_declined', owner: CALL_OWNER },
    ...{ amountMinor: 10_000, holding: 1 },
  },
};
const resumed: PaymentEvent = {
  type: 'PaymentResumed',
  data: { operation: 'authorise', instance: String(NEW), amountMinor: 10_000, holding: 1 },
};
const declined: PaymentEvent = { type: 'RenewalDeclined', data: { wave: NEW, reason: 'card_declined' } };
const wanted: PaymentEvent = { type: 'RenewalWanted', data: { wave: 1 } };

const renewBefore = (before: string): PaymentCommand => ({ type: 'RenewAuthorisation', data: { before } });
const recordAuthorised = (wave: number): PaymentCommand => ({ type: 'RecordAuthorised', data: { wave } });
const recordDeclined: PaymentCommand = {
  type: 'RecordDeclined',
  data: { wave: NEW, reason: 'card_declined' },
};
const recordEnded = (...taken: string[]): PaymentCommand => ({
  type: 'RecordAuthorisationEnded',
  data: { wave: 1, taken },
});
const retry: PaymentCommand = {
  type: 'RetryHeldCall',
  data: { operation: 'authorise', instance: String(NEW) },
};

const standing = [byCard, reserved, requested, noted, authorised];

describe('an authorisation that dies soon', () => {
  it('is known by when it dies', () => {
    given(byCard, reserved, requested)
      .when({ type: 'RecordAuthorised', data: { wave: 1, expiresAt: DIES_AT } })
      .then(noted, authorised);
    expect(firstExpiry(after(...standing))).toBe(DIES_AT);
    expect(inDepthJson(after(...standing))).toBeNull();
  });

  it('is asked for again in time, once, and for what is free of it', () => {
    given(...standing)
      .when(renewBefore('2026-03-08T09:29:59.999Z'))
      .then();
    given(...standing)
      .when(renewBefore(DIES_AT))
      .then(renewing(10_000));
    given(...standing, renewing(10_000))
      .when(renewBefore(DIES_AT))
      .then();
    given(...standing, shipped('s1', 4_000), asked('s1'))
      .when(renewBefore(DIES_AT))
      .then(renewing(6_000));
    given(...standing, closed, voiding)
      .when(renewBefore(DIES_AT))
      .then();
    expect(firstExpiry(after(...standing, renewing(10_000)))).toBeNull();
    expect(callsOf('o', [renewing(10_000)]).map(providerKey)).toEqual([`o:authorise:${NEW}:${NEW}`]);
  });

  it('is not asked for again while it is young, however soon it dies', () => {
    given(...standing)
      .when({ type: 'RenewAuthorisation', data: { before: DIES_AT, young: [1] } })
      .then();
    given(...standing)
      .when({ type: 'RenewAuthorisation', data: { before: DIES_AT, young: [2] } })
      .then(renewing(10_000));
  });

  it('gives what is free of it to the new one and goes back without a word, and nothing counts twice', () => {
    const moved = [...standing, renewing(10_000), renewed(10_000), voiding];
    given(...standing, renewing(10_000))
      .when(recordAuthorised(NEW))
      .then(renewed(10_000), voiding);
    given(...moved)
      .when({ type: 'RecordVoided', data: { wave: 1 } })
      .then({ type: 'RestReleased', data: {} });
    for (const state of [after(...standing, renewing(10_000)), after(...moved)]) {
      expect([securedMinor(state), authorisedMinor(state), reservedMinor(state)]).toEqual([
        10_000, 10_000, 10_000,
      ]);
      expect(statusOf(state)).toBe('AUTHORISED');
    }
    const part = { wave: NEW, amountMinor: 4_000, captured: false };
    given(...moved)
      .when({ type: 'NoteShipment', data: { shipmentId: 's1', valueMinor: 4_000, currencyCode: 'GBP' } })
      .then(shipped('s1', 4_000), {
        type: 'CardCaptureRequested',
        data: { shipmentId: 's1', parts: [part] },
      });
  });

  it('gives less where some was taken or given back meanwhile, and waits for what is being taken', () => {
    const taking = [...standing, renewing(10_000), shipped('s1', 4_000), asked('s1')];
    given(...taking)
      .when(recordAuthorised(NEW))
      .then(renewed(6_000));
    given(...taking, renewed(6_000))
      .when({ type: 'RecordCaptured', data: { shipmentId: 's1', wave: 1 } })
      .then(captured('s1', 4_000), voiding);
    const state = after(...taking, renewed(6_000), captured('s1', 4_000), voiding);
    expect([securedMinor(state), authorisedMinor(state), statusOf(state)]).toEqual([
      10_000,
      10_000,
      'PARTIALLY_CAPTURED',
    ]);
  });

  it('is not needed twice: the new one of an order that was closed goes back in silence', () => {
    const late = [...standing, renewing(10_000), closed, voiding];
    const back: PaymentEvent = { type: 'CardVoidRequested', data: { wave: NEW, authorisedMinor: 10_000 } };
    given(...late)
      .when(recordAuthorised(NEW))
      .then(back);
    given(...late, back)
      .when({ type: 'RecordVoided', data: { wave: NEW } })
      .then({ type: 'RestReleased', data: { wave: NEW } });
  });

  it('stands where its renewal is declined: a person has it, and may let the card be asked again', () => {
    const waiting = [...standing, renewing(10_000), declined, held];
    given(...standing, renewing(10_000))
      .when(recordDeclined)
      .then(declined, held);
    given(...waiting)
      .when(renewBefore(DIES_AT))
      .then();
    given(...waiting)
      .when(retry)
      .then(resumed, wanted, renewing(10_000, NEW + 1));
    given(...waiting)
      .when({ type: 'RecordCallEnded', data: { operation: 'authorise', instance: String(NEW) } })
      .then();
    given(...waiting)
      .when({ type: 'CloseOrder', data: {} })
      .then(closed, voiding, resumed, wanted);
    expect(statusOf(after(...waiting))).toBe('AUTHORISED');
  });
});

describe('an authorisation that ended', () => {
  const taking = [...standing, shipped('s1', 4_000), asked('s1'), shipped('s2', 6_000), asked('s2')];

  it('is asked for again for all that was not taken, and its shipments are taken from the new one', () => {
    given(...taking)
      .when(recordEnded())
      .then(ended, renewing(10_000));
    given(...taking, ended, renewing(10_000))
      .when(recordEnded())
      .then();
    const move = renewed(10_000, ['s1', 's2']);
    const released: PaymentEvent = { type: 'RestReleased', data: {} };
    given(...taking, ended, renewing(10_000))
      .when(recordAuthorised(NEW))
      .then(move, released);
    expect(callsOf('o', [move]).map(providerKey)).toEqual([
      ...[`o:capture:${NEW}:s1/${NEW}`, `o:capture:${NEW}:s2/${NEW}`],
    ]);
    const state = after(...taking, ended, renewing(10_000), move, released);
    expect([securedMinor(state), authorisedMinor(state)]).toEqual([10_000, 10_000]);
  });

  it('took what its provider shows, and not the rest', () => {
    given(...taking)
      .when(recordEnded('s1'))
      .then(captured('s1', 4_000), ended, renewing(6_000));
    given(...taking)
      .when(recordEnded('s1', 's2'))
      .then(captured('s1', 4_000), captured('s2', 6_000));
  });

  it('lets a shipment wait for the new one', () => {
    given(...standing, ended, renewing(10_000))
      .when({ type: 'NoteShipment', data: { shipmentId: 's1', valueMinor: 4_000, currencyCode: 'GBP' } })
      .then(shipped('s1', 4_000));
  });

  it('ends with its first capture where the provider takes but once', () => {
    given(...standing, shipped('s1', 4_000), asked('s1'))
      .when({ type: 'RecordCaptured', data: { shipmentId: 's1', wave: 1, ends: true } })
      .then(captured('s1', 4_000), ended, renewing(6_000));
    given(...standing, shipped('s1', 10_000), asked('s1'))
      .when({ type: 'RecordCaptured', data: { shipmentId: 's1', wave: 1, ends: true } })
      .then(captured('s1', 10_000));
  });

  it('is given up without a call where nothing of it is needed', () => {
    given(...standing, ended, renewing(10_000))
      .when({ type: 'CloseOrder', data: {} })
      .then(closed, { type: 'PaymentVoided', data: { amountMinor: 10_000 } });
  });
});

describe('an authorisation that was renewed too often', () => {
  const LAST = NEW + 999;
  // A thousand renewals, each of the one before it; only the last stands.
  const gone = Array.from({ length: 1_000 }, (_, index): Wave => {
    const wave = { ...newWave(index === 0 ? 1 : NEW + index - 1, 10_000), stage: 'VOIDED' } as const;
    return index === 0 ? wave : { ...wave, renews: index === 1 ? 1 : NEW + index - 2 };
  });
  const last: Wave = {
    ...newWave(LAST, 10_000),
    ...{ stage: 'AUTHORISED', authorisedMinor: 10_000, renews: LAST - 1 },
  };
  const often = { ...after(...standing), waves: [...gone, last] };
  const call = { operation: 'authorise', instance: String(LAST) } as const;
  const lastEnded: PaymentEvent = { type: 'AuthorisationEnded', data: { wave: LAST } };
  const tooOften: PaymentEvent = {
    type: 'PaymentHeld',
    data: { ...call, reason: 'renewed too often', owner: CALL_OWNER, amountMinor: 10_000, holding: 1 },
  };
  const goesOn: PaymentEvent = { type: 'PaymentResumed', data: { ...call, amountMinor: 10_000, holding: 1 } };
  const waiting = [lastEnded, tooOften].reduce(evolve, often);

  it('waits for a person, who lets the card be asked once more', () => {
    const found: PaymentCommand = { type: 'RecordAuthorisationEnded', data: { wave: LAST, taken: [] } };
    expect(decide(found, often)).toEqual([lastEnded, tooOften]);
    const again: PaymentCommand = { type: 'RetryHeldCall', data: call };
    expect(decide(again, waiting)).toEqual([goesOn, renewing(10_000, LAST + 1, LAST)]);
    expect(decide(again, [goesOn, renewing(10_000, LAST + 1, LAST)].reduce(evolve, waiting))).toEqual([]);
  });

  it('waits for nobody once it is not needed any more', () => {
    const voided: PaymentEvent = { type: 'PaymentVoided', data: { wave: LAST, amountMinor: 10_000 } };
    expect(decide({ type: 'CloseOrder', data: {} }, waiting)).toEqual([closed, voided, goesOn]);
  });
});

describe('a renewal', () => {
  it('is told to the others as what it renews', () => {
    const state = after(
      ...standing,
      renewing(10_000),
      renewed(10_000),
      voiding,
      renewing(10_000, NEW + 1, NEW),
    );
    expect([rootOf(state.waves, NEW + 1), rootOf(state.waves, NEW), rootOf(state.waves, 2)]).toEqual([
      1, 1, 2,
    ]);
    const voided = { type: 'PaymentVoided', data: { wave: NEW, amountMinor: 10_000 } } as const;
    const told = factDataOf(voided, { orderId: 'o', partnerId: 'p', state });
    expect(told).toEqual({
      ...{ orderId: 'o', partnerId: 'p', currencyCode: 'GBP', method: 'CARD', amountMinor: 10_000 },
    });
    expect(onceFor(voided)).toBe(`PaymentVoided/${NEW}`);
  });

  it('is kept beside the columns of its payment', () => {
    expect(inDepthJson(after(...standing, ended))).toContain('"ended":true');
    expect(inDepthJson(after(...standing, renewing(10_000)))).toContain('"renews":1');
  });
});
