import { appendArrays, type KeyVerdict, type NewEvent, type Sql } from '@crossdock/event-store';
import type { ProductDetails, ProductState } from '../domain/product.ts';

/** A product as it shall stand, at the version of its newest event. */
export type ProductWrite = Readonly<{ details: ProductDetails; version: number }>;

/** A client's key and what stands or shall stand under it. */
export type KeyedResult = Readonly<{ scope: string; key: string; fingerprint: string; result: string }>;

type ProductRow = Readonly<{
  sku: string;
  name: string;
  list_price_minor: bigint;
  currency_code: string;
  case_pack: number;
  min_order_quantity: number;
  weight_grams: number;
  low_stock_threshold: number;
  version: number;
}>;

/** The given products as decided so far, by SKU; one never heard of is absent. */
export async function loadProducts(sql: Sql, skus: readonly string[]): Promise<Map<string, ProductState>> {
  const rows = await sql<ProductRow[]>`SELECT * FROM products WHERE sku = ANY (${[...skus]}::text[])`;
  return new Map(
    rows.map((row) => [
      row.sku,
      {
        version: row.version,
        details: {
          sku: row.sku,
          name: row.name,
          listPriceMinor: Number(row.list_price_minor),
          currencyCode: row.currency_code,
          casePack: row.case_pack,
          minOrderQuantity: row.min_order_quantity,
          weightGrams: row.weight_grams,
          lowStockThreshold: row.low_stock_threshold,
        },
      },
    ]),
  );
}

/** Writes products in one call under the client's key; rejects with a lost guard when one moved meanwhile. */
export async function upsertProductRows(
  sql: Sql,
  keyed: KeyedResult,
  products: readonly ProductWrite[],
  events: readonly NewEvent[],
): Promise<Readonly<{ verdict: KeyVerdict; result: string | null }>> {
  const details = products.map((product) => product.details);
  const event = appendArrays(events);
  const [row] = await sql<{ verdict: KeyVerdict; result: string | null }[]>`
    SELECT verdict, result FROM products_upsert(
      ${keyed.scope}, ${keyed.key}, ${keyed.fingerprint}, ${keyed.result},
      ${details.map((each) => each.sku)}::text[], ${details.map((each) => each.name)}::text[],
      ${details.map((each) => each.listPriceMinor)}::bigint[], ${details.map((each) => each.currencyCode)}::text[],
      ${details.map((each) => each.casePack)}::int[], ${details.map((each) => each.minOrderQuantity)}::int[],
      ${details.map((each) => each.weightGrams)}::int[], ${details.map((each) => each.lowStockThreshold)}::int[],
      ${products.map((each) => each.version)}::int[],
      ${event.partition}::int[], ${event.category}::text[], ${event.streamId}::text[], ${event.version}::int[],
      ${event.id}::uuid[], ${event.type}::text[], ${event.schemaVersion}::int[], ${event.data}::text[],
      ${event.metadata}::text[])`;
  if (row === undefined) throw new Error('products_upsert answered nothing');
  return row;
}
