// Spares a subgraph that does not answer: after some failures in a row calls fail at once, until one that is let
// through succeeds. Written here because it stands in the way of every order, and costs two comparisons.

const FAILURES_TO_OPEN = 10;
const TRY_AGAIN_AFTER_MS = 1_000;

export type Breaker = Readonly<{
  /** False while calls shall not even be tried. */
  mayCall: () => boolean;
  succeeded: () => void;
  failed: () => void;
}>;

export function createBreaker(now: () => number = Date.now): Breaker {
  let failures = 0;
  let nextTryAt = 0;
  return {
    mayCall: () => {
      if (failures < FAILURES_TO_OPEN) return true;
      if (now() < nextTryAt) return false;
      // One call tries; the next one may when this one took too long to tell.
      nextTryAt = now() + TRY_AGAIN_AFTER_MS;
      return true;
    },
    succeeded: () => {
      failures = 0;
    },
    failed: () => {
      failures += 1;
      nextTryAt = now() + TRY_AGAIN_AFTER_MS;
    },
  };
}
