/** Units by warehouse. */
export type UnitsByWarehouse = Record<string, number>;

/** A SKU whose units changed, with all its warehouses; `isNew` where nothing was stored of it. */
export type StockChange = Readonly<{ sku: string; available: Readonly<UnitsByWarehouse>; isNew: boolean }>;

/**
 * What may still be planned, as one batch sees and changes it: receipts add, plans take, refusals set it right. It may
 * fall below zero where a plan went beyond it; inventory has the last word.
 */
export type StockView = Readonly<{
  available: (sku: string, warehouseId: string) => number;
  add: (sku: string, warehouseId: string, units: number) => void;
  set: (sku: string, warehouseId: string, units: number) => void;
  changes: () => StockChange[];
}>;

/** Takes what is stored over as its own and changes it: a batch reads it for itself. */
export function createStockView(stored: Record<string, UnitsByWarehouse>): StockView {
  const units = new Map(Object.entries(stored));
  const changed = new Map<string, StockChange>();

  function unitsOf(sku: string): UnitsByWarehouse {
    const known = units.get(sku);
    if (known !== undefined && changed.has(sku)) return known;
    const available = known ?? {};
    units.set(sku, available);
    changed.set(sku, { sku, available, isNew: known === undefined });
    return available;
  }

  return {
    available: (sku, warehouseId) => units.get(sku)?.[warehouseId] ?? 0,
    add: (sku, warehouseId, more) => {
      const available = unitsOf(sku);
      available[warehouseId] = (available[warehouseId] ?? 0) + more;
    },
    set: (sku, warehouseId, value) => {
      unitsOf(sku)[warehouseId] = value;
    },
    changes: () => [...changed.values()],
  };
}
