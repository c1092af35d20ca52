// Units that a warehouse was assigned and does not have: their order stays with its owner until their shipment is confirmed.
import { evolve } from './order-evolve.ts';
import type { Hold, OrderEvent, OrderState } from './order-state.ts';

/** The same hold again says nothing new; another reason or owner does. */
export function holdOrder({ reason, owner }: Hold, state: OrderState): OrderEvent[] {
  if (state.hold?.reason === reason && state.hold.owner === owner) return [];
  return [{ type: 'OrderHeld', data: { reason, owner } }];
}

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

/** What was decided, and the hold once more where it would have ended although units are still missing. */
export function heldWhileMissing(state: OrderState, events: readonly OrderEvent[]): readonly OrderEvent[] {
  if (state.missing.length === 0 || events.length === 0) return events;
  const reached = events.reduce(evolve, state);
  const last = reached.missing.at(-1);
  if (last === undefined || reached.status === 'ON_HOLD') return events;
  return [...events, { type: 'OrderHeld', data: last.hold }];
}
