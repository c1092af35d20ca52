// Rows 5 to 7: the database loses connections, crashes, or is gone for good while commits wait for a standby.
import type { Scenario } from '../fault-run.ts';
import { drained, onDatabase, processOf } from './pipeline.ts';

const KILLING_MS = 12_000;
const BETWEEN_KILLS_MS = { least: 150, most: 900 };
const BACK_AFTER_MS = 1_000;
/** Commits wait this long for a standby that hears nothing, before the primary is lost. */
const COMMITS_WAIT_MS = 1_500;
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
function terminateBackends(cluster: Parameters<typeof onDatabase>[0], count: number): Promise<number> {
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

export const losePrimary: Scenario = {
  row: '7',
  name: 'primary lost for good while commits wait, standby promoted',
  topology: { replicas: 2, standbys: 2, natsNodes: 1 },
  spendsCluster: true,
  allows: { silence_ms: 30_000 },
  proves: ['brokenCalls', 'clientRetries'],
  run: async (run) => {
    await run.moment(1_000, 3_000);
    const replication = ['standby-1>postgres', 'standby-2>postgres'];
    run.say('both standbys hear nothing: commits wait');
    for (const name of replication) run.cluster.links.get(name)?.set({ kind: 'black-hole' });
    await run.pause(COMMITS_WAIT_MS);
    run.say('primary lost, a standby promoted');
    await run.cluster.promote(run.pick(['standby-1', 'standby-2']));
    const drain_ms = await drained(run.cluster, DRAINED_WITHIN_MS);
    return [{ name: 'drained after', value: drain_ms / 1_000, unit: 's', most: DRAINED_WITHIN_MS / 1_000 }];
  },
};
