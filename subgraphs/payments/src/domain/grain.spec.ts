import { describe, expect, it } from 'vitest';
import { grainOf } from './grain.ts';

describe('the grain of an order', () => {
  it.each([
    ['KWD', [3_335, 6_665], 5],
    ['KWD', [1_250, 500, 30], 10],
    ['KWD', [1_250], 1_250],
    ['KWD', [0, 40], 40],
    ['MGA', [500, 300], 100],
    ['KWD', [0], null],
    // Taken to the last penny everywhere.
    ['GBP', [500, 300], null],
  ])('in %s of %j is %j', (currencyCode, prices, grain) => {
    expect(grainOf(currencyCode, prices)).toBe(grain);
  });
});
