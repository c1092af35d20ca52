import { describe, expect, it } from 'vitest';
import { CASES, reached, skusOf } from './cases.ts';

describe('an aim', () => {
  it.each([
    [{ of: 'orders/s', value: 2_000 } as const, 2_000, true],
    [{ of: 'lines/s', value: 40_000 } as const, 39_999, false],
    [{ of: 'p99 ms', value: 20 } as const, 20, true],
    [{ of: 'p99 ms', value: 20 } as const, 20.1, false],
  ])('%j is judged by %d as %s', (aim, measured, verdict) => {
    expect(reached(aim, measured)).toBe(verdict);
  });
});

describe('the cases', () => {
  it('sell what their shelves are filled with', async () => {
    for (const each of CASES) {
      const orders = await each.make(20);
      expect(orders).toHaveLength(20);
      expect(skusOf(orders).length).toBeGreaterThan(0);
      expect(new Set(skusOf(orders)).size).toBe(skusOf(orders).length);
    }
  });
});
