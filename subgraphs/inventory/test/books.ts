// Adds the books up, as an auditor would: conservation of goods, claims against orders, and the ledger step by step.
import type { Sql } from '@crossdock/event-store';

type Faults = readonly Readonly<Record<string, unknown>>[];

/** Rows where a shelf, a total or a claim differs from what movements and reservations say; empty when the books agree. */
export async function disagreements(sql: Sql): Promise<Faults> {
  const shelves = await sql`
    SELECT s.sku, s.warehouse_id, s.on_hand, s.allocated, m.*
    FROM stock s FULL JOIN (
      SELECT sku AS m_sku, warehouse_id AS m_warehouse,
             coalesce(sum(quantity) FILTER (WHERE kind = 'receipt'), 0)
             - coalesce(sum(quantity) FILTER (WHERE kind = 'ship'), 0) AS m_on_hand,
             coalesce(sum(quantity) FILTER (WHERE kind = 'allocate'), 0)
             - coalesce(sum(quantity) FILTER (WHERE kind = 'ship'), 0) AS m_allocated
      FROM movements WHERE warehouse_id IS NOT NULL GROUP BY 1, 2
    ) m ON m.m_sku = s.sku AND m.m_warehouse = s.warehouse_id
    WHERE (s.on_hand, s.allocated) IS DISTINCT FROM (m.m_on_hand, m.m_allocated)`;
  const claims = await sql`
    SELECT t.sku, t.reserved, m.reserved AS moved FROM sku_totals t LEFT JOIN (
      SELECT sku, sum(CASE kind WHEN 'reserve' THEN quantity WHEN 'release' THEN -quantity WHEN 'ship' THEN -quantity
                      ELSE 0 END) AS reserved FROM movements GROUP BY sku
    ) m USING (sku) WHERE t.reserved <> coalesce(m.reserved, 0)`;
  const open = await sql`
    SELECT t.sku, t.reserved, o.open FROM sku_totals t LEFT JOIN (
      SELECT sku, sum(units) AS open FROM (
        SELECT l ->> 0 AS sku, (l ->> 1)::int AS units FROM reservations r, json_array_elements(r.lines) l
        WHERE r.status IN ('RESERVED', 'ALLOCATED')
        UNION ALL
        SELECT l ->> 0, -(l ->> 1)::int FROM reservations r, json_array_elements(r.shipments) s,
               json_array_elements(s -> 'lines') l
        WHERE r.status IN ('RESERVED', 'ALLOCATED') AND (s ->> 'left')::boolean
      ) u GROUP BY sku
    ) o USING (sku) WHERE t.reserved <> coalesce(o.open, 0)`;
  const sellable = await sql`
    SELECT t.sku, t.sellable, s.sellable AS counted FROM sku_totals t LEFT JOIN (
      SELECT s.sku, sum(s.on_hand - s.safety) AS sellable FROM stock s JOIN warehouses w USING (warehouse_id)
      WHERE w.status = 'OPEN' GROUP BY s.sku
    ) s USING (sku) WHERE t.sellable <> coalesce(s.sellable, 0)`;
  return [...shelves, ...claims, ...open, ...sellable];
}

/** SKUs whose claims, replaying the ledger in order, ever passed what was on the shelves of all warehouses. */
export async function oversold(sql: Sql): Promise<Faults> {
  return sql`
    SELECT sku, min(free) AS free FROM (
      SELECT sku, sum(CASE kind WHEN 'receipt' THEN quantity WHEN 'release' THEN quantity WHEN 'reserve' THEN -quantity
                      ELSE 0 END) OVER (PARTITION BY sku ORDER BY id) AS free
      FROM movements
    ) m GROUP BY sku HAVING min(free) < 0`;
}
