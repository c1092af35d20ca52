import { type RoutedOrder, valueOfLines } from './routed-order.ts';
import type { PlannedShipment, ShipmentsPlanned } from './routing-desk.ts';
import type { ShipmentEvent, SkuQuantity } from './shipment.ts';
import { evolveShipment } from './shipment.ts';
import type { StockView } from './stock-view.ts';

/** Figures that a refusal of inventory came back with. */
export type Figure = Readonly<{ sku: string; warehouseId: string; available: number }>;

/** Orders, shipments and the view while a restored log is folded, and what of it changed. */
export type RoutingHistory = Readonly<{
  orders: Map<string, RoutedOrder>;
  shipments: Map<string, PlannedShipment>;
  changedOrders: Set<string>;
  /** Shipments that changed, with the instant of their last fact. */
  changedShipments: Map<string, string>;
  view: StockView;
}>;

/** What a plan followed from: the confirmation of its order, or the refusal of the plan before it. */
export type PlanCause =
  | Readonly<{ type: 'confirmed'; lines: readonly SkuQuantity[] | null }>
  | Readonly<{ type: 'refused'; available: readonly Figure[] }>;

/** Books a plan that was made: what the plan before it had taken is given back, as when it was refused. */
export function foldPlan(
  history: RoutingHistory,
  order: RoutedOrder,
  { data }: ShipmentsPlanned,
  cause: PlanCause,
  at: string,
): void {
  const { view, shipments } = history;
  if (cause.type === 'refused') giveBack(history, order.orderId, cause.available, at);
  const confirmedLines = cause.type === 'confirmed' ? cause.lines : order.confirmedLines;
  const { orderId, partnerId, partition, currencyCode } = order;
  for (const { shipmentId, warehouseId, lines } of data.shipments) {
    for (const { sku, quantity } of lines) view.add(sku, warehouseId, -quantity);
    shipments.set(shipmentId, {
      ...{ shipmentId, orderId, planId: data.planId, partnerId, partition, warehouseId, lines, currencyCode },
      ...{ status: 'PLANNED', version: 0, releaseEpoch: 0, carrier: null, trackingNumber: null },
      valueMinor: valueOfLines(order, lines),
    });
    history.changedShipments.set(shipmentId, at);
  }
  const planned = { state: 'PLANNED', planId: data.planId, planAttempts: data.attempt } as const;
  history.orders.set(orderId, { ...order, ...planned, confirmedLines, holdReason: null, holdOwner: null });
  history.changedOrders.add(orderId);
}

/** Puts an order on hold that could not be planned, or not again. */
export function foldHold(
  history: RoutingHistory,
  order: RoutedOrder,
  hold: Readonly<{ reason: string; owner: string }>,
  cause: PlanCause,
  at: string,
): void {
  if (cause.type === 'refused') giveBack(history, order.orderId, cause.available, at);
  const confirmedLines = cause.type === 'confirmed' ? cause.lines : order.confirmedLines;
  const held = { state: 'ON_HOLD', holdReason: hold.reason, holdOwner: hold.owner } as const;
  history.orders.set(order.orderId, { ...order, ...held, confirmedLines });
  history.changedOrders.add(order.orderId);
}

function giveBack(history: RoutingHistory, orderId: string, figures: readonly Figure[], at: string): void {
  for (const shipment of history.shipments.values()) {
    if (shipment.orderId !== orderId || shipment.status !== 'PLANNED') continue;
    for (const { sku, quantity } of shipment.lines) history.view.add(sku, shipment.warehouseId, quantity);
    history.shipments.set(shipment.shipmentId, { ...shipment, status: 'REROUTED' });
    history.changedShipments.set(shipment.shipmentId, at);
  }
  for (const { sku, warehouseId, available } of figures) history.view.set(sku, warehouseId, available);
}

/** Takes a fact of a shipment's own stream. */
export function foldShipment(
  history: RoutingHistory,
  shipment: PlannedShipment,
  event: ShipmentEvent,
  at: string,
): void {
  const { planId } = shipment;
  history.shipments.set(shipment.shipmentId, { ...evolveShipment(shipment, event), planId });
  history.changedShipments.set(shipment.shipmentId, at);
}
