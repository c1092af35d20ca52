import { expect, it } from 'vitest';
import { lookAtStock } from './low-stock.ts';

const watched = (available: number, threshold: number, isLow: boolean) => ({
  ...{ sku: 'A', available, threshold, isLow, alerts: 3 },
});

it('is said once when it runs low, and armed again when it no longer is', () => {
  expect(lookAtStock([watched(4, 5, false)])).toMatchObject([{ isLow: true, alert: true }]);
  expect(lookAtStock([watched(4, 5, true), watched(5, 5, false)])).toEqual([]);
  expect(lookAtStock([watched(5, 5, true)])).toMatchObject([{ isLow: false, alert: false }]);
});

it('is never said of a product without a threshold', () => {
  expect(lookAtStock([watched(0, 0, false)])).toEqual([]);
  expect(lookAtStock([watched(0, 0, true)])).toMatchObject([{ isLow: false, alert: false }]);
});
