import { describe, expect, it } from 'vitest';
import { type BreakerChange, spellsOf } from './breaker-watch.ts';

const change = (operation: string, state: string, at: number): BreakerChange => ({ operation, state, at });

describe('the spell of a breaker', () => {
  it('runs from the outage to the first opening, and from its end to the first closing', () => {
    const changes = [
      change('create', 'open', 14_000),
      change('create', 'half-open', 19_000),
      change('create', 'open', 20_000),
      change('create', 'half-open', 25_000),
      change('create', 'closed', 25_500),
      change('create', 'open', 30_000),
    ];
    expect(spellsOf(changes, 10_000, 22_000)).toEqual([{ operation: 'create', opened_s: 4, closed_s: 3.5 }]);
  });

  it('tells operations apart, and leaves out what did not open in the outage', () => {
    const changes = [
      change('read', 'open', 9_000),
      change('capture', 'open', 12_000),
      change('create', 'open', 11_000),
      change('create', 'closed', 23_000),
      change('confirm', 'open', 24_000),
    ];
    expect(spellsOf(changes, 10_000, 22_000)).toEqual([
      { operation: 'capture', opened_s: 2, closed_s: null },
      { operation: 'create', opened_s: 1, closed_s: 1 },
    ]);
  });

  it('ends with the outage where the breaker stood closed then', () => {
    const changes = [change('read', 'open', 11_000), change('read', 'closed', 20_000)];
    expect(spellsOf(changes, 10_000, 22_000)).toEqual([{ operation: 'read', opened_s: 1, closed_s: 0 }]);
  });
});
