import { randomUUID } from 'node:crypto';
import {
  acquireLease, faultKind, LEASE_GRACE_MS, LEASE_RENEW_MS, loadOffsets, loadParkedKeys, releaseLease, renewLease, type Sql,
} from '@crossdock/event-store';
import type { Source } from '@crossdock/contracts';
import { type LockHint, pause } from '@crossdock/resilience';
import type { Logger, Registry } from '@crossdock/telemetry';
import type { Bus } from './bus.ts';
import { type ArrivedEvent, type Consumer, createApplier } from './consumer.ts';
import { startSliceIntake } from './intake-of-slices.ts';
import type { LogClient } from './log-client.ts';
import { createWorkerMetrics } from './metrics.ts';
import { type Relay, startRelay } from './relay.ts';
import { createSliceQueue } from './slice-queue.ts';

/** One lease covers the relay and the consumer of all partitions of a subgraph. */
const LEASE = 'worker';
const APPLY_EVENTS_MAX = 512;
/** Events nobody here wants move their offsets with the next wanted ones, or after this time. */
const UNWANTED_LINGER_MS = 400;
const IDLE_MS = 100;

export type WorkerOptions = Readonly<{
  subgraph: Source;
  sql: Sql;
  bus: Bus;
  log: LogClient;
  hint: LockHint;
  consumer: Consumer;
  logger: Logger;
  registry: Registry;
  codeVersion: string;
}>;

/** Runs relay and consumer while this process holds the lease. */
export type Worker = Readonly<{
  /** Says that something was appended, so that the relay looks at once. */
  poke: () => void;
  holdsLease: () => boolean;
  /** The epoch to write under while this process holds the lease, else null. */
  leaseEpoch: () => number | null;
  stop: () => Promise<void>;
}>;

export function startWorker(options: WorkerOptions): Worker {
  const { sql, logger, consumer } = options;
  const owner = randomUUID();
  const stopping = new AbortController();
  const metrics = createWorkerMetrics(options.registry);
  let relay: Relay | null = null;
  let leasedEpoch: number | null = null;

  async function keepLease(epoch: number, session: AbortController): Promise<void> {
    while (!session.signal.aborted) {
      await pause(LEASE_RENEW_MS, session.signal);
      if (session.signal.aborted) return;
      void options.hint.hold();
      // A renewal that fails for the network says nothing; the calls' epoch fences us if another took over.
      const kept = await renewLease(sql, LEASE, owner, epoch).catch(() => true);
      if (!kept) session.abort();
    }
  }

  async function applyArrivals(queue: ReturnType<typeof createSliceQueue>, apply: (events: readonly ArrivedEvent[]) => Promise<void>, session: AbortController, wakeup: { current: () => void }): Promise<void> {
    let batch: ArrivedEvent[] = [];
    let lingerUntil = 0;
    while (!session.signal.aborted) {
      batch = batch.concat(queue.take(APPLY_EVENTS_MAX - Math.min(batch.length, APPLY_EVENTS_MAX - 1)));
      const wanted = batch.some((each) => consumer.wants(each.source, each.event.type));
      if (batch.length > 0 && (wanted || batch.length >= APPLY_EVENTS_MAX || performance.now() >= lingerUntil)) {
        const begun = performance.now();
        await apply(batch);
        metrics.applied.inc(batch.length);
        metrics.batches.inc();
        metrics.applySeconds.observe((performance.now() - begun) / 1000);
        if (consumer.sources.includes(options.subgraph) || wanted) relay?.poke();
        batch = [];
        lingerUntil = performance.now() + UNWANTED_LINGER_MS;
      } else {
        await nextArrival(wakeup, session.signal);
      }
    }
  }

  async function session(epoch: number): Promise<void> {
    const current = new AbortController();
    const stop = () => current.abort();
    stopping.signal.addEventListener('abort', stop, { once: true });
    const wakeup = { current: () => undefined as void };
    const queue = createSliceQueue(await loadOffsets(sql, consumer.name, consumer.sources, epoch));
    const apply = createApplier({
      sql, consumer, epoch,
      codeVersion: options.codeVersion,
      parkedKeys: await loadParkedKeys(sql, consumer.name),
      signal: current.signal,
      onFault: (kind, error) => {
        metrics.faults.inc({ kind });
        logger.warn({ kind, err: error }, 'applying events failed; it is tried again');
      },
      onParked: (parked) => {
        metrics.parked.inc();
        logger.error({ source: parked.source, partition: parked.partition, position: parked.position, key: parked.key }, 'dead letter');
      },
    });
    for (const source of consumer.sources) {
      startSliceIntake({
        source, queue, bus: options.bus, log: options.log, signal: current.signal,
        onArrived: () => wakeup.current(),
        onRefilled: (events) => metrics.refilled.inc({ source }, events),
        onDuplicate: () => metrics.duplicates.inc({ source }),
        onForked: (partition) => {
          metrics.forked.set({ source, partition: String(partition) }, 1);
          logger.error({ source, partition }, 'the log of this source is not the one consumed so far: partition stopped, a person must decide');
        },
        onFault: (error) => logger.warn({ source, err: error }, 'the log of this source cannot be read now'),
      });
    }
    const running = startRelay({
      subgraph: options.subgraph, sql, bus: options.bus, epoch,
      signal: current.signal,
      onPublished: (events) => metrics.published.inc(events),
      onAbandoned: (error) => {
        metrics.abandoned.inc();
        logger.warn({ err: error }, 'a publish was not acknowledged; consumers will read it from the log');
      },
    });
    relay = running;
    leasedEpoch = epoch;
    metrics.leased.set(1);
    try {
      await Promise.race([keepLease(epoch, current), applyArrivals(queue, apply, current, wakeup), running.done]);
    } finally {
      current.abort();
      leasedEpoch = null;
      metrics.leased.set(0);
      relay = null;
      stopping.signal.removeEventListener('abort', stop);
      await running.done.catch(() => undefined);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const hinted = await options.hint.hold();
        const epoch = await acquireLease(sql, LEASE, owner, hinted ? 0 : LEASE_GRACE_MS);
        if (epoch !== null) {
          logger.info({ epoch }, 'lease taken');
          metrics.leaseTaken.inc();
          await session(epoch).finally(() => releaseLease(sql, LEASE, owner, epoch).catch(() => undefined));
        }
      } catch (error) {
        metrics.faults.inc({ kind: faultKind(error) });
        logger.warn({ err: error }, 'the worker stopped; it starts again');
      }
      await pause(LEASE_RENEW_MS / 2, stopping.signal);
    }
  }

  const done = run();
  return {
    poke: () => relay?.poke(),
    holdsLease: () => leasedEpoch !== null,
    leaseEpoch: () => leasedEpoch,
    stop: async () => {
      stopping.abort();
      await done;
      await options.hint.letGo();
    },
  };
}

function nextArrival(wakeup: { current: () => void }, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      wakeup.current = () => undefined;
      resolve();
    };
    const timer = setTimeout(done, IDLE_MS);
    signal.addEventListener('abort', done, { once: true });
    wakeup.current = done;
  });
}
