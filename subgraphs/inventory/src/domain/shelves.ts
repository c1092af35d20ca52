import type { ReservationEvent, Units } from './reservation/reservation.ts';

export type MovementKind = 'receipt' | 'reserve' | 'release' | 'allocate' | 'ship';

/** Units that moved for one cause at one warehouse; null where the movement is network-wide. */
export type MovementGroup = Readonly<{
  kind: MovementKind;
  warehouseId: string | null;
  lines: readonly Units[];
  orderId: string;
  cause: string;
}>;

export type StockFigure = Readonly<{ sku: string; warehouseId: string; assignable: number }>;
export type TotalFigure = Readonly<{ sku: string; available: number }>;

export type StockDelta = Readonly<{ sku: string; warehouseId: string; onHand: number; allocated: number }>;
export type TotalDelta = Readonly<{ sku: string; sellable: number; reserved: number }>;

/** What a batch decided in memory amounts to: one delta for each key, and the ledger's groups in order. */
export type ShelfMoves = Readonly<{
  stock: readonly StockDelta[];
  totals: readonly TotalDelta[];
  movements: readonly MovementGroup[];
}>;

type Total = { available: number; sellable: number; reserved: number };
type Place = { assignable: number; onHand: number; allocated: number };

/** The figures of a batch while it is decided: what was read, less what was decided so far. Lives for one batch only. */
export type Shelves = Readonly<{
  available: (sku: string) => number;
  assignable: (sku: string, warehouseId: string) => number;
  /** Books an event of an order, caused by the event with the given id. */
  book: (event: ReservationEvent, orderId: string, cause: string) => void;
  moves: () => ShelfMoves;
}>;

/** Network-wide figures of the batch's SKUs. */
function createTotals(figures: readonly TotalFigure[]) {
  const totals = new Map<string, Total>();
  for (const { sku, available } of figures) totals.set(sku, { available, sellable: 0, reserved: 0 });
  const of = (sku: string): Total => {
    const known = totals.get(sku);
    if (known !== undefined) return known;
    const fresh = { available: 0, sellable: 0, reserved: 0 };
    totals.set(sku, fresh);
    return fresh;
  };
  return {
    available: (sku: string) => totals.get(sku)?.available ?? 0,
    claim: (lines: readonly Units[], sign: 1 | -1) => {
      for (const [sku, quantity] of lines) {
        const total = of(sku);
        total.reserved += sign * quantity;
        total.available -= sign * quantity;
      }
    },
    leave: (lines: readonly Units[], wasSellable: boolean) => {
      for (const [sku, quantity] of lines) {
        const total = of(sku);
        total.reserved -= quantity;
        if (wasSellable) total.sellable -= quantity;
        else total.available += quantity;
      }
    },
    deltas: (): TotalDelta[] =>
      [...totals].flatMap(([sku, { sellable, reserved }]) =>
        sellable === 0 && reserved === 0 ? [] : [{ sku, sellable, reserved }],
      ),
  };
}

/** Figures of the batch's SKUs at their warehouses. */
function createPlaces(figures: readonly StockFigure[]) {
  const places = new Map<string, Map<string, Place>>();
  const of = (sku: string, warehouseId: string): Place => {
    const shelf = places.get(warehouseId) ?? new Map<string, Place>();
    const place = shelf.get(sku) ?? { assignable: 0, onHand: 0, allocated: 0 };
    places.set(warehouseId, shelf.set(sku, place));
    return place;
  };
  for (const { sku, warehouseId, assignable } of figures) of(sku, warehouseId).assignable = assignable;
  return {
    assignable: (sku: string, warehouseId: string) => places.get(warehouseId)?.get(sku)?.assignable ?? 0,
    assign: (lines: readonly Units[], warehouseId: string) => {
      for (const [sku, quantity] of lines) {
        const place = of(sku, warehouseId);
        place.assignable -= quantity;
        place.allocated += quantity;
      }
    },
    leave: (lines: readonly Units[], warehouseId: string) => {
      for (const [sku, quantity] of lines) {
        const place = of(sku, warehouseId);
        place.onHand -= quantity;
        place.allocated -= quantity;
      }
    },
    deltas: (): StockDelta[] =>
      [...places].flatMap(([warehouseId, shelf]) =>
        [...shelf].flatMap(([sku, { onHand, allocated }]) =>
          onHand === 0 && allocated === 0 ? [] : [{ sku, warehouseId, onHand, allocated }],
        ),
      ),
  };
}

/** `stock` holds no figure, or 0, for a warehouse that is not OPEN; `openWarehouses` are those that count as sellable. */
export function createShelves(
  figures: Readonly<{
    totals: readonly TotalFigure[];
    stock: readonly StockFigure[];
    openWarehouses: ReadonlySet<string>;
  }>,
): Shelves {
  const totals = createTotals(figures.totals);
  const places = createPlaces(figures.stock);
  const movements: MovementGroup[] = [];
  return {
    available: totals.available,
    assignable: places.assignable,
    book: (event, orderId, cause) => {
      const note = (kind: MovementKind, warehouseId: string | null, lines: readonly Units[]) =>
        movements.push({ kind, warehouseId, lines, orderId, cause });
      if (event.type === 'StockReserved') {
        totals.claim(event.data.lines, 1);
        note('reserve', null, event.data.lines);
      } else if (event.type === 'ReservationReleased') {
        totals.claim(event.data.lines, -1);
        note('release', null, event.data.lines);
      } else if (event.type === 'StockAllocated') {
        for (const { warehouseId, lines } of event.data.shipments) {
          places.assign(lines, warehouseId);
          note('allocate', warehouseId, lines);
        }
      } else if (event.type === 'StockShipped') {
        const { warehouseId, lines } = event.data;
        places.leave(lines, warehouseId);
        totals.leave(lines, figures.openWarehouses.has(warehouseId));
        note('ship', warehouseId, lines);
      }
    },
    moves: () => ({ stock: places.deltas(), totals: totals.deltas(), movements }),
  };
}
