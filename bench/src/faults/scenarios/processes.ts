// Rows 1 to 4: our own processes, killed, paused, all of one kind away, and replaced one by one.
import { SUBGRAPHS } from '../../platform/run-file.ts';
import { drained, leaseHolder, processOf } from '../../stage/pipeline.ts';
import type { FaultRun, Measure, Scenario } from '../fault-run.ts';

const TWO_REPLICAS = { replicas: 2, standbys: 0, natsNodes: 1 } as const;
/** Longer than a lease lives, and the grace after it. */
const PAUSED_MS = 7_000;
const DOWN_MS = 60_000;
const DRAINED_WITHIN_MS = 60_000;
const BACK_AFTER_MS = 1_000;

export const killEachService: Scenario = {
  row: '1',
  name: 'kill -9 each service',
  topology: TWO_REPLICAS,
  spendsCluster: false,
  allows: { silence_ms: 5_000, failedShare: 0.01 },
  proves: ['leases', 'replays'],
  run: async (run) => {
    for (const group of [...SUBGRAPHS, 'gateway'] as const) {
      await run.moment(500, 2_000);
      const name =
        group === 'gateway'
          ? run.pick(run.cluster.serviceNames(group))
          : await leaseHolder(run.cluster, group);
      const victim = processOf(run.cluster, name);
      run.say(`kill -9 ${name}`);
      await victim.kill();
      await run.pause(BACK_AFTER_MS);
      await victim.start();
    }
    return [];
  },
};

export const pauseLeaseHolder: Scenario = {
  row: '2',
  name: 'SIGSTOP a worker past its lease, then SIGCONT',
  topology: TWO_REPLICAS,
  spendsCluster: false,
  allows: { silence_ms: 20_000 },
  // Whether the paused one tries to write before it learns that it lost the lease is a matter of milliseconds.
  proves: ['leases'],
  run: async (run) => {
    const victims = [SUBGRAPHS[run.repetition % SUBGRAPHS.length], run.pick(SUBGRAPHS)] as const;
    for (const subgraph of new Set(victims)) {
      if (subgraph === undefined) continue;
      await run.moment(500, 2_000);
      const name = await leaseHolder(run.cluster, subgraph);
      run.say(`SIGSTOP ${name} for ${PAUSED_MS / 1_000} s`);
      const victim = processOf(run.cluster, name);
      victim.pause();
      await run.pause(PAUSED_MS);
      victim.resume();
      await run.pause(1_500);
    }
    return [];
  },
};

export const wholeSubgraphDown: Scenario = {
  row: '3',
  name: 'all of inventory / payments / fulfillment down 60 s',
  topology: TWO_REPLICAS,
  spendsCluster: false,
  allows: { silence_ms: 3_000, failedShare: 0 },
  proves: ['leases', 'refills'],
  run: async (run) => {
    const group = (['inventory', 'payments', 'fulfillment'] as const)[run.repetition % 3] ?? 'inventory';
    await run.moment(500, 2_500);
    run.say(`all of ${group} down for ${DOWN_MS / 1_000} s`);
    const victims = run.cluster.serviceNames(group).map((name) => processOf(run.cluster, name));
    await Promise.all(victims.map((victim) => victim.kill()));
    await run.pause(DOWN_MS);
    await Promise.all(victims.map((victim) => victim.start()));
    const drain_ms = await drained(run.cluster, DRAINED_WITHIN_MS);
    return [{ name: 'drained after', value: drain_ms / 1_000, unit: 's', most: DRAINED_WITHIN_MS / 1_000 }];
  },
};

export const rollingRestart: Scenario = {
  row: '4',
  name: 'rolling restart of everything',
  topology: TWO_REPLICAS,
  spendsCluster: false,
  allows: { silence_ms: 3_000, failedShare: 0 },
  proves: ['leases'],
  run: async (run) => {
    await run.moment(500, 1_500);
    const begin = performance.now();
    for (const group of [...SUBGRAPHS, 'gateway'] as const) await restartGroup(run, group);
    const took: Measure = { name: 'took', value: (performance.now() - begin) / 1_000, unit: 's' };
    return [took];
  },
};

async function restartGroup(run: FaultRun, group: (typeof SUBGRAPHS)[number] | 'gateway'): Promise<void> {
  for (const name of run.cluster.serviceNames(group)) {
    run.say(`SIGTERM ${name}, then start`);
    const replica = processOf(run.cluster, name);
    await replica.stop();
    await replica.start();
  }
}
