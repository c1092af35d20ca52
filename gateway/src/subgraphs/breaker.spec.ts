import { describe, expect, it } from 'vitest';
import { createBreaker } from './breaker.ts';

const times = (count: number, act: () => void) => Array.from({ length: count }, act);

describe('the breaker of a subgraph', () => {
  it('lets calls through until ten failed in a row', () => {
    const breaker = createBreaker(() => 0);
    times(9, breaker.failed);
    breaker.succeeded();
    times(9, breaker.failed);
    expect(breaker.mayCall()).toBe(true);
    breaker.failed();
    expect(breaker.mayCall()).toBe(false);
  });

  it('lets one call try each second, and closes when it succeeds', () => {
    let now = 0;
    const breaker = createBreaker(() => now);
    times(10, breaker.failed);
    now = 1_000;
    expect([breaker.mayCall(), breaker.mayCall()]).toEqual([true, false]);
    breaker.failed();
    now = 2_000;
    expect([breaker.mayCall(), breaker.mayCall()]).toEqual([true, false]);
    breaker.succeeded();
    expect([breaker.mayCall(), breaker.mayCall()]).toEqual([true, true]);
  });
});
