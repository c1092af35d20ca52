import type { Sql } from '@crossdock/event-store';

/** Where the next orders are looked for: behind this one, which dies then. */
export type DyingPlace = Readonly<{ orderId: string; expiresAt: string }>;

/**
 * Orders with an authorisation that dies within some time, the first to die first; that time (RFC 3339, UTC), and the present. `last` is
 * the place of the last of them.
 */
export type Dying = Readonly<{
  orderIds: readonly string[];
  before: string;
  nowMs: number;
  last: DyingPlace | null;
}>;

/** Reads up to `limit` orders behind `after` whose authorisation dies within `withinMs`, by the database's clock. */
export async function loadDying(
  sql: Sql,
  withinMs: number,
  limit: number,
  after: DyingPlace | null,
): Promise<Dying> {
  const rows = await sql<{ orderId: string | null; expiresAt: string; now: Date; before: Date }[]>`
    SELECT p.order_id AS "orderId", p.authorisation_expires_at::text AS "expiresAt", t.now, t.before
    FROM (SELECT n.now, n.now + ${withinMs}::float8 * interval '1 millisecond' AS before
          FROM (SELECT clock_timestamp() AS now) n) t
    LEFT JOIN LATERAL (
      SELECT order_id, authorisation_expires_at FROM payments
      WHERE authorisation_expires_at IS NOT NULL AND NOT closed AND authorisation_expires_at < t.before
        AND (authorisation_expires_at, order_id) > (
          coalesce(${after?.expiresAt ?? null}::timestamptz, '-infinity'),
          coalesce(${after?.orderId ?? null}::uuid, '00000000-0000-0000-0000-000000000000'))
      ORDER BY authorisation_expires_at, order_id LIMIT ${limit}) p ON true`;
  const [first] = rows;
  if (first === undefined) throw new Error('The database has no clock');
  const found = rows.flatMap(({ orderId, expiresAt }) => (orderId === null ? [] : [{ orderId, expiresAt }]));
  return {
    orderIds: found.map(({ orderId }) => orderId),
    before: first.before.toISOString(),
    nowMs: first.now.getTime(),
    last: found.at(-1) ?? null,
  };
}

/** When an order's wave was authorised, in milliseconds of the epoch: the start of the first try that found it so. */
export type AuthorisedSince = Readonly<{ orderId: string; wave: number; sinceMs: number }>;

/** Reads since when the authorisations of these orders stand. */
export async function loadAuthorisedSince(
  sql: Sql,
  orderIds: readonly string[],
): Promise<readonly AuthorisedSince[]> {
  return sql<AuthorisedSince[]>`
    SELECT order_id AS "orderId", instance::int AS wave, (extract(epoch FROM min(at)) * 1000)::float8 AS "sinceMs"
    FROM payment_attempts
    WHERE order_id = ANY (${[...orderIds]}::uuid[]) AND operation = 'authorise' AND outcome = 'succeeded'
    GROUP BY order_id, instance`;
}
