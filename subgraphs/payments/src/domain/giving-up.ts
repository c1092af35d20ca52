// A person gives a held call up: the platform asks for this no more, now or later. What was done stays done.
import { instanceOf, subjectOf } from './card-calls.ts';
import { evolve } from './evolve.ts';
import { freeOf } from './free.ts';
import type { OfCall } from './held-call.ts';
import { resumed } from './holds.ts';
import { foundOut, isSameCall } from './outcomes.ts';
import { placesOf } from './part-place.ts';
import type { PaymentEvent, PaymentState } from './payment.ts';
import { doneOf, isOpenRefund } from './refund.ts';
import { limitHold } from './renewals.ts';
import { capturedFrom, dueOf, isOpenPart, partsOf, takenOf } from './shipment.ts';
import { forWave, isLapsed, isSource, type Wave } from './wave.ts';

/** What partners are told where a person gave the authorisation of a reservation up. */
const GIVEN_UP = 'given up by payment operations';

/** Gives up the open part of a shipment; what was taken of it is said where no other part is open. */
function partGivenUp(state: PaymentState, shipmentId: string, wave: number): PaymentEvent[] {
  const isOpen = state.shipments.some(
    (each) => each.shipmentId === shipmentId && partsOf(each).some((part) => isOpenPart(part, wave)),
  );
  if (!isOpen) return [];
  const given: PaymentEvent = { type: 'PartGivenUp', data: { shipmentId, wave } };
  const shipment = evolve(state, given).shipments.find((each) => each.shipmentId === shipmentId);
  if (shipment?.state !== 'REQUESTED' || partsOf(shipment).some((part) => !part.captured)) return [given];
  return [given, { type: 'PaymentCaptured', data: { shipmentId, amountMinor: takenOf(shipment) } }];
}

/** Gives up a part of a refund; what was given back of its shipment is said where no other part is open. */
function refundPartGivenUp(
  { refunds }: PaymentState,
  { wave, shipmentId, refundId }: ReturnType<typeof subjectOf>,
): PaymentEvent[] {
  const refund = refunds.find((each) => each.refundId === refundId);
  if (refund === undefined || shipmentId === null) return [];
  const open = refund.parts.filter((part) => part.shipmentId === shipmentId && isOpenRefund(part));
  if (!open.some((part) => part.wave === wave)) return [];
  const { refundId: id, reason } = refund;
  const given: PaymentEvent = { type: 'RefundPartGivenUp', data: { refundId: id, shipmentId, wave } };
  const amountMinor = doneOf(refund, shipmentId);
  if (open.length > 1 || amountMinor === 0) return [given];
  return [given, { type: 'PaymentRefunded', data: { refundId: id, shipmentId, amountMinor, reason } }];
}

/** What of a shipment that waits no authorisation is there for, as far as those that a person gave up were to be. */
function restGivenUp(state: PaymentState, shipmentId: string): PaymentEvent[] {
  const shipment = state.shipments.find((each) => each.shipmentId === shipmentId);
  if (shipment?.state !== 'WAITING') return [];
  const roomOf = (wave: Wave) => Math.max(0, freeOf(state, wave));
  const standing = state.waves.filter(isSource).reduce((sum, wave) => sum + roomOf(wave), 0);
  let left = dueOf(shipment) - standing;
  return state.waves.filter(isLapsed).flatMap((wave): PaymentEvent[] => {
    const amountMinor = Math.min(left, roomOf(wave));
    if (amountMinor <= 0) return [];
    left -= amountMinor;
    return [{ type: 'RestGivenUp', data: { shipmentId, wave: wave.wave, amountMinor } }];
  });
}

/**
 * What of a shipment was to be taken from authorisations that ended, and whose renewal a person gave up. Shipments name no wave, so
 * that one that waits gives up no more than such a wave was still good for.
 */
export function givenUpWithWaves(before: PaymentState, shipmentId: string): PaymentEvent[] {
  if (before.method !== 'CARD') return [];
  const parts = before.waves.filter(isLapsed).flatMap(({ wave }) => partGivenUp(before, shipmentId, wave));
  return parts.length > 0 ? parts : restGivenUp(before, shipmentId);
}

