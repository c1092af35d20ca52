/** The rows a local run is seeded with, made of the data set. Pure of network and disk beyond reading the data set. */
import { type DatasetProduct, readOrders, readProducts } from '../../bench/src/dataset/index.ts';

export interface Partner {
  readonly id: string;
  readonly country: string;
}

export interface StockRow {
  readonly sku: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

export interface SeedRows {
  readonly products: readonly DatasetProduct[];
  readonly partners: readonly Partner[];
  readonly stock: readonly StockRow[];
}

/** Five warehouses; `share` of the stock in percent. A lower priority is tried first. */
export const WAREHOUSES = [
  { id: 'LON', name: 'London Gateway', priority: 10, share: 32 },
  { id: 'BHX', name: 'Birmingham', priority: 20, share: 26 },
  { id: 'MAN', name: 'Manchester', priority: 30, share: 20 },
  { id: 'GLA', name: 'Glasgow', priority: 40, share: 13 },
  { id: 'BRS', name: 'Bristol', priority: 50, share: 9 },
] as const;

/** Each SKU's stock is this many times what the data set's year sells, so that the year can be replayed more than once. */
const STOCK_FACTOR = 4;
const LEAST_UNITS = 500;

/** Reads the data set: every product with a price, every customer, and stock for each product at each warehouse. */
export async function seedRows(): Promise<SeedRows> {
  const products = await Array.fromAsync(readProducts());
  const skus = new Set(products.map(({ sku }) => sku));
  const countries = new Map<string, string>();
  const sold = new Map<string, number>();
  for await (const order of readOrders(skus)) {
    if (!countries.has(order.partnerId)) countries.set(order.partnerId, order.country);
    for (const { sku, quantity } of order.lines) sold.set(sku, (sold.get(sku) ?? 0) + quantity);
  }
  return {
    products,
    partners: [...countries].map(([id, country]) => ({ id, country })),
    stock: products.flatMap(({ sku }) => stockOf(sku, sold.get(sku) ?? 0)),
  };
}

function stockOf(sku: string, soldUnits: number): StockRow[] {
  const units = soldUnits * STOCK_FACTOR + LEAST_UNITS;
  return WAREHOUSES.map(({ id, share }) => ({
    sku,
    warehouseId: id,
    quantity: Math.ceil((units * share) / 100),
  }));
}
