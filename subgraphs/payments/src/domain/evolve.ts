import { freeOf } from './free.ts';
import { afterGivenUp } from './given-up.ts';
import { afterHold } from './holds.ts';
import { afterOutcome } from './outcomes.ts';
import {
  type DoneEvent,
  type HeardEvent,
  isHeard,
  isSaid,
  type PaymentEvent,
  type PaymentState,
  type SaidEvent,
} from './payment.ts';
import { withHeldPromised, withReduction } from './reductions.ts';
import {
  type AskedPart,
  doneOf,
  type Refund,
  withPartsEnded,
  withRefundAsked,
  withRefunded,
} from './refund.ts';
import { afterRenewal } from './renewal-effects.ts';
import { isOpenPart, type Part, type Shipment, takenOf, withCaptured, withShipment } from './shipment.ts';
import { declinedRoom, type ForWave, isRenewal, promiseAgain, type Wave, waveOf, withWave } from './wave.ts';

function afterAuthorised(
  { waves }: PaymentState,
  { amountMinor, isRest, ...of }: Extract<SaidEvent, { type: 'PaymentAuthorised' }>['data'],
): readonly Wave[] {
  const change = { stage: 'AUTHORISED', authorisedMinor: isRest ? 0 : amountMinor } as const;
  return withWave(isRest ? promiseAgain(waves, amountMinor) : waves, waveOf(of), change);
}

function afterVoided({ method, waves }: PaymentState, wave: number): readonly Wave[] {
  if (method === 'CARD') return withWave(waves, wave, { stage: 'VOIDED' });
  return waves.map((each) => (each.stage === 'AUTHORISED' ? { ...each, stage: 'VOIDED' } : each));
}

function afterSaid(state: PaymentState, event: SaidEvent): PaymentState {
  switch (event.type) {
    case 'PaymentAuthorised':
      return { ...state, waves: afterAuthorised(state, event.data) };
    case 'PaymentDeclined': {
      const change = { stage: 'DECLINED', declineReason: event.data.reason } as const;
      return { ...state, waves: withWave(state.waves, waveOf(event.data), change) };
    }
    case 'PaymentReduced': {
      const waves = withReduction(state.waves, event.data.amountMinor, (wave) => freeOf(state, wave));
      return { ...state, waves, reductions: state.reductions.slice(1) };
    }
    case 'PaymentVoided':
      return { ...state, waves: afterVoided(state, waveOf(event.data)) };
    case 'PaymentCaptured': {
      const { shipmentId, amountMinor } = event.data;
      const earlier = state.shipments.find((each) => each.shipmentId === shipmentId);
      const moreMinor = amountMinor - (earlier === undefined ? 0 : takenOf(earlier));
      const shipments = withShipment(state.shipments, shipmentId, (shipment) => ({
        ...withCaptured(shipment, () => true),
        state: 'CAPTURED',
      }));
      return { ...state, capturedMinor: state.capturedMinor + moreMinor, shipments };
    }
    case 'PaymentRefunded': {
      const { refundId, shipmentId, amountMinor } = event.data;
      const earlier = state.refunds.find((each) => each.refundId === refundId);
      const moreMinor = amountMinor - (earlier === undefined ? 0 : doneOf(earlier, shipmentId));
      const refunds = withRefunded(state.refunds, event.data);
      return { ...state, refunds, refundedMinor: state.refundedMinor + moreMinor };
    }
    case 'PaymentHeld':
    case 'PaymentResumed':
      return afterHold(state, event);
  }
}

/** The value of a shipment that was expected takes its place. */
function afterShipment(
  state: PaymentState,
  { shipmentId, valueMinor, currencyCode }: Extract<HeardEvent, { type: 'ShipmentNoted' }>['data'],
): PaymentState {
  const noted = { shipmentId, valueMinor, state: 'WAITING' } as const;
  const others = state.shipments.filter((each) => each.shipmentId !== shipmentId);
  return { ...state, shipments: [...others, noted], currencyCode: state.currencyCode ?? currencyCode };
}

function afterHeard(state: PaymentState, event: HeardEvent): PaymentState {
  switch (event.type) {
    case 'OrderNoted':
      return { ...state, ...event.data };
    case 'ReservationNoted': {
      const { reservedMinor } = event.data;
      return { ...state, waves: withWave(state.waves, waveOf(event.data), { reservedMinor }) };
    }
    case 'WaitingNoted':
      return { ...state, waitingUnits: event.data.units, heardVersion: event.data.version };
    case 'ReductionNoted':
      return { ...state, reductions: [...state.reductions, event.data] };
    case 'ShipmentNoted':
      return afterShipment(state, event.data);
    case 'ShipmentExpected': {
      const expected = { shipmentId: event.data.shipmentId, valueMinor: 0, state: 'EXPECTED' } as const;
      return { ...state, shipments: [...state.shipments, expected] };
    }
    case 'OrderClosed':
      return { ...state, closed: true };
  }
}

function afterDeclinedPartReduced(state: PaymentState, amountMinor: number): PaymentState {
  const [oldest, ...others] = state.reductions;
  if (oldest === undefined) return state;
  const rest = { ...oldest, valueMinor: oldest.valueMinor - amountMinor };
  const waves = withReduction(state.waves, amountMinor, declinedRoom);
  return { ...state, waves, reductions: rest.valueMinor > 0 ? [rest, ...others] : others };
}

