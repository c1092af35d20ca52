// Whether the log takes events. A log that is behind what others know of it is closed until a restore made it whole.
import type { Sql } from './client.ts';

/** SQLSTATE of an append to a closed log: come back later. */
export const LOG_CLOSED = 'CD004';

/** Since when and why a log takes no event. */
export type Closing = Readonly<{ closedAt: Date; reason: string }>;

/** A position of a partition that somebody knows of. */
export type KnownPosition = Readonly<{ partition: number; position: number }>;

/** True for the error of an append to a closed log. */
export function isLogClosed(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === LOG_CLOSED;
}

/** The closing that stands, or null while the log is open. */
export async function loadClosing(sql: Sql): Promise<Closing | null> {
  const [row] = await sql<Closing[]>`
    SELECT closed_at AS "closedAt", reason FROM log_closings WHERE opened_at IS NULL`;
  return row ?? null;
}

/** Closes the log to appends and fences whoever works under the lease; false when it was closed already. */
export async function closeLog(sql: Sql, reason: string): Promise<boolean> {
  const [row] = await sql<{ closed: boolean }[]>`SELECT log_close(${reason}) AS closed`;
  return row?.closed === true;
}

/**
 * Closes the log when the witness knows positions beyond its committed intents, which no reader ever passes: this database was
 * restored to an earlier point. Answers why, or null. Positions given up at an earlier restore say nothing.
 */
export async function closeIfBehind(
  sql: Sql,
  witness: string,
  known: readonly KnownPosition[],
): Promise<string | null> {
  if (known.length === 0) return null;
  const [row] = await sql<{ reason: string | null }[]>`
    SELECT log_close_if_behind(${witness}, ${known.map((each) => each.partition)}::int[],
      ${known.map((each) => each.position)}::bigint[]) AS reason`;
  return row?.reason ?? null;
}
