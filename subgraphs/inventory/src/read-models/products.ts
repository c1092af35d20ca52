import type { ReadDatabase } from '@crossdock/event-store';
import { isStorable } from '@crossdock/values';
import { and, asc, gt, ilike, like, or, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { products, skuTotals, stock, warehouses } from '../store/tables.ts';

export type ProductView = typeof products.$inferSelect;
export type StockView = typeof stock.$inferSelect;
export type AvailabilityView = Readonly<{
  onHand: number;
  safety: number;
  reserved: number;
  held: number;
  withdrawing: number;
  available: number;
}>;

export type ProductFilter = Readonly<{ search: string | null; skus: readonly string[] | null }>;

const literally = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** One parameter however many SKUs: the text of the query stays the same, and it is short to parse. */
const isOneOf = (column: AnyPgColumn, skus: readonly string[]): SQL =>
  sql`${column} = ANY (${sql.param([...skus])}::text[])`;

/** The products of the given SKUs, in the order of the SKUs; null where there is none. */
export async function productsBySku(
  read: ReadDatabase,
  skus: readonly string[],
): Promise<(ProductView | null)[]> {
  const rows = await read
    .select()
    .from(products)
    .where(isOneOf(products.sku, skus.filter(isStorable)));
  const bySku = new Map(rows.map((row) => [row.sku, row]));
  return skus.map((sku) => bySku.get(sku) ?? null);
}

/** Products by SKU behind `after`, at most `limit`; `search` matches the start of a SKU or a part of a name. */
export async function findProducts(
  read: ReadDatabase,
  filter: ProductFilter,
  after: string | null,
  limit: number,
): Promise<ProductView[]> {
  const conditions: (SQL | undefined)[] = [];
  if (filter.search !== null) {
    if (!isStorable(filter.search)) return [];
    const text = literally(filter.search);
    conditions.push(or(like(products.sku, `${text}%`), ilike(products.name, `%${text}%`)));
  }
  if (filter.skus !== null) conditions.push(isOneOf(products.sku, filter.skus.filter(isStorable)));
  if (after !== null) conditions.push(gt(products.sku, after));
  return read
    .select()
    .from(products)
    .where(and(...conditions))
    .orderBy(asc(products.sku))
    .limit(limit);
}

/** What is there and free of each SKU over the OPEN warehouses, in the order of the SKUs; one query for all. */
export async function availabilityOf(
  read: ReadDatabase,
  skus: readonly string[],
): Promise<AvailabilityView[]> {
  const rows = await read
    .select({
      sku: skuTotals.sku,
      reserved: skuTotals.reserved,
      held: skuTotals.held,
      withdrawing: skuTotals.withdrawing,
      onHand: sql<number>`coalesce(sum(${stock.onHand}), 0)::int`,
      safety: sql<number>`coalesce(sum(${stock.safety}), 0)::int`,
    })
    .from(skuTotals)
    .leftJoin(
      stock,
      sql`${stock.sku} = ${skuTotals.sku} AND ${stock.warehouseId} IN
          (SELECT ${warehouses.warehouseId} FROM ${warehouses} WHERE ${warehouses.status} = 'OPEN')`,
    )
    .where(isOneOf(skuTotals.sku, skus))
    .groupBy(skuTotals.sku);
  const bySku = new Map(rows.map((row) => [row.sku, row]));
  return skus.map((sku) => {
    const { onHand = 0, safety = 0, reserved = 0, held = 0, withdrawing = 0 } = bySku.get(sku) ?? {};
    const available = Math.max(0, onHand - safety - reserved - held - withdrawing);
    return { onHand, safety, reserved, held, withdrawing, available };
  });
}

/** What is there of each SKU in each warehouse, in the order of the SKUs; one query for all. */
export async function stockOf(read: ReadDatabase, skus: readonly string[]): Promise<StockView[][]> {
  const rows = await read
    .select()
    .from(stock)
    .where(isOneOf(stock.sku, skus))
    .orderBy(asc(stock.sku), asc(stock.warehouseId));
  const bySku = Map.groupBy(rows, (row) => row.sku);
  return skus.map((sku) => bySku.get(sku) ?? []);
}
