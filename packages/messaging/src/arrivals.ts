import { pause } from '@crossdock/resilience';
import type { Apply, Consumer } from './consumer.ts';
import type { LetterDesk } from './letter-desk.ts';
import type { WorkerMetrics } from './metrics.ts';
import type { ArrivedEvent, SliceQueue } from './slice-queue.ts';

/** Events of one call at most. */
const APPLY_EVENTS_MAX = 512;
/** Events nobody here wants move their offsets with the next wanted ones, or after this time. */
const UNWANTED_LINGER_MS = 400;
const IDLE_MS = 100;
/** Under load a batch gathers before the next call, half a millisecond for each event of the last one: a call costs more than an event. */
const GATHER = { perEvent_ms: 0.5, max_ms: 50 };

/** Wakes whoever waits for an arrival; a ring while nobody waits is not kept. */
export type Bell = Readonly<{ ring: () => void; wait: (signal: AbortSignal) => Promise<void> }>;

export function createBell(): Bell {
  let wake: () => void = () => undefined;
  return {
    ring: () => wake(),
    wait: (signal) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          wake = () => undefined;
          resolve();
        };
        const timer = setTimeout(done, IDLE_MS);
        signal.addEventListener('abort', done, { once: true });
        wake = done;
      }),
  };
}

export type ArrivalsOptions = Readonly<{
  queue: SliceQueue;
  apply: Apply;
  consumer: Consumer;
  desk: LetterDesk;
  signal: AbortSignal;
  bell: Bell;
  metrics: WorkerMetrics;
  /** Effects were committed: there may be something to relay. */
  onApplied: () => void;
}>;

/**
 * Applies all that has arrived, again and again: what comes while a call is under way makes the next batch. Between two
 * batches dead letters have their turn.
 */
export async function applyArrivals(options: ArrivalsOptions): Promise<void> {
  const { queue, consumer, signal, metrics, desk } = options;
  let batch: ArrivedEvent[] = [];
  let lingerUntil = 0;
  while (!signal.aborted) {
    await desk.look();
    if (batch.length < APPLY_EVENTS_MAX) batch = batch.concat(queue.take(APPLY_EVENTS_MAX - batch.length));
    const wanted = batch.some((each) => consumer.wants(each.source, each.event.type));
    const due = wanted || batch.length >= APPLY_EVENTS_MAX || performance.now() >= lingerUntil;
    if (batch.length === 0 || !due) {
      await options.bell.wait(signal);
      continue;
    }
    const begun = performance.now();
    await options.apply(batch);
    metrics.applied.inc(batch.length);
    metrics.batches.inc();
    metrics.applySeconds.observe((performance.now() - begun) / 1000);
    if (wanted) options.onApplied();
    if (batch.some(({ source, event }) => (consumer.reminds?.(source, event) ?? null) !== null))
      desk.lookSoon();
    const { perEvent_ms, max_ms } = consumer.gather ?? GATHER;
    await pause(Math.min(max_ms, batch.length * perEvent_ms), signal);
    batch = [];
    lingerUntil = performance.now() + UNWANTED_LINGER_MS;
  }
}
