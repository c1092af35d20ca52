import { invariant } from '@crossdock/values';
import { sayHeld } from './route-wave.ts';
import { withMissingUnits } from './routed-order.ts';
import { type Cause, type MissingUnits, orderOf, type RoutingDesk } from './routing-desk.ts';

/** SKUs that a hold names; the shipment's row has them all. */
const SKUS_NAMED_MAX = 5;

/**
 * Units assigned to shipments of one warehouse are not there: they are noted on the shipments, and the order has an owner until
 * those leave. A shipment stays as it is, because its goods may be found; one that has left or was withdrawn misses nothing.
 */
export function breakAllocation(
  desk: RoutingDesk,
  cause: Cause,
  {
    orderId,
    warehouseId,
    shipments,
  }: Readonly<{
    orderId: string;
    warehouseId: string;
    shipments: readonly MissingUnits[];
  }>,
): void {
  const here = shipments.filter(({ shipmentId }) => isStillHere(desk, shipmentId));
  if (here.length === 0) return;
  desk.missing.push(...here);
  const reason = reasonOf(warehouseId, here);
  const ids = here.map(({ shipmentId }) => shipmentId);
  sayHeld(desk, cause, withMissingUnits(orderOf(desk, orderId), ids, reason), reason);
}

function isStillHere(desk: RoutingDesk, shipmentId: string): boolean {
  const shipment = desk.allocated.get(shipmentId);
  invariant(shipment !== undefined, `shipment ${shipmentId} was planned before its units are missed`);
  return shipment.status === 'PLANNED' || shipment.status === 'RELEASED' || shipment.status === 'PICKING';
}

function reasonOf(warehouseId: string, shipments: readonly MissingUnits[]): string {
  const named = shipments.map(({ shipmentId, lines }) => {
    const units = lines.slice(0, SKUS_NAMED_MAX).map(({ sku, quantity }) => `${quantity} of ${sku}`);
    const more = lines.length > SKUS_NAMED_MAX ? [`${lines.length - SKUS_NAMED_MAX} more lines`] : [];
    return `shipment ${shipmentId} misses ${[...units, ...more].join(', ')}`;
  });
  return `Warehouse ${warehouseId} does not have what it was assigned: ${named.join('; ')}.`;
}
