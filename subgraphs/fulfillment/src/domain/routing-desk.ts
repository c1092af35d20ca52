import { invariant } from '@crossdock/values';
import { type Plan, planOrder, tiersOf } from './plan.ts';
import {
  HOLD_OWNER,
  linesToShip,
  onHold,
  PLAN_ATTEMPTS_MAX,
  type RoutedOrder,
  valueOfLines,
} from './routed-order.ts';
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
  { orderId: string; attempt: number; planId: string } & Pick<Plan, 'rule' | 'explanation'>
>;
/** What a WMS needs of an order; kept, never decided on. */
export type Delivery = Readonly<{ shipTo: object | null; requestedShipDate: string | null }>;

/** Everything one batch of facts is decided on, and what becomes of it. Its steps change it; nothing outlives the batch. */
export type RoutingDesk = Readonly<{
  orders: Map<string, RoutedOrder>;
  deliveries: Map<string, Delivery>;
  touched: Set<string>;
  allocated: Map<string, ShipmentHead>;
  refused: readonly Shipment[];
  planned: PlannedShipment[];
  moved: Map<string, ShipmentHead>;
  plans: MadePlan[];
  warehousesUsed: Set<string>;
  view: StockView;
  tiers: ReturnType<typeof tiersOf>;
  said: Said<ShipmentsPlanned | FulfillmentHeld | ShipmentReleased>[];
}>;

export type Loaded = Readonly<{
  orders: readonly RoutedOrder[];
  /** The shipments that are to be released. */
  allocated: readonly ShipmentHead[];
  /** The planned shipments of orders whose plan was refused, or which were rejected. */
  refused: readonly Shipment[];
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
    warehousesUsed: new Set(),
    view: createStockView(loaded.stock),
    tiers: tiersOf(loaded.warehouses.filter(({ status }) => status === 'OPEN')),
    said: [],
  };
}

function orderOf(desk: RoutingDesk, orderId: string): RoutedOrder {
  const order = desk.orders.get(orderId);
  invariant(order !== undefined, `order ${orderId} was placed before anything else is heard of it`);
  return order;
}

function store(desk: RoutingDesk, order: RoutedOrder): void {
  desk.orders.set(order.orderId, order);
  desk.touched.add(order.orderId);
}

type NewOrder = Pick<
  RoutedOrder,
  'orderId' | 'partnerId' | 'partition' | 'number' | 'currencyCode' | 'lines'
>;

/** An order was placed: it is kept until it is confirmed or rejected. */
export function placeOrder(desk: RoutingDesk, order: NewOrder, delivery: Delivery): void {
  const unplanned = {
    confirmedLines: null,
    planId: null,
    planAttempts: 0,
    holdReason: null,
    holdOwner: null,
  };
  store(desk, { ...order, ...unplanned, state: 'PLACED', version: 0 });
  desk.deliveries.set(order.orderId, delivery);
}

const REJECTED_AFTER_PLAN = 'It was rejected after it was planned; inventory may hold units for it.';

/** The order was rejected: nothing of it is planned any more, and what was planned and not released is withdrawn. */
export function closeOrder(desk: RoutingDesk, orderId: string): void {
  const order = orderOf(desk, orderId);
  if (order.state !== 'PLANNED') return close(desk, order);
  withdraw(desk, orderId, 'CANCELLED');
  store(desk, onHold(order, REJECTED_AFTER_PLAN));
}

function close(desk: RoutingDesk, order: RoutedOrder): void {
  store(desk, { ...order, state: 'CLOSED', holdReason: null, holdOwner: null });
}

/** Shipments of the order that are planned and no more: their takings are given back. */
function withdraw(desk: RoutingDesk, orderId: string, status: 'CANCELLED' | 'REROUTED'): void {
  for (const shipment of [...desk.refused, ...desk.planned]) {
    if (shipment.orderId !== orderId || desk.moved.has(shipment.shipmentId)) continue;
    for (const { sku, quantity } of shipment.lines) desk.view.add(sku, shipment.warehouseId, quantity);
    const withdrawn = { ...shipment, status };
    desk.moved.set(shipment.shipmentId, withdrawn);
    // An allocation of it that comes later in this batch releases nothing.
    desk.allocated.set(shipment.shipmentId, withdrawn);
  }
}

