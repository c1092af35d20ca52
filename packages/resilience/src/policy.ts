import {
  BrokenCircuitError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  TimeoutStrategy,
  timeout,
} from 'cockatiel';
import { backoffMs, pause } from './backoff.ts';
import type { RetryBudget } from './retry-budget.ts';

export { BrokenCircuitError, BulkheadRejectedError } from 'cockatiel';

/** Milliseconds of the first pause before a retry, and the longest. */
const RETRY_BASE_MS = 128;
const RETRY_CAP_MS = 5_000;

export type BreakerState = 'open' | 'closed' | 'half-open';

export type CallPolicyOptions = Readonly<{
  /** Calls at once, and calls that may wait for a place. */
  concurrency: number;
  queue: number;
  /** Tries after the first. */
  retries: number;
  /** What those tries are taken from, where several policies share it; without one they are bounded by their number alone. */
  budget?: RetryBudget;
  /** Milliseconds one try may take, or what says so when it begins. */
  timeoutMs: number | (() => number);
  /** Failures in a row that open the breaker, and milliseconds until it tries again. */
  failuresToOpen: number;
  halfOpenAfterMs: number;
  /** True for faults of machinery; an answer such as a decline is no fault. */
  isFault: (error: unknown) => boolean;
  /** Told of every change that a call brings about. */
  onState?: (state: BreakerState) => void;
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

  async function tryOnce<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    // The breaker itself lets them wait for the trial's end, which a slow trial makes as long as its time-out.
    if (breaker.policy.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
    return breaker.policy.execute(() =>
      timeout(timeoutMs(), TimeoutStrategy.Aggressive).execute(({ signal }) => call(signal)),
    );
  }

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
    wouldTry: () => breaker.policy.state !== CircuitState.HalfOpen && breaker.state() !== 'open',
  };
}

type BreakerOptions = Pick<CallPolicyOptions, 'isFault' | 'failuresToOpen' | 'halfOpenAfterMs' | 'onState'>;

function createBreaker({ isFault, failuresToOpen, halfOpenAfterMs, onState }: BreakerOptions) {
  const policy = circuitBreaker(
    handleWhen((error) => isFault(error)),
    { halfOpenAfter: halfOpenAfterMs, breaker: new ConsecutiveBreaker(failuresToOpen) },
  );
  let openedAt = 0;
  policy.onBreak(() => {
    openedAt = Date.now();
    onState?.('open');
  });
  policy.onReset(() => onState?.('closed'));
  policy.onHalfOpen(() => onState?.('half-open'));
  const state = (): BreakerState => {
    if (policy.state === CircuitState.Closed) return 'closed';
    const isOpen = policy.state === CircuitState.Open && Date.now() - openedAt < halfOpenAfterMs;
    return isOpen ? 'open' : 'half-open';
  };
  return { policy, state };
}
