import { breakHold, claimHold } from './hold/claim.ts';
import { evolveHold } from './hold/evolve.ts';
import type { Hold, HoldEvent } from './hold/hold.ts';
import { reservationDecider } from './reservation/decide.ts';
import {
  type AllocateStock,
  type Claim,
  type Reservation,
  type ReservationCommand,
  type ReservationContradiction,
  type ReservationEvent,
  type ReserveStock,
  unheardOf,
  unitsBySku,
} from './reservation/reservation.ts';
import type { Shelves } from './shelves.ts';

/** A command before the figures are put in: they are those of the moment its turn comes. */
export type Ask =
  | Readonly<{
      type: 'ReserveStock';
      data: Omit<ReserveStock['data'], 'available'> & { readonly holdId?: string };
    }>
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

/** A published event and what it belongs to; `ordinal` counts those of its type and cause in its stream, `version` those of its stream. */
export type DecidedEvent = Readonly<{
  stream: string;
  partnerId: string;
  partition: number;
  cause: string;
  version: number;
  ordinal: number;
}> &
  (
    | Readonly<{ category: 'reservation'; event: ReservationEvent }>
    | Readonly<{ category: 'hold'; event: HoldEvent }>
  );

/** A reservation as stored: `facts` counts published events, `version` writes of the row. */
export type StoredReservation = Readonly<{
  orderId: string;
  partnerId: string;
  partition: number;
  state: Reservation;
  facts: number;
  version: number;
}>;

/** A hold as stored: `version` counts its events. */
export type StoredHold = Readonly<{
  holdId: string;
  partnerId: string;
  partition: number;
  state: Hold;
  version: number;
}>;

export type BatchOutcome =
  | Readonly<{
      kind: 'decided';
      reservations: readonly StoredReservation[];
      holds: readonly StoredHold[];
      events: readonly DecidedEvent[];
    }>
  | Readonly<{ kind: 'contradiction'; step: Step; contradiction: ReservationContradiction }>;

/** What a batch starts from. `claimable`: the holds that had not expired when they were read. */
export type BatchStart = Readonly<{
  stored: ReadonlyMap<string, StoredReservation>;
  claimable: ReadonlyMap<string, StoredHold>;
  shelves: Shelves;
}>;

/** A batch while it is decided, each step on what the ones before left. */
export type Batch = Readonly<{
  take: (steps: readonly Step[]) => void;
  /** Rows read later: steps of their orders may follow. */
  read: (more: Readonly<{ reservations: readonly StoredReservation[] }>) => void;
  /** The reservations that changed so far, in the order in which they did first. */
  changed: () => readonly StoredReservation[];
  /** The holds that changed so far. */
  changedHolds: () => readonly StoredHold[];
  /** A hold that was read as the batch leaves it. */
  hold: (read: StoredHold) => StoredHold;
  /** Takes units from an active hold since they are not there; `cause` is the event that says so. */
  breakHold: (read: StoredHold, lines: readonly Claim[], reason: string, cause: string) => void;
  /** What changed, at the versions to be written, and the published events in order; the shelves hold the moves. */
  outcome: () => BatchOutcome;
}>;

/** Events that only this subgraph needs to know of. */
function isPublished(event: ReservationEvent): boolean {
  if (event.type === 'ReservationReduced') return event.data.claimed.length + event.data.waiting.length > 0;
  return event.type !== 'ReservationClosed';
}

/** Puts the figures of this moment into a command; the units of a hold count for the order that claims it. */
function commandOf(ask: Ask, shelves: Shelves, hold: StoredHold | null): ReservationCommand {
  if (ask.type === 'ReserveStock') {
    const held = unitsBySku(hold?.state.lines ?? []);
    const { policy, currencyCode, lines } = ask.data;
    const available = lines.map(({ sku }) => shelves.unpromised(sku) + (held.get(sku) ?? 0));
    return { type: ask.type, data: { policy, currencyCode, lines, available } };
  }
  if (ask.type === 'AllocateStock') {
    const assignable = ask.data.shipments.flatMap(({ warehouseId, lines }) =>
      lines.map(([sku]) => ({ sku, warehouseId, available: shelves.assignable(sku, warehouseId) })),
    );
    return { type: ask.type, data: { ...ask.data, assignable } };
  }
  if (ask.type === 'ReserveWaiting') {
    const lines = ask.data.lines.map(
      ([sku, quantity]) => [sku, Math.max(0, Math.min(quantity, shelves.available(sku)))] as const,
    );
    return { type: ask.type, data: { lines } };
  }
  return ask;
}

