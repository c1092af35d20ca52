// Units that will not come after all: cancelled, declined, or broken.
import {
  cancelled,
  lostOf,
  type OrderBook,
  type SkuQuantities,
  unitsLeft,
  unitsOf,
  unitsWaiting,
  waitingLines,
} from './order-book.ts';
import { evolve } from './order-evolve.ts';
import type { BookNote, OrderEvent, OrderFact, OrderState } from './order-state.ts';
import { heldSinceBroken, statusWith } from './standing.ts';
import { STOCK_BROKEN, settle } from './waves.ts';

type Broken = Extract<BookNote, { type: 'ClaimsBroken' }>['data'];
/** Why units will not come; `by` null where the reason itself decided. */
type Cancellation = Readonly<{ reason: string; by: string | null }>;

/** Cancels units that are not confirmed; cancelling every unit is the whole order. */
export function cancelLines(
  state: OrderState,
  book: OrderBook,
  lines: SkuQuantities,
  { reason, by }: Cancellation,
): OrderEvent[] {
  if (lines.length === 0) return [];
  const after = cancelled(book, lines);
  if (unitsLeft(after) === 0 && state.unitsShipped === 0)
    return [{ type: 'OrderCancelled', data: { reason, by } }];
  const status = statusWith(state, state.unitsConfirmed, unitsWaiting(after));
  const fact: OrderFact = { type: 'OrderLinesCancelled', data: { status, lines, reason, by } };
  return state.unitsConfirmed === null ? [fact, ...settle(evolve(state, fact))] : [fact];
}

/** Cancels all that waits. */
export function cancelRest(state: OrderState, book: OrderBook, why: Cancellation): OrderEvent[] {
  return cancelLines(state, book, waitingLines(book), why);
}

/** Claimed units are not there: unconfirmed ones are noted, confirmed ones are said to wait again or to be cancelled. */
export function breakClaims(state: OrderState, book: OrderBook, data: Broken): OrderEvent[] {
  const note: BookNote = { type: 'ClaimsBroken', data };
  const noted = evolve(state, note);
  if (state.unitsConfirmed === null) return [note, ...settle(noted)];
  const lines = lostOf(book, data.lines, data.rest);
  if (lines.length === 0) return [note];
  const rest = data.rest === 'CANCELLED' ? 'CANCELLED' : 'BACKORDERED';
  const confirmed = state.unitsConfirmed - unitsOf(lines);
  const waiting = unitsWaiting(book) + (rest === 'BACKORDERED' ? unitsOf(lines) : 0);
  const status = statusWith(noted, confirmed, waiting);
  const events: OrderEvent[] = [
    note,
    { type: 'OrderLinesBroken', data: { status, lines, rest, cause: data.cause } },
  ];
  if (data.rest === 'HELD')
    events.push({ type: 'OrderHeld', data: heldSinceBroken(unitsOf(lines), data.cause) });
  const isOver = confirmed === 0 && waiting === 0 && state.unitsShipped === 0;
  if (isOver) events.push({ type: 'OrderCancelled', data: { reason: STOCK_BROKEN, by: null } });
  return events;
}
