// What a count or a booked difference comes to. What lies there is the truth: a row is refused only where it contradicts the
// books, never because units are promised.
import { type StockFigures, shelfOf, UNITS_MAX, unitsAnywhere } from './stock-figures.ts';

/** Units more or fewer, or all that lie there. */
export type Finding = Readonly<{ delta: number }> | Readonly<{ counted: number }>;
/** `expectedVersion` is the shelf's when counting began, null where that does not matter. */
export type FoundRow = Readonly<{
  sku: string;
  warehouseId: string;
  found: Finding;
  expectedVersion: number | null;
}>;

export type AdjustmentRefusal =
  | Readonly<{ code: 'UNKNOWN_SKU' | 'UNKNOWN_WAREHOUSE' | 'INSUFFICIENT_STOCK' | 'TOO_MANY' }>
  | Readonly<{ code: 'CONFLICT'; currentVersion: number }>;
export type Measured = Readonly<{ delta: number }> | AdjustmentRefusal;

/** Units by which a shelf changes; `isOpen` where they are for sale. */
export type ShelfChange = Readonly<{ sku: string; warehouseId: string; delta: number; isOpen: boolean }>;

/** How far each row differs from the books, in order, or why it cannot be booked. */
export function measureRows(rows: readonly FoundRow[], figures: StockFigures): Measured[] {
  const units = new Map<string, number>();
  return rows.map((row) => {
    const { sku, warehouseId, found, expectedVersion } = row;
    if (!figures.totals.has(sku)) return { code: 'UNKNOWN_SKU' };
    if (!figures.warehouses.has(warehouseId)) return { code: 'UNKNOWN_WAREHOUSE' };
    const { onHand, version } = shelfOf(figures, sku, warehouseId);
    if (expectedVersion !== null && expectedVersion !== version) {
      return { code: 'CONFLICT', currentVersion: version };
    }
    const delta = 'counted' in found ? found.counted - onHand : found.delta;
    if (onHand + delta < 0) return { code: 'INSUFFICIENT_STOCK' };
    const after = (units.get(sku) ?? unitsAnywhere(figures, sku)) + delta;
    if (delta > 0 && after > UNITS_MAX) return { code: 'TOO_MANY' };
    units.set(sku, after);
    return { delta };
  });
}

/** What a change leaves on its shelf without goods behind it. */
export type ShelfLoss = Readonly<{
  sku: string;
  warehouseId: string;
  /** Units assigned to shipments that are not there. */
  missing: number;
  /** Units that are no longer kept back, since they do not lie there either. */
  givenUp: number;
  /** What is still kept back. */
  safety: number;
}>;

/**
 * What each change costs its own shelf. Assigned units go before those kept back, which go before what is not there: a shelf
 * then holds all that is assigned and kept back, and so claims that no warehouse was assigned are all that can lack goods.
 */
export function lossesOf(changes: readonly ShelfChange[], figures: StockFigures): ShelfLoss[] {
  return changes.flatMap(({ sku, warehouseId, delta }) => {
    const { onHand, allocated, safety } = shelfOf(figures, sku, warehouseId);
    const left = onHand + delta;
    const missing = Math.max(0, allocated - left);
    const givenUp = Math.max(0, safety - (left - (allocated - missing)));
    if (missing === 0 && givenUp === 0) return [];
    return [{ sku, warehouseId, missing, givenUp, safety: safety - givenUp }];
  });
}

/** Units taken from a claim. */
export type BrokenClaim = Readonly<{ quantity: number; orderId: string | null; holdId: string | null }>;
export type BrokenUnits = BrokenClaim & Readonly<{ sku: string; warehouseId: string | null }>;

/**
 * Whose units each change cost, in the order of the changes. Units of a shipment are those of its shelf; claims that no
 * warehouse was assigned are told with the first decreases of what was for sale of their SKU, as far as those reach.
 */
export function brokenByChange(
  changes: readonly ShelfChange[],
  broken: readonly BrokenUnits[],
): BrokenClaim[][] {
  const told = changes.map((change) => ({
    ...change,
    room: Math.max(0, -change.delta),
    claims: new Map<string, BrokenClaim>(),
  }));
  const tell = (row: (typeof told)[number], { orderId, holdId }: BrokenClaim, quantity: number) => {
    const key = orderId ?? holdId ?? '';
    const before = row.claims.get(key)?.quantity ?? 0;
    row.claims.set(key, { quantity: before + quantity, orderId, holdId });
    row.room -= quantity;
  };
  for (const units of broken.filter((each) => each.warehouseId !== null)) {
    const row = told.find((each) => each.sku === units.sku && each.warehouseId === units.warehouseId);
    if (row !== undefined) tell(row, units, units.quantity);
  }
  for (const units of broken.filter((each) => each.warehouseId === null)) {
    const rows = told.filter((each) => each.sku === units.sku && each.delta < 0 && each.isOpen);
    let left = units.quantity;
    for (const [index, row] of rows.entries()) {
      const quantity = index === rows.length - 1 ? left : Math.min(left, Math.max(0, row.room));
      if (quantity > 0) tell(row, units, quantity);
      left -= quantity;
    }
  }
  return told.map(({ claims }) => [...claims.values()]);
}
