import { sliceMessage, type Source, subjectOf } from '@crossdock/contracts';
import { pause } from '@crossdock/resilience';
import type { Bus } from './bus.ts';
import type { LogClient } from './log-client.ts';
import type { Arrival, SliceQueue } from './slice-queue.ts';

/** The producer is shown our position this often; a lead that lasts this long is refilled. */
const COMPARE_EVERY_MS = 2_000;
const LEAD_TOLERATED_MS = 1_000;
const WATCH_EVERY_MS = 250;
const REFILL_EVENTS_MAX = 500;
/** Pages of one refill at most; what remains is the next refill's. */
const REFILL_PAGES_MAX = 200;
const QUEUE_PATIENCE_MS = 20;

export type SliceIntakeOptions = Readonly<{
  source: Source;
  bus: Bus;
  log: LogClient;
  queue: SliceQueue;
  signal: AbortSignal;
  onArrived: () => void;
  onRefilled: (events: number) => void;
  onDuplicate: () => void;
  /** The source's log is not the one we consumed: its partition is stopped until a person decides. */
  onForked: (partition: number) => void;
  onFault: (error: unknown) => void;
}>;

/** Brings one source's events into the queue: from JetStream as they come, from the source's log where they do not. */
export function startSliceIntake(options: SliceIntakeOptions): void {
  const { source, queue, signal } = options;
  const forked = new Set<number>();
  let leadSince: number | null = 0; // 0: the first refill is due at once, for what was said before we listened.
  let refilling = false;

  function note(arrival: Arrival, partition: number): void {
    if (arrival === 'taken') options.onArrived();
    if (arrival === 'duplicate') options.onDuplicate();
    if (arrival === 'gap' || arrival === 'overflow') leadSince ??= performance.now();
    if (arrival === 'forked' && !forked.has(partition)) {
      forked.add(partition);
      options.onForked(partition);
    }
  }

  function onMessage(text: string): void {
    const message = sliceMessage.parse(JSON.parse(text));
    for (const slice of message.slices) {
      if (!forked.has(slice.partition)) note(queue.offer(source, slice), slice.partition);
    }
  }

  async function refill(): Promise<void> {
    for (let page = 0; page < REFILL_PAGES_MAX && !signal.aborted; page += 1) {
      const after = queue.received(source).filter(({ partition }) => !forked.has(partition));
      const slices = await options.log.read(source, after, REFILL_EVENTS_MAX);
      if (slices.length === 0) return;
      for (const slice of slices) {
        const arrival = queue.offer(source, slice);
        note(arrival, slice.partition);
        if (arrival === 'taken') options.onRefilled(slice.events.length);
        if (arrival === 'overflow') await pause(QUEUE_PATIENCE_MS, signal);
      }
    }
  }

  async function compare(): Promise<void> {
    const shown = queue.received(source);
    const heads = await options.log.compare(source, shown);
    const reached = new Map(queue.received(source).map((each) => [each.partition, each.position]));
    for (const head of heads) {
      if (!head.agrees) note('forked', head.partition);
      else if (head.position > (reached.get(head.partition) ?? 0)) leadSince ??= performance.now();
    }
  }

  async function watch(): Promise<void> {
    let comparedAt = performance.now();
    while (!signal.aborted) {
      try {
        if (performance.now() - comparedAt >= COMPARE_EVERY_MS) {
          comparedAt = performance.now();
          await compare();
        }
        if (!refilling && leadSince !== null && performance.now() - leadSince >= LEAD_TOLERATED_MS) {
          refilling = true;
          leadSince = null;
          await refill().finally(() => {
            refilling = false;
          });
        }
      } catch (error) {
        leadSince ??= performance.now();
        options.onFault(error);
      }
      await pause(WATCH_EVERY_MS, signal);
    }
  }

  options.bus.subscribe(
    subjectOf(source),
    (text) => {
      try {
        onMessage(text);
      } catch (error) {
        // A message that is no message: the log is the truth, and the refill brings what it should have held.
        leadSince ??= performance.now();
        options.onFault(error);
      }
    },
    signal,
  );
  void watch();
}
