// Stock as a person would keep it with pencil and paper: shelves, what each order and hold has, and nothing that can be added up
// from those. It knows no SQL and none of the code it is compared with.

export type Units = Record<string, number>;
export type Status = 'OPEN' | 'PAUSED' | 'DOWN';
export type Policy = 'REJECT' | 'SHIP_AVAILABLE' | 'BACKORDER';

export type ModelShipment = {
  shipmentId: string;
  warehouseId: string;
  lines: Units;
  /** Units of it that are not there. */
  missing: Units;
  left: boolean;
  /** Whose units it has. */
  wave: number;
};

export type ModelOrder = {
  orderId: string;
  partnerId: string;
  policy: Policy;
  placed: Units;
  isPlaced: boolean;
  /** Nothing could be claimed, and nothing ever will. */
  isShort: boolean;
  isClosed: boolean;
  /** Claimed now or shipped. */
  claimed: Units;
  /** The same by the reservation that claimed them, and how many of those there were. */
  waves: Record<string, Units>;
  wave: number;
  waiting: Record<string, { units: number; since: number }>;
  /** Not to come since it is not there; whoever cancels takes from it before claims. */
  short: Units;
  cancelled: Units;
  shipments: ModelShipment[];
  /** The moment of the newest claim of each SKU, and of the newest assignment of it to each warehouse. */
  claimedAt: Units;
  assignedAt: Units;
};

export type ModelHold = {
  holdId: string;
  partnerId: string;
  status: 'ACTIVE' | 'CLAIMED' | 'RELEASED' | 'EXPIRED';
  /** Held now, or at the end. */
  lines: Units;
  orderId: string | null;
  placedAt: number;
};

export type ModelTransfer = { from: string; to: string; sku: string; onItsWay: number };
export type ModelShelf = { sku: string; warehouseId: string; onHand: number; safety: number };

/** Plain data, so that a copy of it can try another order of events. */
export type Model = {
  skus: readonly string[];
  partners: readonly string[];
  warehouses: Record<string, Status>;
  shelves: ModelShelf[];
  orders: Record<string, ModelOrder>;
  holds: Record<string, ModelHold>;
  transfers: Record<string, ModelTransfer>;
  /** Counts calls, and what happened in them: later is more. */
  call: number;
  moment: number;
};

/** What a run is about; every run has names of its own. */
export type Names = Readonly<{
  skus: readonly string[];
  partners: readonly string[];
  warehouses: readonly string[];
}>;

