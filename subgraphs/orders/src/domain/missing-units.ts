// Units that a warehouse was assigned and does not have: their order stays with its owner until their shipment is confirmed.
import { holdOrder } from './holds.ts';
import type { Hold, OrderEvent, OrderState } from './order-state.ts';

/** Notes the shipments that did not leave yet, and holds the order for them. */
export function noteUnitsMissing(
  { shipmentIds, hold }: Readonly<{ shipmentIds: readonly string[]; hold: Hold }>,
  state: OrderState,
): OrderEvent[] {
  const left = state.early.flatMap(({ type, data }) => (type === 'NoteShipment' ? [data.shipmentId] : []));
  const missing = shipmentIds.filter((shipmentId) => !left.includes(shipmentId));
  if (missing.length === 0) return [];
  return [{ type: 'UnitsMissed', data: { shipmentIds: missing, hold } }, ...holdOrder(hold, state)];
}
