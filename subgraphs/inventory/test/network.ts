// Inventory's rules with a database in memory: what batches leave is what the next ones start from.
import { expect } from 'vitest';
import { decideBatch, type Step, type StoredReservation } from '../src/domain/batch.ts';
import { createShelves, type ShelfMoves } from '../src/domain/shelves.ts';

export const WAREHOUSES = ['N', 'S'];

/** A network in memory: what batches leave is what the next ones start from, as the database would keep it. */
export function network(onHand: Readonly<Record<string, Readonly<Record<string, number>>>>) {
  const stored = new Map<string, StoredReservation>();
  const places = new Map<string, { sku: string; warehouseId: string; onHand: number; allocated: number }>();
  const totals = new Map<string, { sellable: number; reserved: number }>();
  for (const [sku, shelves] of Object.entries(onHand)) {
    const sellable = Object.values(shelves).reduce((sum, units) => sum + units, 0);
    totals.set(sku, { sellable, reserved: 0 });
    for (const [warehouseId, units] of Object.entries(shelves)) {
      places.set(`${sku}@${warehouseId}`, { sku, warehouseId, onHand: units, allocated: 0 });
    }
  }
  function keep(moves: ShelfMoves): void {
    for (const { sku, sellable, reserved } of moves.totals) {
      const total = totals.get(sku) ?? { sellable: 0, reserved: 0 };
      totals.set(sku, { sellable: total.sellable + sellable, reserved: total.reserved + reserved });
    }
    for (const { sku, warehouseId, onHand: left, allocated } of moves.stock) {
      const place = places.get(`${sku}@${warehouseId}`);
      if (place === undefined) throw new Error('moved what was never there');
      place.onHand += left;
      place.allocated += allocated;
    }
  }
  return {
    stored,
    totals,
    places,
    apply: (steps: readonly Step[]) => {
      const shelves = createShelves({
        totals: [...totals].map(([sku, { sellable, reserved }]) => ({ sku, available: sellable - reserved })),
        stock: [...places.values()].map((place) => ({
          ...place,
          assignable: place.onHand - place.allocated,
        })),
        openWarehouses: new Set(WAREHOUSES),
      });
      const outcome = decideBatch(steps, stored, shelves);
      if (outcome.kind === 'contradiction') throw new Error(outcome.contradiction.type);
      for (const reservation of outcome.reservations) stored.set(reservation.orderId, reservation);
      keep(shelves.moves());
      return outcome;
    },
  };
}

export type Network = ReturnType<typeof network>;

/** Claims fit what is sellable, and are those of the orders; shelves hold what is sellable. */
export function expectBooksToAgree({ totals, places, stored }: Network): void {
  for (const [sku, { sellable, reserved }] of totals) {
    expect(reserved).toBeGreaterThanOrEqual(0);
    expect(reserved).toBeLessThanOrEqual(sellable);
    let claimed = 0;
    for (const { state } of stored.values()) {
      if (state.status !== 'RESERVED' && state.status !== 'ALLOCATED') continue;
      for (const [code, units] of state.lines) if (code === sku) claimed += units;
      const gone = state.shipments.filter((each) => each.left).flatMap((each) => each.lines);
      for (const [code, units] of gone) if (code === sku) claimed -= units;
    }
    expect(reserved).toBe(claimed);
    const shelves = [...places.values()].filter((each) => each.sku === sku);
    expect(sellable).toBe(shelves.reduce((sum, each) => sum + each.onHand, 0));
    for (const each of shelves) expect(each.allocated).toBeLessThanOrEqual(each.onHand);
  }
}
