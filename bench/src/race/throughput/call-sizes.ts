// How many orders and lines the reserver decided in one call: a call is one transaction, and `xmin` names it in each row.
import postgres from 'postgres';

export interface Sizes {
  readonly mean: number;
  readonly p50: number;
  readonly max: number;
}

export interface CallSizes {
  readonly calls: number;
  readonly orders: Sizes;
  readonly lines: Sizes;
}

export interface CountedCall {
  readonly orders: number;
  readonly lines: number;
}

/** Reads the sizes of all calls that reserved something after the given instant of the database's clock. */
export async function readCallSizes(databaseUrl: string, since: Date): Promise<CallSizes> {
  const sql = postgres(databaseUrl, { max: 1, connection: { application_name: 'call-sizes' } });
  try {
    const calls = await sql<CountedCall[]>`
      select c.orders, m.lines from (
        select xmin::text as call, count(*)::int as orders from events
        where type = 'StockReserved' and recorded_at > ${since} group by 1) c
      join (select xmin::text as call, count(*)::int as lines from movements where kind = 'reserve' group by 1) m
        using (call)`;
    return sizesOf(calls);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

export function sizesOf(calls: readonly CountedCall[]): CallSizes {
  return {
    calls: calls.length,
    orders: spread(calls.map(({ orders }) => orders)),
    lines: spread(calls.map(({ lines }) => lines)),
  };
}

function spread(values: readonly number[]): Sizes {
  const sorted = values.toSorted((left, right) => left - right);
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    mean: sum / Math.max(1, sorted.length),
    p50: sorted[Math.floor((sorted.length - 1) / 2)] ?? 0,
    max: sorted.at(-1) ?? 0,
  };
}
