import { invariant } from '@crossdock/values';
import type { Figure } from './refused-plans.ts';
import {
  cutWave,
  handedOrder,
  newWave,
  type RoutedOrder,
  valueOfLines,
  type Wave,
  withHeldWave,
  withMissingUnits,
  withoutHold,
  withWaitingShipments,
  withWave,
} from './routed-order.ts';
import type { MissingUnits, PlannedShipment, ShipmentsPlanned } from './routing-desk.ts';
import type { ShipmentEvent, SkuQuantity } from './shipment.ts';
import { evolveShipment } from './shipment.ts';
import type { StockView } from './stock-view.ts';

/** Orders, shipments and the view while a restored log is folded, and what of it changed. */
export type RoutingHistory = Readonly<{
  orders: Map<string, RoutedOrder>;
  shipments: Map<string, PlannedShipment>;
  changedOrders: Set<string>;
  /** Shipments that changed, with the instant of their last fact. */
  changedShipments: Map<string, string>;
  view: StockView;
}>;

/**
 * What a plan or a hold followed from: the order was given free for shipping, wholly or a wave of it; the plan before was
 * refused; a held wave was tried again; assigned units are not there; shipments wait for their warehouse; or the order ended
 * while goods of it may leave.
 */
export type RoutingCause =
  | Readonly<{ type: 'freed'; wave: number; lines: readonly SkuQuantity[] | null }>
  | Readonly<{
      type: 'refused';
      planId: string;
      available: readonly Figure[];
      open: readonly SkuQuantity[] | null;
    }>
  | Readonly<{ type: 'retried' }>
  | Readonly<{ type: 'missing'; shipments: readonly MissingUnits[] }>
  | Readonly<{ type: 'allocated'; shipmentIds: readonly string[] }>
  | Readonly<{ type: 'ended' }>;

/** Books a plan that was made: what the plan before it had taken is given back, as when it was refused. */
export function foldPlan(
  history: RoutingHistory,
  order: RoutedOrder,
  { data }: ShipmentsPlanned,
  cause: RoutingCause,
  at: string,
): void {
  if (cause.type === 'refused') giveBack(history, order.orderId, cause, at);
  for (const shipment of data.shipments) bookShipment(history, order, data.planId, shipment, at);
  const wave = waveBefore(order, cause, data.wave ?? 1);
  const attempts = cause.type === 'retried' ? 1 : wave.attempts + 1;
  const planned = withWave(order, { ...wave, planId: data.planId, attempts, isHeld: false });
  store(history, { ...planned, planAttempts: data.attempt });
}

function bookShipment(
  { view, shipments, changedShipments }: RoutingHistory,
  order: RoutedOrder,
  planId: string,
  { shipmentId, warehouseId, lines }: ShipmentsPlanned['data']['shipments'][number],
  at: string,
): void {
  const { orderId, partnerId, partition, currencyCode } = order;
  for (const { sku, quantity } of lines) view.add(sku, warehouseId, -quantity);
  shipments.set(shipmentId, {
    ...{ shipmentId, orderId, planId, partnerId, partition, warehouseId, lines, currencyCode },
    ...{ status: 'PLANNED', version: 0, releaseEpoch: 0, carrier: null, trackingNumber: null },
    valueMinor: valueOfLines(order, lines),
  });
  changedShipments.set(shipmentId, at);
}

/** The wave as it stood when it was planned or held. */
function waveBefore(order: RoutedOrder, cause: RoutingCause, number: number): Wave {
  if (cause.type === 'freed') return newWave(cause.wave, cause.lines);
  const wave = order.waves.find((each) =>
    cause.type === 'refused' ? each.planId === cause.planId : each.wave === number,
  );
  invariant(wave !== undefined, `a wave of order ${order.orderId} was planned before it is planned again`);
  return cause.type === 'refused' && cause.open !== null ? cutWave(order, wave, cause.open) : wave;
}

