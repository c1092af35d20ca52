// What holds an order, and what lets it go on: its owner acts, or what it was for waits for nobody any more.
import { type CallName, heldCallOf, isSameHold, withoutHeldCall } from './held-payments.ts';
import { unitsWaiting } from './order-book.ts';
import { evolve } from './order-evolve.ts';
import { type HeldCall, type Hold, type OrderEvent, type OrderState, stageOf } from './order-state.ts';
import { SALES_OPERATIONS } from './standing.ts';

/** The same hold again says nothing new; another reason or owner does. */
export function holdOrder({ reason, owner }: Hold, state: OrderState): OrderEvent[] {
  if (isSameHold(state.hold, { reason, owner })) return [];
  return [{ type: 'OrderHeld', data: { reason, owner } }];
}

/** Once all has left, too: the goods are gone and the money is not taken. */
export function notePaymentHeld(call: HeldCall, state: OrderState): OrderEvent[] {
  // Stock and promise of such an order are over: what cannot be given up of its payment has an owner in payments.
  if (state.status === 'REJECTED' || state.status === 'CANCELLED') return [];
  return [...holdOrder(call.hold, state), { type: 'PaymentCallHeld', data: call }];
}

/** The order goes on from where it was held, unless something else holds it too. */
export function notePaymentResumed(
  { reason, ...name }: CallName & Readonly<{ reason: string }>,
  state: OrderState,
): OrderEvent[] {
  const known = heldCallOf(state.heldPayments, name);
  if (known === undefined) return [];
  const note: OrderEvent = { type: 'PaymentCallResumed', data: name };
  const rest = { ...state, heldPayments: withoutHeldCall(state.heldPayments, name) };
  const stage = stageOf(state);
  if (state.status !== 'ON_HOLD' || stage === 'NONE' || !isSameHold(state.hold, known.hold)) return [note];
  const next = otherHoldOf(rest);
  if (next !== null) return [...holdOrder(next, state), note];
  return [{ type: 'OrderResumed', data: { status: stage, reason } }, note];
}

/** What else holds the order: the others' word first, as long as it stands. */
function otherHoldOf({ heldPayments: { calls, covered }, missing, book }: OrderState): Hold | null {
  // What sales operations wait for may have come while something else stood over it.
  const standing = covered.filter(({ owner }) => owner !== SALES_OPERATIONS || unitsWaiting(book) > 0);
  return standing.at(-1) ?? calls.at(-1)?.hold ?? missing.at(-1)?.hold ?? null;
}

/** What was decided, and the hold once more where it would have ended although what it is for goes on. */
export function heldWhileItLasts(state: OrderState, events: readonly OrderEvent[]): readonly OrderEvent[] {
  const { missing, heldPayments } = state;
  if (events.length === 0 || (missing.length === 0 && heldPayments.calls.length === 0)) return events;
  const reached = events.reduce(evolve, state);
  if (reached.status === 'ON_HOLD') return events;
  // After a restore a call may be heard to be held of which our own log says already that the order goes on.
  const call = state.status === 'ON_HOLD' ? reached.heldPayments.calls.at(-1) : undefined;
  const last = call ?? reached.missing.at(-1);
  return last === undefined ? events : [...events, { type: 'OrderHeld', data: last.hold }];
}
