import { describe, expect, it } from 'vitest';
import { CannotRun } from '../platform/cannot-run.ts';
import { MATRIX, QUICK_ROWS } from './matrix.ts';
import { faultOptions } from './options.ts';

const now = () => 1_000;

describe('the options of a fault run', () => {
  it('are the whole matrix three times, timed and written down, unless told otherwise', () => {
    expect(faultOptions([], now)).toEqual({
      rows: MATRIX.map(({ row }) => row),
      repetitions: 3,
      seed: 1_001,
      ordersPerSecond: 15,
      isTimed: true,
      write: true,
      label: 'matrix',
    });
  });

  it('are a few rows once in the short form, of which no figure breaks a test', () => {
    expect(faultOptions(['--quick', '--seed', '7'], now)).toMatchObject({
      rows: QUICK_ROWS,
      repetitions: 1,
      seed: 7,
      isTimed: false,
      write: false,
    });
  });

  it.each([
    [['--rows', '1,99'], 'There is no row 99'],
    [['--runs', '0'], '--runs is a whole number from 1 to 20'],
    [['--label', 'a/b'], '--label is 1 to 64 letters'],
    [['--slow'], 'Usage: npm run bench:faults'],
  ])('are refused with a sentence when they are %j', (words, sentence) => {
    expect(() => faultOptions(words, now)).toThrow(CannotRun);
    expect(() => faultOptions(words, now)).toThrow(sentence);
  });
});

describe('the matrix', () => {
  it('names every row once, and the rows of the short form among them', () => {
    const rows = MATRIX.map(({ row }) => row);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows).toEqual(expect.arrayContaining([...QUICK_ROWS]));
  });
});
