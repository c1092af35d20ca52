import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTally, differences, expectedOf, sumOf } from './expectation.ts';

const count = { sku: 'A', sold: 20, claimed: 20, booked: 20, leftUnbooked: 0 };
const supply = { sku: 'A', supply: 20, demand: 500 };

describe('what must have been sold', () => {
  it('is what there was where more was asked for, and what was asked for where less was', () => {
    expect(expectedOf(supply, 0)).toBe(20);
    expect(expectedOf({ ...supply, demand: 7 }, 0)).toBe(7);
  });

  it('counts units that left although the books said they were not there', () => {
    expect(expectedOf(supply, 2)).toBe(22);
  });

  it('never exceeds what there was or what was asked for (property)', () => {
    const units = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(units, units, (there, asked) => {
        const expected = expectedOf({ sku: 'A', supply: there, demand: asked }, 0);
        expect(expected === there || expected === asked).toBe(true);
        expect(expected).toBeLessThanOrEqual(Math.min(there, asked));
      }),
    );
  });
});

describe('the judgement', () => {
  it('says nothing where sold, claimed and booked are exactly what they must be', () => {
    expect(differences([supply], [count])).toEqual([]);
  });

  it.each([
    ['one unit too many', { sold: 21, claimed: 21, booked: 21 }, ['A: 21 sold, exactly 20 were to be']],
    ['one unit too few', { sold: 19, claimed: 19, booked: 19 }, ['A: 19 sold, exactly 20 were to be']],
    ['a claim nobody has', { claimed: 21 }, ['A: 20 sold, 21 claimed by its movements']],
    ['a row that forgot one', { booked: 19 }, ['A: 20 sold, 19 booked in its row']],
  ])('reports %s', (_what, found, sentences) => {
    expect(differences([supply], [{ ...count, ...found }])).toEqual(sentences);
  });

  it('reports a SKU that nobody counted', () => {
    expect(differences([supply], [])).toEqual(['A: nobody counted it']);
  });
});

describe('the sum of a race', () => {
  it('adds up its SKUs', () => {
    const other = { sku: 'B', supply: 5, demand: 3 };
    const counts = [count, { ...count, sku: 'B', sold: 3, claimed: 3, booked: 3 }];
    expect(sumOf([supply, other], counts)).toEqual({
      ...{ supply: 25, demand: 503, expected: 23, sold: 23, recorded: 23 },
    });
  });
});

describe('a tally', () => {
  it('adds and takes away, SKU by SKU', () => {
    const tally = createTally();
    tally.add([
      { sku: 'A', quantity: 5 },
      { sku: 'B', quantity: 1 },
    ]);
    tally.add([{ sku: 'A', quantity: 2 }], -1);
    expect([tally.of('A'), tally.of('B'), tally.of('C')]).toEqual([3, 1, 0]);
  });
});