/** The card is asked for it no more; what a try may have left at the provider is found by comparing, and released. */
function authorisationGivenUp(state: PaymentState, { instance }: OfCall): PaymentEvent[] {
  const asked = state.waves.find(({ wave }) => String(wave) === instance);
  if (asked === undefined) return [];
  const { wave, renews, stage, reservedMinor } = asked;
  if (limitHold(state, asked) !== null) return [{ type: 'RenewalGivenUp', data: { wave } }];
  const nothing: PaymentEvent[] = [{ type: 'NothingAuthorised', data: forWave(wave) }];
  if (renews !== null)
    return [{ type: 'RenewalGivenUp', data: { wave: renews } }, ...(stage === 'REQUESTED' ? nothing : [])];
  if (stage !== 'REQUESTED') return [];
  if (state.closed) return nothing;
  const data = { ...forWave(wave), amountMinor: reservedMinor, reason: GIVEN_UP };
  return [{ type: 'PaymentDeclined', data }];
}

/** It counts as released: nothing will be taken from it. */
function releaseGivenUp(state: PaymentState, { instance }: OfCall): PaymentEvent[] {
  const asked = state.waves.find(({ wave, stage }) => String(wave) === instance && stage === 'VOIDING');
  if (asked === undefined) return [];
  return [{ type: 'ReleaseGivenUp', data: { wave: asked.wave } }, releasedOf(state, asked)];
}

/** What is told of an authorisation that was released: what was told as reduced is not told as voided once more. */
export function releasedOf({ shipments }: PaymentState, released: Wave): PaymentEvent {
  const { wave, authorisedMinor, reducedMinor } = released;
  const amountMinor = authorisedMinor - reducedMinor - capturedFrom(shipments, wave);
  return amountMinor > 0
    ? { type: 'PaymentVoided', data: { ...forWave(wave), amountMinor } }
    : { type: 'RestReleased', data: forWave(wave) };
}

/** The call that asks for the same now: of a capture whose part moved to a renewal, the capture from that. */
function askingNow(state: PaymentState, { operation, instance }: OfCall): OfCall {
  const [place, ...others] = placesOf(state, { operation, instance });
  if (place?.is !== 'OPEN' || others.length > 0) return { operation, instance };
  const { shipmentId } = subjectOf({ operation, instance });
  return { operation, instance: instanceOf({ wave: place.wave, shipmentId }) };
}

/** Of an authorisation that ended nothing is taken any more, whatever becomes of the call: what waits for a renewal is given up at once. */
function endedPartGivenUp(state: PaymentState, call: OfCall): PaymentEvent[] {
  const { wave, shipmentId } = subjectOf(call);
  const hasEnded = state.waves.some((each) => each.wave === wave && each.ended);
  if (call.operation !== 'capture' || shipmentId === null || !hasEnded) return [];
  const given = partGivenUp(state, shipmentId, wave);
  return given.length === 0 ? [] : [...foundOut(state, isSameCall(call)), ...given];
}

/**
 * What a person ends by giving a call up that is held; what becomes of the order's money else follows from it. One that is being tried
 * again may be done any moment: it ends by itself, or is held once more. Whether nothing asks for it any more, `notGivenUp` tells.
 */
export function givenUp(state: PaymentState, asked: OfCall): PaymentEvent[] {
  const call = askingNow(state, asked);
  const waiting = state.held.find(isSameCall(call));
  if (waiting === undefined || waiting.again === true) return endedPartGivenUp(state, call);
  const subject = subjectOf(call);
  const { wave, shipmentId } = subject;
  const effects = {
    authorise: () => authorisationGivenUp(state, call),
    capture: () => (shipmentId === null ? [] : partGivenUp(state, shipmentId, wave)),
    void: () => releaseGivenUp(state, call),
    refund: () => refundPartGivenUp(state, subject),
  };
  return [
    ...foundOut(state, isSameCall(call)),
    ...effects[call.operation](),
    { type: 'HeldCallGivenUp', data: call },
    resumed(state, call),
  ];
}
