import { expect, it } from 'vitest';
import { tellRarely } from './told-rarely.ts';

it('tells at once, and then once a minute of each name how many there were and the last of them', () => {
  const told: unknown[] = [];
  let now = 5;
  const tell = tellRarely<number>(
    (...line) => void told.push(line),
    () => now,
  );
  for (let event = 1; event <= 1_001; event += 1) tell('a', event);
  tell('b', 7);
  expect(told).toEqual([
    ['a', 1, 1],
    ['b', 1, 7],
  ]);
  now += 59_999;
  tell('a', 1_002);
  expect(told).toHaveLength(2);
  now += 1;
  tell('a', 1_003);
  expect(told.at(-1)).toEqual(['a', 1_002, 1_003]);
});
