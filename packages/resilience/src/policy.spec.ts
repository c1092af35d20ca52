import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type BreakerState,
  BrokenCircuitError,
  BulkheadRejectedError,
  type CallPolicy,
  type CallPolicyOptions,
  createCallPolicy,
} from './policy.ts';
import { createRetryBudget } from './retry-budget.ts';

const HALF_OPEN_AFTER_MS = 5_000;
const FAILURES_TO_OPEN = 5;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

let seen: BreakerState[];
function policyOf(changed: Partial<CallPolicyOptions> = {}): CallPolicy {
  seen = [];
  return createCallPolicy({
    ...{ concurrency: 32, queue: 64, retries: 0, timeoutMs: 1_000 },
    ...{ failuresToOpen: FAILURES_TO_OPEN, halfOpenAfterMs: HALF_OPEN_AFTER_MS },
    isFault: (error) => !(error instanceof RangeError),
    onState: (state) => seen.push(state),
    ...changed,
  });
}

const fail = (policy: CallPolicy) =>
  policy.execute(() => Promise.reject(new Error('fault'))).catch(() => undefined);
async function opened(changed: Partial<CallPolicyOptions> = {}): Promise<CallPolicy> {
  const policy = policyOf(changed);
  for (let call = 0; call < FAILURES_TO_OPEN; call += 1) await fail(policy);
  expect(policy.state()).toBe('open');
  return policy;
}

/** A call that ends when it is told to. */
function slow() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let isTried = false;
  const call = () => {
    isTried = true;
    return promise;
  };
  return { call, resolve, reject, isTried: () => isTried };
}

describe('a time-out', () => {
  it('aborts the signal of its call, and rejects though the call does not heed it', async () => {
    const policy = policyOf();
    let signal: AbortSignal | undefined;
    let isAborted = false;
    const outcome = policy
      .execute((given) => {
        signal = given;
        given.addEventListener('abort', () => {
          isAborted = true;
        });
        return new Promise(() => undefined);
      })
      .catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(999);
    expect([signal?.aborted, isAborted]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([signal?.aborted, isAborted]).toEqual([true, true]);
    expect(await outcome).toBeInstanceOf(Error);
  });

  it('is asked for anew by every try', async () => {
    const timeouts = [100, 300];
    const policy = policyOf({ retries: 1, timeoutMs: () => timeouts.shift() ?? 0 });
    const begun: number[] = [];
    const from = Date.now();
    const outcome = policy
      .execute(() => {
        begun.push(Date.now() - from);
        return new Promise(() => undefined);
      })
      .catch(() => Date.now() - from);
    await vi.runAllTimersAsync();
    expect(begun).toHaveLength(2);
    expect(await outcome).toBe((begun[1] ?? 0) + 300);
  });
});

describe('a breaker', () => {
  it('opens after failures in a row, and nothing is tried then', async () => {
    const policy = await opened();
    const { call, isTried } = slow();
    await expect(policy.execute(call)).rejects.toBeInstanceOf(BrokenCircuitError);
    expect([isTried(), policy.wouldTry(), seen]).toEqual([false, false, ['open']]);
  });

  it('counts neither what is no fault nor failures with a success between them', async () => {
    const policy = policyOf();
    for (let call = 0; call < 20; call += 1) {
      if (call % FAILURES_TO_OPEN === 0) await policy.execute(async () => 'answered');
      else await fail(policy);
      await policy.execute(() => Promise.reject(new RangeError('declined'))).catch(() => undefined);
    }
    expect([policy.state(), policy.wouldTry(), seen]).toEqual(['closed', true, []]);
  });

  it('is open no longer than until its trial is due, though nobody calls', async () => {
    const policy = await opened();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS - 1);
    expect([policy.state(), policy.wouldTry()]).toEqual(['open', false]);
    vi.advanceTimersByTime(1);
    expect([policy.state(), policy.wouldTry()]).toEqual(['half-open', true]);
  });

  it('tries one call of all that come when it is half-open, and closes when that is answered', async () => {
    const policy = await opened();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const [trial, ...others] = Array.from({ length: 10 }, slow);
    const first = policy.execute(trial?.call ?? (() => Promise.reject(new Error('there is one'))));
    const rest = others.map(({ call }) => policy.execute(call).catch((error: unknown) => error));
    for (const refused of await Promise.all(rest)) expect(refused).toBeInstanceOf(BrokenCircuitError);
    expect(others.some(({ isTried }) => isTried())).toBe(false);
    expect([policy.state(), policy.wouldTry()]).toEqual(['half-open', false]);
    trial?.resolve('answered');
    expect(await first).toBe('answered');
    expect([policy.state(), policy.wouldTry(), seen]).toEqual([
      'closed',
      true,
      ['open', 'half-open', 'closed'],
    ]);
  });

  it('goes by a clock that nobody sets: an hour back or forth changes nothing', async () => {
    const policy = await opened();
    vi.setSystemTime(Date.now() + 3_600_000);
    expect([policy.state(), policy.wouldTry()]).toEqual(['open', false]);
    await expect(policy.execute(async () => 'answered')).rejects.toBeInstanceOf(BrokenCircuitError);
    vi.setSystemTime(Date.now() - 7_200_000);
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    expect([policy.state(), policy.wouldTry()]).toEqual(['half-open', true]);
    expect(await policy.execute(async () => 'answered')).toBe('answered');
    expect(policy.state()).toBe('closed');
  });

  it('is not opened or closed by what was tried before it opened', async () => {
    const policy = policyOf({ timeoutMs: 60_000 });
    const [late, worse] = [slow(), slow()];
    const running = [policy.execute(late.call), policy.execute(worse.call).catch(() => 'failed')];
    for (let call = 0; call < FAILURES_TO_OPEN; call += 1) await fail(policy);
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const trial = slow();
    const tried = policy.execute(trial.call);
    late.resolve('answered');
    worse.reject(new Error('fault'));
    expect(await Promise.all(running)).toEqual(['answered', 'failed']);
    expect([policy.state(), policy.wouldTry()]).toEqual(['half-open', false]);
    trial.resolve('answered');
    expect(await tried).toBe('answered');
    expect(policy.state()).toBe('closed');
  });

  it('opens again for as long when its trial fails, or is not answered in time', async () => {
    const policy = await opened();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    await fail(policy);
    expect([policy.state(), policy.wouldTry()]).toEqual(['open', false]);
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const silent = policy.execute(() => new Promise(() => undefined)).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    await silent;
    expect([policy.state(), policy.wouldTry()]).toEqual(['open', false]);
    expect(seen).toEqual(['open', 'half-open', 'open', 'half-open', 'open']);
  });

  it('opens within 10 s of an outage in which nothing answers, and closes within 30 s of its end, at three calls a second', async () => {
    const policy = policyOf({ timeoutMs: 8_000 });
    const from = Date.now();
    let isAway = true;
    let [openAt, closedAt] = [0, 0];
    const knock = () =>
      policy
        .execute(() => (isAway ? new Promise(() => undefined) : Promise.resolve()))
        .catch(() => undefined);
    for (let second = 0; second < 60; second += 1) {
      if (second === 40) isAway = false;
      for (let call = 0; call < 3; call += 1) {
        void knock();
        await vi.advanceTimersByTimeAsync(1_000 / 3);
        if (openAt === 0 && policy.state() === 'open') openAt = Date.now() - from;
        if (second >= 40 && closedAt === 0 && policy.state() === 'closed') closedAt = Date.now() - from;
      }
    }
    expect(openAt).toBeGreaterThan(0);
    expect(openAt).toBeLessThanOrEqual(10_000);
    expect(closedAt).toBeGreaterThan(0);
    expect(closedAt - 40_000).toBeLessThanOrEqual(30_000);
  });
});

