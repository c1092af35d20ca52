// Tables of inventory that follow from its ledger or its log, but that commands are decided on: compared, never replaced.
import type { ComparedReadModel, Sql } from '@crossdock/event-store';

async function fillStock(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)} (sku, warehouse_id, on_hand, allocated)
    SELECT sku, warehouse_id,
           sum(CASE kind WHEN 'receipt' THEN quantity WHEN 'ship' THEN -quantity ELSE 0 END),
           sum(CASE kind WHEN 'allocate' THEN quantity WHEN 'ship' THEN -quantity ELSE 0 END)
    FROM movements WHERE kind IN ('receipt', 'allocate', 'ship') GROUP BY sku, warehouse_id`;
}

/** Claims by the ledger; what may be sold by what lies in OPEN warehouses. A SKU without movements has a row of zeros. */
async function fillTotals(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)} (sku, sellable, reserved)
    SELECT p.sku, coalesce(s.sellable, 0), coalesce(m.reserved, 0) FROM products p
    LEFT JOIN (
      SELECT sku, sum(CASE kind WHEN 'reserve' THEN quantity ELSE -quantity END) AS reserved
      FROM movements WHERE kind IN ('reserve', 'release', 'ship') GROUP BY sku) m USING (sku)
    LEFT JOIN (
      SELECT l.sku, sum(CASE l.kind WHEN 'receipt' THEN l.quantity ELSE -l.quantity END) - coalesce(max(k.safety), 0) AS sellable
      FROM movements l JOIN warehouses w ON w.warehouse_id = l.warehouse_id AND w.status = 'OPEN'
      LEFT JOIN (
        SELECT sku, sum(safety) AS safety FROM stock JOIN warehouses USING (warehouse_id) WHERE status = 'OPEN' GROUP BY sku
      ) k ON k.sku = l.sku
      WHERE l.kind IN ('receipt', 'ship') GROUP BY l.sku) s USING (sku)`;
}

async function fillProducts(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)}
      (sku, name, list_price_minor, currency_code, case_pack, min_order_quantity, weight_grams,
       low_stock_threshold, version)
    SELECT DISTINCT ON (stream_id) stream_id, data ->> 'name', (data ->> 'listPriceMinor')::bigint, data ->> 'currencyCode',
           (data ->> 'casePack')::int, (data ->> 'minOrderQuantity')::int, (data ->> 'weightGrams')::int,
           coalesce((data ->> 'lowStockThreshold')::int, 0), version
    FROM events WHERE category = 'product' ORDER BY stream_id, version DESC`;
}

export const COMPARED_TABLES: readonly ComparedReadModel[] = [
  {
    kind: 'compared',
    name: 'inventory.stock',
    about: 'units on hand and allocated on each shelf, as the movements tell',
    table: 'stock',
    columns: ['sku', 'warehouse_id', 'on_hand', 'allocated'],
    fill: fillStock,
  },
  {
    kind: 'compared',
    name: 'inventory.totals',
    about: 'units of each SKU that may be sold or are claimed, as the movements tell',
    table: 'sku_totals',
    columns: ['sku', 'sellable', 'reserved'],
    fill: fillTotals,
  },
  {
    kind: 'compared',
    name: 'inventory.products',
    about: 'products, as their own facts tell',
    table: 'products',
    columns: [
      'sku',
      'name',
      'list_price_minor',
      'currency_code',
      'case_pack',
      'min_order_quantity',
      'weight_grams',
      'low_stock_threshold',
      'version',
    ],
    fill: fillProducts,
  },
];