export function emptyModel({ skus, partners, warehouses }: Names): Model {
  return {
    skus,
    partners,
    warehouses: Object.fromEntries(warehouses.map((id) => [id, 'OPEN'])),
    shelves: skus.flatMap((sku) =>
      warehouses.map((warehouseId) => ({ sku, warehouseId, onHand: 0, safety: 0 })),
    ),
    orders: {},
    holds: {},
    transfers: {},
    call: 0,
    moment: 0,
  };
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
export const unitsOf = (units: Units, sku: string) => units[sku] ?? 0;
export const isOpen = (model: Model, warehouseId: string) => model.warehouses[warehouseId] === 'OPEN';
export const warehousesOf = (model: Model) => Object.keys(model.warehouses);
export const ordersOf = (model: Model) => Object.values(model.orders);

/** Adds units of a SKU; a SKU of which nothing is left is taken out. */
export function add(units: Units, sku: string, more: number): void {
  const total = unitsOf(units, sku) + more;
  if (total === 0) delete units[sku];
  else units[sku] = total;
}

export function shelf(model: Model, sku: string, warehouseId: string): ModelShelf {
  const found = model.shelves.find((each) => each.sku === sku && each.warehouseId === warehouseId);
  if (found === undefined) throw new Error(`the model has no shelf for ${sku} in ${warehouseId}`);
  return found;
}

const shipmentsOut = (model: Model) =>
  ordersOf(model).flatMap((order) => order.shipments.filter((each) => !each.left));

/** Units of a shelf that are assigned to shipments and there. */
export function allocated(model: Model, sku: string, warehouseId: string): number {
  const here = shipmentsOut(model).filter((each) => each.warehouseId === warehouseId);
  return sum(here.map(({ lines, missing }) => unitsOf(lines, sku) - unitsOf(missing, sku)));
}

/** Units that a warehouse can still assign. */
export function assignable(model: Model, sku: string, warehouseId: string): number {
  const { onHand, safety } = shelf(model, sku, warehouseId);
  return isOpen(model, warehouseId) ? onHand - safety - allocated(model, sku, warehouseId) : 0;
}

export const unitsWaiting = (order: ModelOrder, sku: string) => order.waiting[sku]?.units ?? 0;

/** Claimed units of an order that no warehouse was assigned. */
export const openUnits = (order: ModelOrder, sku: string) =>
  unitsOf(order.claimed, sku) - sum(order.shipments.map((each) => unitsOf(each.lines, sku)));

/** Those of them that one wave claimed. */
export function openInWave(order: ModelOrder, sku: string, wave: number): number {
  const assigned = order.shipments.filter((each) => each.wave === wave);
  return unitsOf(order.waves[wave] ?? {}, sku) - sum(assigned.map((each) => unitsOf(each.lines, sku)));
}

/** Takes open units from an order, the newest wave's first. */
export function giveUp(order: ModelOrder, sku: string, units: number): void {
  add(order.claimed, sku, -units);
  let left = units;
  for (let wave = order.wave; wave > 0; wave -= 1) {
    const claimed = order.waves[wave] ?? {};
    const gone = Math.min(left, openInWave(order, sku, wave));
    add(claimed, sku, -gone);
    if (Object.keys(claimed).length === 0) delete order.waves[wave];
    left -= gone;
  }
}

export type Totals = Readonly<{
  sellable: number;
  reserved: number;
  held: number;
  withdrawing: number;
  waiting: number;
}>;

/** The network-wide figures of a SKU, added up. */
export function totalsOf(model: Model, sku: string): Totals {
  const opened = model.shelves.filter((each) => each.sku === sku && isOpen(model, each.warehouseId));
  const assigned = model.shelves
    .filter((each) => each.sku === sku)
    .map(({ warehouseId }) => ({ warehouseId, units: allocated(model, sku, warehouseId) }));
  const assignedWhere = (wanted: boolean) =>
    sum(assigned.filter((each) => isOpen(model, each.warehouseId) === wanted).map((each) => each.units));
  const orders = ordersOf(model);
  const active = Object.values(model.holds).filter((hold) => hold.status === 'ACTIVE');
  return {
    sellable: sum(opened.map((each) => each.onHand - each.safety)),
    reserved: sum(orders.map((order) => openUnits(order, sku))) + assignedWhere(true),
    held: sum(active.map((hold) => unitsOf(hold.lines, sku))),
    withdrawing: assignedWhere(false) + sum(shipmentsOut(model).map((each) => unitsOf(each.missing, sku))),
    waiting: sum(orders.map((order) => unitsWaiting(order, sku))),
  };
}

/** Units that a new claim may have. */
export function free(model: Model, sku: string): number {
  const { sellable, reserved, held, withdrawing } = totalsOf(model, sku);
  return sellable - reserved - held - withdrawing;
}

/** What is free belongs first to those who wait. */
export const freeForNew = (model: Model, sku: string) =>
  Math.max(0, free(model, sku) - totalsOf(model, sku).waiting);

export function newOrder(orderId: string, partnerId: string): ModelOrder {
  return {
    ...{ orderId, partnerId, policy: 'REJECT', placed: {}, isPlaced: false, isShort: false, isClosed: false },
    ...{ claimed: {}, waves: {}, wave: 0, waiting: {}, short: {}, cancelled: {}, shipments: [] },
    ...{ claimedAt: {}, assignedAt: {} },
  };
}

/** The order, made if it was never heard of. */
export function orderOf(model: Model, orderId: string, partnerId: string): ModelOrder {
  const known = model.orders[orderId] ?? newOrder(orderId, partnerId);
  model.orders[orderId] = known;
  return known;
}
