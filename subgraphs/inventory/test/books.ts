// Adds the books up, as an auditor would: conservation of goods, claims against orders and holds, and the ledger step by step.
import type { Sql } from '@crossdock/event-store';
import { type Figure, MOVEMENT_KINDS, movedBy } from '../src/domain/ledger.ts';

type Faults = readonly Readonly<Record<string, unknown>>[];

const FIGURES: readonly Figure[] = ['onHand', 'allocated', 'safety', 'reserved', 'held', 'withdrawing'];

/** The movements with what each moved of every figure: columns d_onhand, d_allocated and so on. */
const moved = (sql: Sql) => sql`
  (SELECT m.*, m.xmin::text AS call, ${sql.unsafe(FIGURES.map((figure) => `m.quantity * (e.by ->> '${figure}')::int AS d_${figure}`).join(', '))}
   FROM movements m JOIN jsonb_each(${JSON.stringify(effects())}::text::jsonb) AS e (kind, by) ON e.kind = m.kind)`;

const effects = () =>
  Object.fromEntries(
    MOVEMENT_KINDS.map((kind) => [
      kind,
      Object.fromEntries(FIGURES.map((figure) => [figure, movedBy(kind, figure, 1)])),
    ]),
  );

/** Units of orders by SKU and warehouse: open ones have none; `missing` of the assigned are not there. */
const claimed = (sql: Sql) => sql`
  (SELECT l ->> 0 AS sku, NULL AS warehouse_id, (l ->> 1)::int AS units, 0 AS missing
   FROM reservations r, json_array_elements(r.lines) l
   UNION ALL
   SELECT l ->> 0, NULL, -(l ->> 1)::int, 0
   FROM reservations r, json_array_elements(r.shipments) s, json_array_elements(s -> 'lines') l
   UNION ALL
   SELECT l ->> 0, s ->> 'warehouseId', (l ->> 1)::int, 0
   FROM reservations r, json_array_elements(r.shipments) s, json_array_elements(s -> 'lines') l WHERE NOT (s ->> 'left')::boolean
   UNION ALL
   SELECT l ->> 0, s ->> 'warehouseId', -(l ->> 1)::int, (l ->> 1)::int
   FROM reservations r, json_array_elements(r.shipments) s, json_array_elements(coalesce(s -> 'missing', '[]')) l
   WHERE NOT (s ->> 'left')::boolean)`;

/** Rows where a shelf, a total, a claim or a backorder differs from what movements and reservations say; empty when the books agree. */
export async function disagreements(sql: Sql): Promise<Faults> {
  const shelves = await sql`
    SELECT s.sku, s.warehouse_id, s.on_hand, s.allocated, s.safety, m.*
    FROM stock s FULL JOIN (
      SELECT sku AS m_sku, warehouse_id AS m_warehouse, sum(d_onHand) AS on_hand, sum(d_allocated) AS allocated,
             sum(d_safety) AS safety
      FROM ${moved(sql)} d WHERE d_onHand <> 0 OR d_allocated <> 0 OR d_safety <> 0 GROUP BY 1, 2
    ) m ON m.m_sku = s.sku AND m.m_warehouse = s.warehouse_id
    WHERE (s.on_hand, s.allocated, s.safety) IS DISTINCT FROM (m.on_hand, m.allocated, m.safety)`;
  const totals = await sql`
    SELECT t.sku, t.sellable, t.reserved, t.held, t.withdrawing, m.* FROM sku_totals t LEFT JOIN (
      SELECT sku, sum(sellable_delta) AS sellable, sum(d_reserved) AS reserved, sum(d_held) AS held, sum(d_withdrawing) AS withdrawing
      FROM ${moved(sql)} d GROUP BY sku
    ) m USING (sku) WHERE (t.sellable, t.reserved, t.held, t.withdrawing) IS DISTINCT FROM
      (coalesce(m.sellable, 0), coalesce(m.reserved, 0), coalesce(m.held, 0), coalesce(m.withdrawing, 0))`;
  const claims = await sql`
    SELECT t.sku, t.reserved, t.withdrawing, c.* FROM sku_totals t LEFT JOIN (
      SELECT c.sku, sum(c.units) FILTER (WHERE c.warehouse_id IS NULL OR w.status = 'OPEN') AS reserved,
             sum(c.missing) + coalesce(sum(c.units) FILTER (WHERE c.warehouse_id IS NOT NULL AND w.status IS DISTINCT FROM 'OPEN'), 0)
               AS withdrawing
      FROM ${claimed(sql)} c LEFT JOIN warehouses w ON w.warehouse_id = c.warehouse_id GROUP BY c.sku
    ) c USING (sku) WHERE (t.reserved, t.withdrawing) IS DISTINCT FROM (coalesce(c.reserved, 0), coalesce(c.withdrawing, 0))`;
  const held = await sql`
    SELECT t.sku, t.held, h.units FROM sku_totals t LEFT JOIN (
      SELECT l ->> 0 AS sku, sum((l ->> 1)::int) AS units FROM holds, json_array_elements(lines) l WHERE status = 'ACTIVE' GROUP BY 1
    ) h USING (sku) WHERE t.held <> coalesce(h.units, 0)`;
  const waiting = await sql`
    SELECT * FROM backorders b FULL JOIN (
      SELECT l ->> 0 AS sku, order_id, sum((l ->> 1)::int)::int AS waits FROM reservations, json_array_elements(waiting) l GROUP BY 1, 2
    ) r USING (sku, order_id) WHERE b.quantity IS DISTINCT FROM r.waits`;
  return [...shelves, ...totals, ...claims, ...held, ...waiting, ...(await miscounted(sql))];
}

/** SKUs whose units for sale are not what lies in OPEN warehouses, less what is kept back. */
async function miscounted(sql: Sql): Promise<Faults> {
  return sql`
    SELECT t.sku, t.sellable, s.sellable AS counted FROM sku_totals t LEFT JOIN (
      SELECT s.sku, sum(s.on_hand - s.safety) AS sellable FROM stock s JOIN warehouses w USING (warehouse_id)
      WHERE w.status = 'OPEN' GROUP BY s.sku
    ) s USING (sku) WHERE t.sellable <> coalesce(s.sellable, 0)`;
}

/** SKUs of which more was claimed and held than was for sale after some call, replaying the ledger; a call is a transaction. */
export async function oversold(sql: Sql): Promise<Faults> {
  return sql`
    SELECT sku, min(free) AS free FROM (
      SELECT sku, id, sum(sellable_delta - d_reserved - d_held) OVER (PARTITION BY sku ORDER BY id) AS free,
             lead(call) OVER (PARTITION BY sku ORDER BY id) IS DISTINCT FROM call AS ends_call
      FROM ${moved(sql)} d
    ) m WHERE ends_call GROUP BY sku HAVING min(free) < 0`;
}
