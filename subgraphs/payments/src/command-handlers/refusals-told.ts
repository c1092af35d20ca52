import type { Logger } from '@crossdock/telemetry';

/** Milliseconds in which one line tells of all webhooks that were not taken: anybody may cause as many as they like, and a metric counts them. */
const LINE_EVERY_MS = 60_000;

/** Says the text of webhooks of a provider in one line a minute, with how many there were since the last; `nowMs` is monotonic. */
export function tellNotTaken(
  logger: Logger,
  text: string,
  nowMs: () => number = () => performance.now(),
): (provider: string) => void {
  const untold = new Map<string, { count: number; toldAt: number }>();
  return (provider) => {
    const now = nowMs();
    const { count, toldAt } = untold.get(provider) ?? { count: 0, toldAt: Number.NEGATIVE_INFINITY };
    if (now - toldAt < LINE_EVERY_MS) {
      untold.set(provider, { count: count + 1, toldAt });
      return;
    }
    untold.set(provider, { count: 0, toldAt: now });
    logger.warn({ provider, count: count + 1 }, text);
  };
}
