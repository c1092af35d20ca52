import { BrokenCircuitError, bulkhead, TimeoutStrategy, timeout } from 'cockatiel';
import { backoffMs, pause } from './backoff.ts';
import { type BreakerOptions, type BreakerState, createBreaker } from './breaker.ts';
import type { RetryBudget } from './retry-budget.ts';

export { BrokenCircuitError, BulkheadRejectedError } from 'cockatiel';
export type { BreakerState } from './breaker.ts';

/** Milliseconds of the first pause before a retry, and the longest. */
const RETRY_BASE_MS = 128;
const RETRY_CAP_MS = 5_000;

export type CallPolicyOptions = BreakerOptions &
  Readonly<{
    /** Calls at once, and calls that may wait for a place. */
    concurrency: number;
    queue: number;
    /** Tries after the first. */
    retries: number;
    /** What those tries are taken from, where several policies share it; without one they are bounded by their number alone. */
    budget?: RetryBudget;
    /** Milliseconds one try may take, or what says so when it begins. */
    timeoutMs: number | (() => number);
  }>;

export type CallPolicy = Readonly<{
  /** Rejects with what the last try threw, or BrokenCircuitError or BulkheadRejectedError, and then it was never tried. */
  execute: <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** `open` ends by itself when the time for a trial has come, also while nobody calls. */
  state: () => BreakerState;
  /** True when a call made now would be tried: the breaker is closed, or its trial is due and not running yet. */
  wouldTry: () => boolean;
}>;

/**
 * One policy for one operation of one dependency: bulkhead, then bounded retry with jitter, breaker, time-out. Once the breaker may be
 * half-open, one call is the trial; the others are not tried until it has ended.
 */
export function createCallPolicy(options: CallPolicyOptions): CallPolicy {
  const limit = bulkhead(options.concurrency, options.queue);
  const breaker = createBreaker(options);
  const timeoutMs = () => (typeof options.timeoutMs === 'number' ? options.timeoutMs : options.timeoutMs());

  const tryOnce = <T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    breaker.execute(() =>
      timeout(timeoutMs(), TimeoutStrategy.Aggressive).execute(({ signal }) => call(signal)),
    );

  async function tryOften<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    options.budget?.noteCall();
    for (let retry = 1; ; retry += 1) {
      try {
        return await tryOnce(call);
      } catch (error) {
        const isFault = options.isFault(error) && !(error instanceof BrokenCircuitError);
        if (!isFault || retry > options.retries || options.budget?.spend() === false) throw error;
      }
      await pause(backoffMs(retry, RETRY_BASE_MS, RETRY_CAP_MS));
    }
  }

  return {
    execute: (call) => limit.execute(() => tryOften(call)),
    state: breaker.state,
    wouldTry: breaker.wouldTry,
  };
}
