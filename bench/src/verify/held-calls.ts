import { counted, type Verdict } from './verdict.ts';

/** A call to the card provider that waits for a person, as payments' tables have it, and what its log and letters say of it. */
export interface HeldCallRow {
  readonly orderId: string;
  readonly operation: string;
  readonly instance: string;
  /** What the log said of it last, null where it said nothing; and the owner it named. */
  readonly lastFact: string | null;
  readonly owner: string | null;
  /** Dead letters by which the owner can have it tried again, parked or settled. */
  readonly letters: number;
}

/**
 * 4, second half. A call that nobody makes any more has an owner, who was told by the log and has its dead letter; an order that
 * was still on its way is on hold, or is itself owned.
 */
export function checkHeldCalls(
  calls: readonly HeldCallRow[],
  orders: readonly Readonly<{ id: string; status: string; owner: string | null }>[],
): Verdict {
  const known = new Map(orders.map((order) => [order.id, order]));
  const breaches = calls.flatMap((call) => {
    const name = `order ${call.orderId}: ${call.operation} ${call.instance} is held`;
    const order = known.get(call.orderId);
    const isOwned = call.lastFact === 'PaymentHeld' && call.owner !== null && call.owner !== '';
    return [
      ...(isOwned
        ? []
        : [`${name}, and its log names no owner (${call.lastFact ?? 'nothing'} was said last)`]),
      ...(call.letters > 0 ? [] : [`${name} without a dead letter`]),
      ...(order === undefined ? [`${name}, and there is no such order`] : []),
      ...(order !== undefined && hangs(order)
        ? [`${name}, and the order is ${order.status} without an owner`]
        : []),
    ];
  });
  return { summary: `${counted(calls.length, 'held call')}`, breaches };
}

/** States that end an order's own way: what is left of its money is payments' owner's alone. */
const ENDED = new Set(['SHIPPED', 'PARTIALLY_SHIPPED', 'CANCELLED', 'REJECTED', 'BACKORDERED']);

const hangs = ({ status, owner }: Readonly<{ status: string; owner: string | null }>) =>
  owner === null && !ENDED.has(status);
