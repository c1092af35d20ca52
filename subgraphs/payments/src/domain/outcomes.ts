// Which of an order's calls may have been done, though nobody knows: an answer to one says nothing of another.
import type { OfCall } from './held-call.ts';
import type { DoneEvent, PaymentEvent, PaymentState } from './payment.ts';

export const isSameCall = (one: OfCall) => (other: OfCall) =>
  one.operation === other.operation && one.instance === other.instance;

/** Says that calls may have been done; nothing of one of which that is known. */
export function wentUnknown(
  { outcomeUnknown, unknownCalls }: PaymentState,
  call: OfCall | undefined,
): PaymentEvent[] {
  const isKnown = call === undefined ? outcomeUnknown : unknownCalls.some(isSameCall(call));
  if (isKnown) return [];
  return [{ type: 'OutcomeWentUnknown', data: call === undefined ? {} : { call } }];
}

/** Ends the search for the outcome of the calls that are meant; where no call is named, whichever it was. */
export function foundOut(
  { outcomeUnknown, unknownCalls }: PaymentState,
  isMeant: (call: OfCall) => boolean,
): PaymentEvent[] {
  if (outcomeUnknown && unknownCalls.length === 0) return [{ type: 'OutcomeFoundOut', data: {} }];
  return unknownCalls.filter(isMeant).map((call) => ({ type: 'OutcomeFoundOut', data: { call } }));
}

type OutcomeDone = Extract<DoneEvent, { type: 'OutcomeWentUnknown' | 'OutcomeFoundOut' }>;

export function afterOutcome(state: PaymentState, { type, data: { call } }: OutcomeDone): PaymentState {
  const others = state.unknownCalls.filter((each) => call === undefined || !isSameCall(call)(each));
  if (type === 'OutcomeFoundOut')
    return { ...state, unknownCalls: others, outcomeUnknown: others.length > 0 };
  return { ...state, outcomeUnknown: true, unknownCalls: call === undefined ? others : [...others, call] };
}
