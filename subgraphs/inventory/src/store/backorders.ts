// Units that wait for receipts: where some could come now, who waits for them, and how much waits in all.
import type { Sql } from '@crossdock/event-store';
import type { Demand, Wanted } from '../domain/fair-share.ts';
import { textArray } from './array-literals.ts';

/** SKUs behind `after` that somebody waits for and that have free units, in the order of their codes. */
export async function loadWantedSkus(
  sql: Sql,
  after: string,
  limit: number,
): Promise<Pick<Wanted, 'sku' | 'free'>[]> {
  return sql<Pick<Wanted, 'sku' | 'free'>[]>`
    SELECT b.sku, t.sellable - t.reserved - t.held - t.withdrawing AS free
    FROM backorder_totals b JOIN sku_totals t USING (sku)
    WHERE b.sku > ${after} AND t.sellable - t.reserved - t.held - t.withdrawing > 0
    ORDER BY b.sku LIMIT ${limit}`;
}

type DemandRow = Demand & Readonly<{ sku: string }>;

/**
 * Who waits for each SKU, at most `limit` orders of each: the oldest of every partner, then everybody's second, so that no
 * partner with many orders keeps others out.
 */
export async function loadDemands(
  sql: Sql,
  skus: readonly string[],
  limit: number,
): Promise<Map<string, Demand[]>> {
  const rows = await sql<DemandRow[]>`
    SELECT k.sku, d."orderId", d."partnerId", d.quantity, d.since
    FROM unnest(${textArray(skus)}::text[]) AS k (sku) CROSS JOIN LATERAL (
      SELECT b.order_id AS "orderId", b.partner_id AS "partnerId", b.quantity, extract(epoch FROM b.since)::float8 AS since
      FROM backorders b WHERE b.sku = k.sku
      ORDER BY row_number() OVER (PARTITION BY b.partner_id ORDER BY b.since, b.order_id), b.since, b.order_id
      LIMIT ${limit}
    ) d`;
  const demands = new Map<string, Demand[]>();
  for (const { sku, ...demand } of rows) demands.set(sku, [...(demands.get(sku) ?? []), demand]);
  return demands;
}

/** All that waits, and for how many seconds its oldest has; of nothing, 0. */
export async function countBackorders(
  sql: Sql,
): Promise<Readonly<{ units: number; orders: number; oldestS: number }>> {
  const [row] = await sql<{ units: number; orders: number; oldestS: number }[]>`
    SELECT coalesce(sum(quantity), 0)::float8 AS units, count(DISTINCT order_id)::int AS orders,
           coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::float8 AS "oldestS"
    FROM backorders`;
  return row ?? { units: 0, orders: 0, oldestS: 0 };
}
