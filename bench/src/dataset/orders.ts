import { readCsv } from './csv.ts';

const ORDERS_FILE = new URL('../../data/orders.csv.gz', import.meta.url);
const COLUMNS = ['invoice', 'placed_at', 'customer', 'country', 'sku', 'quantity'] as const;

/** The most units a line of the public API may ask for. */
const LINE_QUANTITY_LIMIT = 1_000_000;

export interface DatasetOrderLine {
  readonly sku: string;
  readonly quantity: number;
}

/** One invoice of the data set: what a partner ordered, in the order of its lines. */
export interface DatasetOrder {
  readonly invoice: string;
  readonly placedAt: string;
  readonly partnerId: string;
  readonly country: string;
  readonly lines: readonly DatasetOrderLine[];
}

/**
 * Yields the orders, oldest first. Lines of products outside `skus` are dropped, and orders left without lines skipped,
 * as the platform does not sell those products. Rejects on an invoice whose lines do not stand together, and on a
 * quantity outside 1 to 1,000,000.
 */
export async function* readOrders(
  skus: ReadonlySet<string>,
  file: URL = ORDERS_FILE,
): AsyncGenerator<DatasetOrder> {
  const seen = new Set<string>();
  let open: (DatasetOrder & { lines: DatasetOrderLine[] }) | undefined;
  for await (const row of readCsv(file, COLUMNS)) {
    if (row.invoice !== open?.invoice) {
      if (open !== undefined && open.lines.length > 0) yield open;
      if (seen.has(row.invoice)) throw new Error(`the lines of invoice ${row.invoice} do not stand together`);
      seen.add(row.invoice);
      open = {
        invoice: row.invoice,
        placedAt: row.placed_at,
        partnerId: row.customer,
        country: row.country,
        lines: [],
      };
    }
    if (skus.has(row.sku)) open.lines.push({ sku: row.sku, quantity: quantityOf(row.quantity) });
  }
  if (open !== undefined && open.lines.length > 0) yield open;
}

function quantityOf(text: string): number {
  const quantity = Number(text);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > LINE_QUANTITY_LIMIT) {
    throw new Error(`'${text}' is not a quantity between 1 and ${LINE_QUANTITY_LIMIT}`);
  }
  return quantity;
}
