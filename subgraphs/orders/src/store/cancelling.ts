// What cancelling an order reads and writes.
import { appendArrays, type NewEvent, type Sql } from '@crossdock/event-store';
import type { SkuQuantities } from '../domain/order-book.ts';
import type { OrderState } from '../domain/order-state.ts';
import { loadPlacedLines, loadProgress, type OrderProgress } from './progress.ts';

export const CANCEL_OPERATION = 'cancelOrder';

/** The order as it stands, and its lines as placed; null when it is not here. */
export async function loadCancellable(
  sql: Sql,
  orderId: string,
): Promise<Readonly<{ order: OrderProgress; placed: SkuQuantities }> | null> {
  const [orders, lines] = await Promise.all([loadProgress(sql, [orderId]), loadPlacedLines(sql, [orderId])]);
  const [order, placed] = [orders.get(orderId), lines.get(orderId)];
  return order === undefined || placed === undefined ? null : { order, placed };
}

export type RequestKey = Readonly<{ scope: string; key: string; fingerprint: string }>;
export type CancelVerdict = 'NEW' | 'REPLAYED' | 'KEY_REUSED' | 'IN_FLIGHT';

/** Writes a cancellation in one call. Rejects as a lost guard when the order is not as it was decided on. */
export async function cancelOrder(
  sql: Sql,
  { scope, key, fingerprint }: RequestKey,
  orderId: string,
  { before, after, events }: Readonly<{ before: OrderState; after: OrderState; events: readonly NewEvent[] }>,
): Promise<CancelVerdict> {
  const { version, stock, payment, unitsShipped, book, early, missing, heldPayments } = before;
  const decidedOn = { version, stock, payment, unitsShipped, book, early, missing, heldPayments };
  const { hold, ...row } = after;
  const decided = { ...row, holdReason: hold?.reason ?? null, holdOwner: hold?.owner ?? null };
  const appended = appendArrays(events);
  const [written] = await sql<{ verdict: CancelVerdict }[]>`
    SELECT orders_cancel(
      ${scope}, ${key}, ${fingerprint}, ${orderId}::uuid, ${JSON.stringify(decidedOn)}::text::jsonb,
      ${JSON.stringify(decided)}::text::jsonb,
      ${appended.partition}::int[], ${appended.category}::text[], ${appended.streamId}::text[], ${appended.version}::int[],
      ${appended.id}::uuid[], ${appended.type}::text[], ${appended.schemaVersion}::int[], ${appended.data}::text[],
      ${appended.metadata}::text[]) AS verdict`;
  // The statement answers one row.
  return (written as { verdict: CancelVerdict }).verdict;
}
