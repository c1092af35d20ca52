// What follows when a plan does not come to be: inventory refuses it, or its order ends.
import { routeWave, sayHeld } from './route-wave.ts';
import {
  closedOrder,
  cutWave,
  handedOrder,
  linesOfWave,
  type RoutedOrder,
  withWave,
} from './routed-order.ts';
import { type Cause, orderOf, type PlannedShipment, type RoutingDesk, store } from './routing-desk.ts';
import type { SkuQuantity } from './shipment.ts';

const ENDED_AFTER_PLAN = 'It ended after it was planned; inventory may hold units for it.';
/** Shipments that a hold names; the order's row has them all. */
const SHIPMENTS_NAMED_MAX = 5;

/** Figures that a refusal of inventory came back with. */
export type Figure = Readonly<{ sku: string; warehouseId: string; available: number }>;

/** The order was rejected: nothing of it is planned any more, and what was planned and not released is withdrawn. */
export function rejectOrder(desk: RoutingDesk, cause: Cause, orderId: string): void {
  const order = orderOf(desk, orderId);
  if (order.isEnded) return;
  withdraw(desk, openShipments(desk, orderId), 'CANCELLED');
  const isPlanned = order.waves.some(({ isHeld }) => !isHeld);
  endOrder(desk, cause, order, { why: 'The order was rejected', isPlanned });
}

/** The order was cancelled: like a rejection, but what left before is as it should be. */
export function cancelOrder(desk: RoutingDesk, cause: Cause, orderId: string): void {
  const order = orderOf(desk, orderId);
  if (order.isEnded) return;
  const open = openShipments(desk, orderId);
  withdraw(desk, open, 'CANCELLED');
  endOrder(desk, cause, order, { why: 'The order was cancelled', isPlanned: open.length > 0 });
}

/** Closes an order of which nothing was under way; one that ended too late goes to its owner. */
function endOrder(
  desk: RoutingDesk,
  cause: Cause,
  order: RoutedOrder,
  { why, isPlanned }: Readonly<{ why: string; isPlanned: boolean }>,
): void {
  const leaving = leavingShipments(desk, order.orderId);
  if (leaving.length > 0) {
    const named = leaving.slice(0, SHIPMENTS_NAMED_MAX).join(', ');
    const more =
      leaving.length > SHIPMENTS_NAMED_MAX ? ` and ${leaving.length - SHIPMENTS_NAMED_MAX} more` : '';
    const reason = `${why}, and goods may leave for it all the same: shipments ${named}${more}.`;
    return sayHeld(desk, cause, handedOrder(order, reason, leaving), reason);
  }
  store(desk, isPlanned ? handedOrder(order, ENDED_AFTER_PLAN) : closedOrder(order));
}

/** Shipments of the order that its warehouses were told of, or will be, and that have not left. */
function leavingShipments(desk: RoutingDesk, orderId: string): string[] {
  return [...desk.leaving, ...desk.moved.values()]
    .filter((each) => each.orderId === orderId && (each.status === 'RELEASED' || each.status === 'PICKING'))
    .map(({ shipmentId }) => shipmentId)
    .sort();
}

/** Shipments of the order, or of one plan of it, that are planned and no more. */
function openShipments(desk: RoutingDesk, orderId: string, planId?: string): PlannedShipment[] {
  return [...desk.refused, ...desk.planned].filter(
    (each) =>
      each.orderId === orderId &&
      (planId === undefined || each.planId === planId) &&
      !desk.moved.has(each.shipmentId),
  );
}

/** Gives back what the shipments took. */
function withdraw(
  desk: RoutingDesk,
  shipments: readonly PlannedShipment[],
  status: 'CANCELLED' | 'REROUTED',
): void {
  for (const shipment of shipments) {
    for (const { sku, quantity } of shipment.lines) desk.view.add(sku, shipment.warehouseId, quantity);
    const withdrawn = { ...shipment, status };
    desk.moved.set(shipment.shipmentId, withdrawn);
    // An allocation of it that comes later in this batch releases nothing.
    desk.allocated.set(shipment.shipmentId, withdrawn);
  }
}

type Refused = Readonly<{
  orderId: string;
  planId: string;
  open?: readonly SkuQuantity[] | null | undefined;
  closed?: boolean | null | undefined;
}>;

/**
 * Inventory refused a plan: its takings are given back, its figures believed, and another is made of what the wave still has
 * there; none where that is nothing, or where the order has no claim any more.
 */
export function refusePlan(
  desk: RoutingDesk,
  cause: Cause,
  refused: Refused,
  figures: readonly Figure[],
): void {
  const order = orderOf(desk, refused.orderId);
  const wave = order.waves.find(({ planId }) => planId === refused.planId);
  if (wave === undefined) return;
  if (refused.closed === true) return endClaim(desk, cause, order);
  if (order.isEnded || wave.isHeld) return;
  withdraw(desk, openShipments(desk, order.orderId, refused.planId), 'REROUTED');
  for (const { sku, warehouseId, available } of figures) desk.view.set(sku, warehouseId, available);
  // A refusal that does not say what is open takes nothing off: units are left out of a plan on inventory's word alone.
  const left = refused.open == null ? wave : cutWave(order, wave, refused.open);
  if (linesOfWave(order, left).length === 0) store(desk, withWave(order, left));
  else routeWave(desk, cause, order, left);
}

/** An order that is in the hands of its owner for goods that may leave stays there. */
function endClaim(desk: RoutingDesk, cause: Cause, order: RoutedOrder): void {
  withdraw(desk, openShipments(desk, order.orderId), 'CANCELLED');
  if (order.isEnded && order.heldShipments.length > 0) return;
  endOrder(desk, cause, order, { why: 'The order has no claim any more', isPlanned: false });
}
