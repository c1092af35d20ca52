// Breaks the platform in every way of the fault matrix, at seeded moments under a calm load, and checks every promise
// afterwards. It starts its own clusters of real processes, in temporary folders, and leaves nothing behind.
import { runMain } from '../platform/cannot-run.ts';
import { clientTokens } from '../stage/client-tokens.ts';
import type { Scenario } from './fault-run.ts';
import { createGround } from './ground.ts';
import { MATRIX } from './matrix.ts';
import { type FaultOptions, faultOptions } from './options.ts';
import { matrixTable, runLine, writeFaultResult } from './report.ts';
import { type RowRun, runRow } from './run-row.ts';

/** Seeds of neighbouring runs lie apart, so that the draws of their parts do not meet. */
const SEED_STEP = 1_000;

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
  const expected = scenarios.reduce((sum, scenario) => sum + repetitionsOf(scenario, options), 0);
  const verdict = broken === 0 ? 'every promise was kept' : `${broken} runs broke a promise`;
  process.stdout.write(
    `${runs.length} of ${expected} runs in ${(took_s / 60).toFixed(1)} min (seed ${options.seed}): ${verdict}.\n`,
  );
  if (stopping.signal.aborted) return 130;
  return broken === 0 && runs.length === expected ? 0 : 1;
});

/** A planted bug is found or not: once is enough. */
function repetitionsOf({ mustBreak }: Scenario, { repetitions }: FaultOptions): number {
  return mustBreak === undefined ? repetitions : 1;
}

async function runMatrix(
  options: FaultOptions,
  scenarios: readonly Scenario[],
  signal: AbortSignal,
): Promise<readonly RowRun[]> {
  const runs: RowRun[] = [];
  const ground = createGround(say, signal);
  try {
    for (const [index, scenario] of scenarios.entries()) {
      const repetitions = repetitionsOf(scenario, options);
      for (let repetition = 0; repetition < repetitions && !signal.aborted; repetition += 1) {
        const { cluster, watcher } = await ground.clusterFor(scenario.topology);
        const seed = options.seed + (index * options.repetitions + repetition) * SEED_STEP;
        say(`row ${scenario.row}, run ${repetition + 1}: ${scenario.name} (seed ${seed})`);
        const run = await runRow({
          ...{ cluster, watcher, scenario, repetition, seed },
          ...{ ordersPerSecond: options.ordersPerSecond, isTimed: options.isTimed },
          tokens: await clientTokens(cluster),
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