describe('retries', () => {
  const triesOf = async (policy: CallPolicy) => {
    let tries = 0;
    const outcome = policy
      .execute(() => {
        tries += 1;
        return Promise.reject(new Error('fault'));
      })
      .catch(() => undefined);
    await vi.runAllTimersAsync();
    await outcome;
    return tries;
  };

  it('are bounded by their number', async () => {
    expect(await triesOf(policyOf({ retries: 2 }))).toBe(3);
  });

  it('end with the budget that several operations share', async () => {
    const budget = createRetryBudget(3);
    const more = { retries: 2, budget, failuresToOpen: 100 };
    const [here, there] = [policyOf(more), policyOf(more)];
    expect([await triesOf(here), await triesOf(there), await triesOf(here)]).toEqual([3, 2, 1]);
    for (let call = 0; call < 10; call += 1) await here.execute(async () => 'answered');
    expect(await triesOf(there)).toBe(2);
  });

  it('are none of what is no fault, nor behind an open breaker', async () => {
    const policy = policyOf({ retries: 9 });
    let tries = 0;
    await policy
      .execute(() => {
        tries += 1;
        return Promise.reject(new RangeError('declined'));
      })
      .catch(() => undefined);
    expect(tries).toBe(1);
    expect(await triesOf(policy)).toBe(FAILURES_TO_OPEN);
  });
});

it('turns away what finds no place, and does not count it', async () => {
  const policy = policyOf({ concurrency: 1, queue: 0 });
  const { call, resolve } = slow();
  const running = policy.execute(call);
  for (let more = 0; more < 2 * FAILURES_TO_OPEN; more += 1)
    await expect(policy.execute(async () => 'answered')).rejects.toBeInstanceOf(BulkheadRejectedError);
  resolve('answered');
  expect(await running).toBe('answered');
  expect(policy.state()).toBe('closed');
});
