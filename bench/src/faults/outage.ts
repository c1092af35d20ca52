// What a client saw of a fault, from its attempts: how long nothing was acknowledged, and how many requests failed. Pure.
import type { Attempt } from '../replay/placing.ts';

export interface Outage {
  /** The longest time between two acknowledgements, in ms; in calm about the pause of the schedule. */
  readonly silence_ms: number;
  readonly attempts: number;
  /** Attempts that a client had to repeat, by code. */
  readonly failed: Readonly<Record<string, number>>;
  readonly failedCount: number;
  /** From the first failed attempt to the last, in ms. */
  readonly failing_ms: number;
  readonly slowest_ms: number;
}

/** A time in which nothing was sent on purpose. */
export interface Pause {
  readonly from: number;
  readonly until: number;
}

/**
 * Measures between two instants of `performance.now()`; a silence that is open at the end counts to the end, pauses of the
 * load itself do not count.
 */
export function outageOf(
  attempts: readonly Attempt[],
  from: number,
  until: number,
  pauses: readonly Pause[] = [],
): Outage {
  const during = attempts.filter(({ answeredAt, sentAt }) => answeredAt >= from && sentAt <= until);
  const good = during.filter(({ answer }) => answer.kind === 'acknowledged').map((each) => each.answeredAt);
  const instants = [from, ...good.filter((at) => at <= until).sort((left, right) => left - right), until];
  let silence_ms = 0;
  for (let index = 1; index < instants.length; index += 1) {
    silence_ms = Math.max(silence_ms, spanWithout(pauses, instants[index - 1] ?? 0, instants[index] ?? 0));
  }
  const failures = during.filter(({ answer }) => answer.kind === 'retry' || answer.kind === 'unknown');
  const failed: Record<string, number> = {};
  for (const { answer } of failures) {
    const code = answer.kind === 'retry' ? answer.code : 'UNKNOWN';
    failed[code] = (failed[code] ?? 0) + 1;
  }
  const first = Math.min(...failures.map(({ sentAt }) => sentAt));
  const last = Math.max(...failures.map(({ answeredAt }) => answeredAt));
  return {
    silence_ms,
    attempts: during.length,
    failed,
    failedCount: failures.length,
    failing_ms: failures.length === 0 ? 0 : last - first,
    slowest_ms: during.reduce((most, { sentAt, answeredAt }) => Math.max(most, answeredAt - sentAt), 0),
  };
}

function spanWithout(pauses: readonly Pause[], begin: number, end: number): number {
  const paused = pauses.map((pause) => Math.min(end, pause.until) - Math.max(begin, pause.from));
  return end - begin - paused.reduce((sum, length) => sum + Math.max(0, length), 0);
}
