import { reservationDecider } from './reservation/decide.ts';
import {
  type AllocateStock,
  type Reservation,
  type ReservationCommand,
  type ReservationContradiction,
  type ReservationEvent,
  type ReserveStock,
  unheardOf,
} from './reservation/reservation.ts';
import type { Shelves } from './shelves.ts';

/** A command before the figures are put in: they are those of the moment its turn comes. */
export type Ask =
  | Readonly<{ type: 'ReserveStock'; data: Omit<ReserveStock['data'], 'available'> }>
  | Readonly<{ type: 'AllocateStock'; data: Omit<AllocateStock['data'], 'assignable'> }>
  | Exclude<ReservationCommand, ReserveStock | AllocateStock>;

/** One thing to decide for one order, and the event that asks for it. */
export type Step = Readonly<{
  orderId: string;
  partnerId: string;
  partition: number;
  cause: string;
  ask: Ask;
}>;

/** An event and what it belongs to; `ordinal` counts the events of its step, `version` those of the order's stream. */
export type DecidedEvent = Readonly<{
  step: Step;
  event: ReservationEvent;
  version: number;
  ordinal: number;
}>;

/** A reservation as stored: `facts` counts published events, `version` writes of the row. */
export type StoredReservation = Readonly<{
  orderId: string;
  partnerId: string;
  partition: number;
  state: Reservation;
  facts: number;
  version: number;
}>;

export type BatchOutcome =
  | Readonly<{ kind: 'decided'; reservations: readonly StoredReservation[]; events: readonly DecidedEvent[] }>
  | Readonly<{ kind: 'contradiction'; step: Step; contradiction: ReservationContradiction }>;

/** Events that only this subgraph needs to know of. */
const isPublished = (event: ReservationEvent) => event.type !== 'ReservationClosed';

/** Puts the figures of this moment into a command. */
function commandOf(ask: Ask, shelves: Shelves): ReservationCommand {
  if (ask.type === 'ReserveStock') {
    const available = ask.data.lines.map((line) => shelves.available(line.sku));
    return { type: ask.type, data: { ...ask.data, available } };
  }
  if (ask.type === 'AllocateStock') {
    const assignable = ask.data.shipments.flatMap(({ warehouseId, lines }) =>
      lines.map(([sku]) => ({ sku, warehouseId, available: shelves.assignable(sku, warehouseId) })),
    );
    return { type: ask.type, data: { ...ask.data, assignable } };
  }
  return ask;
}

/**
 * Decides the steps one after the other, each on what the ones before left. Answers the reservations that changed, at the
 * version to be written, and the published events in order; `shelves` then holds the moves.
 */
export function decideBatch(
  steps: readonly Step[],
  stored: ReadonlyMap<string, StoredReservation>,
  shelves: Shelves,
): BatchOutcome {
  const changed = new Map<string, StoredReservation>();
  const events: DecidedEvent[] = [];
  for (const step of steps) {
    const { orderId, partnerId, partition } = step;
    const before = changed.get(orderId) ??
      stored.get(orderId) ?? { orderId, partnerId, partition, state: unheardOf, facts: 0, version: 0 };
    const decision = reservationDecider.decide(commandOf(step.ask, shelves), before.state);
    if (!decision.accepted) return { kind: 'contradiction', step, contradiction: decision.rejection };
    if (decision.events.length === 0) continue;
    let { state, facts } = before;
    for (const [ordinal, event] of decision.events.entries()) {
      state = reservationDecider.evolve(state, event);
      shelves.book(event, orderId, step.cause);
      if (!isPublished(event)) continue;
      facts += 1;
      events.push({ step, event, version: facts, ordinal });
    }
    const version = (stored.get(orderId)?.version ?? 0) + 1;
    changed.set(orderId, { ...before, state, facts, version });
  }
  return { kind: 'decided', reservations: [...changed.values()], events };
}
