import { invariant } from '@crossdock/values';
import { type BrokenClaims, noBrokenClaims, noteBreak } from './broken-claims.ts';
import { type Plan, tiersOf } from './plan.ts';
import { placedOrder, type RoutedOrder } from './routed-order.ts';
import {
  decideRelease,
  evolveRelease,
  type Shipment,
  type ShipmentHead,
  type ShipmentReleased,
  type SkuQuantity,
} from './shipment.ts';
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
  planned: PlannedShipment[];
  moved: Map<string, ShipmentHead>;
  plans: MadePlan[];
  broken: Map<string, BrokenClaims>;
  /** Orders whose broken claims changed. */
  brokenNow: Set<string>;
  missing: MissingUnits[];
  warehousesUsed: Set<string>;
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
  /** Broken claims by order. */
  broken: ReadonlyMap<string, BrokenClaims>;
  warehouses: readonly Warehouse[];
  stock: Record<string, UnitsByWarehouse>;
}>;

export function openDesk(loaded: Loaded): RoutingDesk {
  return {
    orders: new Map(loaded.orders.map((order) => [order.orderId, order])),
    deliveries: new Map(),
    touched: new Set(),
    allocated: new Map(loaded.allocated.map((shipment) => [shipment.shipmentId, shipment])),
    refused: loaded.refused,
    planned: [],
    moved: new Map(),
    plans: [],
    broken: new Map(loaded.broken),
    brokenNow: new Set(),
    missing: [],
    warehousesUsed: new Set(),
    view: createStockView(loaded.stock),
    tiers: tiersOf(loaded.warehouses.filter(({ status }) => status === 'OPEN')),
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

/** Claimed units are not there. Heard of an order in every state, also before the order itself. */
export function breakReservation(desk: RoutingDesk, orderId: string, lines: readonly SkuQuantity[]): void {
  storeBroken(desk, orderId, noteBreak(brokenOf(desk, orderId), lines));
}

export function brokenOf(desk: RoutingDesk, orderId: string): BrokenClaims {
  return desk.broken.get(orderId) ?? noBrokenClaims;
}

export function storeBroken(desk: RoutingDesk, orderId: string, broken: BrokenClaims): void {
  desk.broken.set(orderId, broken);
  desk.brokenNow.add(orderId);
}

/** Inventory allocated these shipments: they are released to their WMS. Others than planned ones are left alone. */
export function releaseShipments(desk: RoutingDesk, cause: Cause, shipmentIds: readonly string[]): void {
  for (const [ordinal, shipmentId] of shipmentIds.entries()) {
    const shipment = desk.allocated.get(shipmentId);
    invariant(shipment !== undefined, `shipment ${shipmentId} was planned before it is allocated`);
    const decision = decideRelease(shipment);
    if (!decision.accepted) continue;
    for (const event of decision.events) {
      const released = evolveRelease(shipment, event);
      desk.allocated.set(shipmentId, released);
      desk.moved.set(shipmentId, released);
      const { partition, version } = released;
      const id = cause.derive('release', ordinal);
      desk.said.push({ partition, streamId: shipmentId, version, id, event, metadata: cause.metadata });
    }
  }
}
