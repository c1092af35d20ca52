import type { Sql } from '@crossdock/event-store';
import { type HoldRow, holdOf, type ReadHold } from './figures.ts';

/** The partition of a partner and of all that belongs to it; null while orders has not told of the partner. */
export async function partitionOfPartner(sql: Sql, partnerId: string): Promise<number | null> {
  const [row] = await sql<
    { partition: number }[]
  >`SELECT partition FROM partners WHERE partner_id = ${partnerId}`;
  return row?.partition ?? null;
}

/** Holds of a partner that have not ended and whose time is not over by the database's clock. */
export async function countLiveHolds(sql: Sql, partnerId: string): Promise<number> {
  const [row] = await sql<{ alive: number }[]>`
    SELECT count(*)::int AS alive FROM holds
    WHERE partner_id = ${partnerId} AND status = 'ACTIVE' AND expires_at > clock_timestamp()`;
  return row?.alive ?? 0;
}

/** Holds that nobody ended though their time is over by the database's clock, the one that is over longest first. */
export async function loadOverdueHolds(sql: Sql, limit: number): Promise<ReadHold[]> {
  const rows = await sql<HoldRow[]>`
    SELECT hold_id, partner_id, partition, status, lines, expires_at, order_id, version, true AS is_over
    FROM holds WHERE status = 'ACTIVE' AND expires_at <= clock_timestamp() ORDER BY expires_at, hold_id LIMIT ${limit}`;
  return rows.map(holdOf);
}

/** Holds that have not ended, of all partners. */
export async function countActiveHolds(sql: Sql): Promise<number> {
  const [row] = await sql<
    { active: number }[]
  >`SELECT count(*)::int AS active FROM holds WHERE status = 'ACTIVE'`;
  return row?.active ?? 0;
}
