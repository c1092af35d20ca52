import { describe, expect, it } from 'vitest';
import { refuseHoldLines, refuseTtl } from './hold-input.ts';

const found = (refusals: ReturnType<typeof refuseHoldLines>) =>
  refusals.map(({ code, field }) => `${code} ${field?.join('.')}`);
const line = (sku: string, quantity = 1) => ({ sku, quantity });
const many = (count: number) => Array.from({ length: count }, (_, index) => line(`S${index}`));

describe('the lines of a hold', () => {
  it('are 1 to 1,000 distinct SKUs of 1 to 1,000,000 units', () => {
    expect(refuseHoldLines([line('A'), line('B', 1_000_000)])).toEqual([]);
    expect(refuseHoldLines(many(1_000))).toEqual([]);
  });

  it.each([
    ['none', [], ['LINE_COUNT lines']],
    ['too many', many(1_001), ['LINE_COUNT lines']],
    ['a SKU twice', [line('A'), line('B'), line('A')], ['DUPLICATE_SKU lines.2.sku']],
    ['no unit', [line('A', 0)], ['QUANTITY_OUT_OF_RANGE lines.0.quantity']],
    ['too many units', [line('A', 1_000_001)], ['QUANTITY_OUT_OF_RANGE lines.0.quantity']],
    ['a code that cannot be', [line('\u0000')], ['UNKNOWN_SKU lines.0.sku']],
    [
      'several faults',
      [line('A', -1), line(' '), line('A')],
      ['QUANTITY_OUT_OF_RANGE lines.0.quantity', 'UNKNOWN_SKU lines.1.sku', 'DUPLICATE_SKU lines.2.sku'],
    ],
  ])('refuse %s', (_what, lines, refusals) => {
    expect(found(refuseHoldLines(lines))).toEqual(refusals);
  });
});

describe('the life of a hold', () => {
  it('is 10 seconds to a day', () => {
    expect([10, 86_400].flatMap(refuseTtl)).toEqual([]);
    expect([9, 86_401, -1].flatMap((ttl) => found(refuseTtl(ttl)))).toEqual(
      Array(3).fill('INVALID_INPUT ttlSeconds'),
    );
  });
});
