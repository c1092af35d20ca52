import type { Sql } from '@crossdock/event-store';

/** Calls that have not ended, by state and operation; `oldestMs` is how long the first of them has been wanted. */
export type OpenCallsCount = Readonly<{ state: string; operation: string; calls: number; oldestMs: number }>;
/** Open differences of one kind and currency; `amountMinor` sums how far both sides are apart. */
export type OpenBreaksCount = Readonly<{
  kind: string;
  currencyCode: string | null;
  breaks: number;
  amountMinor: number;
}>;

/**
 * Calls that wait for a person, each once. Of some the payment alone knows it: a renewal's row is done with its answer, and where an
 * authorisation may be renewed no more no call is out. Those wait since their fact; what is tried again waits for nobody.
 */
function countHeldCalls(sql: Sql) {
  return sql`
    SELECT 'held', h.operation, count(*)::int,
           (extract(epoch FROM clock_timestamp() - min(CASE c.state WHEN 'held' THEN c.since ELSE coalesce(f.at, c.since) END)) * 1000)::float8
    FROM (
      SELECT order_id, operation, instance FROM payment_calls WHERE state = 'held'
      UNION
      SELECT p.order_id, call ->> 'operation', call ->> 'instance'
      FROM payments p, jsonb_array_elements(p.in_depth -> 'held') call
      WHERE p.in_depth @? '$.held[0]' AND call -> 'again' IS NULL
    ) h
    LEFT JOIN payment_calls c USING (order_id, operation, instance)
    LEFT JOIN LATERAL (
      SELECT max(e.recorded_at) AS at FROM events e
      WHERE e.category = 'payment' AND e.stream_id = h.order_id::text AND e.type = 'PaymentHeld'
        AND e.data ->> 'operation' = h.operation AND e.data ->> 'instance' = h.instance
    ) f ON c.state IS DISTINCT FROM 'held'
    GROUP BY h.operation`;
}

export async function countOpenCalls(sql: Sql): Promise<OpenCallsCount[]> {
  return sql<OpenCallsCount[]>`
    SELECT state, operation, count(*)::int AS calls,
           (extract(epoch FROM clock_timestamp() - min(since)) * 1000)::float8 AS "oldestMs"
    FROM payment_calls WHERE state IN ('due', 'unknown') GROUP BY 1, 2
    UNION ALL ${countHeldCalls(sql)}`;
}

export async function countOpenBreaks(sql: Sql): Promise<OpenBreaksCount[]> {
  return sql<OpenBreaksCount[]>`
    SELECT kind, coalesce(found_currency, expected_currency) AS "currencyCode", count(*)::int AS breaks,
           sum(abs(coalesce(found_minor, 0) - coalesce(expected_minor, 0)))::float8 AS "amountMinor"
    FROM payment_breaks WHERE state = 'OPEN' GROUP BY 1, 2`;
}

/** Orders with a call that has been wanted for `olderThanMs` and that nobody is making, the longest wanted first. */
export async function loadWaitingOrders(sql: Sql, olderThanMs: number, limit: number): Promise<string[]> {
  const rows = await sql<{ orderId: string }[]>`
    SELECT order_id AS "orderId" FROM payment_calls
    WHERE state IN ('due', 'unknown') AND claimed_epoch IS NULL AND since < clock_timestamp() - ${olderThanMs} * interval '1 millisecond'
    GROUP BY order_id ORDER BY min(since) LIMIT ${limit}`;
  return rows.map(({ orderId }) => orderId);
}
