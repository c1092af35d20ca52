// Breaks the platform in every way of the fault matrix, at seeded moments under a calm load, and checks every promise
// afterwards. It starts its own clusters of real processes, in temporary folders, and leaves nothing behind.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMain } from '../platform/cannot-run.ts';
import { clientTokens } from './client-tokens.ts';
import { type Cluster, startCluster } from './cluster/index.ts';
import type { Scenario, Topology } from './fault-run.ts';
import { MATRIX } from './matrix.ts';
import { type FaultOptions, faultOptions } from './options.ts';
import { matrixTable, runLine, writeFaultResult } from './report.ts';
import { type RowRun, runRow } from './run-row.ts';
import { clockEnvironment } from './scenarios/clock.ts';

/** Seeds of neighbouring runs lie apart, so that the draws of their parts do not meet. */
const SEED_STEP = 1_000;
/** The balancers look five times a second. */
const DRAIN_MS = '1000';

/** With the seconds since the start, so that a reader sees what took how long. */
const say = (line: string) =>
  void process.stderr.write(`${(performance.now() / 1_000).toFixed(1).padStart(7)} ${line}\n`);

await runMain(async () => {
  const options = faultOptions(process.argv.slice(2));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const begin = performance.now();
  const scenarios = MATRIX.filter(({ row }) => options.rows.includes(row));
  const runs = await runMatrix(options, scenarios, stopping.signal);
  const took_s = (performance.now() - begin) / 1_000;
  process.stdout.write(`${matrixTable(scenarios, runs).join('\n')}\n\n`);
  if (options.write) process.stdout.write(`Result: ${await writeFaultResult(options, runs, took_s)}\n`);
  const broken = runs.filter(({ problems }) => problems.length > 0).length;
  const expected = scenarios.length * options.repetitions;
  const verdict = broken === 0 ? 'every promise was kept' : `${broken} runs broke a promise`;
  process.stdout.write(
    `${runs.length} of ${expected} runs in ${(took_s / 60).toFixed(1)} min (seed ${options.seed}): ${verdict}.\n`,
  );
  if (stopping.signal.aborted) return 130;
  return broken === 0 && runs.length === expected ? 0 : 1;
});

async function runMatrix(
  options: FaultOptions,
  scenarios: readonly Scenario[],
  signal: AbortSignal,
): Promise<readonly RowRun[]> {
  const runs: RowRun[] = [];
  const ground = createGround(signal);
  try {
    for (const [index, scenario] of scenarios.entries()) {
      for (let repetition = 0; repetition < options.repetitions && !signal.aborted; repetition += 1) {
        const cluster = await ground.clusterFor(scenario.topology);
        const seed = options.seed + (index * options.repetitions + repetition) * SEED_STEP;
        say(`row ${scenario.row}, run ${repetition + 1}: ${scenario.name} (seed ${seed})`);
        const run = await runRow({
          ...{ cluster, scenario, repetition, seed, ordersPerSecond: options.ordersPerSecond },
          tokens: await clientTokens(cluster.dataDir),
          say: (line) => say(`  ${line}`),
        });
        runs.push(run);
        say(runLine(run));
        if (scenario.spendsCluster || run.problems.length > 0) await ground.clear();
      }
    }
  } finally {
    await ground.clear();
  }
  return runs;
}

/** The cluster that stands now, kept from run to run while it fits and is whole. */
function createGround(signal: AbortSignal) {
  let standing: { cluster: Cluster; topology: Topology; folder: string } | null = null;

  async function clear(): Promise<void> {
    if (standing === null) return;
    const { cluster, folder } = standing;
    standing = null;
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  async function clusterFor(topology: Topology): Promise<Cluster> {
    if (standing !== null && JSON.stringify(standing.topology) === JSON.stringify(topology))
      return standing.cluster;
    await clear();
    const folder = mkdtempSync(join(tmpdir(), 'crossdock-faults-'));
    // The database's own account must get in.
    chmodSync(folder, 0o755);
    const environment = { DRAIN_MS, ...(topology.wrongClocks === true ? clockEnvironment(folder) : {}) };
    const cluster = await startCluster({
      ...topology,
      dataDir: folder,
      seed: true,
      say,
      signal,
      environment,
    });
    standing = { cluster, topology, folder };
    return cluster;
  }

  return { clusterFor, clear };
}
