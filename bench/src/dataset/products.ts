import { readCsv } from './csv.ts';

const PRODUCTS_FILE = new URL('../../data/products.csv.gz', import.meta.url);

/** A product with a price; the amount is in pence. */
export interface DatasetProduct {
  readonly sku: string;
  readonly name: string;
  readonly listPriceMinor: number;
}

/** Yields the products that have a price, by SKU; one without (or with a price of zero) cannot be ordered and is left out. */
export async function* readProducts(file: URL = PRODUCTS_FILE): AsyncGenerator<DatasetProduct> {
  for await (const row of readCsv(file, ['sku', 'description', 'list_price_gbp'])) {
    const listPriceMinor = penceOf(row.list_price_gbp);
    if (listPriceMinor > 0) yield { sku: row.sku, name: row.description, listPriceMinor };
  }
}

function penceOf(pounds: string): number {
  if (pounds === '') return 0;
  if (!/^\d+(\.\d{1,2})?$/.test(pounds)) throw new Error(`'${pounds}' is not a price in pounds`);
  const [whole = '0', fraction = ''] = pounds.split('.');
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}