/** The order was confirmed: it gets its first plan, unless it was closed before. */
export function confirmOrder(
  desk: RoutingDesk,
  cause: Cause,
  orderId: string,
  confirmedLines: readonly SkuQuantity[] | null,
): void {
  const order = orderOf(desk, orderId);
  if (order.state !== 'PLACED') return;
  route(desk, cause, { ...order, confirmedLines });
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

/**
 * Inventory refused the plan that stands: its takings are given back, its figures believed, and another is made; none where
 * the order has ended there.
 */
export function refusePlan(
  desk: RoutingDesk,
  cause: Cause,
  refused: Readonly<{ orderId: string; planId: string; closed?: boolean | null | undefined }>,
  figures: readonly Readonly<{ sku: string; warehouseId: string; available: number }>[],
): void {
  const order = orderOf(desk, refused.orderId);
  if (order.planId !== refused.planId) return;
  if (refused.closed === true) {
    withdraw(desk, order.orderId, 'CANCELLED');
    return close(desk, order);
  }
  if (order.state !== 'PLANNED') return;
  withdraw(desk, order.orderId, 'REROUTED');
  for (const { sku, warehouseId, available } of figures) desk.view.set(sku, warehouseId, available);
  route(desk, cause, order);
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

function route(desk: RoutingDesk, cause: Cause, order: RoutedOrder): void {
  const lines = linesToShip(order);
  if (order.planAttempts === PLAN_ATTEMPTS_MAX) {
    const reason = `Inventory refused ${PLAN_ATTEMPTS_MAX} plans; the stock does not cover its own reservation.`;
    hold(desk, cause, order, reason);
    return;
  }
  const plan = lines.length === 0 ? null : planOrder(order.orderId, lines, desk.tiers, desk.view);
  if (plan === null) {
    const reason =
      lines.length === 0 ? 'Nothing was reserved, so nothing can be shipped.' : 'No warehouse is open.';
    hold(desk, cause, order, reason);
    return;
  }
  accept(desk, cause, order, plan);
}

/** Gives the order to its owner and says so; no plan follows, so that its stream ends here. */
function hold(desk: RoutingDesk, cause: Cause, order: RoutedOrder, reason: string): void {
  store(desk, onHold(order, reason));
  const { orderId, partnerId, partition, planAttempts } = order;
  desk.said.push({
    ...{ partition, streamId: orderId, version: planAttempts + 1 },
    id: cause.derive('held'),
    event: { type: 'FulfillmentHeld', data: { orderId, partnerId, reason, owner: HOLD_OWNER } },
    metadata: cause.metadata,
  });
}

/** Books a plan: shipments, the view, the order's row and the fact. */
function accept(desk: RoutingDesk, cause: Cause, order: RoutedOrder, plan: Plan): void {
  const { orderId, partnerId, partition, currencyCode } = order;
  const planId = cause.derive('plan');
  const attempt = order.planAttempts + 1;
  const shipments = plan.consignments.map(({ warehouseId, lines }, ordinal) => {
    const shipmentId = cause.derive('shipment', ordinal);
    for (const { sku, quantity } of lines) desk.view.add(sku, warehouseId, -quantity);
    desk.warehousesUsed.add(warehouseId);
    desk.planned.push({
      ...{ shipmentId, orderId, planId, partnerId, partition, warehouseId, lines, currencyCode },
      ...{ status: 'PLANNED', version: 0, releaseEpoch: 0, carrier: null, trackingNumber: null },
      valueMinor: valueOfLines(order, lines),
    });
    return { shipmentId, warehouseId, lines };
  });
  store(desk, { ...order, state: 'PLANNED', planId, planAttempts: attempt });
  desk.plans.push({ orderId, attempt, planId, rule: plan.rule, explanation: plan.explanation });
  const greedy = attempt === PLAN_ATTEMPTS_MAX ? { greedy: true as const } : {};
  const event = {
    type: 'ShipmentsPlanned',
    data: { orderId, partnerId, planId, attempt, ...greedy, shipments },
  } as const;
  desk.said.push({
    partition,
    streamId: orderId,
    version: attempt,
    id: cause.derive('planned'),
    event,
    metadata: cause.metadata,
  });
}
