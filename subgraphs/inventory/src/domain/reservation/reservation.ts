import type { Message } from '@crossdock/event-sourcing';

/** Units of one SKU. A pair, because a busy day has millions of them. */
export type Units = readonly [sku: string, quantity: number];

/**
 * Units of one SKU of an order and what one of them costs; rows from before prices were kept have none. `wave` says which of the
 * order's reservations claimed the units a reservation has; absent for the first, and of units that are not claimed.
 */
export type Claim = readonly [sku: string, quantity: number, unitPriceMinor?: number | null, wave?: number];

export type ReservationStatus = 'RESERVED' | 'SHORT' | 'BACKORDERED' | 'ALLOCATED' | 'SHIPPED' | 'RELEASED';

/**
 * What one warehouse was assigned of an order, of its units of one wave (absent for the first); `left` once the goods are gone.
 * `missing` of its units are not there.
 */
export type Assignment = Readonly<{
  shipmentId: string;
  warehouseId: string;
  lines: readonly Units[];
  left: boolean;
  missing?: readonly Units[];
  wave?: number;
}>;

/** An order's claim on stock. `closed` absorbs: whatever is placed or planned later claims nothing. */
export type Reservation = Readonly<{
  status: ReservationStatus | null;
  closed: boolean;
  policy: ShortagePolicy | null;
  currencyCode: string | null;
  /** Claimed now or shipped. */
  lines: readonly Claim[];
  /** What waits for receipts. */
  waiting: readonly Claim[];
  /** Asked for, and neither claimed nor waiting, since the order takes what there is: the first to go when units are cancelled. */
  short: readonly Units[];
  shipments: readonly Assignment[];
  /** Reservations made so far: the first, and one for each time that waiting units came. */
  wave: number;
}>;

export const unheardOf: Reservation = {
  status: null,
  closed: false,
  policy: null,
  currencyCode: null,
  lines: [],
  waiting: [],
  short: [],
  shipments: [],
  wave: 0,
};

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
/** `wave` is the reservation that was planned; `assignable` holds a figure for each SKU and warehouse of the plan. */
export type AllocateStock = Message<
  'AllocateStock',
  { planId: string; wave: number; shipments: readonly PlannedShipment[]; assignable: readonly Assignable[] }
>;
export type ShipStock = Message<
  'ShipStock',
  { shipmentId: string; warehouseId: string; lines: readonly Units[] }
>;
/** Units of lines will not come: of each SKU what waits goes first, then what no warehouse was assigned, the newest wave's before. */
export type CancelUnits = Message<'CancelUnits', { lines: readonly Units[]; cause: string }>;
/** Units that waited are free now: at most what waits of each SKU is claimed. */
export type ReserveWaiting = Message<'ReserveWaiting', { lines: readonly Units[] }>;
/** Claimed units that no warehouse was assigned are not there; at most the open ones of each SKU break, the newest wave's first. */
export type BreakReservation = Message<'BreakReservation', { lines: readonly Units[]; cause: string }>;
/** Units assigned to shipments of one warehouse are not there. */
export type BreakAllocation = Message<
  'BreakAllocation',
  {
    warehouseId: string;
    shipments: readonly Readonly<{ shipmentId: string; lines: readonly Units[] }>[];
    cause: string;
  }
>;
export type ReservationCommand =
  | ReserveStock
  | ReleaseReservation
  | CancelUnits
  | ReserveWaiting
  | BreakReservation
  | BreakAllocation
  | AllocateStock
  | ShipStock;

/**
 * `partly` when less than the placed lines was reserved. `waiting` is all that waits after it, `wave` counts from 1: from the
 * second on, `lines` are what was claimed now.
 */
export type StockReserved = Message<
  'StockReserved',
  {
    lines: readonly Claim[];
    reservedValueMinor: number;
    currencyCode: string;
    partly: boolean;
    waiting: readonly Claim[];
    short: readonly Units[];
    wave: number;
    policy: ShortagePolicy;
  }
>;
/** Nothing could be claimed yet. */
export type StockBackordered = Message<
  'StockBackordered',
  { waiting: readonly Claim[]; currencyCode: string; policy: ShortagePolicy }
>;
/** `claimed` units were given back, `waiting` ones wait no more; nobody counted on the `short` ones. */
export type ReservationReduced = Message<
  'ReservationReduced',
  {
    claimed: readonly Units[];
    waiting: readonly Units[];
    short: readonly Units[];
    valueMinor: number;
    currencyCode: string;
    cause: string;
  }
>;
/** HELD: the units wait, and since the order was to come whole it has an owner. */
export type ReservationBroken = Message<
  'ReservationBroken',
  {
    lines: readonly Claim[];
    valueMinor: number;
    currencyCode: string;
    cause: string;
    rest: 'BACKORDERED' | 'HELD' | 'CANCELLED';
  }
>;
export type AllocationBroken = Message<
  'AllocationBroken',
  {
    warehouseId: string;
    shipments: readonly Readonly<{ shipmentId: string; lines: readonly Units[] }>[];
    cause: string;
  }
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
  { planId: string; wave: number; shipments: readonly PlannedShipment[] }
>;
/** `open`: what the plan's wave has open of the plan's SKUs. */
export type AllocationRefused = Message<
  'AllocationRefused',
  { planId: string; available: readonly Assignable[]; open: readonly Units[]; closed: boolean }
>;
/** `missing` of the lines had been taken off the books before: they were found again, and left. */
export type StockShipped = Message<
  'StockShipped',
  { shipmentId: string; warehouseId: string; lines: readonly Units[]; missing: readonly Units[] }
>;
export type ReservationEvent =
  | StockReserved
  | StockBackordered
  | ReservationReduced
  | ReservationBroken
  | AllocationBroken
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

/** Why allocations break that are on their shelves still: their warehouse is DOWN, and somebody must say whether they left. */
export const WAREHOUSE_DOWN = 'WAREHOUSE_DOWN';

/** Units of each SKU, added up. */
export function unitsBySku(lines: Iterable<Claim>): Map<string, number> {
  const units = new Map<string, number>();
  for (const [sku, quantity] of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
}

/** Reserved units of each SKU that no warehouse was assigned yet. */
export function openUnits({
  lines,
  shipments,
}: Pick<Reservation, 'lines' | 'shipments'>): Map<string, number> {
  const open = unitsBySku(lines);
  for (const shipment of shipments) {
    for (const [sku, quantity] of shipment.lines) open.set(sku, (open.get(sku) ?? 0) - quantity);
  }
  return open;
}
