import { expect, it } from 'vitest';
import { decideSafety } from './safety-stock.ts';
import type { StockFigures } from './stock-figures.ts';

const shelf = { sku: 'A', onHand: 10, allocated: 3, safety: 2, version: 1 };
const figures: StockFigures = {
  totals: new Map([['A', { sellable: 16, reserved: 9, held: 1, withdrawing: 2 }]]),
  shelves: new Map([['A', ['N', 'S', 'SHUT'].map((warehouseId) => ({ ...shelf, warehouseId }))]]),
  warehouses: new Map(Object.entries({ N: true, S: true, SHUT: false })),
};
const decide = (...rows: [warehouseId: string, safety: number, sku?: string][]) =>
  decideSafety(
    rows.map(([warehouseId, safety, sku = 'A']) => ({ sku, warehouseId, safety })),
    figures,
  );
const no = { code: 'INSUFFICIENT_STOCK' };

it('keeps back what nobody claims, each row on what the ones before took', () => {
  expect(decide(['N', 6])).toEqual([{ more: 4 }]);
  expect(decide(['N', 7])).toEqual([no]);
  expect(decide(['N', 5], ['S', 3])).toEqual([{ more: 3 }, { more: 1 }]);
  expect(decide(['N', 5], ['S', 4])).toEqual([{ more: 3 }, no]);
  expect(decide(['N', 0], ['S', 7])).toEqual([{ more: -2 }, { more: 5 }]);
});

it('keeps nothing back that is assigned or does not lie there', () => {
  expect(decide(['SHUT', 7])).toEqual([{ more: 5 }]);
  expect(decide(['SHUT', 8])).toEqual([no]);
});

it('knows no other SKUs and warehouses', () => {
  expect(decide(['N', 1, 'X'], ['W', 1])).toEqual([{ code: 'UNKNOWN_SKU' }, { code: 'UNKNOWN_WAREHOUSE' }]);
});