/** What a batch changed so far, and the events of it, beside what was read. */
function createRecord(stored: Map<string, StoredReservation>, shelves: Shelves) {
  const changed = new Map<string, StoredReservation>();
  const holds = new Map<string, StoredHold>();
  const events: DecidedEvent[] = [];
  const told = new Map<string, number>();
  // One cause may say the same of one stream in several steps, such as allocations lost in two warehouses.
  const ordinalOf = (cause: string, stream: string, type: string): number => {
    const key = `${cause} ${stream} ${type}`;
    const ordinal = told.get(key) ?? 0;
    told.set(key, ordinal + 1);
    return ordinal;
  };
  return {
    changed,
    holds,
    events,
    keepHold: (hold: StoredHold, event: HoldEvent, cause: string): void => {
      const { holdId, partnerId, partition } = hold;
      const version = hold.version + 1;
      holds.set(holdId, { ...hold, state: evolveHold(hold.state, event), version });
      const ordinal = ordinalOf(cause, holdId, event.type);
      const of = { stream: holdId, partnerId, partition, cause, version, ordinal };
      events.push({ ...of, category: 'hold', event });
    },
    keepReservation: (step: Step, before: StoredReservation, decided: readonly ReservationEvent[]): void => {
      const { orderId, partnerId, partition, cause } = step;
      let { state, facts } = before;
      for (const event of decided) {
        state = reservationDecider.evolve(state, event);
        shelves.book(event, orderId, cause);
        if (!isPublished(event)) continue;
        facts += 1;
        const ordinal = ordinalOf(cause, orderId, event.type);
        const of = { stream: orderId, partnerId, partition, cause, version: facts, ordinal };
        events.push({ ...of, category: 'reservation', event });
      }
      shelves.wait(before.state.waiting, state.waiting);
      changed.set(orderId, { ...before, state, facts, version: (stored.get(orderId)?.version ?? 0) + 1 });
    },
  };
}

type BatchRecord = ReturnType<typeof createRecord>;

/** The active hold that an order names, if it is the same partner's. */
function holdFor(
  { ask, partnerId }: Step,
  { holds }: BatchRecord,
  claimable: BatchStart['claimable'],
): StoredHold | null {
  if (ask.type !== 'ReserveStock' || ask.data.holdId === undefined) return null;
  const hold = holds.get(ask.data.holdId) ?? claimable.get(ask.data.holdId);
  return hold?.state.status === 'ACTIVE' && hold.partnerId === partnerId ? hold : null;
}

export function createBatch({ stored: start, claimable, shelves }: BatchStart): Batch {
  const stored = new Map(start);
  const record = createRecord(stored, shelves);
  let contradicted: BatchOutcome | null = null;

  function takeOne(step: Step): void {
    const { orderId, partnerId, partition, cause } = step;
    const before = record.changed.get(orderId) ??
      stored.get(orderId) ?? { orderId, partnerId, partition, state: unheardOf, facts: 0, version: 0 };
    const hold = holdFor(step, record, claimable);
    const decision = reservationDecider.decide(commandOf(step.ask, shelves, hold), before.state);
    if (!decision.accepted) {
      contradicted = { kind: 'contradiction', step, contradiction: decision.rejection };
      return;
    }
    if (decision.events.length === 0) return;
    const reserved = decision.events.find((event) => event.type === 'StockReserved');
    const claim = hold && reserved && claimHold(hold.state, orderId, reserved.data.lines);
    // In the ledger the hold gives its units up before the order has them.
    if (claim) shelves.bookHold(claim, hold.holdId, cause);
    record.keepReservation(step, before, decision.events);
    if (claim) record.keepHold(hold, claim, cause);
  }

  const latest = (read: StoredHold): StoredHold => record.holds.get(read.holdId) ?? read;
  return {
    take: (steps) => {
      for (const step of steps) if (contradicted === null) takeOne(step);
    },
    read: ({ reservations }) => {
      for (const each of reservations) stored.set(each.orderId, each);
    },
    changed: () => [...record.changed.values()],
    changedHolds: () => [...record.holds.values()],
    hold: latest,
    breakHold: (read, lines, reason, cause) => {
      const hold = latest(read);
      const broken = breakHold(hold.state, lines, reason);
      if (broken === null) return;
      shelves.bookHold(broken, hold.holdId, cause);
      record.keepHold(hold, broken, cause);
    },
    outcome: () => contradicted ?? decidedOf(record),
  };
}

const decidedOf = ({ changed, holds, events }: BatchRecord): BatchOutcome => ({
  kind: 'decided',
  reservations: [...changed.values()],
  holds: [...holds.values()],
  events,
});
