import { subjectOf } from './card-calls.ts';
import type { CallOutcome, HeldCall, HoldCommand, HoldSaid, OfCall } from './held-call.ts';
import { foundOut, isSameCall, wentUnknown } from './outcomes.ts';
import { isOvertaken, placesOf } from './part-place.ts';
import type { PaymentEvent, PaymentState } from './payment.ts';
import { sumOfParts } from './refund.ts';
import { capturedFrom } from './shipment.ts';

/** Who acts on a call that waits for a person. */
export const CALL_OWNER = 'payment operations';

export function isHeldCall({ held }: PaymentState, call: OfCall): boolean {
  return held.some(isSameCall(call));
}

/** What of the order's money a call is about, in minor units. */
export function amountOf(state: PaymentState, call: OfCall): number {
  const { waves, shipments, refunds } = state;
  const { wave: number, shipmentId, refundId } = subjectOf(call);
  const wave = waves.find((each) => each.wave === number);
  switch (call.operation) {
    case 'authorise':
      return wave?.reservedMinor ?? 0;
    case 'void':
      return (wave?.authorisedMinor ?? 0) - capturedFrom(shipments, number);
    case 'capture':
      return placesOf(state, call)[0]?.amountMinor ?? 0;
    case 'refund': {
      const parts = refunds.find((each) => each.refundId === refundId)?.parts ?? [];
      return sumOfParts(parts.filter((part) => part.shipmentId === shipmentId && part.wave === number));
    }
  }
}

/** Says that a call waits for a person. */
export function heldFact(state: PaymentState, call: OfCall, reason: string): HoldSaid {
  const { operation, instance } = call;
  const amountMinor = amountOf(state, call);
  const holding = state.timesHeld + 1;
  return {
    type: 'PaymentHeld',
    data: { operation, instance, reason, owner: CALL_OWNER, amountMinor, holding },
  };
}

/** Says that a call that was held is so no more. */
export function resumed(state: PaymentState, { operation, instance }: OfCall): HoldSaid {
  const amountMinor = amountOf(state, { operation, instance });
  return { type: 'PaymentResumed', data: { operation, instance, amountMinor, holding: state.timesHeld } };
}

function learnt(state: PaymentState, { operation, instance }: OfCall, became: CallOutcome): PaymentEvent[] {
  const call = { operation, instance };
  if (became === 'UNKNOWN') return wentUnknown(state, call);
  return became === 'NOTHING_DONE' ? foundOut(state, isSameCall(call)) : [];
}

function retried({ operation, instance }: OfCall): PaymentEvent {
  return { type: 'HeldCallRetried', data: { operation, instance } };
}

/** The provider may hold money for an order that was closed: what is asked there is tried once more before a person has it alone. */
function mustGoBack({ closed, waves }: PaymentState, { operation, instance }: OfCall): boolean {
  const isAsked = waves.some(({ wave, stage }) => stage === 'REQUESTED' && String(wave) === instance);
  return closed && operation === 'authorise' && isAsked;
}

/** A call that nobody but a person can bring further, and what the person did about it. */
export function decideHold(
  command: Exclude<HoldCommand, { type: 'GiveUpHeldCall' }>,
  state: PaymentState,
): PaymentEvent[] {
  const { data } = command;
  switch (command.type) {
    case 'HoldCall':
      // Overtaken while it was made, it needs no person: a look at it ends it.
      if (isOvertaken(state, data)) return [...learnt(state, data, command.data.became), retried(data)];
      return [
        ...learnt(state, data, command.data.became),
        heldFact(state, data, command.data.reason),
        ...(isHeldCall(state, data) || !mustGoBack(state, data) ? [] : [retried(data)]),
      ];
    case 'RecordCallEnded':
      return [
        ...foundOut(state, isSameCall(data)),
        ...(isHeldCall(state, data) ? [resumed(state, data)] : []),
      ];
    case 'RetryHeldCall':
      return isHeldCall(state, data) ? [retried(data)] : [];
  }
}

/** Captures that wait for a person, and of which nothing is left to do: one more look ends each, and none is asked of the provider. */
export function retriedAsOvertaken(state: PaymentState): PaymentEvent[] {
  const over = state.held.filter((call) => call.again !== true && isOvertaken(state, call));
  return over.map(retried);
}

/** Authorisations that wait for a person when their order closes. */
export function retriedOnClose(state: PaymentState): PaymentEvent[] {
  const closed = { ...state, closed: true };
  return state.held.flatMap((call) => (mustGoBack(closed, call) ? [retried(call)] : []));
}

export function afterHold(state: PaymentState, event: HoldSaid): PaymentState {
  const others = state.held.filter((each) => !isSameCall(event.data)(each));
  if (event.type === 'PaymentResumed') return { ...state, held: others };
  const { operation, instance, reason, owner, holding } = event.data;
  const call: HeldCall = { operation, instance, reason, owner };
  return { ...state, held: [...others, call], timesHeld: holding };
}
