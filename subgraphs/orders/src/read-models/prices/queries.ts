// The products' replica: names and list prices.
import type { ReadDatabase } from '@crossdock/event-store';
import { inArray } from 'drizzle-orm';
import { products } from '../../store/tables.ts';

export type ProductRecord = Readonly<{
  sku: string;
  name: string;
  listPriceMinor: number;
  currencyCode: string;
}>;

export async function productsBySku(
  database: ReadDatabase,
  skus: readonly string[],
): Promise<ProductRecord[]> {
  return database
    .select()
    .from(products)
    .where(inArray(products.sku, [...skus]));
}
