import { createShelves, type Shelves } from './shelves.ts';

/** A SKU's units in one warehouse. `version` grows with every change of onHand. */
export type Shelf = Readonly<{
  sku: string;
  warehouseId: string;
  onHand: number;
  allocated: number;
  safety: number;
  version: number;
}>;

/** A SKU's units for sale over all OPEN warehouses, and the claims on them. */
export type SkuTotals = Readonly<{ sellable: number; reserved: number; held: number; withdrawing: number }>;

/** What a request about stock is decided on, as it was read. */
export type StockFigures = Readonly<{
  /** By SKU; a SKU that is no product is absent. */
  totals: ReadonlyMap<string, SkuTotals>;
  /** Every shelf of each SKU, by SKU and in the order of warehouses. */
  shelves: ReadonlyMap<string, readonly Shelf[]>;
  /** Every warehouse, and whether its goods may be sold. */
  warehouses: ReadonlyMap<string, boolean>;
}>;

/** Units of one SKU over all warehouses at most, so that every figure of the API fits its 32 bits. */
export const UNITS_MAX = 2_000_000_000;

/** The shelf as it was read; one where nothing ever lay is empty. */
export function shelfOf({ shelves }: StockFigures, sku: string, warehouseId: string): Shelf {
  const found = shelves.get(sku)?.find((shelf) => shelf.warehouseId === warehouseId);
  return found ?? { sku, warehouseId, onHand: 0, allocated: 0, safety: 0, version: 0 };
}

export function isOpen({ warehouses }: StockFigures, warehouseId: string): boolean {
  return warehouses.get(warehouseId) === true;
}

/** Units of the SKU that lie anywhere. */
export function unitsAnywhere({ shelves }: StockFigures, sku: string): number {
  return (shelves.get(sku) ?? []).reduce((sum, shelf) => sum + shelf.onHand, 0);
}

/** Units for sale that nobody claims and no withdrawn shipment stands for. */
export function unclaimed({ totals }: StockFigures, sku: string): number {
  const { sellable = 0, reserved = 0, held = 0, withdrawing = 0 } = totals.get(sku) ?? {};
  return sellable - reserved - held - withdrawing;
}

/** The figures as something to be moved in memory. */
export function openShelves(figures: StockFigures): Shelves {
  return createShelves({
    totals: [...figures.totals].map(([sku, totals]) => ({ sku, ...totals })),
    stock: [...figures.shelves.values()].flat().map(({ version: _version, ...shelf }) => shelf),
    isOpen: (warehouseId) => isOpen(figures, warehouseId),
  });
}
