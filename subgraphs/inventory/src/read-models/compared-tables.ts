// Tables of inventory that follow from its ledger or its log, but that commands are decided on: compared, never replaced.
import type { ComparedReadModel, Sql } from '@crossdock/event-store';
import { type Figure, MOVEMENT_KINDS, movedBy } from '../domain/ledger.ts';

/** How far each kind of movement moves a figure, beside the kinds. */
const effectsOn = (figure: Figure) => MOVEMENT_KINDS.map((kind) => movedBy(kind, figure, 1));

async function fillStock(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)} (sku, warehouse_id, on_hand, allocated, safety)
    SELECT m.sku, m.warehouse_id, sum(m.quantity * e.on_hand), sum(m.quantity * e.allocated), sum(m.quantity * e.safety)
    FROM movements m
    JOIN unnest(${MOVEMENT_KINDS}::text[], ${effectsOn('onHand')}::int[], ${effectsOn('allocated')}::int[],
                ${effectsOn('safety')}::int[]) AS e (kind, on_hand, allocated, safety) ON e.kind = m.kind
    WHERE e.on_hand <> 0 OR e.allocated <> 0 OR e.safety <> 0 GROUP BY m.sku, m.warehouse_id`;
}

/** A SKU without movements has a row of zeros. */
async function fillTotals(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)} (sku, sellable, reserved, held, withdrawing)
    SELECT p.sku, coalesce(l.sellable, 0), coalesce(l.reserved, 0), coalesce(l.held, 0), coalesce(l.withdrawing, 0)
    FROM products p
    LEFT JOIN (
      SELECT m.sku, sum(m.sellable_delta) AS sellable, sum(m.quantity * e.reserved) AS reserved,
             sum(m.quantity * e.held) AS held, sum(m.quantity * e.withdrawing) AS withdrawing
      FROM movements m
      JOIN unnest(${MOVEMENT_KINDS}::text[], ${effectsOn('reserved')}::int[], ${effectsOn('held')}::int[],
                  ${effectsOn('withdrawing')}::int[]) AS e (kind, reserved, held, withdrawing) ON e.kind = m.kind
      GROUP BY m.sku) l USING (sku)`;
}

async function fillBackorders(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)} (sku, order_id, partner_id, partition, quantity)
    SELECT l ->> 0, r.order_id, r.partner_id, r.partition, sum((l ->> 1)::int)
    FROM reservations r, json_array_elements(r.waiting) l GROUP BY 1, 2`;
}

async function fillProducts(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)}
      (sku, name, list_price_minor, currency_code, case_pack, min_order_quantity, weight_grams, low_stock_threshold, version)
    SELECT DISTINCT ON (stream_id) stream_id, data ->> 'name', (data ->> 'listPriceMinor')::bigint, data ->> 'currencyCode',
           (data ->> 'casePack')::int, (data ->> 'minOrderQuantity')::int, (data ->> 'weightGrams')::int,
           coalesce((data ->> 'lowStockThreshold')::int, 0), version
    FROM events WHERE category = 'product' ORDER BY stream_id, version DESC`;
}

export const COMPARED_TABLES: readonly ComparedReadModel[] = [
  {
    kind: 'compared',
    name: 'inventory.stock',
    about: 'units on hand, allocated and kept back on each shelf, as the movements tell',
    table: 'stock',
    columns: ['sku', 'warehouse_id', 'on_hand', 'allocated', 'safety'],
    fill: fillStock,
  },
  {
    kind: 'compared',
    name: 'inventory.totals',
    about: 'units of each SKU that may be sold, are claimed, held or withdrawn, as the movements tell',
    table: 'sku_totals',
    columns: ['sku', 'sellable', 'reserved', 'held', 'withdrawing'],
    fill: fillTotals,
  },
  {
    kind: 'compared',
    name: 'inventory.backorders',
    about: 'units that wait for receipts by SKU, as the reservations tell',
    table: 'backorders',
    columns: ['sku', 'order_id', 'partner_id', 'partition', 'quantity'],
    fill: fillBackorders,
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
