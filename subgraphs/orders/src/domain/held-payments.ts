// Calls to a card's provider that wait for a person, as an order's state keeps them: while one does, its order is on hold.
import type { HeldCall, HeldPayments, Hold, OrderState } from './order-state.ts';

/** Holds kept beneath the one that stands. They are said by people's work and by what is missing, a few in an order's life. */
const COVERED_MAX = 4;

export type CallName = Pick<HeldCall, 'operation' | 'instance'>;

export const noHeldPayments: HeldPayments = { calls: [], covered: [] };

export function isSameHold(left: Hold | null, right: Hold | null): boolean {
  return left?.reason === right?.reason && left?.owner === right?.owner;
}

/** The held call of that name. */
export function heldCallOf({ calls }: HeldPayments, { operation, instance }: CallName): HeldCall | undefined {
  return calls.find((each) => each.operation === operation && each.instance === instance);
}

/** With the call; its hold is not another's. A call is held once, for what was said of it last. */
export function withHeldCall(held: HeldPayments, call: HeldCall): HeldPayments {
  const { calls, covered } = withoutHeldCall(held, call);
  return { calls: [...calls, call], covered: without(covered, call.hold) };
}

/** What is known to stand by itself is not kept beneath another. */
export function uncovered(held: HeldPayments, hold: Hold): HeldPayments {
  return held.covered.length === 0 ? held : { ...held, covered: without(held.covered, hold) };
}

export function withoutHeldCall(held: HeldPayments, name: CallName): HeldPayments {
  const known = heldCallOf(held, name);
  if (known === undefined) return held;
  return {
    calls: held.calls.filter((each) => each !== known),
    covered: without(held.covered, known.hold),
  };
}

function without(holds: readonly Hold[], hold: Hold): readonly Hold[] {
  return holds.filter((each) => !isSameHold(each, hold));
}

/** After the order is held for something more: what it was held for before is kept beneath it, but for what is known by itself. */
export function coveredBy(next: Hold, { heldPayments, hold, missing }: OrderState): HeldPayments {
  const known = [...heldPayments.calls, ...missing];
  const isOthers = hold !== null && !known.some((each) => isSameHold(each.hold, hold));
  const standing = isOthers ? [...without(heldPayments.covered, hold), hold] : heldPayments.covered;
  const covered = without(standing, next).slice(-COVERED_MAX);
  return covered.length === 0 && heldPayments.covered.length === 0
    ? heldPayments
    : { ...heldPayments, covered };
}

/** After a fact that moved the order on: it ends every hold but those of calls, and those only with the order's promise. */
export function movedOn(held: HeldPayments, status: OrderState['status']): HeldPayments {
  const isOff = status === 'REJECTED' || status === 'CANCELLED';
  if (held.covered.length === 0 && (!isOff || held.calls.length === 0)) return held;
  return isOff ? noHeldPayments : { ...held, covered: [] };
}
