import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, planOrder, tiersOf } from './plan.ts';
import type { SkuQuantity } from './shipment.ts';
import { createStockView, type UnitsByWarehouse } from './stock-view.ts';

const fc = seeded(fastCheck);

function warehouses(priorities: Record<string, number>) {
  return tiersOf(Object.entries(priorities).map(([warehouseId, priority]) => ({ warehouseId, priority })));
}
const lines = (units: Record<string, number>): SkuQuantity[] =>
  Object.entries(units).map(([sku, quantity]) => ({ sku, quantity }));
const plan = (
  wanted: Record<string, number>,
  priorities: Record<string, number>,
  stock: Record<string, UnitsByWarehouse>,
  orderId = 'order',
) => planOrder(orderId, lines(wanted), warehouses(priorities), createStockView(stock));

describe('one warehouse has all of it', () => {
  it('takes the lowest priority number that has', () => {
    const made = plan(
      { A: 2, B: 1 },
      { W1: 2, W2: 1, W3: 3 },
      { A: { W1: 5, W2: 1, W3: 9 }, B: { W1: 1, W2: 9, W3: 9 } },
    );
    expect(made).toMatchObject({ rule: 'ONE_WAREHOUSE', consignments: [{ warehouseId: 'W1' }] });
  });

  it('spreads orders evenly over warehouses of one priority', () => {
    const counts = new Map<string, number>();
    for (let order = 0; order < 3_000; order += 1) {
      const made = plan({ A: 1 }, { W1: 1, W2: 1, W3: 1 }, { A: { W1: 9, W2: 9, W3: 9 } }, `order ${order}`);
      const id = made?.consignments[0]?.warehouseId ?? '';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(count).toBeGreaterThan(800);
    expect(counts.size).toBe(3);
  });
});

describe('no warehouse has all of it', () => {
  it('takes the fewest, those that complete most lines first, and splits a line only at need', () => {
    const stock = { A: { W1: 1, W2: 5 }, B: { W1: 5, W3: 5 }, C: { W3: 2, W1: 2 }, D: { W2: 1 } };
    expect(plan({ A: 6, B: 1, C: 2, D: 1 }, { W1: 1, W2: 1, W3: 1 }, stock)).toMatchObject({
      rule: 'FEWEST_WAREHOUSES',
      consignments: [
        { warehouseId: 'W1', lines: lines({ A: 1, B: 1, C: 2 }) },
        { warehouseId: 'W2', lines: lines({ A: 5, D: 1 }) },
      ],
    });
  });

  it('asks the first choice for what nobody has', () => {
    expect(plan({ A: 6, X: 2 }, { W1: 1, W2: 2 }, { A: { W1: 1, W2: 2 } })).toMatchObject({
      rule: 'BEYOND_VIEW',
      consignments: [
        { warehouseId: 'W2', lines: lines({ A: 2 }) },
        { warehouseId: 'W1', lines: lines({ A: 4, X: 2 }) },
      ],
    });
  });

  it('has no plan without a warehouse', () => {
    expect(plan({ A: 1 }, {}, { A: { W1: 9 } })).toBeNull();
  });
});

const skus = ['A', 'B', 'C', 'D'];
const ids = ['W1', 'W2', 'W3', 'W4'];
const anyOrder = fc.dictionary(fc.constantFrom(...skus), fc.integer({ min: 1, max: 9 }), { minKeys: 1 });
const anyStock = fc.dictionary(
  fc.constantFrom(...skus),
  fc.dictionary(fc.constantFrom(...ids), fc.integer({ min: -3, max: 12 })),
);
const anyPriorities = fc.dictionary(fc.constantFrom(...ids), fc.integer({ min: 1, max: 2 }), { minKeys: 1 });

function planned(made: Plan, sku: string, warehouseId?: string): number {
  return made.consignments
    .filter((each) => warehouseId === undefined || each.warehouseId === warehouseId)
    .flatMap((each) => each.lines)
    .filter((line) => line.sku === sku)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

describe('whatever is wanted and wherever it stands', () => {
  it('asks for every unit exactly once, of open warehouses, each warehouse and SKU named once', () => {
    fc.assert(
      fc.property(anyOrder, anyPriorities, anyStock, fc.uuid(), (wanted, priorities, stock, orderId) => {
        const made = plan(wanted, priorities, stock, orderId);
        if (made === null) throw new Error('a warehouse is open, so there is a plan');
        for (const sku of skus) expect(planned(made, sku)).toBe(wanted[sku] ?? 0);
        const named = made.consignments.map(({ warehouseId }) => warehouseId);
        expect(new Set(named).size).toBe(named.length);
        for (const each of made.consignments) {
          expect(priorities).toHaveProperty(each.warehouseId);
          expect(new Set(each.lines.map(({ sku }) => sku)).size).toBe(each.lines.length);
          for (const { quantity } of each.lines) expect(quantity).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('goes beyond the view only where all warehouses together have less', () => {
    fc.assert(
      fc.property(anyOrder, anyPriorities, anyStock, fc.uuid(), (wanted, priorities, stock, orderId) => {
        const made = plan(wanted, priorities, stock, orderId);
        const has = (sku: string, id: string) => Math.max(0, stock[sku]?.[id] ?? 0);
        const isShort = Object.entries(wanted).some(
          ([sku, units]) => Object.keys(priorities).reduce((sum, id) => sum + has(sku, id), 0) < units,
        );
        expect(made?.rule === 'BEYOND_VIEW').toBe(isShort);
        if (made === null || isShort) return;
        for (const sku of skus) {
          for (const id of ids) expect(planned(made, sku, id)).toBeLessThanOrEqual(has(sku, id));
        }
      }),
    );
  });

  it('decides the same every time, in whatever order warehouses are read', () => {
    fc.assert(
      fc.property(anyOrder, anyPriorities, anyStock, fc.uuid(), (wanted, priorities, stock, orderId) => {
        const reversed = Object.fromEntries(Object.entries(priorities).reverse());
        expect(plan(wanted, reversed, stock, orderId)).toEqual(plan(wanted, priorities, stock, orderId));
      }),
    );
  });
});
