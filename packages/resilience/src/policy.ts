import {
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';

export { BrokenCircuitError, BulkheadRejectedError } from 'cockatiel';

export type CallPolicyOptions = Readonly<{
  /** Calls at once, and calls that may wait for a place. */
  concurrency: number;
  queue: number;
  /** Tries after the first. */
  retries: number;
  /** Milliseconds one try may take. */
  timeoutMs: number;
  /** Failures in a row that open the breaker, and milliseconds until it tries again. */
  failuresToOpen: number;
  halfOpenAfterMs: number;
  /** True for faults of machinery; an answer such as a decline is no fault. */
  isFault: (error: unknown) => boolean;
  onState?: (state: 'open' | 'closed' | 'half-open') => void;
}>;

export type CallPolicy = Readonly<{ execute: <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<T> }>;

/** One policy for one operation of one dependency: bulkhead, then bounded retry with jitter, breaker, time-out. */
export function createCallPolicy(options: CallPolicyOptions): CallPolicy {
  const faults = handleWhen((error) => options.isFault(error));
  const breaker = circuitBreaker(faults, {
    halfOpenAfter: options.halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(options.failuresToOpen),
  });
  breaker.onBreak(() => options.onState?.('open'));
  breaker.onReset(() => options.onState?.('closed'));
  breaker.onHalfOpen(() => options.onState?.('half-open'));
  const policy: IPolicy<{ signal: AbortSignal }> = wrap(
    bulkhead(options.concurrency, options.queue),
    retry(faults, { maxAttempts: options.retries, backoff: new ExponentialBackoff() }),
    breaker,
    timeout(options.timeoutMs, TimeoutStrategy.Aggressive),
  );
  return { execute: (call) => policy.execute(({ signal }) => call(signal)) };
}
