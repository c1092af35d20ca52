// A planned shipment is released to its WMS once inventory allocated it and while its warehouse is open: not before, and not
// while it is paused or down.
import { invariant } from '@crossdock/values';
import { sayHeld } from './route-wave.ts';
import { HOLD_OWNER, isHeldFor, withoutHold, withWaitingShipments } from './routed-order.ts';
import { type Cause, orderOf, type RoutingDesk, store } from './routing-desk.ts';
import { decideRelease, evolveRelease, type ShipmentHead } from './shipment.ts';

/**
 * Inventory allocated these shipments of one order. Those of warehouses that are not open wait with the order's owner; others
 * than planned ones are left alone.
 */
export function releaseShipments(desk: RoutingDesk, cause: Cause, shipmentIds: readonly string[]): void {
  const waiting: ShipmentHead[] = [];
  for (const [ordinal, shipmentId] of shipmentIds.entries()) {
    const shipment = desk.allocated.get(shipmentId);
    invariant(shipment !== undefined, `shipment ${shipmentId} was planned before it is allocated`);
    if (shipment.status === 'PLANNED' && !desk.openWarehouses.has(shipment.warehouseId))
      waiting.push(shipment);
    else release(desk, shipment, cause, ordinal);
  }
  holdWaiting(desk, cause, waiting);
}

function release(desk: RoutingDesk, shipment: ShipmentHead, cause: Cause, ordinal: number): void {
  const decision = decideRelease(shipment);
  if (!decision.accepted) return;
  const { shipmentId, orderId, warehouseId } = shipment;
  for (const event of decision.events) {
    const released = evolveRelease(shipment, event);
    desk.allocated.set(shipmentId, released);
    desk.moved.set(shipmentId, released);
    desk.warehousesUsed.add(warehouseId);
    const { partition, version } = released;
    const id = cause.derive('release', ordinal);
    desk.said.push({ partition, streamId: shipmentId, version, id, event, metadata: cause.metadata });
  }
  endHold(desk, orderId, shipmentId);
}

/** An order that is not on this desk is on hold for nothing that was released. */
function endHold(desk: RoutingDesk, orderId: string, shipmentId: string): void {
  const order = desk.orders.get(orderId);
  if (order !== undefined && isHeldFor(order, shipmentId, 'WAREHOUSE_CLOSED'))
    store(desk, withoutHold(order, shipmentId, 'WAREHOUSE_CLOSED'));
}

/** Said once for each shipment, however often its allocation is heard. */
function holdWaiting(desk: RoutingDesk, cause: Cause, shipments: readonly ShipmentHead[]): void {
  const [first] = shipments;
  if (first === undefined) return;
  const order = orderOf(desk, first.orderId);
  const waiting = shipments.filter(({ shipmentId }) => !isHeldFor(order, shipmentId, 'WAREHOUSE_CLOSED'));
  if (waiting.length === 0) return;
  const named = waiting.map(
    ({ shipmentId, warehouseId }) => `shipment ${shipmentId} waits for warehouse ${warehouseId}`,
  );
  const reason = `Nothing is released to a warehouse that is not open: ${named.join('; ')}.`;
  const hold = { reason, owner: HOLD_OWNER, heldUnder: desk.warehouseFacts };
  const ids = waiting.map(({ shipmentId }) => shipmentId);
  sayHeld(desk, cause, withWaitingShipments(order, ids, hold), reason);
}

/** Releases what waited for a warehouse that is open now; what was released or withdrawn meanwhile waits no more. */
export function releaseWaiting(
  desk: RoutingDesk,
  causeOf: (shipment: ShipmentHead) => Cause,
  orderId: string,
): void {
  for (const { shipmentId, why } of orderOf(desk, orderId).heldShipments) {
    if (why !== 'WAREHOUSE_CLOSED') continue;
    const shipment = desk.allocated.get(shipmentId);
    invariant(shipment !== undefined, `shipment ${shipmentId} was planned before it waits`);
    if (shipment.status !== 'PLANNED') endHold(desk, orderId, shipmentId);
    else if (desk.openWarehouses.has(shipment.warehouseId))
      release(desk, shipment, causeOf(shipment), shipment.releaseEpoch);
  }
}
