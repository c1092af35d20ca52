// Orders that wait: who came of age, whose next look is due, and what the looks came to.
import { appendArrays, type NewEvent, type Sql } from '@crossdock/event-store';
import type { PaymentMethod } from '../domain/deadline.ts';
import type { Hold, OrderStage, OrderState } from '../domain/order-state.ts';
import { type OrderProgress, type ProgressRow, progressColumns, progressOf } from './progress.ts';

/** An order whose next look is due. `reminders` are those since its last fact, `said` all of them. */
export type WatchedOrder = Readonly<{
  order: OrderProgress;
  /** Of an order that is placed and no more; null for others. */
  paymentMethod: PaymentMethod | null;
  waitedS: number;
  reminders: number;
  said: number;
}>;

/** What a look came to. `lookAfterS` null ends the watch; `held` puts the order on hold. */
export type Look = Readonly<{
  orderId: string;
  expected: number;
  lookAfterS: number | null;
  version: number;
  reminders: number;
  said: number;
  isStuck: boolean;
  held: Readonly<{ from: OrderStage; hold: Hold }> | null;
}>;

/** Watches the orders that are older than `ageS` and not final; answers how many events of the log were passed. */
export async function watchPlaced(
  sql: Sql,
  epoch: number,
  options: Readonly<{ ageS: number; limit: number; final: readonly OrderState['status'][] }>,
): Promise<number> {
  const [row] = await sql<{ passed: number }[]>`
    SELECT orders_watch_placed(${epoch}, ${options.ageS}::float8, ${options.limit}, ${[...options.final]}::text[]) AS passed`;
  return row?.passed ?? 0;
}

/** Orders whose look is due by the database's clock, the longest due first. */
export async function loadDue(sql: Sql, limit: number): Promise<WatchedOrder[]> {
  // now() and not clock_timestamp(), which no index can be searched by: it may change within the statement.
  const rows = await sql<(ProgressRow & Omit<WatchedOrder, 'order'>)[]>`
    SELECT ${progressColumns(sql)},
           extract(epoch FROM now() - coalesce(advanced_at, placed_at))::float8 AS "waitedS",
           CASE WHEN status = 'PLACED' THEN (
             SELECT e.data ->> 'paymentMethod' FROM events e
             WHERE e.category = 'order' AND e.stream_id = orders.order_id::text AND e.version = 1) END AS "paymentMethod",
           CASE WHEN w.version = orders.version THEN w.reminders ELSE 0 END AS reminders, w.said
    FROM order_watches w JOIN orders USING (order_id)
    WHERE w.look_at <= now() ORDER BY w.look_at LIMIT ${limit}`;
  return rows.map(({ paymentMethod, waitedS, reminders, said, ...row }) => ({
    order: progressOf(row),
    paymentMethod,
    waitedS,
    reminders,
    said,
  }));
}

/**
 * Writes looks and what they say in one call; answers the orders for which it did. The others moved meanwhile and are
 * due again at once. Rejects with LEASE_LOST under an old epoch, and then nothing was written.
 */
export async function writeLooks(
  sql: Sql,
  epoch: number,
  looks: readonly Look[],
  events: readonly NewEvent[],
): Promise<Set<string>> {
  const appended = appendArrays(events);
  const rows = await sql<{ orderId: string }[]>`
    SELECT "orderId" FROM orders_watch_write(${epoch},
      ${looks.map((each) => each.orderId)}::uuid[], ${looks.map((each) => each.expected)}::int[],
      ${looks.map((each) => each.lookAfterS)}::float8[], ${looks.map((each) => each.version)}::int[],
      ${looks.map((each) => each.reminders)}::int[], ${looks.map((each) => each.said)}::int[],
      ${looks.map((each) => Number(each.isStuck))}::int[], ${looks.map((each) => each.held?.from ?? null)}::text[],
      ${looks.map((each) => each.held?.hold.reason ?? null)}::text[],
      ${looks.map((each) => each.held?.hold.owner ?? null)}::text[],
      ${appended.partition}::int[], ${appended.category}::text[], ${appended.streamId}::text[], ${appended.version}::int[],
      ${appended.id}::uuid[], ${appended.type}::text[], ${appended.data}::text[], ${appended.metadata}::text[])
      AS written ("orderId")`;
  return new Set(rows.map((row) => row.orderId));
}

/** Orders that were reminded and have not moved since, by where they stand, and those on hold. */
export async function countStuck(sql: Sql): Promise<{ status: string; count: number }[]> {
  return sql<{ status: string; count: number }[]>`
    SELECT o.status, count(*)::int AS count FROM order_watches w JOIN orders o USING (order_id)
    WHERE w.stuck AND (o.status = 'ON_HOLD' OR (w.version = o.version AND w.reminders > 0)) GROUP BY o.status`;
}
