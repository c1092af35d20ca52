import { BrokenCircuitError } from 'cockatiel';

export type BreakerState = 'open' | 'closed' | 'half-open';

export type BreakerOptions = Readonly<{
  /** Failures in a row that open the breaker, and milliseconds until it tries again. */
  failuresToOpen: number;
  halfOpenAfterMs: number;
  /** True for faults of machinery; an answer such as a decline is no fault. */
  isFault: (error: unknown) => boolean;
  /** Told of every change that a call brings about. */
  onState?: (state: BreakerState) => void;
}>;

export type Breaker = Readonly<{
  /** Rejects with what the call threw, or BrokenCircuitError, and then it was not tried. */
  execute: <T>(call: () => Promise<T>) => Promise<T>;
  /** `open` ends by itself when the time for a trial has come, also while nobody calls. */
  state: () => BreakerState;
  /** True when a call made now would be tried. */
  wouldTry: () => boolean;
}>;

/**
 * Counts faults in a row (M. Nygard, Release It!). Half-open, one call is the trial, and no other is tried or waits for it. It goes by
 * the monotonic clock, which cockatiel's breaker does not: there, a system clock that is set back keeps it open for as long.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { failuresToOpen, halfOpenAfterMs, isFault, onState } = options;
  let phase: BreakerState = 'closed';
  let faults = 0;
  let openedAtMs = 0;

  function become(next: BreakerState): void {
    phase = next;
    faults = 0;
    if (next === 'open') openedAtMs = performance.now();
    onState?.(next);
  }

  const isTrialDue = () => phase === 'open' && performance.now() - openedAtMs >= halfOpenAfterMs;
  const wouldTry = () => phase === 'closed' || isTrialDue();

  /** What was tried before the breaker opened says nothing once it has. */
  function note(outcome: 'answer' | 'fault', isTrial: boolean): void {
    if (isTrial) return become(outcome === 'answer' ? 'closed' : 'open');
    if (phase !== 'closed') return;
    faults = outcome === 'answer' ? 0 : faults + 1;
    if (faults >= failuresToOpen) become('open');
  }

  return {
    execute: async (call) => {
      if (!wouldTry()) throw new BrokenCircuitError();
      const isTrial = phase === 'open';
      if (isTrial) become('half-open');
      try {
        const value = await call();
        note('answer', isTrial);
        return value;
      } catch (error) {
        if (isFault(error)) note('fault', isTrial);
        // What is no fault shows that somebody answers, but ends no row of faults.
        else if (isTrial) note('answer', isTrial);
        throw error;
      }
    },
    state: () => (isTrialDue() ? 'half-open' : phase),
    wouldTry,
  };
}
