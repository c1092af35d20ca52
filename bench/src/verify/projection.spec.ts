import { expect, it } from 'vitest';
import { checkProjections, type KeyedRow } from './projection.ts';

const rows = (...pairs: readonly (readonly [string, string])[]): KeyedRow[] =>
  pairs.map(([key, content]) => ({ key, content }));

const breachesOf = async (found: readonly KeyedRow[], expected: readonly KeyedRow[]) =>
  (await checkProjections([{ name: 'table', found, expected }])).breaches;

it('finds nothing where both are the same', async () => {
  const same = rows(['a', '1'], ['b', '2']);
  expect(await checkProjections([{ name: 'table', found: same, expected: same }])).toEqual({
    summary: '1 table, 2 rows',
    breaches: [],
  });
});

it('tells a missing row, an extra one and another one, wherever they stand', async () => {
  const expected = rows(['b', '2'], ['c', '3'], ['d', '4'], ['f', '6']);
  expect(await breachesOf(rows(['a', '1'], ['b', '2'], ['d', '5'], ['e', '5']), expected)).toEqual([
    'table a: stands as 1 without the log',
    'table c: is missing, 3 by the log',
    'table d: stands as 5, 4 by the log',
    'table e: stands as 5 without the log',
    'table f: is missing, 6 by the log',
  ]);
  expect(await breachesOf([], rows(['a', '1']))).toEqual(['table a: is missing, 1 by the log']);
});

it('goes by bytes, as the databases do', async () => {
  const same = rows(['Z', '1'], ['\uffff', '2'], ['\u{10000}', '3']);
  expect(await breachesOf(same, same.slice(0, 2))).toEqual(['table \u{10000}: stands as 3 without the log']);
});
