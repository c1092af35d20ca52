import type { Message } from '@crossdock/event-sourcing';

/** Units of one SKU. A pair, because a busy day has millions of them. */
export type Units = readonly [sku: string, quantity: number];

export type ReservationStatus = 'RESERVED' | 'SHORT' | 'ALLOCATED' | 'SHIPPED' | 'RELEASED';

/** What one warehouse was assigned of an order; `left` once the goods are gone. */
export type Assignment = Readonly<{
  shipmentId: string;
  warehouseId: string;
  lines: readonly Units[];
  left: boolean;
}>;

/** An order's claim on stock. `closed` absorbs: whatever is placed or planned later claims nothing. */
export type Reservation = Readonly<{
  status: ReservationStatus | null;
  closed: boolean;
  lines: readonly Units[];
  shipments: readonly Assignment[];
}>;

export const unheardOf: Reservation = { status: null, closed: false, lines: [], shipments: [] };

export type ShortagePolicy = 'REJECT' | 'SHIP_AVAILABLE' | 'BACKORDER';
export type PlacedLine = Readonly<{ sku: string; quantity: number; unitPriceMinor: number }>;
export type PlannedShipment = Readonly<{ shipmentId: string; warehouseId: string; lines: readonly Units[] }>;
/** Units of a SKU that a warehouse can still assign; 0 where it is not OPEN. */
export type Assignable = Readonly<{ sku: string; warehouseId: string; available: number }>;

/** `available` holds a figure for each line, in their order: units of its SKU without a claim. */
export type ReserveStock = Message<
  'ReserveStock',
  { policy: ShortagePolicy; currencyCode: string; lines: readonly PlacedLine[]; available: readonly number[] }
>;
export type ReleaseReservation = Message<'ReleaseReservation', { cause: string }>;
/** `assignable` holds a figure for each SKU and warehouse of the plan. */
export type AllocateStock = Message<
  'AllocateStock',
  { planId: string; shipments: readonly PlannedShipment[]; assignable: readonly Assignable[] }
>;
export type ShipStock = Message<
  'ShipStock',
  { shipmentId: string; warehouseId: string; lines: readonly Units[] }
>;
export type ReservationCommand = ReserveStock | ReleaseReservation | AllocateStock | ShipStock;

/** `partly` when less than the placed lines was reserved. */
export type StockReserved = Message<
  'StockReserved',
  { lines: readonly Units[]; reservedValueMinor: number; currencyCode: string; partly: boolean }
>;
export type StockShort = Message<
  'StockShort',
  { short: readonly Readonly<{ sku: string; requested: number; available: number }>[] }
>;
/** The order ended with no claim to give back: nobody waits for an answer, so it is not published. */
export type ReservationClosed = Message<'ReservationClosed', { cause: string }>;
export type ReservationReleased = Message<'ReservationReleased', { lines: readonly Units[]; cause: string }>;
export type StockAllocated = Message<
  'StockAllocated',
  { planId: string; shipments: readonly PlannedShipment[] }
>;
export type AllocationRefused = Message<
  'AllocationRefused',
  { planId: string; available: readonly Assignable[]; closed: boolean }
>;
export type StockShipped = Message<
  'StockShipped',
  { shipmentId: string; warehouseId: string; lines: readonly Units[] }
>;
export type ReservationEvent =
  | StockReserved
  | StockShort
  | ReservationClosed
  | ReservationReleased
  | StockAllocated
  | AllocationRefused
  | StockShipped;

/** Histories that cannot have happened: a person must look. */
export type ReservationContradiction = Message<
  'AlreadyDecided' | 'NothingReserved' | 'ShipmentUnknown' | 'ShipmentAlreadyLeft' | 'ShipmentLinesDiffer'
>;

/** Units of each SKU, added up. */
export function unitsBySku(lines: Iterable<Units>): Map<string, number> {
  const units = new Map<string, number>();
  for (const [sku, quantity] of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
}

/** Reserved units of each SKU that no warehouse was assigned yet. */
export function openUnits(reservation: Reservation): Map<string, number> {
  const open = unitsBySku(reservation.lines);
  for (const { lines } of reservation.shipments) {
    for (const [sku, quantity] of lines) open.set(sku, (open.get(sku) ?? 0) - quantity);
  }
  return open;
}
