import {
  LEASE_RENEW_MS,
  loadOffsets,
  loadParkedKeys,
  loadRestoredInputs,
  renewLease,
} from '@crossdock/event-store';
import { pause } from '@crossdock/resilience';
import { applyArrivals, createBell } from './arrivals.ts';
import { type Apply, createApplier } from './consumer.ts';
import { startSliceIntake } from './intake-of-slices.ts';
import { createLetterDesk, type LetterDesk } from './letter-desk.ts';
import type { WorkerMetrics } from './metrics.ts';
import { type Relay, startRelay } from './relay.ts';
import { createSliceQueue } from './slice-queue.ts';
import type { WorkerOptions } from './worker-options.ts';

/** One lease covers the relay and the consumer of all partitions of a subgraph. */
export const LEASE = 'worker';

export type SessionOptions = WorkerOptions &
  Readonly<{
    metrics: WorkerMetrics;
    owner: string;
    epoch: number;
    stopping: AbortSignal;
    /** Work begins; the letter desk looks while one of the parked keys stands. */
    onRelay: (relay: Relay, parkedKeys: Set<string>) => void;
    /** The lease was kept by a renewal that began then, by the monotonic clock. */
    onRenewed: (begunAtMs: number) => void;
  }>;

/** Relays and consumes under one epoch; resolves when stopped or when the lease is another's, rejects on a fault. */
export async function runSession(options: SessionOptions): Promise<void> {
  const { sql, consumer, epoch, metrics } = options;
  const session = new AbortController();
  const { signal } = session;
  const stop = () => session.abort();
  options.stopping.addEventListener('abort', stop, { once: true });
  const queue = createSliceQueue(
    consumer.sources,
    await loadOffsets(sql, consumer.name, consumer.sources, epoch),
  );
  const parkedKeys = await loadParkedKeys(sql, consumer.name);
  const recorded = await loadRestoredInputs(sql, consumer.name);
  const bell = createBell();
  for (const source of consumer.sources)
    startSliceIntake({ source, queue, signal, ...intakeOf(options, source, bell.ring) });
  const relay = startRelay({
    subgraph: options.subgraph,
    sql,
    epoch,
    signal,
    bus: options.bus,
    ...reportOf(options),
  });
  options.onRelay(relay, parkedKeys);
  const work = { ...options, parkedKeys, recorded, signal };
  const [apply, desk] = [applierOf(work), deskOf(work, relay)];
  const onApplied = relay.poke;
  const consuming = applyArrivals({ queue, apply, desk, consumer, signal, bell, metrics, onApplied });
  try {
    await Promise.race([keepLease(options, session), consuming, relay.done]);
  } finally {
    session.abort();
    metrics.parkedLetters.set(0);
    // Whoever works next compares again; this process says nothing of it any more.
    metrics.forked.reset();
    options.stopping.removeEventListener('abort', stop);
    // Nothing of an old session may write once the next begins.
    await Promise.allSettled([relay.done, consuming]);
  }
}

async function keepLease(
  { sql, owner, epoch, hint, onRenewed }: SessionOptions,
  session: AbortController,
): Promise<void> {
  while (!session.signal.aborted) {
    await pause(LEASE_RENEW_MS, session.signal);
    if (session.signal.aborted) return;
    void hint.hold();
    // A renewal that fails for the network says nothing; the calls' epoch fences us if another took over.
    const begunAtMs = performance.now();
    const kept = await renewLease(sql, LEASE, owner, epoch).catch(() => null);
    if (kept === false) return;
    if (kept) onRenewed(begunAtMs);
  }
}

type Work = SessionOptions &
  Readonly<{ parkedKeys: Set<string>; recorded: ReadonlySet<string>; signal: AbortSignal }>;

/** What applier and letter desk share: they take turns on the same keys. */
function workOf({ metrics, logger, ...work }: Work) {
  const { sql, consumer, epoch, codeVersion, parkedKeys, recorded, signal } = work;
  return {
    ...{ sql, consumer, epoch, codeVersion, parkedKeys, recorded, signal },
    onFault: (kind: string, error: unknown) => {
      metrics.faults.inc({ kind });
      logger.warn({ kind, err: error }, 'applying events failed; it is tried again');
    },
  };
}

function applierOf(work: Work): Apply {
  const { metrics, logger } = work;
  return createApplier({
    ...workOf(work),
    onParked: ({ source, partition, position, key }) => {
      metrics.parked.inc();
      logger.error({ source, partition, position, key }, 'dead letter');
    },
  });
}

function deskOf(work: Work, relay: Relay): LetterDesk {
  const { metrics, logger } = work;
  return createLetterDesk({
    ...workOf(work),
    onSettled: (outcome, { source, partition, position, key }) => {
      metrics.settledLetters.inc({ outcome });
      logger.info(
        { source, partition, position, key, outcome },
        'what was asked about a dead letter was done',
      );
      if (outcome === 'replayed') relay.poke();
    },
    onCounted: (parked) => metrics.parkedLetters.set(parked),
  });
}

function intakeOf({ bus, log, logger, metrics }: SessionOptions, source: string, ring: () => void) {
  return {
    bus,
    log,
    onArrived: ring,
    onRefilled: (events: number) => metrics.refilled.inc({ source }, events),
    onDuplicate: () => metrics.duplicates.inc({ source }),
    onForked: (partition: number) => {
      metrics.forked.set({ source, partition: String(partition) }, 1);
      logger.error(
        { source, partition },
        'this log is not the one consumed so far: partition stopped until it is whole again (docs/runbooks/restore-a-database.md)',
      );
    },
    onWhole: (partition: number) => {
      metrics.forked.set({ source, partition: String(partition) }, 0);
      logger.info({ source, partition }, 'this log is the one consumed so far again: the partition goes on');
    },
    onFault: (error: unknown) =>
      logger.warn({ source, err: error }, 'the log of this source cannot be read now'),
  };
}

function reportOf({ logger, metrics }: SessionOptions) {
  return {
    onPublished: (events: number) => metrics.published.inc(events),
    onAbandoned: (error: unknown) => {
      metrics.abandoned.inc();
      logger.warn({ err: error }, 'a publish was not acknowledged; consumers will read it from the log');
    },
  };
}
