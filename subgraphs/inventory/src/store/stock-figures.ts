import type { Sql } from '@crossdock/event-store';
import type { Shelf, SkuTotals, StockFigures } from '../domain/stock-figures.ts';
import { textArray } from './array-literals.ts';

type Row = Readonly<{
  totals: readonly (SkuTotals & Readonly<{ sku: string }>)[];
  shelves: readonly Shelf[];
  warehouses: readonly Readonly<{ id: string; isOpen: boolean }>[];
}>;

/** The figures of the SKUs and every warehouse, as they stood at one instant. */
export async function loadStockFigures(sql: Sql, skus: readonly string[]): Promise<StockFigures> {
  const wanted = textArray(skus);
  const [row] = await sql<Row[]>`
    SELECT
      (SELECT coalesce(json_agg(t), '[]') FROM (
         SELECT sku, sellable, reserved, held, withdrawing FROM sku_totals WHERE sku = ANY (${wanted}::text[])) t) AS totals,
      (SELECT coalesce(json_agg(s), '[]') FROM (
         SELECT sku, warehouse_id AS "warehouseId", on_hand AS "onHand", allocated, safety, version
         FROM stock WHERE sku = ANY (${wanted}::text[]) ORDER BY sku, warehouse_id) s) AS shelves,
      (SELECT coalesce(json_agg(w), '[]') FROM (
         SELECT warehouse_id AS id, status = 'OPEN' AS "isOpen" FROM warehouses) w) AS warehouses`;
  if (row === undefined) throw new Error('the figures of stock answered nothing');
  return {
    totals: new Map(row.totals.map(({ sku, ...figures }) => [sku, figures])),
    shelves: Map.groupBy(row.shelves, ({ sku }) => sku),
    warehouses: new Map(row.warehouses.map(({ id, isOpen }) => [id, isOpen])),
  };
}
