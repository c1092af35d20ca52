import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BrokenUnits, brokenByChange, type Finding, lossesOf, measureRows } from './adjustment.ts';
import { type Shelf, type StockFigures, UNITS_MAX } from './stock-figures.ts';

const fc = seeded(fastCheck);
const shelf = (sku: string, warehouseId: string, more: Partial<Shelf> = {}): Shelf => ({
  ...{ sku, warehouseId, onHand: 10, allocated: 0, safety: 0, version: 3 },
  ...more,
});
const figuresOf = (...shelves: Shelf[]): StockFigures => ({
  totals: new Map(['A', 'B'].map((sku) => [sku, { sellable: 0, reserved: 0, held: 0, withdrawing: 0 }])),
  shelves: Map.groupBy(shelves, ({ sku }) => sku),
  warehouses: new Map(Object.entries({ N: true, S: false })),
});
const row = (found: Finding, expectedVersion: number | null = null, sku = 'A', warehouseId = 'N') => ({
  ...{ sku, warehouseId, found, expectedVersion },
});

describe('what a row comes to', () => {
  const figures = figuresOf(shelf('A', 'N'), shelf('B', 'N', { onHand: UNITS_MAX }));

  it('is its difference, or that of its count from the books', () => {
    const rows = [row({ delta: -10 }), row({ counted: 7 }, 3), row({ counted: 4 }, 0, 'A', 'S')];
    expect(measureRows(rows, figures)).toEqual([{ delta: -10 }, { delta: -3 }, { delta: 4 }]);
  });

  it('is refused where it contradicts the books, and never since units are promised', () => {
    expect(
      measureRows(
        [
          row({ delta: -11 }),
          row({ counted: 7 }, 2),
          row({ delta: 1 }, 2),
          row({ delta: 1 }, null, 'X'),
          row({ delta: 1 }, null, 'A', 'W'),
          row({ delta: 1 }, null, 'B'),
        ],
        figures,
      ),
    ).toEqual([
      { code: 'INSUFFICIENT_STOCK' },
      { code: 'CONFLICT', currentVersion: 3 },
      { code: 'CONFLICT', currentVersion: 3 },
      { code: 'UNKNOWN_SKU' },
      { code: 'UNKNOWN_WAREHOUSE' },
      { code: 'TOO_MANY' },
    ]);
  });

  it('counts the rows of a SKU together against what can be kept of it', () => {
    const full = figuresOf(shelf('A', 'N', { onHand: UNITS_MAX - 5 }));
    const rows = [row({ delta: 3 }), row({ delta: 3 }, null, 'A', 'S')];
    expect(measureRows(rows, full)).toEqual([{ delta: 3 }, { code: 'TOO_MANY' }]);
  });
});

describe('what a change costs its shelf', () => {
  const change = (delta: number) => ({ sku: 'A', warehouseId: 'N', delta, isOpen: true });

  it('is nothing while all that is assigned and kept back lies there', () => {
    expect(lossesOf([change(-3)], figuresOf(shelf('A', 'N', { allocated: 5, safety: 2 })))).toEqual([]);
  });

  it('is what was kept back, then what was assigned', () => {
    const figures = figuresOf(shelf('A', 'N', { allocated: 5, safety: 2 }));
    const place = { sku: 'A', warehouseId: 'N' };
    expect(lossesOf([change(-4)], figures)).toEqual([{ ...place, missing: 0, givenUp: 1, safety: 1 }]);
    expect(lossesOf([change(-8)], figures)).toEqual([{ ...place, missing: 3, givenUp: 2, safety: 0 }]);
  });

  it('always leaves a shelf with all that it still assigns and keeps back', () => {
    const units = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(units, units, units, units, (free, allocated, safety, taken) => {
        const onHand = free + allocated + safety;
        const delta = -Math.min(taken, onHand);
        const figures = figuresOf(shelf('A', 'N', { onHand, allocated, safety }));
        const [loss = { missing: 0, givenUp: 0 }] = lossesOf([change(delta)], figures);
        expect(onHand + delta).toBeGreaterThanOrEqual(allocated - loss.missing + safety - loss.givenUp);
        // Nothing is lost that lies there.
        if (loss.givenUp > 0) expect(onHand + delta).toBe(allocated - loss.missing + safety - loss.givenUp);
        if (loss.missing > 0) expect(loss.givenUp).toBe(safety);
      }),
    );
  });
});

describe('whose units a change cost', () => {
  const of = (quantity: number, orderId: string, warehouseId: string | null = null): BrokenUnits => ({
    ...{ sku: 'A', quantity, orderId, holdId: null, warehouseId },
  });

  it('is told with the shelf of a shipment, and else with the first decreases of the SKU', () => {
    const changes = [
      { sku: 'A', warehouseId: 'SHUT', delta: -9, isOpen: false },
      { sku: 'A', warehouseId: 'N', delta: -3, isOpen: true },
      { sku: 'A', warehouseId: 'S', delta: 2, isOpen: true },
      { sku: 'A', warehouseId: 'E', delta: -4, isOpen: true },
    ];
    const told = brokenByChange(changes, [of(2, 'assigned', 'E'), of(2, 'first'), of(2, 'second')]);
    expect(told.map((claims) => claims.map(({ orderId, quantity }) => [orderId, quantity]))).toEqual([
      [],
      [
        ['first', 2],
        ['second', 1],
      ],
      [],
      [
        ['assigned', 2],
        ['second', 1],
      ],
    ]);
  });

  it('adds up to all that broke', () => {
    const units = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(
        fc.array(units, { minLength: 1, maxLength: 4 }),
        fc.array(units, { maxLength: 5 }),
        (taken, lost) => {
          const changes = taken.map((delta, index) => ({
            sku: 'A',
            warehouseId: `W${index}`,
            delta: -delta,
            isOpen: true,
          }));
          const told = brokenByChange(
            changes,
            lost.map((quantity, index) => of(quantity, `order ${index % 2}`)),
          );
          const sum = told.flat().reduce((total, { quantity }) => total + quantity, 0);
          expect(sum).toBe(lost.reduce((total, quantity) => total + quantity, 0));
        },
      ),
    );
  });
});
