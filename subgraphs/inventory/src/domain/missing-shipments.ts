// Whose shipments lack goods when a shelf has fewer units than it assigned: the newest ones.
import type { BrokenUnits } from './adjustment.ts';
import type { Assignment, Units } from './reservation/reservation.ts';

/** An order and what warehouses were assigned of it. */
export type Assigned = Readonly<{ orderId: string; shipments: readonly Assignment[] }>;
/** Units of a shelf that were assigned and are not there. */
export type MissingUnits = Readonly<{ sku: string; warehouseId: string; quantity: number }>;
/** Units of an order's shipments from one warehouse that are not there. */
export type MissingOfOrder = Readonly<{
  orderId: string;
  warehouseId: string;
  shipments: readonly Readonly<{ shipmentId: string; lines: readonly Units[] }>[];
}>;

const unitsOf = (lines: readonly Units[], sku: string) =>
  lines.reduce((sum, [code, units]) => (code === sku ? sum + units : sum), 0);

/** Units of a shipment that its shelf still has for it. */
function assignedUnits(shipment: Assignment, { sku, warehouseId }: MissingUnits): number {
  if (shipment.left || shipment.warehouseId !== warehouseId) return 0;
  return unitsOf(shipment.lines, sku) - unitsOf(shipment.missing ?? [], sku);
}

/** Units of each shelf that are assigned to the shipments of the given orders. */
export function assignedTo(orders: readonly Assigned[], shelf: MissingUnits): number {
  const shipments = orders.flatMap((order) => order.shipments);
  return shipments.reduce((sum, shipment) => sum + assignedUnits(shipment, shelf), 0);
}

/** Takes what is missing on each shelf from the orders in their order, which is the newest first, and from their last shipments. */
export function chooseMissing(
  missing: readonly MissingUnits[],
  ordersOf: (shelf: MissingUnits) => readonly Assigned[],
): Readonly<{ orders: readonly MissingOfOrder[]; broken: readonly BrokenUnits[] }> {
  const lost = new Map<string, { orderId: string; warehouseId: string; shipments: Map<string, Units[]> }>();
  const broken: BrokenUnits[] = [];
  for (const shelf of missing) {
    const { sku, warehouseId } = shelf;
    let left = shelf.quantity;
    for (const { orderId, shipments } of ordersOf(shelf)) {
      for (const shipment of shipments.toReversed()) {
        const quantity = Math.min(left, assignedUnits(shipment, shelf));
        if (quantity <= 0) continue;
        left -= quantity;
        const key = `${orderId} ${warehouseId}`;
        const of = lost.get(key) ?? { orderId, warehouseId, shipments: new Map<string, Units[]>() };
        lost.set(key, of);
        of.shipments.set(shipment.shipmentId, [
          ...(of.shipments.get(shipment.shipmentId) ?? []),
          [sku, quantity],
        ]);
        broken.push({ sku, warehouseId, quantity, orderId, holdId: null });
      }
    }
  }
  const orders = [...lost.values()].map(({ shipments, ...order }) => ({
    ...order,
    shipments: [...shipments].map(([shipmentId, lines]) => ({ shipmentId, lines })),
  }));
  return { orders, broken };
}
