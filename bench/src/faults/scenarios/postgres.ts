// Rows 5 to 7: the database loses connections, crashes, or is gone for good while commits wait for a standby.
import type { Subgraph } from '../../platform/run-file.ts';
import type { Cluster } from '../../stage/cluster/index.ts';
import { drained, onDatabase, processOf } from '../../stage/pipeline.ts';
import type { FaultRun, Measure, Scenario } from '../fault-run.ts';

const KILLING_MS = 12_000;
const BETWEEN_KILLS_MS = { least: 150, most: 900 };
const BACK_AFTER_MS = 1_000;
/** Commits wait this long for a standby that hears nothing, before the primary is lost. */
const COMMITS_WAIT_MS = 1_500;
const FIRST_COMMITS_WAIT_MS = 400;
const BETWEEN_ENDS_MS = 100;
const DRAINED_WITHIN_MS = 60_000;

export const killBackends: Scenario = {
  row: '5',
  name: 'random pg_terminate_backend',
  topology: { replicas: 2, standbys: 0, natsNodes: 1 },
  spendsCluster: false,
  allows: { silence_ms: 3_000 },
  proves: ['brokenCalls', 'replays'],
  run: async (run) => {
    const until = performance.now() + KILLING_MS;
    let killed = 0;
    while (performance.now() < until) {
      await run.moment(BETWEEN_KILLS_MS.least, BETWEEN_KILLS_MS.most);
      killed += await terminateBackends(run.cluster, run.pick([1, 1, 2, 5]));
    }
    return [{ name: 'backends terminated', value: killed, unit: '', least: 5 }];
  },
};

/** Ends some of the services' backends, wherever they are in their work. */
function terminateBackends(cluster: Cluster, count: number): Promise<number> {
  return onDatabase(cluster, 'orders', async (sql) => {
    const rows = await sql`
      select pg_terminate_backend(pid) from (
        select pid from pg_stat_activity
        where application_name in ('orders', 'inventory', 'payments', 'fulfillment')
        order by (state = 'active') desc, random() limit ${count}) victims`;
    return rows.length;
  });
}

export const crashPostgres: Scenario = {
  row: '6',
  name: 'PostgreSQL crash and restart',
  topology: { replicas: 2, standbys: 0, natsNodes: 1 },
  spendsCluster: false,
  allows: { silence_ms: 10_000 },
  proves: ['brokenCalls', 'clientRetries'],
  run: async (run) => {
    await run.moment(1_000, 3_000);
    const database = processOf(run.cluster, 'postgres');
    run.say('kill -9 of PostgreSQL and all its backends');
    await database.kill();
    await run.pause(BACK_AFTER_MS);
    await database.start();
    const drain_ms = await drained(run.cluster, DRAINED_WITHIN_MS);
    return [{ name: 'drained after', value: drain_ms / 1_000, unit: 's', most: DRAINED_WITHIN_MS / 1_000 }];
  },
};

/** What becomes of commits that wait: they go on waiting, or a person or a program ends the wait and they stand unproven. */
const ENDS_OF_WAITS = ['none', 'pg_terminate_backend', 'pg_cancel_backend'] as const;

export interface Loss {
  readonly endOfWaits: (typeof ENDS_OF_WAITS)[number];
  /** Whose waits are ended; null for everybody's. */
  readonly waitsOf: Subgraph | null;
  /** The waits of lease renewals are not ended, so that workers go on under the lease they have. */
  readonly sparesLeases?: true;
  /** Called right before the standbys hear nothing any more. */
  readonly beforeSilence?: () => Promise<void>;
  /** Called when the first commits wait. */
  readonly onWaiting?: () => void;
  /** How long the orders may take to come to rest afterwards. */
  readonly drainedWithin_ms?: number;
}

export const losePrimary: Scenario = {
  row: '7',
  name: 'primary lost for good while commits wait, standby promoted',
  topology: { replicas: 2, standbys: 2, natsNodes: 1 },
  spendsCluster: true,
  allows: { silence_ms: 30_000 },
  proves: ['brokenCalls', 'clientRetries'],
  run: async (run) => {
    await run.moment(1_000, 3_000);
    const endOfWaits = ENDS_OF_WAITS[run.repetition % ENDS_OF_WAITS.length] ?? 'none';
    return loseIt(run, { endOfWaits, waitsOf: null });
  },
};

/** The standbys hear nothing for a while, then the primary is gone and one of them takes its place. */
export async function loseIt(run: FaultRun, loss: Loss): Promise<readonly Measure[]> {
  await loss.beforeSilence?.();
  run.say(`both standbys hear nothing: commits wait (${loss.endOfWaits})`);
  const replication = ['standby-1>postgres', 'standby-2>postgres'].map((name) => run.cluster.links.get(name));
  for (const link of replication) link?.set({ kind: 'black-hole' });
  await run.pause(FIRST_COMMITS_WAIT_MS);
  loss.onWaiting?.();
  const ended = await whileCommitsWait(run, loss);
  run.say('primary lost, a standby promoted');
  const begin = performance.now();
  await run.cluster.promote(await run.cluster.furthestStandby());
  const promoted_ms = performance.now() - begin;
  // The other standby hears again, from the new primary: it is what commits wait for now.
  for (const link of replication) link?.set({ kind: 'none' });
  run.load.resume();
  const drain_ms = await drained(run.cluster, loss.drainedWithin_ms ?? DRAINED_WITHIN_MS);
  return [
    { name: 'standby promoted in', value: promoted_ms / 1_000, unit: 's' },
    { name: 'waits ended', value: ended, unit: '', least: loss.endOfWaits === 'none' ? 0 : 1 },
    { name: 'drained after', value: drain_ms / 1_000, unit: 's', most: DRAINED_WITHIN_MS / 1_000 },
  ];
}

async function whileCommitsWait(run: FaultRun, { endOfWaits, waitsOf, sparesLeases }: Loss): Promise<number> {
  const until = performance.now() + COMMITS_WAIT_MS;
  let ended = 0;
  while (performance.now() < until) {
    await run.pause(BETWEEN_ENDS_MS);
    if (endOfWaits !== 'none')
      ended += await endWaits(run.cluster, endOfWaits, waitsOf, sparesLeases ?? false);
  }
  return ended;
}

/** Ends the waits of commits for a standby: their rows are then visible, though nobody else has them. */
function endWaits(
  cluster: Cluster,
  how: 'pg_terminate_backend' | 'pg_cancel_backend',
  whose: Subgraph | null,
  sparesLeases: boolean,
): Promise<number> {
  return onDatabase(cluster, 'orders', async (sql) => {
    const rows = await sql`
      select ${sql(how)}(pid) from pg_stat_activity
      where wait_event = 'SyncRep' and (${whose}::text is null or application_name = ${whose})
        and not (${sparesLeases} and query like '%lease_renew%')`;
    return rows.length;
  });
}
