import { build } from 'hdr-histogram-js';

export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export interface Latencies {
  readonly note: (ms: number) => void;
  readonly count: () => number;
  /** Milliseconds; null where nothing was noted. */
  readonly read: () => Latency | null;
}

/** Latencies are kept in microseconds up to ten minutes, to three digits (HdrHistogram, G. Tene). */
const HISTOGRAM = {
  lowestDiscernibleValue: 1,
  highestTrackableValue: 600_000_000,
  numberOfSignificantValueDigits: 3,
} as const;

export function createLatencies(): Latencies {
  const histogram = build(HISTOGRAM);
  return {
    note: (ms) =>
      histogram.recordValue(Math.min(HISTOGRAM.highestTrackableValue, Math.max(1, Math.round(ms * 1_000)))),
    count: () => histogram.totalCount,
    read: () => {
      if (histogram.totalCount === 0) return null;
      const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1_000;
      return { p50: at(50), p90: at(90), p99: at(99), max: histogram.maxValue / 1_000 };
    },
  };
}
