// The matrix as a person reads it, and as a result file keeps it.
import { writeResultFile } from '../platform/result-file.ts';
import { PROOFS, type Proof } from '../stage/evidence-meter.ts';
import type { Measure, Scenario } from './fault-run.ts';
import { LOSSES } from './losses.ts';
import type { FaultOptions } from './options.ts';
import type { RowRun } from './run-row.ts';

/** The matrix as a Markdown table: one line for a row, the worst of its runs in each column. */
export function matrixTable(scenarios: readonly Scenario[], runs: readonly RowRun[]): string[] {
  const lines = scenarios.flatMap((scenario) => {
    const own = runs.filter(({ row }) => row === scenario.row);
    return own.length === 0 ? [] : [tableLine(scenario, own)];
  });
  return [
    `| # | fault | runs | orders | ${LOSSES.join(' | ')} | outage s | failed requests | and | |`,
    `|---|---|---:|---:|${LOSSES.map(() => '---:|').join('')}---:|---:|---|---|`,
    ...lines,
  ];
}

function tableLine({ row, name }: Scenario, runs: readonly RowRun[]): string {
  const sum = (of: (run: RowRun) => number) => runs.reduce((total, run) => total + of(run), 0);
  const worst = (of: (run: RowRun) => number) => runs.reduce((most, run) => Math.max(most, of(run)), 0);
  const cells = [
    row,
    name,
    runs.length,
    sum(({ load }) => load.sent),
    ...LOSSES.map((loss) => sum(({ losses }) => losses[loss])),
    (worst(({ outage }) => outage.silence_ms) / 1_000).toFixed(1),
    `${sum(({ outage }) => outage.failedCount)} of ${sum(({ outage }) => outage.attempts)}`,
    worstMeasures(runs).join('; '),
    runs.every(({ problems }) => problems.length === 0) ? 'ok' : '**broken**',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What the scenarios measured, the worst value of each figure. */
function worstMeasures(runs: readonly RowRun[]): string[] {
  const worst = new Map<string, Measure>();
  for (const measure of runs.flatMap(({ measures }) => measures)) {
    const known = worst.get(measure.name);
    const isWorse =
      known === undefined ||
      (measure.least === undefined ? measure.value > known.value : measure.value < known.value);
    if (isWorse) worst.set(measure.name, measure);
  }
  return [...worst.values()].map(({ name, value, unit }) => `${name} ${value.toFixed(1)} ${unit}`.trim());
}

/** One run in a few words, while the matrix is under way. */
export function runLine(run: RowRun): string {
  const { row, repetition, seed, took_s, load, outage, evidence } = run;
  const proofs = Object.entries(evidence)
    .filter(([, count]) => count > 0)
    // The keys of the evidence are the proofs.
    .map(([proof, count]) => `${PROOFS[proof as Proof]} ${count}`);
  const head = `row ${row}, run ${repetition + 1} (seed ${seed}, ${took_s.toFixed(0)} s)`;
  const words = `${load.acknowledged} acknowledged, silence ${(outage.silence_ms / 1_000).toFixed(1)} s, ${outage.failedCount} of ${outage.attempts} requests failed`;
  const problems = run.problems.map((problem) => `\n      ${problem}`).join('');
  return `${run.problems.length === 0 ? 'ok    ' : 'BROKEN'} ${head}: ${words}; ${proofs.join(', ')}${problems}`;
}

/** Keeps the runs beside the results of other benches; answers the path. */
export async function writeFaultResult(
  options: FaultOptions,
  runs: readonly RowRun[],
  took_s: number,
): Promise<string> {
  const { seed, repetitions, ordersPerSecond, rows } = options;
  const settings = { seed, repetitions, ordersPerSecond, rows };
  return writeResultFile(`faults-${options.label}`, 'faults', { settings, took_s, runs });
}
