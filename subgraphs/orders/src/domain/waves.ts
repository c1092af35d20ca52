// An order's reservations and their payments, each heard by itself: once both are there, what can be confirmed is.
import {
  firstTakeable,
  type OrderBook,
  replenished,
  takeable,
  unitsLeft,
  unitsOf,
  unitsWaiting,
  type Wave,
  waitingLines,
} from './order-book.ts';
import { evolve } from './order-evolve.ts';
import { type OrderEvent, type OrderFact, type OrderState, stageOf } from './order-state.ts';
import { cancellationOf, heldSinceBroken, replenishedStatus } from './standing.ts';

/** statusReason of an order of which nothing is left since what was promised is not there. */
export const STOCK_BROKEN = 'STOCK_BROKEN';
export const PAYMENT_DECLINED = 'PAYMENT_DECLINED';

/** What follows from what was heard so far; `detail` tells why a payment was declined. */
export function settle(state: OrderState, detail = ''): OrderEvent[] {
  if (state.book === null) return [];
  return state.unitsConfirmed === null
    ? settleUnconfirmed(state, state.book, detail)
    : settleConfirmed(state);
}

function settleUnconfirmed(state: OrderState, book: OrderBook, detail: string): OrderEvent[] {
  if (unitsLeft(book) === 0) return [{ type: 'OrderCancelled', data: { reason: STOCK_BROKEN, by: null } }];
  const wave = firstTakeable(book);
  if (wave === null) return waitForReceipts(state, book);
  switch (wave.payment) {
    case 'OPEN':
      return [];
    case 'DECLINED':
      return [{ type: 'OrderRejected', data: { reason: PAYMENT_DECLINED, detail } }];
    case 'AUTHORISED':
      return confirm(state, book, wave);
  }
}

/** Nothing that was claimed is left for the order, and something of it may still come. */
function waitForReceipts(state: OrderState, book: OrderBook): OrderEvent[] {
  if (stageOf(state) !== 'PLACED' || book.heardWave === 0) return [];
  return [{ type: 'OrderBackordered', data: { lines: waitingLines(book) } }, ...hold(book)];
}

function hold({ brokenWhole, ...book }: OrderBook): OrderEvent[] {
  if (brokenWhole === null) return [];
  const waiting = unitsWaiting({ ...book, brokenWhole });
  return waiting === 0 ? [] : [{ type: 'OrderHeld', data: heldSinceBroken(waiting, brokenWhole) }];
}

/** The first confirmation, and what had to wait for it: later reservations, and a later payment that was declined. */
function confirm(state: OrderState, book: OrderBook, wave: Wave): OrderEvent[] {
  const lines = takeable(book, wave);
  const waiting = waitingLines(replenished(book, wave.wave, lines));
  const fact: OrderFact = {
    type: 'OrderConfirmed',
    data: {
      lines: unitsOf(lines) === state.unitsOrdered ? null : lines,
      backordered: waiting.length === 0 ? null : waiting,
      ...(wave.wave === 1 ? {} : { wave: wave.wave }),
    },
  };
  const events: OrderEvent[] = [fact];
  let reached = evolve(state, fact);
  for (const follows of [settleConfirmed, giveUpAll]) {
    const more = follows(reached);
    events.push(...more);
    reached = more.reduce(evolve, reached);
  }
  const after = reached.book === null ? [] : hold({ ...reached.book, brokenWhole: book.brokenWhole });
  return [...events, ...after];
}

const giveUpAll = (state: OrderState) => giveUp(state, () => true);

/** Of a confirmed order: every reservation that is paid is confirmed, and one that is declined ends the wait. */
function settleConfirmed(state: OrderState): OrderEvent[] {
  if (state.book === null) return [];
  const events = replenish(state);
  const reached = events.reduce(evolve, state);
  return [...events, ...giveUp(reached, (wave) => (wave.lines ?? []).length > 0)];
}

/** What a declined payment was for does not come, nor does what waits beside it. */
function giveUp(state: OrderState, mustGo: (declined: Wave) => boolean): OrderEvent[] {
  const { book } = state;
  const declined = book?.waves.filter((wave) => wave.payment === 'DECLINED' && mustGo(wave)) ?? [];
  if (book === null || declined.length === 0) return [];
  const settled = declined.flatMap(({ wave, lines }): OrderEvent[] =>
    lines === null ? [] : [{ type: 'WaveSettled', data: { wave } }],
  );
  const isForNothing = declined.every((wave) => wave.lines !== null && takeable(book, wave).length === 0);
  const waiting = waitingLines(book);
  if (isForNothing || waiting.length === 0) return settled;
  return [...settled, cancellationOf(state, book, waiting, { reason: PAYMENT_DECLINED, by: null })];
}

/** Confirms every reservation that is paid, as far as its units still wait by the book. */
function replenish(state: OrderState): OrderEvent[] {
  const events: OrderEvent[] = [];
  let reached = state;
  for (const wave of state.book?.waves ?? []) {
    if (reached.book === null || wave.payment !== 'AUTHORISED' || (wave.lines ?? []).length === 0) continue;
    const event = replenishment(reached, reached.book, wave);
    events.push(event);
    reached = evolve(reached, event);
  }
  return events;
}

function replenishment(state: OrderState, book: OrderBook, { wave, ...claim }: Wave): OrderEvent {
  const lines = takeable(book, { wave, ...claim });
  if (lines.length === 0) return { type: 'WaveSettled', data: { wave } };
  const status = replenishedStatus(state, replenished(book, wave, lines), unitsOf(lines));
  return { type: 'OrderReplenished', data: { status, wave, lines } };
}
