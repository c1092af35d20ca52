import { accept, type Decision, reject } from '@crossdock/event-sourcing';
import { CODE_LENGTH_MAX, isStorable, isText, type Refusal, refusal } from '@crossdock/values';
import { heldWhileItLasts } from './holds.ts';
import { cancelLines, cancelRest } from './losses.ts';
import {
  type BookLine,
  type OrderBook,
  type SkuQuantities,
  unitsWaiting,
  waitingOf,
  wantedOf,
} from './order-book.ts';
import { isFinal, type OrderEvent, type OrderState, stageOf } from './order-state.ts';
import { LINES_MAX, QUANTITY_MAX } from './request.ts';

/** UTF-16 units of a person's reason. */
export const REASON_LENGTH_MAX = 500;
/** What stands as the reason where none was given. */
const NO_REASON = 'CANCELLED';

/** What a client sent to cancel an order; `lines` null for the whole of it. */
export type CancelRequest = Readonly<{
  lines: SkuQuantities | null;
  reason: string | null;
  expectedVersion: number | null;
}>;

/** What is wrong with a request by itself; empty when nothing is. */
export function checkCancellation({ lines, reason }: CancelRequest): Refusal[] {
  const refusals: Refusal[] = [];
  if (reason !== null && !(isStorable(reason) && reason.length <= REASON_LENGTH_MAX)) {
    const message = `reason has at most ${REASON_LENGTH_MAX} characters, none of them NUL.`;
    refusals.push(refusal('INVALID_INPUT', { message, field: ['reason'] }));
  }
  if (lines === null) return refusals;
  if (lines.length === 0 || lines.length > LINES_MAX)
    return [...refusals, refusal('LINE_COUNT', { field: ['lines'] })];
  const seen = new Set<string>();
  lines.forEach(({ sku, quantity }, index) => {
    const at = (name: string) => ({ field: ['lines', String(index), name] });
    if (!isText(sku, CODE_LENGTH_MAX)) refusals.push(refusal('UNKNOWN_SKU', at('sku')));
    if (seen.has(sku)) refusals.push(refusal('DUPLICATE_SKU', at('sku')));
    seen.add(sku);
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > QUANTITY_MAX)
      refusals.push(refusal('QUANTITY_OUT_OF_RANGE', at('quantity')));
  });
  return refusals;
}

type Cancelling = Decision<OrderEvent, readonly Refusal[]>;

/**
 * Before its confirmation orders alone decide, and the whole order or any units of it can go. Of a confirmed order only what
 * waits for receipts can.
 */
export function decideCancellation(
  { lines, reason, expectedVersion }: CancelRequest,
  by: string,
  state: OrderState,
): Cancelling {
  const { book } = state;
  if (expectedVersion !== null && expectedVersion !== state.version) {
    const conflict = { currentVersion: state.version, field: ['expectedVersion'] };
    return reject([refusal('CONFLICT', conflict)]);
  }
  const stage = stageOf(state);
  if (book === null || isFinal(stage))
    return refused(`The order is ${stage}: nothing of it can be cancelled.`);
  if (state.unitsConfirmed === null && state.early.length > 0)
    return refused('A warehouse has the order already: it can no longer be cancelled.');
  const why = { reason: reason === null || reason.trim() === '' ? NO_REASON : reason, by };
  if (lines === null) return cancelWhole(state, book, why);
  const problems = lines.flatMap((line, index) => problemOf(line, index, state, book));
  return problems.length > 0
    ? reject(problems)
    : accept(...heldWhileItLasts(state, cancelLines(state, book, lines, why)));
}

function refused(message: string): Cancelling {
  return reject([refusal('ORDER_STATE', { message })]);
}

function cancelWhole(
  state: OrderState,
  book: OrderBook,
  why: Readonly<{ reason: string; by: string }>,
): Cancelling {
  const { unitsConfirmed, unitsShipped } = state;
  if (unitsConfirmed === null) return accept<OrderEvent>({ type: 'OrderCancelled', data: why });
  const [waiting, unshipped] = [unitsWaiting(book), unitsConfirmed - unitsShipped];
  if (waiting === 0) return refused('The order is confirmed: it can no longer be cancelled.');
  if (unshipped > 0) {
    return refused(
      `Units confirmed and not shipped: ${unshipped}; they can no longer be cancelled. Units that wait for receipts: ${waiting}; cancel them by naming their lines.`,
    );
  }
  return accept(...heldWhileItLasts(state, cancelRest(state, book, why)));
}

function problemOf(
  { sku, quantity }: SkuQuantities[number],
  index: number,
  state: OrderState,
  book: OrderBook,
): Refusal[] {
  const line = book.lines.find((each) => each.sku === sku);
  const field = ['lines', String(index), 'quantity'];
  if (line === undefined) {
    const message = 'The order has no line of this product.';
    return [refusal('UNKNOWN_SKU', { message, field: ['lines', String(index), 'sku'] })];
  }
  const left = wantedOf(line);
  if (quantity > left) {
    const message = `Of this line ${left} units are left to cancel at most.`;
    return [refusal('QUANTITY_OUT_OF_RANGE', { message, field })];
  }
  const open = cancellable(line, state, book);
  if (quantity <= open) return [];
  const message = `Of this line ${line.confirmed} units are confirmed and can no longer be cancelled; ${open} wait for receipts and can.`;
  return [refusal('ORDER_STATE', { message, field })];
}

/** Before the confirmation what is known not to come may be cancelled too: nobody was told yet. */
function cancellable(line: BookLine, { unitsConfirmed }: OrderState, book: OrderBook): number {
  return unitsConfirmed === null ? wantedOf(line) : waitingOf(book, line);
}
