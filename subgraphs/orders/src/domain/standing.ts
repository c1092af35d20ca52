import { cancelled, type OrderBook, type SkuQuantities, unitsLeft, unitsWaiting } from './order-book.ts';
import {
  type Hold,
  isFinal,
  type OrderFact,
  type OrderStage,
  type OrderState,
  type OrderStatus,
  stageOf,
} from './order-state.ts';

/** Whose it is when an order that was to come whole cannot. */
export const SALES_OPERATIONS = 'sales operations';

/** Where an order stands with these units confirmed (null before that) and waiting. A hold ends only when what it was for does. */
export function statusWith(state: OrderState, confirmed: number | null, waiting: number): OrderStatus {
  const stage = stageOf(state);
  // A placed order is never NONE.
  if (stage === 'NONE') return 'PLACED';
  const next = confirmed === null ? stage : stageWith(stage, confirmed, waiting, state.unitsShipped);
  if (next !== stage || isFinal(stage)) return next;
  const isRelieved = waiting === 0 && state.hold?.owner === SALES_OPERATIONS;
  return state.status === 'ON_HOLD' && !isRelieved ? 'ON_HOLD' : stage;
}

/** Where an order stands after a reservation of these units is confirmed, with `book` as it is then. */
export function replenishedStatus(state: OrderState, book: OrderBook, units: number): OrderStatus {
  const stood = stageOf(state);
  const stage = stood === 'BACKORDERED' || stood === 'NONE' ? 'CONFIRMED' : stood;
  const confirmed = (state.unitsConfirmed ?? 0) + units;
  // All of it may have been heard to leave before its payment was.
  const next = stageWith(stage, confirmed, unitsWaiting(book), state.unitsShipped);
  return next === stood && isHeldForMissing(state) ? 'ON_HOLD' : next;
}

/** Fulfillment holds it for the same units, in its own words. What sales operations wait for comes with the units. */
function isHeldForMissing({ missing, hold }: OrderState): boolean {
  return missing.length > 0 && hold !== null && hold.owner !== SALES_OPERATIONS;
}

function stageWith(stage: OrderStage, confirmed: number, waiting: number, shipped: number): OrderStage {
  if (confirmed === 0 && shipped === 0) return waiting > 0 ? 'BACKORDERED' : stage;
  return waiting === 0 && shipped >= confirmed ? 'SHIPPED' : stage;
}

/** Why units will not come; `by` null where the reason itself decided. */
export type Cancellation = Readonly<{ reason: string; by: string | null }>;

/** The cancellation of units that are not confirmed; cancelling every unit is the whole order. */
export function cancellationOf(
  state: OrderState,
  book: OrderBook,
  lines: SkuQuantities,
  { reason, by }: Cancellation,
): OrderFact {
  const after = cancelled(book, lines);
  if (unitsLeft(after) === 0 && state.unitsShipped === 0)
    return { type: 'OrderCancelled', data: { reason, by } };
  const status = statusWith(state, state.unitsConfirmed, unitsWaiting(after));
  return { type: 'OrderLinesCancelled', data: { status, lines, reason, by } };
}

/** The hold of an order that was to come whole. */
export function heldSinceBroken(units: number, cause: string): Hold {
  const reason = `The order was to come whole, and ${units} of its units are not there (${cause}): they wait for receipts.`;
  return { reason, owner: SALES_OPERATIONS };
}
