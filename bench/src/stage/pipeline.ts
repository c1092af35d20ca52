// What scenarios look at from outside: who holds a lease, and how far the orders have come.
import { setTimeout as sleep } from 'node:timers/promises';
import postgres, { type Sql } from 'postgres';
import type { Subgraph } from '../platform/run-file.ts';
import type { Cluster, ManagedProcess } from './cluster/index.ts';

const LOOK_EVERY_MS = 100;
const OWNER_PATIENCE_MS = 15_000;

/** The process of this name; throws where the cluster has none. */
export function processOf(cluster: Cluster, name: string): ManagedProcess {
  const found = cluster.processes.get(name);
  if (found === undefined) throw new Error(`The cluster has no process ${name}`);
  return found;
}

/** The replica that works under the lease of a subgraph; waits a while for one. */
export async function leaseHolder(cluster: Cluster, subgraph: Subgraph): Promise<string> {
  const until = performance.now() + OWNER_PATIENCE_MS;
  for (;;) {
    for (const name of cluster.serviceNames(subgraph)) {
      const metrics = await cluster.metrics(name).catch(() => new Map<string, number>());
      for (const [metric, value] of metrics) {
        if (metric.startsWith('crossdock_worker_leased') && value === 1) return name;
      }
    }
    if (performance.now() > until) throw new Error(`No replica of ${subgraph} holds its lease`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Runs `work` with a connection to a subgraph's database, past every link. */
export async function onDatabase<Result>(
  cluster: Cluster,
  subgraph: Subgraph,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const sql = postgres(cluster.databaseUrls()[subgraph], {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: 'faults' },
  });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** Milliseconds until no order placed before now is still on its way to CONFIRMED or a refusal; rejects after `most_ms`. */
export async function drained(cluster: Cluster, most_ms: number): Promise<number> {
  const begin = performance.now();
  return onDatabase(cluster, 'orders', async (sql) => {
    const [instant] = await sql<{ now: Date }[]>`select clock_timestamp() as now`;
    for (;;) {
      const [row] = await sql<{ open: number }[]>`
        select count(*)::int as open from orders
        where placed_at <= ${instant?.now ?? new Date()} and status = 'PLACED'`;
      const waited = performance.now() - begin;
      if (row?.open === 0) return waited;
      if (waited > most_ms)
        throw new Error(`${row?.open} orders are still PLACED after ${Math.round(waited)} ms`);
      await sleep(LOOK_EVERY_MS);
    }
  });
}
