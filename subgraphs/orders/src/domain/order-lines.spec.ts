import { describe, expect, it } from 'vitest';
import { foldLines, type LineFact } from './order-lines.ts';

const placed = [
  { sku: 'a', quantity: 5, unitPriceMinor: 100 },
  { sku: 'b', quantity: 2, unitPriceMinor: 250 },
];
const fold = (...facts: LineFact[]) =>
  foldLines(placed, facts).map(({ sku, reserved, shipped, cancelled }) => [
    sku,
    reserved,
    shipped,
    cancelled,
  ]);
const confirmed: LineFact = { type: 'OrderConfirmed', data: {} };

describe('the lines of an order', () => {
  it('claim nothing before confirmation', () =>
    expect(fold()).toEqual([
      ['a', 0, 0, 0],
      ['b', 0, 0, 0],
    ]));
  it('are claimed wholly, or as far as was reserved and the rest cancelled', () => {
    expect(fold(confirmed)).toEqual([
      ['a', 5, 0, 0],
      ['b', 2, 0, 0],
    ]);
    expect(fold({ type: 'OrderConfirmed', data: { lines: [{ sku: 'a', quantity: 3 }] } })).toEqual([
      ['a', 3, 0, 2],
      ['b', 0, 0, 2],
    ]);
  });
  it('leave in parts, then wholly', () => {
    const part: LineFact = { type: 'OrderPartiallyShipped', data: { lines: [{ sku: 'a', quantity: 5 }] } };
    expect(fold(confirmed, part)).toEqual([
      ['a', 0, 5, 0],
      ['b', 2, 0, 0],
    ]);
    expect(fold(confirmed, part, { type: 'OrderShipped', data: {} })).toEqual([
      ['a', 0, 5, 0],
      ['b', 0, 2, 0],
    ]);
  });
  it('will not come when the order is rejected', () =>
    expect(fold({ type: 'OrderRejected', data: {} })).toEqual([
      ['a', 0, 0, 5],
      ['b', 0, 0, 2],
    ]));
});