function store(history: RoutingHistory, order: RoutedOrder): void {
  history.orders.set(order.orderId, { ...order, facts: order.facts + 1 });
  history.changedOrders.add(order.orderId);
}

/**
 * Puts an order on hold of which a wave could not be planned, or not again; or notes what is missing of its shipments. The
 * next fact of a warehouse ends the hold, since how many were known then is not in the log.
 */
export function foldHold(
  history: RoutingHistory,
  order: RoutedOrder,
  hold: Readonly<{ reason: string; owner: string }>,
  cause: RoutingCause,
  at: string,
): void {
  if (cause.type === 'missing') {
    const here = cause.shipments.filter((each) => noteMissing(history, each, at));
    const ids = here.map(({ shipmentId }) => shipmentId);
    return store(history, withMissingUnits(order, ids, hold.reason));
  }
  if (cause.type === 'allocated') return holdWaiting(history, order, hold, cause.shipmentIds);
  if (cause.type === 'ended') return endOrder(history, order, hold.reason, at);
  if (cause.type === 'refused') giveBack(history, order.orderId, cause, at);
  store(history, withHeldWave(order, waveBefore(order, cause, 1), { ...hold, heldUnder: 0 }));
}

/** The shipments of the allocation that were released stand before the hold in the log: the others wait. */
function holdWaiting(
  history: RoutingHistory,
  order: RoutedOrder,
  hold: Readonly<{ reason: string; owner: string }>,
  shipmentIds: readonly string[],
): void {
  const waiting = shipmentIds.filter((id) => history.shipments.get(id)?.status === 'PLANNED');
  store(history, withWaitingShipments(order, waiting, { ...hold, heldUnder: 0 }));
}

function endOrder(history: RoutingHistory, order: RoutedOrder, reason: string, at: string): void {
  const leaving: string[] = [];
  for (const shipment of history.shipments.values()) {
    const { orderId, shipmentId, status } = shipment;
    if (orderId !== order.orderId) continue;
    if (status === 'RELEASED' || status === 'PICKING') leaving.push(shipmentId);
    if (status === 'PLANNED') withdraw(history, shipment, 'CANCELLED', at);
  }
  store(history, handedOrder(order, reason, leaving.sort()));
}

function withdraw(
  { view, shipments, changedShipments }: RoutingHistory,
  shipment: PlannedShipment,
  status: 'CANCELLED' | 'REROUTED',
  at: string,
): void {
  for (const { sku, quantity } of shipment.lines) view.add(sku, shipment.warehouseId, quantity);
  shipments.set(shipment.shipmentId, { ...shipment, status });
  changedShipments.set(shipment.shipmentId, at);
}

/** False for a shipment that has left. */
function noteMissing(history: RoutingHistory, { shipmentId, lines }: MissingUnits, at: string): boolean {
  const shipment = history.shipments.get(shipmentId);
  const isStillHere = shipment !== undefined && shipment.status !== 'SHIPPED';
  if (!isStillHere) return false;
  history.shipments.set(shipmentId, { ...shipment, missing: [...(shipment.missing ?? []), ...lines] });
  history.changedShipments.set(shipmentId, at);
  return true;
}

function giveBack(
  history: RoutingHistory,
  orderId: string,
  { planId, available: figures }: Readonly<{ planId: string; available: readonly Figure[] }>,
  at: string,
): void {
  for (const shipment of history.shipments.values()) {
    const isOfPlan = shipment.orderId === orderId && shipment.planId === planId;
    if (isOfPlan && shipment.status === 'PLANNED') withdraw(history, shipment, 'REROUTED', at);
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
  const order = history.orders.get(shipment.orderId);
  if (order === undefined) return;
  const ends = event.type === 'ShipmentReleased' ? 'WAREHOUSE_CLOSED' : 'UNITS_MISSING';
  const freed = withoutHold(order, shipment.shipmentId, ends);
  if (freed === order) return;
  history.orders.set(order.orderId, freed);
  history.changedOrders.add(order.orderId);
}
