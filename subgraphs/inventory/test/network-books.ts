// Adds the books of a network in memory up.
import { expect } from 'vitest';
import { lessUnits, linesOf } from '../src/domain/reservation/claims.ts';
import { type Claim, openUnits, type Units, unitsBySku } from '../src/domain/reservation/reservation.ts';
import type { Network } from './network.ts';

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
