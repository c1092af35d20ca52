import { expect, it } from 'vitest';
import { lossesOf } from './losses.ts';

it('counts the breaches of each invariant as the loss they are', () => {
  const breaches = (count: number) => Array.from({ length: count }, () => 'a breach');
  expect(
    lossesOf([
      { number: 1, breaches: breaches(2) },
      { number: 3, breaches: breaches(1) },
      { number: 12, breaches: breaches(4) },
      { number: 7, breaches: breaches(3) },
      { number: 16, breaches: breaches(1) },
      { number: 10, breaches: [] },
    ]),
  ).toEqual({ lost: 2, phantom: 0, doubled: 5, oversold: 0, forked: 3, stuck: 0, other: 1 });
});
