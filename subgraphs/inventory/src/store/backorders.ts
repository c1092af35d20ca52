// Units that wait for receipts: where some could come now, who waits for them, and how much waits in all.
import type { Sql } from '@crossdock/event-store';
import type { Demand, Wanted } from '../domain/fair-share.ts';

type WantedRow = Demand & Readonly<{ sku: string; free: number }>;

/**
 * SKUs behind `after` that have free units and somebody who waits for them, in the order of their codes, with those who wait: at
 * most `limits.demands` orders of each, the oldest of every partner, then everybody's second, so that no partner with many
 * orders keeps others out. One statement, so that figures and demands are of one moment.
 */
export async function loadWanted(
  sql: Sql,
  after: string,
  limits: Readonly<{ skus: number; demands: number }>,
): Promise<Wanted[]> {
  const rows = await sql<WantedRow[]>`
    SELECT k.sku, k.free, d."orderId", d."partnerId", d.quantity, d.since FROM (
      SELECT b.sku, t.sellable - t.reserved - t.held - t.withdrawing AS free
      FROM backorder_totals b JOIN sku_totals t USING (sku)
      WHERE b.sku > ${after} AND t.sellable - t.reserved - t.held - t.withdrawing > 0
      ORDER BY b.sku LIMIT ${limits.skus}
    ) k CROSS JOIN LATERAL (
      SELECT b.order_id AS "orderId", b.partner_id AS "partnerId", b.quantity, extract(epoch FROM b.since)::float8 AS since
      FROM backorders b WHERE b.sku = k.sku
      ORDER BY row_number() OVER (PARTITION BY b.partner_id ORDER BY b.since, b.order_id), b.since, b.order_id
      LIMIT ${limits.demands}
    ) d ORDER BY k.sku`;
  const wanted = new Map<string, Wanted & { demands: Demand[] }>();
  for (const { sku, free, ...demand } of rows) {
    const known = wanted.get(sku) ?? { sku, free, demands: [] };
    known.demands.push(demand);
    wanted.set(sku, known);
  }
  return [...wanted.values()];
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
