export interface FixedClock {
  /** The instant it stands at. */
  readonly now: () => Date;
  /** Moves it on. */
  readonly advance: (by_ms: number) => void;
}

/** A clock that stands still until it is told to move on. */
export function fixedClock(at = '2026-03-01T09:30:00.000Z'): FixedClock {
  let now_ms = Date.parse(at);
  return {
    now: () => new Date(now_ms),
    advance: (by_ms) => {
      now_ms += by_ms;
    },
  };
}
