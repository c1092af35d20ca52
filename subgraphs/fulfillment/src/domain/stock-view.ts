/** Units by warehouse. */
export type UnitsByWarehouse = Record<string, number>;

/**
 * What may still be planned, as one batch sees and changes it: receipts add, plans take, refusals set it right. It may
 * fall below zero where a plan went beyond it; inventory has the last word.
 */
export type StockView = Readonly<{
  available: (sku: string, warehouseId: string) => number;
  add: (sku: string, warehouseId: string, units: number) => void;
  set: (sku: string, warehouseId: string, units: number) => void;
  /** The SKUs that changed, each with all its warehouses. */
  changes: () => Record<string, UnitsByWarehouse>;
}>;

export function createStockView(stored: Readonly<Record<string, UnitsByWarehouse>>): StockView {
  const units = new Map(Object.entries(stored).map(([sku, each]) => [sku, { ...each }]));
  const changed = new Set<string>();

  function set(sku: string, warehouseId: string, value: number): void {
    const known = units.get(sku);
    if (known === undefined) units.set(sku, { [warehouseId]: value });
    else known[warehouseId] = value;
    changed.add(sku);
  }

  const available = (sku: string, warehouseId: string) => units.get(sku)?.[warehouseId] ?? 0;
  return {
    available,
    add: (sku, warehouseId, more) => set(sku, warehouseId, available(sku, warehouseId) + more),
    set,
    changes: () => Object.fromEntries([...changed].map((sku) => [sku, { ...units.get(sku) }])),
  };
}
