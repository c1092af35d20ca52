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
import { type Claim, openUnits, type Units, unitsBySku } from '../src/domain/reservation/reservation.ts';
import {
  createShelves,
  type MovementGroup,
  type Shelves,
  type StockFigure,
  type TotalFigure,
} from '../src/domain/shelves.ts';

export const WAREHOUSES = ['N', 'S'];

type Writable<Figures> = { -readonly [Key in keyof Figures]: Figures[Key] };

/** A network in memory: what batches leave is what the next ones start from, as the database would keep it. */
export function network(onHand: Readonly<Record<string, Readonly<Record<string, number>>>>) {
  const stored = new Map<string, StoredReservation>();
  const holds = new Map<string, StoredHold>();
  const places = new Map<string, Writable<StockFigure>>();
  const totals = new Map<string, Writable<TotalFigure>>();
  const open = new Set(WAREHOUSES);
  const ledger: MovementGroup[] = [];
  for (const [sku, shelves] of Object.entries(onHand)) {
    const sellable = Object.values(shelves).reduce((sum, units) => sum + units, 0);
    totals.set(sku, { sku, sellable, reserved: 0, held: 0, withdrawing: 0 });
    for (const [warehouseId, units] of Object.entries(shelves)) {
      open.add(warehouseId);
      places.set(`${sku}@${warehouseId}`, { sku, warehouseId, onHand: units, allocated: 0, safety: 0 });
    }
  }

  function keep(batch: Batch, shelves: Shelves): { events: readonly DecidedEvent[] } {
    const outcome = batch.outcome();
    if (outcome.kind === 'contradiction') throw new Error(outcome.contradiction.type);
    for (const reservation of outcome.reservations) {
      // The newest claims come last.
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

  function begin() {
    const shelves = createShelves({
      totals: [...totals.values()],
      stock: [...places.values()],
      isOpen: (id) => open.has(id),
    });
    return { shelves, batch: createBatch({ stored, claimable: holds, shelves }) };
  }

  /** Breaks, newest first, what does not fit any more. */
  function breakRest(batch: Batch, shelves: Shelves, cause: string): void {
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

  return {
    stored,
    holds,
    totals,
    places,
    ledger,
    isOpen: (warehouseId: string) => open.has(warehouseId),
    apply: (steps: readonly Step[]) => {
      const { shelves, batch } = begin();
      batch.take(steps);
      return keep(batch, shelves);
    },
    /** Steps, and then a warehouse opens or shuts, in one batch. */
    flip: (warehouseId: string, opens: boolean, steps: readonly Step[] = []) => {
      const { shelves, batch } = begin();
      batch.take(steps);
      const stock = [...places.values()].filter((place) => place.warehouseId === warehouseId);
      const isFlipped = shelves.isOpen(warehouseId) !== opens;
      shelves.flip(warehouseId, opens, stock);
      breakRest(batch, shelves, 'SHUT');
      const kept = keep(batch, shelves);
      if (!isFlipped) return kept;
      if (opens) open.add(warehouseId);
      else open.delete(warehouseId);
      const way = opens ? 1 : -1;
      for (const { sku, onHand: units, allocated, safety } of stock) {
        const total = totals.get(sku);
        if (total === undefined) continue;
        total.sellable += way * (units - safety);
        total.reserved += way * allocated;
        total.withdrawing -= way * allocated;
      }
      return kept;
    },
    /** Holds what is free of the lines. */
    hold: (holdId: string, wanted: readonly Units[], partnerId = 'P') => {
      const { shelves, batch } = begin();
      const lines = wanted
        .map(([sku, units]) => [sku, Math.min(units, shelves.available(sku))] as const)
        .filter(([, units]) => units > 0);
      const expiresAt = '2026-01-01T00:00:00.000Z';
      shelves.bookHold({ type: 'HoldPlaced', data: { lines, expiresAt } }, holdId, holdId);
      keep(batch, shelves);
      const state = { status: 'ACTIVE', lines, expiresAt, orderId: null } as const;
      holds.set(holdId, { holdId, partnerId, partition: 0, state, version: 1 });
    },
    /** Units of a shelf are found to be fewer: assigned ones go where no others are left. */
    lose: (sku: string, warehouseId: string, units: number) => {
      const { shelves, batch } = begin();
      const place = places.get(`${sku}@${warehouseId}`);
      const lost = Math.min(units, place?.onHand ?? 0);
      if (place === undefined || lost === 0) return;
      let excess = place.allocated - (place.onHand - lost);
      for (const { orderId, state } of stored.values()) {
        for (const { shipmentId, ...assigned } of state.shipments) {
          if (assigned.left || assigned.warehouseId !== warehouseId) continue;
          const there = unitsBySku(lessUnits(assigned.lines, assigned.missing ?? [])).get(sku) ?? 0;
          const gone = Math.min(there, excess);
          if (gone <= 0) continue;
          excess -= gone;
          const data = {
            warehouseId,
            shipments: [{ shipmentId, lines: [[sku, gone] as const] }],
            cause: 'LOSS',
          };
          const ask = { type: 'BreakAllocation', data } as const;
          batch.take([{ orderId, partnerId: 'P', partition: 0, cause: 'loss', ask }]);
        }
      }
      shelves.move({ kind: 'adjust', sku, warehouseId, quantity: -lost, reason: 'LOSS', cause: 'loss' });
      breakRest(batch, shelves, 'LOSS');
      keep(batch, shelves);
    },
  };
}

export type Network = ReturnType<typeof network>;

/** What of an order's units is assigned, has not left, and is where it should be or is not. */
function assignedUnits({ stored, isOpen }: Network) {
  const there: { place: string; sku: string; units: number }[] = [];
  let claims: Claim[] = [];
  const withdrawing: Units[] = [];
  for (const { state } of stored.values()) {
    claims = claims.concat(linesOf(openUnits(state)));
    for (const { lines, left, missing = [], warehouseId } of state.shipments) {
      if (left) continue;
      withdrawing.push(...missing);
      for (const [sku, units] of lessUnits(lines, missing)) {
        there.push({ place: `${sku}@${warehouseId}`, sku, units });
        if (isOpen(warehouseId)) claims.push([sku, units]);
        else withdrawing.push([sku, units]);
      }
    }
  }
  return { there, reserved: unitsBySku(claims), withdrawing: unitsBySku(withdrawing) };
}

/** Claims fit what is sellable, and are those of the orders and holds; shelves hold what is sellable. */
export function expectBooksToAgree(net: Network): void {
  const { totals, places, holds, isOpen } = net;
  const assigned = assignedUnits(net);
  const active = [...holds.values()].filter(({ state }) => state.status === 'ACTIVE');
  const held = unitsBySku(active.flatMap(({ state }) => state.lines));
  for (const { sku, ...total } of totals.values()) {
    expect(total.reserved).toBe(assigned.reserved.get(sku) ?? 0);
    expect(total.withdrawing).toBe(assigned.withdrawing.get(sku) ?? 0);
    expect(total.held).toBe(held.get(sku) ?? 0);
    expect(total.reserved + total.held).toBeLessThanOrEqual(total.sellable);
    const shelves = [...places.values()].filter((each) => each.sku === sku);
    const sold = shelves.filter(({ warehouseId }) => isOpen(warehouseId));
    expect(total.sellable).toBe(sold.reduce((sum, each) => sum + each.onHand - each.safety, 0));
    for (const each of shelves) {
      expect(each.allocated).toBeLessThanOrEqual(each.onHand);
      const here = assigned.there.filter(({ place }) => place === `${sku}@${each.warehouseId}`);
      expect(each.allocated).toBe(here.reduce((sum, { units }) => sum + units, 0));
    }
  }
}
