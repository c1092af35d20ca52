// Row 7b: the database of one subgraph is put back to an earlier point while everybody else has moved on. It must refuse to
// write, the others must stop where its log ends, and `restore-log` must bring back everything that was published.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { journalFolder, SUBGRAPHS, type Subgraph } from '../../platform/run-file.ts';
import { drained, processOf } from '../../stage/pipeline.ts';
import type { FaultRun, Measure, Scenario } from '../fault-run.ts';

const RESTORE_TOOL = fileURLToPath(new URL('../../../../tools/restore-log/main.ts', import.meta.url));
/** Payments refuses to be restored this way: what was asked of card providers stands in its tables alone. */
const RESTORABLE = ['orders', 'inventory', 'fulfillment'] as const;
/** What was committed is published by then: this row tries what was published, and loses nothing of it. */
const PUBLISHED_WITHIN_MS = 1_500;
const NOTICED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;
const DRAINED_WITHIN_MS = 60_000;

export const restoreEarlier: Scenario = {
  row: '7b',
  name: 'a database restored to an earlier point, its log made whole',
  topology: { replicas: 2, standbys: 0, natsNodes: 1 },
  spendsCluster: false,
  allows: {},
  proves: ['leases', 'refills'],
  run: async (run) => {
    const subgraph = RESTORABLE[run.repetition % RESTORABLE.length] ?? 'orders';
    await run.moment(500, 1_500);
    await backUp(run, subgraph);
    await run.moment(3_000, 6_000);
    await run.load.hold();
    await run.pause(PUBLISHED_WITHIN_MS);
    const begin = performance.now();
    const replicas = run.cluster.serviceNames(subgraph).map((name) => processOf(run.cluster, name));
    run.say(`${subgraph} killed, its database put back`);
    await Promise.all(replicas.map((replica) => replica.kill()));
    await putBack(run, subgraph);
    const starting = Promise.all(replicas.map((replica) => replica.start()));
    await refusesToWrite(run, subgraph);
    const stopped = await stoppedPartitions(run, subgraph);
    const takenBack = await restoreLog(run, subgraph);
    await starting;
    const restored_ms = performance.now() - begin;
    run.load.resume();
    const drain_ms = await drained(run.cluster, DRAINED_WITHIN_MS);
    const measures: Measure[] = [
      { name: 'partitions stopped at consumers', value: stopped, unit: '', least: 1 },
      { name: 'events taken back', value: takenBack, unit: '', least: 1 },
      { name: 'back in service after', value: restored_ms / 1_000, unit: 's' },
      { name: 'drained after', value: drain_ms / 1_000, unit: 's', most: DRAINED_WITHIN_MS / 1_000 },
    ];
    return measures;
  },
};

/** Addresses around a subgraph's database: its own name, and a database from which it can be exchanged. */
function placesOf({ cluster }: FaultRun, subgraph: Subgraph) {
  const url = new URL(cluster.databaseUrls()[subgraph]);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  return { admin: url.href, name, backup: `${name}_backup` };
}

async function administer(run: FaultRun, subgraph: Subgraph, statements: readonly string[]): Promise<void> {
  const sql = postgres(placesOf(run, subgraph).admin, {
    max: 1,
    onnotice: () => undefined,
    fetch_types: false,
  });
  try {
    for (const statement of statements) await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

const shut = (name: string) => [
  `alter database ${name} with allow_connections false`,
  `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
];

/** A copy of one moment, as a file system's snapshot is one; nobody is connected meanwhile. */
function backUp(run: FaultRun, subgraph: Subgraph): Promise<void> {
  const { name, backup } = placesOf(run, subgraph);
  run.say(`a backup of ${subgraph}`);
  return administer(run, subgraph, [
    ...shut(name),
    `create database ${backup} template ${name}`,
    `alter database ${name} with allow_connections true`,
  ]);
}

function putBack(run: FaultRun, subgraph: Subgraph): Promise<void> {
  const { name, backup } = placesOf(run, subgraph);
  return administer(run, subgraph, [
    ...shut(name),
    `drop database ${name} with (force)`,
    `alter database ${backup} rename to ${name}`,
    `alter database ${name} with allow_connections true`,
  ]);
}

/** The restored process says by itself that it must not write, and where the remedy is written down. */
async function refusesToWrite(run: FaultRun, subgraph: Subgraph): Promise<void> {
  const ports = run.cluster.serviceNames(subgraph).map((name) => processOf(run.cluster, name).port);
  await within(run, `${subgraph} did not refuse to serve a log that is behind`, async () => {
    const replies = await Promise.all(ports.map((port) => readiness(port)));
    return replies.every(({ status, body }) => status === 503 && body.includes('restore-a-database'));
  });
}

async function readiness(port: number): Promise<{ status: number; body: string }> {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
    return { status: reply.status, body: await reply.text() };
  } catch {
    // It is not up yet.
    return { status: 0, body: '' };
  }
}

/** Partitions of the source that consumers have stopped, with an alarm, because the log is not the one they consumed. */
async function stoppedPartitions(run: FaultRun, source: Subgraph): Promise<number> {
  let stopped = 0;
  await within(run, `nobody stopped at the shorter log of ${source}`, async () => {
    const names = SUBGRAPHS.flatMap((subgraph) => run.cluster.serviceNames(subgraph));
    const counts = await Promise.all(names.map((name) => forkedAt(run, name, source)));
    stopped = counts.reduce((sum, count) => sum + count, 0);
    return stopped > 0;
  });
  return stopped;
}

async function forkedAt({ cluster }: FaultRun, name: string, source: Subgraph): Promise<number> {
  const metrics = await cluster.metrics(name).catch(() => new Map<string, number>());
  const forked = [...metrics].filter(
    ([metric, value]) =>
      metric.startsWith('crossdock_consumer_forked') && metric.includes(`source="${source}"`) && value === 1,
  );
  return forked.length;
}

async function within(run: FaultRun, otherwise: string, isSo: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + NOTICED_WITHIN_MS;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(otherwise);
    await run.pause(LOOK_EVERY_MS);
  }
}

/** The command an operator runs; answers how many events it took back. */
async function restoreLog({ cluster, say }: FaultRun, subgraph: Subgraph): Promise<number> {
  const journals = subgraph === 'orders' ? ['--journals', journalFolder(cluster.dataDir)] : [];
  const words = [RESTORE_TOOL, subgraph, '--data-dir', join(cluster.dataDir), ...journals];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  say(stdout.split('\n')[0] ?? '');
  const [, events = '0'] = /^([\d,]+) events of /m.exec(stdout) ?? [];
  return Number(events.replaceAll(',', ''));
}
