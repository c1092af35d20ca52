// Row 10: Redis stopped, emptied, slow, split. It only hints at who should take a lease first.
import { SUBGRAPHS } from '../../platform/run-file.ts';
import { emptyRedis } from '../../stage/empty-redis.ts';
import { leaseHolder, processOf } from '../../stage/pipeline.ts';
import type { FaultRun, Measure, Scenario } from '../fault-run.ts';

const AWAY_MS = 8_000;
const FLUSHES = 12;

export const loseRedis: Scenario = {
  row: '10',
  name: 'Redis stopped; FLUSHALL; slow and split',
  topology: { replicas: 2, standbys: 0, natsNodes: 1 },
  spendsCluster: false,
  allows: { silence_ms: 5_000, failedShare: 0.01 },
  proves: ['leases'],
  run: async (run) => {
    const before = acknowledgedPerSecond(run, performance.now() - 3_000);
    await run.moment(500, 1_500);
    const begin = performance.now();
    const ways = [whileStopped, whileFlushed, whileSlow];
    await ways[run.repetition % ways.length]?.(run);
    const share = (100 * acknowledgedPerSecond(run, begin)) / Math.max(1e-9, before);
    const throughput: Measure = { name: 'throughput of calm', value: share, unit: '%', least: 50 };
    return [throughput];
  },
};

function acknowledgedPerSecond({ load }: FaultRun, since: number): number {
  const good = load.attempts.filter(
    ({ answer, answeredAt }) => answer.kind === 'acknowledged' && answeredAt >= since,
  );
  return (good.length * 1_000) / (performance.now() - since);
}

/** A lease moves while there is no Redis to hint. */
async function whileStopped(run: FaultRun): Promise<void> {
  const redis = processOf(run.cluster, 'redis');
  run.say('Redis stopped');
  await redis.kill();
  await moveLease(run);
  await run.pause(AWAY_MS);
  await redis.start();
}

async function whileFlushed(run: FaultRun): Promise<void> {
  run.say('FLUSHALL again and again');
  const moving = moveLease(run);
  for (let time = 0; time < FLUSHES; time += 1) {
    await emptyRedis(run.cluster);
    await run.moment(200, 800);
  }
  await moving;
}

/** Half of the replicas see no Redis, the others a slow one: two may hold the hint, one the lease. */
async function whileSlow(run: FaultRun): Promise<void> {
  run.say('Redis slow for some, away for the others');
  const links = [...run.cluster.links].filter(([name]) => name.endsWith('>redis'));
  for (const [name, link] of links)
    link.set(name.includes('-1>') ? { kind: 'black-hole' } : { kind: 'latency', ms: 400, jitter_ms: 200 });
  await moveLease(run);
  await run.pause(AWAY_MS);
  for (const [, link] of links) link.set({ kind: 'none' });
}

async function moveLease(run: FaultRun): Promise<void> {
  const subgraph = run.pick(SUBGRAPHS);
  const name = await leaseHolder(run.cluster, subgraph);
  run.say(`kill -9 ${name} meanwhile`);
  const holder = processOf(run.cluster, name);
  await holder.kill();
  await leaseHolder(run.cluster, subgraph);
  await holder.start();
}
