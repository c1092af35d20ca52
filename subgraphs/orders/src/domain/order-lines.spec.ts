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
  it('wait for receipts wholly or in part, and come later', () => {
    const four = (...facts: LineFact[]) =>
      foldLines(placed, facts).map(({ reserved, backordered, shipped, cancelled }) => [
        reserved,
        backordered,
        shipped,
        cancelled,
      ]);
    const [a3, a2] = [[{ sku: 'a', quantity: 3 }], [{ sku: 'a', quantity: 2 }]];
    const partly: LineFact = { type: 'OrderConfirmed', data: { lines: a3, backordered: a2 } };
    const part: LineFact = { type: 'OrderPartiallyShipped', data: { lines: a3 } };
    const replenished: LineFact = { type: 'OrderReplenished', data: { lines: a2 } };
    const cancelled: LineFact = { type: 'OrderLinesCancelled', data: { lines: a2 } };
    const nothingYet: LineFact = { type: 'OrderBackordered', data: { lines: a3 } };
    expect(four(cancelled, nothingYet)).toEqual([
      [0, 3, 0, 2],
      [0, 0, 0, 2],
    ]);
    expect(four(partly)).toEqual([
      [3, 2, 0, 0],
      [0, 0, 0, 2],
    ]);
    expect(four(partly, part, replenished)[0]).toEqual([2, 0, 3, 0]);
    const early: LineFact = { type: 'OrderPartiallyShipped', data: { lines: [{ sku: 'a', quantity: 4 }] } };
    expect(four(partly, early, replenished)[0]).toEqual([1, 0, 4, 0]);
    expect(four(partly, part, cancelled)[0]).toEqual([0, 0, 3, 2]);
    expect(four(partly, replenished, { type: 'OrderShipped', data: {} })[0]).toEqual([0, 0, 5, 0]);
    expect(four(partly, { type: 'OrderCancelled', data: {} })[0]).toEqual([0, 0, 0, 5]);
  });
  it('that broke wait again or are cancelled, and left all the same if they did', () => {
    const lines = [{ sku: 'a', quantity: 4 }];
    const broken = (rest: string): LineFact => ({ type: 'OrderLinesBroken', data: { lines, rest } });
    const leave: LineFact = { type: 'OrderPartiallyShipped', data: { lines } };
    const [waits, gone] = [broken('BACKORDERED'), broken('CANCELLED')];
    expect(foldLines(placed, [confirmed, waits])[0]).toMatchObject({ reserved: 1, backordered: 4 });
    expect(foldLines(placed, [confirmed, gone])[0]).toMatchObject({ reserved: 1, cancelled: 4 });
    expect(foldLines(placed, [confirmed, waits, leave])[0]).toMatchObject({ backordered: 1, shipped: 4 });
    expect(foldLines(placed, [confirmed, gone, leave])[0]).toMatchObject({ cancelled: 1, shipped: 4 });
  });
});
