// Invariant 18: what happened inside while something was broken, from the processes' counters and the databases. A fault
// run in which nothing of it moved proves nothing.
import postgres, { type Sql } from 'postgres';
import { SUBGRAPHS } from '../platform/run-file.ts';
import type { Cluster } from './cluster/index.ts';

export const PROOFS = {
  leases: 'leases moved',
  fenced: 'calls refused for an old epoch',
  retriedConflicts: 'conflicts decided again',
  brokenCalls: 'calls that met a broken database',
  refills: 'events read from a log',
  duplicates: 'duplicates suppressed',
  abandoned: 'messages left to refill',
  deadLetters: 'dead letters',
  replays: 'requests recognised by their key',
  clientRetries: 'requests sent again by the client',
} as const;
export type Proof = keyof typeof PROOFS;
export type Evidence = Readonly<Record<Proof, number>>;

const COUNTERS: readonly Readonly<{ proof: Proof; counter: RegExp }>[] = [
  { proof: 'fenced', counter: /^crossdock_worker_faults_total\{.*kind="lease-lost"/ },
  { proof: 'retriedConflicts', counter: /^crossdock_worker_faults_total\{.*kind="guard-lost"/ },
  { proof: 'brokenCalls', counter: /^crossdock_worker_faults_total\{.*kind="infrastructure"/ },
  { proof: 'refills', counter: /^crossdock_consumer_refilled_events_total/ },
  { proof: 'duplicates', counter: /^crossdock_consumer_duplicate_slices_total/ },
  { proof: 'abandoned', counter: /^crossdock_relay_abandoned_messages_total/ },
  { proof: 'deadLetters', counter: /^crossdock_dead_letters_total/ },
];

const LOOK_EVERY_MS = 1_000;
const SERVICE_GROUPS = [...SUBGRAPHS, 'gateway'] as const;

export interface EvidenceMeter {
  /** What happened since the start. */
  readonly stop: (clientRetries: number) => Promise<Evidence>;
}

/** Looks at every process each second, because a killed one takes its counters along. */
export async function startEvidence(cluster: Cluster): Promise<EvidenceMeter> {
  const counters = createCounterTrail();
  const names = SERVICE_GROUPS.flatMap((group) => cluster.serviceNames(group));
  const look = async () => {
    await Promise.all(
      names.map(async (name) => counters.note(name, await cluster.metrics(name).catch(() => new Map()))),
    );
  };
  await look();
  counters.restart();
  const before = await databaseCounts(cluster);
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    stop: async (clientRetries) => {
      clearInterval(timer);
      await look();
      const after = await databaseCounts(cluster);
      const moved = Object.fromEntries(
        COUNTERS.map(({ proof, counter }) => [proof, counters.sum(counter)]),
      ) as Record<Proof, number>;
      return {
        ...moved,
        leases: Math.max(0, after.epochs - before.epochs),
        replays: Math.max(0, after.replays - before.replays),
        clientRetries,
      };
    },
  };
}

/** Adds up counters over processes that start again from zero. */
export function createCounterTrail() {
  const last = new Map<string, number>();
  const total = new Map<string, number>();
  return {
    note: (process: string, metrics: ReadonlyMap<string, number>) => {
      for (const [name, value] of metrics) {
        const key = `${process}\u001f${name}`;
        const before = last.get(key) ?? 0;
        total.set(name, (total.get(name) ?? 0) + (value >= before ? value - before : value));
        last.set(key, value);
      }
    },
    /** Forgets what was counted so far. */
    restart: () => total.clear(),
    sum: (counter: RegExp) => {
      let sum = 0;
      for (const [name, value] of total) if (counter.test(name)) sum += value;
      return sum;
    },
  };
}

async function databaseCounts(cluster: Cluster): Promise<{ epochs: number; replays: number }> {
  const urls = cluster.databaseUrls();
  const counts = await Promise.all(SUBGRAPHS.map((subgraph) => countsOf(urls[subgraph])));
  return {
    epochs: counts.reduce((sum, { epochs }) => sum + epochs, 0),
    replays: counts.reduce((sum, { replays }) => sum + replays, 0),
  };
}

async function countsOf(url: string): Promise<{ epochs: number; replays: number }> {
  const sql: Sql = postgres(url, { max: 1, connection: { application_name: 'evidence' } });
  try {
    const [row] = await sql<{ epochs: number; replays: number }[]>`
      select (select coalesce(sum(epoch), 0)::float8 from leases) as epochs,
             (select coalesce(sum(replays), 0)::float8 from idempotency_keys) as replays`;
    return row ?? { epochs: 0, replays: 0 };
  } finally {
    await sql.end();
  }
}

/** The proofs a run owes and does not give. */
export function missingProofs(evidence: Evidence, owed: readonly Proof[]): readonly string[] {
  return owed.filter((proof) => evidence[proof] === 0).map((proof) => PROOFS[proof]);
}
