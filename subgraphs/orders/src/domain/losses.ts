// Units that will not come after all: cancelled, declined, or broken.
import {
  lostOf,
  type OrderBook,
  type SkuQuantities,
  unitsOf,
  unitsWaiting,
  waitingLines,
} from './order-book.ts';
import { evolve } from './order-evolve.ts';
import type { BookNote, OrderEvent, OrderState } from './order-state.ts';
import { type Cancellation, cancellationOf, heldSinceBroken, statusWith } from './standing.ts';
import { STOCK_BROKEN, settle } from './waves.ts';

type Broken = Extract<BookNote, { type: 'ClaimsBroken' }>['data'];

/** Cancels units that are not confirmed, and says what follows from it. */
export function cancelLines(
  state: OrderState,
  book: OrderBook,
  lines: SkuQuantities,
  why: Cancellation,
): OrderEvent[] {
  if (lines.length === 0) return [];
  const fact = cancellationOf(state, book, lines, why);
  const maySettle = fact.type === 'OrderLinesCancelled' && state.unitsConfirmed === null;
  return maySettle ? [fact, ...settle(evolve(state, fact))] : [fact];
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
  const lines = lostOf(book, data.lines);
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
