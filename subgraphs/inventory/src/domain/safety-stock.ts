import { isOpen, type StockFigures, shelfOf, unclaimed } from './stock-figures.ts';

export type SafetyRow = Readonly<{ sku: string; warehouseId: string; safety: number }>;
/** Units more (or fewer) that are kept back. */
export type SafetyVerdict =
  | Readonly<{ more: number }>
  | Readonly<{ code: 'UNKNOWN_SKU' | 'UNKNOWN_WAREHOUSE' | 'INSUFFICIENT_STOCK' }>;

/**
 * Whether each shelf may keep back what its row says, each row on what the ones before it took. Keeping units back is a choice:
 * it never takes what is claimed, and it is done with units that lie there.
 */
export function decideSafety(rows: readonly SafetyRow[], figures: StockFigures): SafetyVerdict[] {
  const taken = new Map<string, number>();
  return rows.map(({ sku, warehouseId, safety }) => {
    if (!figures.totals.has(sku)) return { code: 'UNKNOWN_SKU' };
    if (!figures.warehouses.has(warehouseId)) return { code: 'UNKNOWN_WAREHOUSE' };
    const shelf = shelfOf(figures, sku, warehouseId);
    const more = safety - shelf.safety;
    const opened = isOpen(figures, warehouseId);
    const isThere = safety <= shelf.onHand - shelf.allocated;
    const isFree = !opened || more <= unclaimed(figures, sku) - (taken.get(sku) ?? 0);
    if (more > 0 && !(isThere && isFree)) return { code: 'INSUFFICIENT_STOCK' };
    if (opened) taken.set(sku, (taken.get(sku) ?? 0) + more);
    return { more };
  });
}
