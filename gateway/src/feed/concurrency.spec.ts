import { describe, expect, it } from 'vitest';
import { createLimiter } from './concurrency.ts';

describe('a limiter', () => {
  it('runs so many at a time, in the order they came, and goes on after a failure', async () => {
    const limit = createLimiter(2);
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const work = (index: number) =>
      limit(async () => {
        started.push(index);
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        if (index === 1) throw new Error('one fails');
      });
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
    expect([started, most, running]).toEqual([[0, 1, 2, 3, 4], 2, 0]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });
});