function withShipmentAsked(
  state: PaymentState,
  { shipmentId, parts }: Extract<DoneEvent, { type: 'CardCaptureRequested' }>['data'],
): PaymentState {
  const shipments = withShipment(state.shipments, shipmentId, (shipment) => ({
    ...shipment,
    state: 'REQUESTED',
    ...(parts === undefined ? {} : { parts }),
  }));
  return { ...state, shipments };
}

function changed(state: PaymentState, of: ForWave, change: Partial<Wave>): PaymentState {
  return { ...state, waves: withWave(state.waves, waveOf(of), change) };
}

const takenInAll = (shipments: readonly Shipment[]) =>
  shipments.reduce((sum, each) => sum + takenOf(each), 0);
const doneInAll = (refunds: readonly Refund[]) => refunds.reduce((sum, each) => sum + doneOf(each), 0);

type DataOf<T extends DoneEvent['type']> = Extract<DoneEvent, { type: T }>['data'];

function afterPartCaptured(state: PaymentState, { shipmentId, wave }: DataOf<'PartCaptured'>): PaymentState {
  const isIt = (part: Part) => isOpenPart(part, wave);
  const shipments = withShipment(state.shipments, shipmentId, (each) => withCaptured(each, isIt));
  const capturedMinor = state.capturedMinor + takenInAll(shipments) - takenInAll(state.shipments);
  return { ...state, capturedMinor, shipments };
}

function afterRefundPart(
  state: PaymentState,
  { refundId, shipmentId, wave }: DataOf<'RefundPartDone'>,
): PaymentState {
  const isIt = (part: AskedPart) => part.shipmentId === shipmentId && part.wave === wave;
  const refunds = withPartsEnded(state.refunds, refundId, isIt, { done: true });
  const refundedMinor = state.refundedMinor + doneInAll(refunds) - doneInAll(state.refunds);
  return { ...state, refundedMinor, refunds };
}

function afterDone(state: PaymentState, event: DoneEvent): PaymentState {
  switch (event.type) {
    case 'DeclinedPartReduced':
      return afterDeclinedPartReduced(state, event.data.amountMinor);
    case 'CardAuthorisationRequested':
      return changed(state, event.data, { stage: 'REQUESTED' });
    case 'ProviderIdStored': {
      const { provider, providerAuthorisationId } = event.data;
      return changed(state, event.data, { provider, providerAuthorisationId });
    }
    case 'CardCaptureRequested':
      return withShipmentAsked(state, event.data);
    case 'PartCaptured':
      return afterPartCaptured(state, event.data);
    case 'CardRefundRequested':
      return { ...state, refunds: withRefundAsked(state.refunds, event.data) };
    case 'RefundPartDone':
      return afterRefundPart(state, event.data);
    case 'CardVoidRequested': {
      const { authorisedMinor } = event.data;
      const asked = state.waves.find((each) => each.wave === waveOf(event.data));
      // Nothing of a renewal was promised before it took over.
      const unused = asked !== undefined && isRenewal(asked) && asked.stage === 'REQUESTED';
      const less = unused ? { reducedMinor: authorisedMinor } : {};
      return changed(state, event.data, { stage: 'VOIDING', authorisedMinor, ...less });
    }
    case 'RestReleased':
    case 'NothingAuthorised':
      return changed(state, event.data, { stage: 'VOIDED' });
    case 'OutcomeWentUnknown':
    case 'OutcomeFoundOut':
      return afterOutcome(state, event);
    case 'HeldCallRetried':
    case 'HeldCallGivenUp':
    case 'PartGivenUp':
    case 'RestGivenUp':
    case 'RefundPartGivenUp':
    case 'RenewalGivenUp':
    case 'ReleaseGivenUp':
      return afterGivenUp(state, event);
    default:
      return afterRenewal(state, event);
  }
}

/** True while a wave has no answer and will get one; a renewal secures nothing that was not secured before. */
export function isUnsettled({ closed }: PaymentState, { stage, renews }: Wave): boolean {
  return (stage === 'REQUESTED' && renews === null) || (stage === 'OPEN' && !closed);
}

/**
 * While a declined wave is not given back, what breaks of any counts as its share. Then no rest is known that pays for the
 * broken units once they come, and the card must be asked. An order whose only wave was declined is rejected.
 */
function awaitsDeclinedPart({ waves }: PaymentState): boolean {
  return waves.length > 1 && waves.some((wave) => declinedRoom(wave) > 0);
}

/** A card token is needed until the card was asked for all that was reserved and all that waits, and never with a closed order. */
function needsCardToken(state: PaymentState): boolean {
  if (state.closed) return false;
  const { waves, waitingUnits } = state;
  if (waves.length === 0 || waitingUnits > 0 || awaitsDeclinedPart(state)) return true;
  return waves.some((wave) => isUnsettled(state, wave));
}

export function evolve(state: PaymentState, event: PaymentEvent): PaymentState {
  const noted = isSaid(event)
    ? afterSaid(state, event)
    : isHeard(event)
      ? afterHeard(state, event)
      : afterDone(state, event);
  const next = withHeldPromised(noted);
  if (next.sealedCardToken === null || needsCardToken(next)) return next;
  return { ...next, sealedCardToken: null };
}
