import type { Sql } from '@crossdock/event-store';

/** Orders with an authorisation that dies within some time, the first to die first, and that time (RFC 3339, UTC). */
export type Dying = Readonly<{ orderIds: readonly string[]; before: string }>;

/** Reads up to `limit` orders whose authorisation dies within `withinMs`, by the database's clock. */
export async function loadDying(sql: Sql, withinMs: number, limit: number): Promise<Dying> {
  const rows = await sql<{ order_id: string | null; before: Date }[]>`
    SELECT p.order_id, t.before
    FROM (SELECT clock_timestamp() + ${withinMs}::float8 * interval '1 millisecond' AS before) t
    LEFT JOIN LATERAL (
      SELECT order_id FROM payments
      WHERE authorisation_expires_at IS NOT NULL AND NOT closed AND authorisation_expires_at < t.before
      ORDER BY authorisation_expires_at LIMIT ${limit}) p ON true`;
  const [first] = rows;
  if (first === undefined) throw new Error('The database has no clock');
  const orderIds = rows.flatMap(({ order_id: id }) => (id === null ? [] : [id]));
  return { orderIds, before: first.before.toISOString() };
}
