import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRetryBudget } from './retry-budget.ts';

const fc = seeded(fastCheck);

describe('a budget of retries', () => {
  it('is full at first, and then has one retry for ten calls', () => {
    const budget = createRetryBudget(2);
    expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
    for (let call = 0; call < 9; call += 1) budget.noteCall();
    expect(budget.spend()).toBe(false);
    budget.noteCall();
    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
  });

  it('never gives more than its cap and a tenth of the calls, nor less when it is asked for less', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.boolean()), (cap, steps) => {
        const budget = createRetryBudget(cap);
        let [calls, spent] = [0, 0];
        for (const isCall of steps) {
          if (isCall) {
            budget.noteCall();
            calls += 1;
          } else {
            const isGiven = budget.spend();
            if (spent < Math.min(cap, 1)) expect(isGiven).toBe(true);
            if (isGiven) spent += 1;
          }
          expect(spent).toBeLessThanOrEqual(cap + Math.floor(calls / 10));
        }
      }),
    ));
});
