import { readSlices, type Slice, type Source, subjectOf } from '@crossdock/contracts';
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
  /** The source's log is not the one we consumed: its partition is stopped until the log holds again what we consumed. */
  onForked: (partition: number) => void;
  onWhole: (partition: number) => void;
  onFault: (error: unknown) => void;
}>;

/** What one intake knows: since when the source leads us, and which of its partitions are stopped. */
type Standing = { leadSince: number | null; readonly forked: Set<number> };

/** Brings one source's events into the queue: from JetStream as they come, from the source's log where they do not. */
export function startSliceIntake(options: SliceIntakeOptions): void {
  // A lead since the beginning of time: the first refill is due at once, for what was said before we listened.
  const standing: Standing = { leadSince: 0, forked: new Set() };
  const onMessage = (text: string) => {
    try {
      for (const each of readSlices(text, options.source)) offer(options, standing, each);
    } catch (error) {
      // A message that is no message: the log is the truth, and the refill brings what it should have held.
      standing.leadSince ??= performance.now();
      options.onFault(error);
    }
  };
  options.bus.subscribe(subjectOf(options.source), onMessage, options.signal);
  void watch(options, standing);
}

function offer(options: SliceIntakeOptions, standing: Standing, arrived: Slice): Arrival {
  if (standing.forked.has(arrived.partition)) return 'forked';
  const arrival = options.queue.offer(options.source, arrived);
  if (arrival === 'taken') options.onArrived();
  if (arrival === 'duplicate') options.onDuplicate();
  if (arrival === 'gap' || arrival === 'overflow') standing.leadSince ??= performance.now();
  if (arrival === 'forked') stop(options, standing, arrived.partition);
  return arrival;
}

function stop(options: SliceIntakeOptions, standing: Standing, partition: number): void {
  if (standing.forked.has(partition)) return;
  standing.forked.add(partition);
  options.onForked(partition);
}

function goOn(options: SliceIntakeOptions, standing: Standing, partition: number): void {
  if (standing.forked.delete(partition)) options.onWhole(partition);
}

async function watch(options: SliceIntakeOptions, standing: Standing): Promise<void> {
  let comparedAt = performance.now();
  while (!options.signal.aborted) {
    try {
      if (performance.now() - comparedAt >= COMPARE_EVERY_MS) {
        comparedAt = performance.now();
        await compare(options, standing);
      }
      if (standing.leadSince !== null && performance.now() - standing.leadSince >= LEAD_TOLERATED_MS) {
        standing.leadSince = null;
        await refill(options, standing);
      }
    } catch (error) {
      standing.leadSince ??= performance.now();
      options.onFault(error);
    }
    await pause(WATCH_EVERY_MS, options.signal);
  }
}

/** Shows the producer where we stand; it tells its heads, and whether we stand in its log at all. */
async function compare(options: SliceIntakeOptions, standing: Standing): Promise<void> {
  const { source, queue, log } = options;
  const heads = await log.compare(source, queue.received(source));
  const reached = new Map(queue.received(source).map((each) => [each.partition, each.position]));
  for (const head of heads) {
    if (!head.agrees) stop(options, standing, head.partition);
    else {
      goOn(options, standing, head.partition);
      if (head.position > (reached.get(head.partition) ?? 0)) standing.leadSince ??= performance.now();
    }
  }
}

async function refill(options: SliceIntakeOptions, standing: Standing): Promise<void> {
  const { source, queue, signal } = options;
  for (let page = 0; page < REFILL_PAGES_MAX && !signal.aborted; page += 1) {
    const after = queue.received(source).filter(({ partition }) => !standing.forked.has(partition));
    const slices = await options.log.read(source, after, REFILL_EVENTS_MAX);
    if (slices.length === 0) return;
    for (const each of slices) {
      const arrival = offer(options, standing, each);
      if (arrival === 'taken') options.onRefilled(each.events.length);
      if (arrival === 'overflow') await pause(QUEUE_PATIENCE_MS, signal);
    }
  }
}
