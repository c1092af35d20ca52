/** Tenths of a retry that a call pays in. */
const TENTHS_OF_CALL = 1;
const TENTHS_OF_RETRY = 10;

/** What all callers of one dependency may spend on tries after the first. */
export type RetryBudget = Readonly<{
  /** Says that a call was made, whatever becomes of it. */
  noteCall: () => void;
  /** True when one more try may be made; it is spent then. */
  spend: () => boolean;
}>;

/**
 * A token bucket: each call adds a tenth of a retry, up to `cap` retries, and each retry takes one. A short fault is retried as ever;
 * in a long one retries add a tenth to the load and no more (AWS Builders' Library, "Timeouts, retries and backoff with jitter"; Site
 * Reliability Engineering, ch. 22). It is full at first.
 */
export function createRetryBudget(cap: number): RetryBudget {
  const full = cap * TENTHS_OF_RETRY;
  let tenths = full;
  return {
    noteCall: () => {
      tenths = Math.min(full, tenths + TENTHS_OF_CALL);
    },
    spend: () => {
      if (tenths < TENTHS_OF_RETRY) return false;
      tenths -= TENTHS_OF_RETRY;
      return true;
    },
  };
}
