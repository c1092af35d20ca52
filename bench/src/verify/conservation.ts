import type { SkuTotal } from './no-oversell.ts';
import { applyMovement, emptyLedger, type StockMovement, shelfName } from './stock-ledger.ts';
import { counted, type Rows, type Verdict } from './verdict.ts';

/** What the tables say of one SKU in one warehouse. */
export interface Shelf {
  readonly sku: string;
  readonly warehouseId: string;
  readonly onHand: number;
  readonly allocated: number;
  readonly safety: number;
  /** Whether the warehouse is OPEN, so that its goods may be sold. */
  readonly open: boolean;
}

/** Units by SKU and warehouse, as a log tells. */
export interface MovedUnits {
  readonly sku: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

/** Units that open reservations claim: not allocated yet, or allocated and not shipped. */
export interface ClaimedUnits {
  readonly sku: string;
  readonly quantity: number;
}

export interface StockWitnesses {
  readonly movements: Rows<StockMovement>;
  readonly shelves: readonly Shelf[];
  readonly totals: readonly SkuTotal[];
  readonly claims: readonly ClaimedUnits[];
  /** Receipts by inventory's log, and what left by fulfillment's. */
  readonly received: readonly MovedUnits[];
  readonly shipped: readonly MovedUnits[];
}

/**
 * 9. Per SKU and warehouse: on hand = receipts − shipped, and both as the logs of those who received and shipped say;
 * reserved = open reservations + allocated and not shipped; sellable = what lies in open warehouses less safety.
 */
export async function checkConservation(witnesses: StockWitnesses): Promise<Verdict> {
  const ledger = emptyLedger();
  for await (const movement of witnesses.movements) applyMovement(ledger, movement);
  const breaches: string[] = [];
  const compare = (name: string, what: string, found: number, expected: number, by: string) => {
    if (found !== expected) breaches.push(`${name}: ${found} ${what}, ${expected} by ${by}`);
  };

  const shelves = new Map(witnesses.shelves.map((shelf) => [shelfName(shelf), shelf]));
  const received = sumsOf(witnesses.received, shelfName);
  const shipped = sumsOf(witnesses.shipped, shelfName);
  for (const name of new Set([
    ...shelves.keys(),
    ...ledger.shelves.keys(),
    ...received.keys(),
    ...shipped.keys(),
  ])) {
    const shelf = shelves.get(name);
    const moved = ledger.shelves.get(name);
    compare(name, 'on hand', shelf?.onHand ?? 0, moved?.onHand ?? 0, 'its movements');
    compare(name, 'allocated', shelf?.allocated ?? 0, moved?.allocated ?? 0, 'its movements');
    compare(name, 'received', moved?.received ?? 0, received.get(name) ?? 0, 'the log of receipts');
    compare(name, 'shipped', moved?.shipped ?? 0, shipped.get(name) ?? 0, 'the log of shipments');
  }

  const claims = sumsOf(witnesses.claims, ({ sku }) => sku);
  const sellable = sellableOf(witnesses.shelves);
  const totals = new Map(witnesses.totals.map((total) => [total.sku, total]));
  for (const sku of new Set([
    ...totals.keys(),
    ...claims.keys(),
    ...ledger.totals.keys(),
    ...sellable.keys(),
  ])) {
    const total = totals.get(sku);
    compare(sku, 'reserved', total?.reserved ?? 0, ledger.totals.get(sku)?.reserved ?? 0, 'its movements');
    compare(sku, 'reserved', total?.reserved ?? 0, claims.get(sku) ?? 0, 'its open reservations');
    compare(sku, 'sellable', total?.sellable ?? 0, sellable.get(sku) ?? 0, 'its shelves');
  }
  return {
    summary: `${shelves.size.toLocaleString('en')} shelves of ${counted(totals.size, 'SKU')}`,
    breaches,
  };
}

function sellableOf(shelves: readonly Shelf[]): Map<string, number> {
  const open = shelves.filter((shelf) => shelf.open);
  return sumsOf(
    open.map(({ sku, onHand, safety }) => ({ sku, quantity: onHand - safety })),
    ({ sku }) => sku,
  );
}

function sumsOf<Row extends { readonly quantity: number }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
) {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.quantity);
  return sums;
}
