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

export async function countOpenCalls(sql: Sql): Promise<OpenCallsCount[]> {
  return sql<OpenCallsCount[]>`
    SELECT state, operation, count(*)::int AS calls,
           (extract(epoch FROM clock_timestamp() - min(since)) * 1000)::float8 AS "oldestMs"
    FROM payment_calls WHERE state IN ('due', 'unknown') GROUP BY 1, 2
    UNION ALL
    SELECT state, operation, count(*)::int, (extract(epoch FROM clock_timestamp() - min(since)) * 1000)::float8
    FROM payment_calls WHERE state = 'held' GROUP BY 1, 2`;
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
