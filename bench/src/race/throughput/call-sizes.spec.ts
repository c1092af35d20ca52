import { expect, it } from 'vitest';
import { sizesOf } from './call-sizes.ts';

it('tells mean, median and largest of the calls', () => {
  const calls = [
    { orders: 1, lines: 10 },
    { orders: 3, lines: 20 },
    { orders: 8, lines: 60 },
  ];
  expect(sizesOf(calls)).toEqual({
    calls: 3,
    orders: { mean: 4, p50: 3, max: 8 },
    lines: { mean: 30, p50: 20, max: 60 },
  });
});

it('has no call to tell of where nothing was reserved', () => {
  expect(sizesOf([]).orders).toEqual({ mean: 0, p50: 0, max: 0 });
});
