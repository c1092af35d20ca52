import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMeasuredTimeout } from './measured-timeout.ts';

const fc = seeded(fastCheck);
const BOUNDS = { floor_ms: 100, ceiling_ms: 4_000, factor: 2 };

/** A time-out on a clock that is moved by hand. */
function measured() {
  let at = 0;
  const timeout = createMeasuredTimeout({ ...BOUNDS, now: () => at });
  const never = new AbortController().signal;
  return {
    timeoutMs: timeout.timeoutMs,
    answered: (latency_ms: number) =>
      timeout.measure(never, async () => {
        at += latency_ms;
        return 'answered';
      }),
    failed: (latency_ms: number) =>
      timeout
        .measure(never, async () => {
          at += latency_ms;
          throw new Error('refused');
        })
        .catch(() => undefined),
    cutOff: (latency_ms: number) =>
      timeout
        .measure(AbortSignal.abort(), async () => {
          at += latency_ms;
          throw new Error('cut off');
        })
        .catch(() => undefined),
  };
}

async function many(count: number, call: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < count; index += 1) await call(index);
}

describe('a time-out that is measured', () => {
  it('is the ceiling until enough is known, then the slowest of a few times the factor', async () => {
    const { timeoutMs, answered } = measured();
    await many(99, () => answered(200));
    expect(timeoutMs()).toBe(4_000);
    await answered(300);
    expect(timeoutMs()).toBe(600);
  });

  it('leaves out one call of a thousand', async () => {
    const { timeoutMs, answered } = measured();
    await many(2_048, (index) => answered(index < 2 ? 1_500 : 200));
    expect(timeoutMs()).toBe(400);
  });

  it('forgets what has left the window', async () => {
    const { timeoutMs, answered } = measured();
    await many(100, () => answered(1_500));
    expect(timeoutMs()).toBe(3_000);
    await many(2_112, () => answered(200));
    expect(timeoutMs()).toBe(400);
  });

  it('knows nothing from what failed in time', async () => {
    const { timeoutMs, failed } = measured();
    await many(500, () => failed(1));
    expect(timeoutMs()).toBe(4_000);
  });

  it('grows up to its ceiling while calls are cut off at it', async () => {
    const { timeoutMs, answered, cutOff } = measured();
    await many(500, () => answered(100));
    expect(timeoutMs()).toBe(200);
    const seen = new Set<number>();
    for (let cut = 0; cut < 20; cut += 1) {
      await cutOff(timeoutMs());
      seen.add(timeoutMs());
    }
    expect([...seen]).toEqual([400, 800, 1_600, 3_200, 4_000]);
  });

  it('stays within floor and ceiling whatever is measured', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }),
        async (latencies) => {
          const { timeoutMs, answered } = measured();
          for (const latency_ms of latencies) {
            await answered(latency_ms);
            expect(timeoutMs()).toBeGreaterThanOrEqual(BOUNDS.floor_ms);
            expect(timeoutMs()).toBeLessThanOrEqual(BOUNDS.ceiling_ms);
          }
        },
      ),
      { numRuns: 50 },
    ));
});
