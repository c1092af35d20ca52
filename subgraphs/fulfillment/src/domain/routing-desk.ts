import { invariant } from '@crossdock/values';
import { type Plan, tiersOf } from './plan.ts';
import { placedOrder, type RoutedOrder } from './routed-order.ts';
import type { Shipment, ShipmentHead, ShipmentReleased, SkuQuantity } from './shipment.ts';
import { createStockView, type StockView, type UnitsByWarehouse } from './stock-view.ts';
import type { Warehouse } from './warehouse.ts';

/** What rides along with a fact: what caused it, for which order, on whose behalf. */
export type FactMetadata = Readonly<{
  causationId?: string;
  correlationId?: string;
  traceparent?: string;
  actor?: string;
}>;

/** The fact that a decision follows from. `derive` names what follows, the same at every try. */
export type Cause = Readonly<{ derive: (step: string, ordinal?: number) => string; metadata: FactMetadata }>;

export type ShipmentsPlanned = Readonly<{
  type: 'ShipmentsPlanned';
  data: Readonly<{
    orderId: string;
    partnerId: string;
    planId: string;
    attempt: number;
    wave?: number;
    greedy?: true;
    shipments: readonly Readonly<{
      shipmentId: string;
      warehouseId: string;
      lines: readonly SkuQuantity[];
    }>[];
  }>;
}>;

/** An order is in the hands of its owner. */
export type FulfillmentHeld = Readonly<{
  type: 'FulfillmentHeld';
  data: Readonly<{ orderId: string; partnerId: string; reason: string; owner: string }>;
}>;

/** A fact that a decision made, and where it belongs in the log. */
export type Said<Event> = Readonly<{
  partition: number;
  streamId: string;
  version: number;
  id: string;
  event: Event;
  metadata: FactMetadata;
}>;

export type PlannedShipment = Shipment & Readonly<{ planId: string }>;
export type MadePlan = Readonly<
  { orderId: string; attempt: number; wave: number; waveAttempt: number; planId: string } & Pick<
    Plan,
    'rule' | 'explanation'
  >
>;
/** Units of a shipment that are not there. */
export type MissingUnits = Readonly<{ shipmentId: string; lines: readonly SkuQuantity[] }>;
/** What a WMS needs of an order; kept, never decided on. */
export type Delivery = Readonly<{ shipTo: object | null; requestedShipDate: string | null }>;

/** Everything one batch of facts is decided on, and what becomes of it. Its steps change it; nothing outlives the batch. */
export type RoutingDesk = Readonly<{
  orders: Map<string, RoutedOrder>;
  deliveries: Map<string, Delivery>;
  touched: Set<string>;
  allocated: Map<string, ShipmentHead>;
  refused: readonly PlannedShipment[];
  leaving: readonly ShipmentHead[];
  planned: PlannedShipment[];
  moved: Map<string, ShipmentHead>;
  plans: MadePlan[];
  missing: MissingUnits[];
  /** Warehouses that must still be open when the batch is written. */
  warehousesUsed: Set<string>;
  openWarehouses: ReadonlySet<string>;
  view: StockView;
  tiers: ReturnType<typeof tiersOf>;
  /** Facts of warehouses that are known: a hold says so, and ends with the next one. */
  warehouseFacts: number;
  said: Said<ShipmentsPlanned | FulfillmentHeld | ShipmentReleased>[];
}>;

export type Loaded = Readonly<{
  orders: readonly RoutedOrder[];
  /** The shipments that are to be released. */
  allocated: readonly ShipmentHead[];
  /** The planned shipments of orders whose plan was refused, which got another wave, or which ended. */
  refused: readonly PlannedShipment[];
  /** The shipments of these orders that were released and have not left. */
  leaving: readonly ShipmentHead[];
  warehouses: readonly Warehouse[];
  stock: Record<string, UnitsByWarehouse>;
}>;

export function openDesk(loaded: Loaded): RoutingDesk {
  const open = loaded.warehouses.filter(({ status }) => status === 'OPEN');
  return {
    orders: new Map(loaded.orders.map((order) => [order.orderId, order])),
    deliveries: new Map(),
    touched: new Set(),
    allocated: new Map(loaded.allocated.map((shipment) => [shipment.shipmentId, shipment])),
    refused: loaded.refused,
    leaving: loaded.leaving,
    planned: [],
    moved: new Map(),
    plans: [],
    missing: [],
    warehousesUsed: new Set(),
    openWarehouses: new Set(open.map(({ warehouseId }) => warehouseId)),
    view: createStockView(loaded.stock),
    tiers: tiersOf(open),
    warehouseFacts: loaded.warehouses.reduce((sum, { version }) => sum + version, 0),
    said: [],
  };
}

/** The order as it stands at this moment of the batch. */
export function orderOf(desk: RoutingDesk, orderId: string): RoutedOrder {
  const order = desk.orders.get(orderId);
  invariant(order !== undefined, `order ${orderId} was placed before anything else is heard of it`);
  return order;
}

/** Has the order written when the batch ends. */
export function store(desk: RoutingDesk, order: RoutedOrder): void {
  desk.orders.set(order.orderId, order);
  desk.touched.add(order.orderId);
}

/** An order was placed: it is kept until something of it is to be shipped, or it ends. */
export function placeOrder(
  desk: RoutingDesk,
  order: Parameters<typeof placedOrder>[0],
  delivery: Delivery,
): void {
  store(desk, placedOrder(order));
  desk.deliveries.set(order.orderId, delivery);
}

/** Receipts add to what may be planned. */
export function receiveStock(
  desk: RoutingDesk,
  lines: readonly Readonly<{ sku: string; warehouseId: string; quantity: number }>[],
): void {
  for (const { sku, warehouseId, quantity } of lines) desk.view.add(sku, warehouseId, quantity);
}

/** Units were found to be more or fewer, or went elsewhere: so many more (or fewer) may be planned. Planned ones that are not there leave it below zero. */
export function moveStock(
  desk: RoutingDesk,
  lines: readonly Readonly<{ sku: string; warehouseId: string; delta: number }>[],
): void {
  for (const { sku, warehouseId, delta } of lines) desk.view.add(sku, warehouseId, delta);
}
