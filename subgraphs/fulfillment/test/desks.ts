// Routing desks for the specs of the domain, and the next batch's desk on what one left behind.
import type { RoutedOrder } from '../src/domain/routed-order.ts';
import {
  type Cause,
  openDesk,
  type PlannedShipment,
  placeOrder,
  type RoutingDesk,
} from '../src/domain/routing-desk.ts';
import type { ShipmentHead } from '../src/domain/shipment.ts';

const warehousesOf = (ids: readonly string[]) =>
  ids.map((warehouseId, priority) => ({
    ...{ warehouseId, name: warehouseId, country: null, priority, version: 1 },
    status: 'OPEN' as const,
  }));

export const cause = (id: string): Cause => ({
  derive: (step, ordinal = 0) => `${id}/${step}/${ordinal}`,
  metadata: { causationId: id },
});

/** A desk with nothing on it; the warehouses are open and tried in this order. */
export function desk(...warehouseIds: string[]): RoutingDesk {
  const nothing = { orders: [], allocated: [], refused: [], leaving: [], stock: {} };
  return openDesk({ ...nothing, warehouses: warehousesOf(warehouseIds) });
}

/** Shipments as the batches left them: those of this one, and those that were planned or released before. */
function shipmentsOf({ refused, planned, leaving, moved }: RoutingDesk): ShipmentHead[] {
  return [...refused, ...planned, ...leaving].map((each) => ({ ...each, ...moved.get(each.shipmentId) }));
}

const isPlanned = (shipment: ShipmentHead): shipment is PlannedShipment => shipment.status === 'PLANNED';

/** The desk of the next batch, with all that is known loaded. */
export function nextDesk(at: RoutingDesk, ...warehouseIds: string[]): RoutingDesk {
  const shipments = shipmentsOf(at);
  const stock = Object.fromEntries(at.view.changes().map((each) => [each.sku, { ...each.available }]));
  return openDesk({
    orders: [...at.orders.values()].map((order): RoutedOrder => ({ ...order, version: order.version + 1 })),
    allocated: [...at.allocated.values(), ...shipments],
    refused: shipments.filter(isPlanned),
    leaving: shipments.filter(({ status }) => status === 'RELEASED'),
    warehouses: warehousesOf(warehouseIds),
    stock,
  });
}

/** The view's units that the batch changed. */
export const stored = (at: RoutingDesk) =>
  Object.fromEntries(at.view.changes().map((each) => [each.sku, { ...each.available }]));

export function place(at: RoutingDesk, orderId: string, units: Record<string, number>): void {
  const lines = Object.entries(units).map(([sku, quantity]) => ({ sku, quantity, unitPriceMinor: 10 }));
  const order = { orderId, partnerId: 'P1', partition: 1, number: orderId, currencyCode: 'GBP', lines };
  placeOrder(at, order, { shipTo: null, requestedShipDate: null });
}

/** What was said, in short. */
export const said = (at: RoutingDesk) =>
  at.said.map(({ event, streamId, version }) => [event.type, streamId, version]);
