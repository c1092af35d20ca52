/** Latencies kept: a little more than the thousand of which the p99.9 is one, so that a bad minute is soon forgotten. */
const WINDOW = 2_048;
/** Calls before the figures say anything; until then the ceiling stands. */
const SAMPLES_MIN = 100;
/** Calls between two looks at the window: sorting it takes longer than noting a latency. */
const LOOK_EVERY = 64;
const QUANTILE = 0.999;

export type MeasuredTimeoutOptions = Readonly<{
  /** Milliseconds below and above which no time-out goes, whatever was measured. */
  floor_ms: number;
  ceiling_ms: number;
  /** How much longer than the p99.9 a call may take. */
  factor: number;
  /** Milliseconds on a clock that only goes forward. */
  now?: () => number;
}>;

export type MeasuredTimeout = Readonly<{
  /** Milliseconds that a call may take now. */
  timeoutMs: () => number;
  /** Runs a call and notes how long it took. What fails for another reason than its time says nothing about time. */
  measure: <Value>(signal: AbortSignal, run: (signal: AbortSignal) => Promise<Value>) => Promise<Value>;
}>;

/**
 * A time-out chosen by what calls take: their p99.9 times a factor (AWS Builders' Library, "Timeouts, retries and backoff with
 * jitter"). A call that was cut off counts as having taken that long, since it would have taken longer: where a dependency grows
 * slower than its time-out, the time-out grows after it up to the ceiling instead of cutting off everything for ever.
 */
export function createMeasuredTimeout({
  floor_ms,
  ceiling_ms,
  factor,
  now = () => performance.now(),
}: MeasuredTimeoutOptions): MeasuredTimeout {
  const latencies = new Float64Array(WINDOW);
  let noted = 0;
  let timeout_ms = ceiling_ms;

  function look(): void {
    const samples = Math.min(noted, WINDOW);
    if (samples < SAMPLES_MIN) return;
    const sorted = latencies.slice(0, samples).sort();
    const slow_ms = sorted[Math.ceil(samples * QUANTILE) - 1] ?? ceiling_ms;
    timeout_ms = Math.ceil(Math.min(ceiling_ms, Math.max(floor_ms, slow_ms * factor)));
  }

  function note(latency_ms: number, wasCutOff: boolean): void {
    latencies[noted % WINDOW] = latency_ms;
    noted += 1;
    if (wasCutOff || noted === SAMPLES_MIN || noted % LOOK_EVERY === 0) look();
  }

  return {
    timeoutMs: () => timeout_ms,
    measure: async (signal, run) => {
      const from = now();
      try {
        const value = await run(signal);
        note(now() - from, false);
        return value;
      } catch (error) {
        if (signal.aborted) note(now() - from, true);
        throw error;
      }
    },
  };
}
