// Inventory's rules with a database in memory: what batches leave is what the next ones start from.
import { expect } from 'vitest';
import {
  type Batch,
  createBatch,
  type DecidedEvent,
  type Step,
  type StoredHold,
  type StoredReservation,
} from '../src/domain/batch.ts';
import { chooseBreaks } from '../src/domain/breaking.ts';
import { lessUnits, linesOf } from '../src/domain/reservation/claims.ts';
import { openUnits, type Units, unitsBySku } from '../src/domain/reservation/reservation.ts';
import {
  createShelves,
  type MovementGroup,
  type Shelves,
  type StockFigure,
  type TotalFigure,
} from '../src/domain/shelves.ts';

export const WAREHOUSES = ['N', 'S'];

type Writable<Figures> = { -readonly [Key in keyof Figures]: Figures[Key] };
type Kept = Readonly<{ events: readonly DecidedEvent[] }>;

/** The tables. The newest reservations come last. */
type Tables = Readonly<{
  stored: Map<string, StoredReservation>;
  holds: Map<string, StoredHold>;
  places: Map<string, Writable<StockFigure>>;
  totals: Map<string, Writable<TotalFigure>>;
  open: Set<string>;
  ledger: MovementGroup[];
}>;

function tablesOf(onHand: Readonly<Record<string, Readonly<Record<string, number>>>>): Tables {
  const tables: Tables = {
    ...{ stored: new Map(), holds: new Map(), places: new Map(), totals: new Map() },
    ...{ open: new Set(WAREHOUSES), ledger: [] },
  };
  for (const [sku, shelves] of Object.entries(onHand)) {
    const sellable = Object.values(shelves).reduce((sum, units) => sum + units, 0);
    tables.totals.set(sku, { sku, sellable, reserved: 0, held: 0, withdrawing: 0 });
    for (const [warehouseId, units] of Object.entries(shelves)) {
      tables.open.add(warehouseId);
      tables.places.set(`${sku}@${warehouseId}`, {
        sku,
        warehouseId,
        onHand: units,
        allocated: 0,
        safety: 0,
      });
    }
  }
  return tables;
}

function begin({ stored, holds, totals, places, open }: Tables) {
  const shelves = createShelves({
    totals: [...totals.values()],
    stock: [...places.values()],
    isOpen: (id) => open.has(id),
  });
  return { shelves, batch: createBatch({ stored, claimable: holds, shelves }) };
}

/** Writes what a batch came to, as the database would. */
function keep({ stored, holds, totals, places, ledger }: Tables, batch: Batch, shelves: Shelves): Kept {
  const outcome = batch.outcome();
  if (outcome.kind === 'contradiction') throw new Error(outcome.contradiction.type);
  for (const reservation of outcome.reservations) {
    stored.delete(reservation.orderId);
    stored.set(reservation.orderId, reservation);
  }
  for (const hold of outcome.holds) holds.set(hold.holdId, hold);
  const { stock, totals: deltas, movements } = shelves.moves();
  for (const { sku, ...delta } of deltas) {
    const total = totals.get(sku);
    if (total === undefined) throw new Error('moved a SKU that nobody knows');
    for (const figure of ['sellable', 'reserved', 'held', 'withdrawing'] as const)
      total[figure] += delta[figure];
  }
  for (const { sku, warehouseId, ...delta } of stock) {
    const place = places.get(`${sku}@${warehouseId}`);
    if (place === undefined) throw new Error('moved what was never there');
    for (const figure of ['onHand', 'allocated', 'safety'] as const) place[figure] += delta[figure];
  }
  ledger.push(...movements);
  return { events: outcome.events };
}

/** Breaks, newest first, what does not fit any more. */
function breakRest({ stored, holds, totals }: Tables, batch: Batch, shelves: Shelves, cause: string): void {
  const own = batch.changed();
  const changed = new Set(own.map(({ orderId }) => orderId));
  const rest = [...stored.values()].filter(({ orderId }) => !changed.has(orderId)).toReversed();
  const claims = [...own.toReversed(), ...rest];
  const deficits = new Map([...totals.keys()].map((sku) => [sku, shelves.deficit(sku)]));
  const candidates = claims.map(({ orderId, state }) => ({ orderId, open: linesOf(openUnits(state)) }));
  const held = [...holds.values()].map((hold) => batch.hold(hold)).toReversed();
  const active = held.filter(({ state }) => state.status === 'ACTIVE');
  const lines = active.map(({ holdId, state }) => ({ holdId, lines: state.lines }));
  const breaks = chooseBreaks(deficits, candidates, lines);
  for (const { orderId, lines: broken } of breaks.reservations) {
    const data = { lines: broken, cause };
    batch.take([{ orderId, partnerId: 'P', partition: 0, cause, ask: { type: 'BreakReservation', data } }]);
  }
  for (const { holdId, lines: broken } of breaks.holds) {
    const hold = active.find((each) => each.holdId === holdId);
    if (hold !== undefined) batch.breakHold(hold, broken, cause, cause);
  }
  expect(breaks.unbroken).toEqual(new Map());
}

