import { randomUUID } from 'node:crypto';
import {
  acquireLease,
  faultKind,
  LEASE_GRACE_MS,
  LEASE_RENEW_MS,
  LEASE_TTL_MS,
  releaseLease,
} from '@crossdock/event-store';
import { pause } from '@crossdock/resilience';
import { createWorkerMetrics } from './metrics.ts';
import { type Rehearsal, rehearse, type StoredLetter } from './rehearsal.ts';
import type { Relay } from './relay.ts';
import { LEASE, runSession } from './session.ts';
import type { WorkerOptions } from './worker-options.ts';

export type { WorkerOptions } from './worker-options.ts';

/** Runs relay and consumer while this process holds the lease. */
export type Worker = Readonly<{
  /** Says that something was appended, so that the relay looks at once. */
  poke: () => void;
  holdsLease: () => boolean;
  /** The epoch to write under while this process certainly holds the lease, else null. */
  leaseEpoch: () => number | null;
  /** Says that letters of these keys were parked beside the consumer, so that what is asked about them is done. */
  noteParked: (keys: readonly string[]) => void;
  /** Dry run: how far a replay of these letters of one key, in order, would come. Any replica can tell. */
  rehearse: (letters: readonly StoredLetter[]) => Promise<Rehearsal>;
  stop: () => Promise<void>;
}>;

/** The lease as it is held: `renewedAtMs` is when its last renewal began, by the monotonic clock. */
type Held = {
  readonly epoch: number;
  readonly relay: Relay;
  readonly parkedKeys: Set<string>;
  renewedAtMs: number;
};

/** A process that was stopped and goes on finds its lease too old here, before the next renewal tells. */
const isFresh = ({ renewedAtMs }: Held) => performance.now() - renewedAtMs < LEASE_TTL_MS;

function renewed(held: Held | null, renewedAtMs: number): void {
  if (held !== null) held.renewedAtMs = renewedAtMs;
}

function note(held: Held | null, keys: readonly string[]): void {
  for (const key of keys) held?.parkedKeys.add(key);
}

/** Tries for the lease until stopped; while it holds it, a session relays and consumes. */
export function startWorker(options: WorkerOptions): Worker {
  const { sql, logger, hint } = options;
  const [owner, stopping] = [randomUUID(), new AbortController()];
  const metrics = createWorkerMetrics(options.registry);
  let held: Held | null = null;

  async function tryOnce(): Promise<void> {
    if ((await options.guard?.isOpen()) === false) return;
    const hinted = await hint.hold();
    const begunAtMs = performance.now();
    const epoch = await acquireLease(sql, LEASE, owner, hinted ? 0 : LEASE_GRACE_MS);
    if (epoch === null) return;
    logger.info({ epoch }, 'lease taken');
    metrics.leaseTaken.inc();
    const onRelay = (relay: Relay, parkedKeys: Set<string>) => {
      held = { epoch, relay, parkedKeys, renewedAtMs: begunAtMs };
      metrics.leased.set(1);
    };
    try {
      // Only now nobody else writes under the lease: whatever the others know, they know it already.
      if ((await options.guard?.check()) === false) return;
      const hooks = { onRelay, onRenewed: (atMs: number) => renewed(held, atMs) };
      await runSession({ ...options, ...hooks, metrics, owner, epoch, stopping: stopping.signal });
    } finally {
      held = null;
      metrics.leased.set(0);
      await releaseLease(sql, LEASE, owner, epoch).catch(() => undefined);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await tryOnce().catch((error: unknown) => {
        metrics.faults.inc({ kind: faultKind(error) });
        logger.warn({ err: error }, 'the worker stopped; it starts again');
      });
      await pause(LEASE_RENEW_MS / 2, stopping.signal);
    }
  }

  const done = run();
  return {
    poke: () => held?.relay.poke(),
    holdsLease: () => held !== null,
    leaseEpoch: () => (held !== null && isFresh(held) ? held.epoch : null),
    noteParked: (keys) => note(held, keys),
    rehearse: (letters) => rehearse(sql, options.consumer, letters),
    stop: async () => {
      stopping.abort();
      await done;
      await hint.letGo();
    },
  };
}