function apply(tables: Tables, steps: readonly Step[]): Kept {
  const { shelves, batch } = begin(tables);
  batch.take(steps);
  return keep(tables, batch, shelves);
}

/** Steps, and then a warehouse opens or shuts, in one batch. */
function flip(tables: Tables, warehouseId: string, opens: boolean, steps: readonly Step[]): Kept {
  const { shelves, batch } = begin(tables);
  batch.take(steps);
  const stock = [...tables.places.values()].filter((place) => place.warehouseId === warehouseId);
  const isFlipped = shelves.isOpen(warehouseId) !== opens;
  shelves.flip(warehouseId, opens, stock);
  breakRest(tables, batch, shelves, 'SHUT');
  const kept = keep(tables, batch, shelves);
  if (!isFlipped) return kept;
  if (opens) tables.open.add(warehouseId);
  else tables.open.delete(warehouseId);
  const way = opens ? 1 : -1;
  for (const { sku, onHand: units, allocated, safety } of stock) {
    const total = tables.totals.get(sku);
    if (total === undefined) continue;
    total.sellable += way * (units - safety);
    total.reserved += way * allocated;
    total.withdrawing -= way * allocated;
  }
  return kept;
}

/** Holds what is free of the lines. */
function hold(tables: Tables, holdId: string, wanted: readonly Units[]): void {
  const { shelves, batch } = begin(tables);
  const lines = wanted
    .map(([sku, units]) => [sku, Math.min(units, shelves.available(sku))] as const)
    .filter(([, units]) => units > 0);
  const expiresAt = '2026-01-01T00:00:00.000Z';
  shelves.bookHold({ type: 'HoldPlaced', data: { lines, expiresAt } }, holdId, holdId);
  keep(tables, batch, shelves);
  const state = { status: 'ACTIVE', lines, expiresAt, orderId: null } as const;
  tables.holds.set(holdId, { holdId, partnerId: 'P', partition: 0, state, version: 1 });
}

/** What breaks of each shipment of a shelf so that `excess` units of it are withdrawn. */
function withdrawn({ stored }: Tables, sku: string, warehouseId: string, excess: number): Step[] {
  const steps: Step[] = [];
  let rest = excess;
  for (const { orderId, state } of stored.values()) {
    for (const { shipmentId, ...assigned } of state.shipments) {
      if (assigned.left || assigned.warehouseId !== warehouseId) continue;
      const there = unitsBySku(lessUnits(assigned.lines, assigned.missing ?? [])).get(sku) ?? 0;
      const gone = Math.min(there, rest);
      if (gone <= 0) continue;
      rest -= gone;
      const data = { warehouseId, shipments: [{ shipmentId, lines: [[sku, gone] as const] }], cause: 'LOSS' };
      const ask = { type: 'BreakAllocation', data } as const;
      steps.push({ orderId, partnerId: 'P', partition: 0, cause: 'loss', ask });
    }
  }
  return steps;
}

/** Units of a shelf are found to be fewer: assigned ones go where no others are left. */
function lose(tables: Tables, sku: string, warehouseId: string, units: number): void {
  const place = tables.places.get(`${sku}@${warehouseId}`);
  const lost = Math.min(units, place?.onHand ?? 0);
  if (place === undefined || lost === 0) return;
  const { shelves, batch } = begin(tables);
  batch.take(withdrawn(tables, sku, warehouseId, place.allocated - (place.onHand - lost)));
  shelves.move({ kind: 'adjust', sku, warehouseId, quantity: -lost, reason: 'LOSS', cause: 'loss' });
  breakRest(tables, batch, shelves, 'LOSS');
  keep(tables, batch, shelves);
}

/** A network in memory: what batches leave is what the next ones start from, as the database would keep it. */
export function network(onHand: Readonly<Record<string, Readonly<Record<string, number>>>>) {
  const tables = tablesOf(onHand);
  return {
    ...tables,
    isOpen: (warehouseId: string) => tables.open.has(warehouseId),
    apply: (steps: readonly Step[]) => apply(tables, steps),
    flip: (warehouseId: string, opens: boolean, steps: readonly Step[] = []) =>
      flip(tables, warehouseId, opens, steps),
    hold: (holdId: string, wanted: readonly Units[]) => hold(tables, holdId, wanted),
    lose: (sku: string, warehouseId: string, units: number) => lose(tables, sku, warehouseId, units),
  };
}

export type Network = ReturnType<typeof network>;
