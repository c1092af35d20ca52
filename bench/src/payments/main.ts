// Payments under a provider that misbehaves in every way it can, and killed with calls in flight: nobody may be charged twice,
// and everybody's books must agree. It starts its own platform in a temporary folder, and leaves nothing behind.
import { runMain } from '../platform/cannot-run.ts';
import { writeResultFile } from '../platform/result-file.ts';
import { readRunFile } from '../platform/run-file.ts';
import { checkRun, type InvariantVerdict, linesOf } from '../verify/verify.ts';
import { type PaymentsGround, preparePaymentsGround } from './ground.ts';
import { type KillRun, runKills } from './kills/run-kills.ts';
import type { ModeRun } from './mode-run.ts';
import { MODES } from './modes.ts';
import { type PaymentsOptions, paymentsOptions } from './options.ts';
import { killLine, killTable, modeLine, modeTable } from './report.ts';
import { runMode } from './run-mode.ts';

/** Seeds of neighbouring runs lie apart, so that the draws of their parts do not meet. */
const SEED_STEP = 1_000;

const FEED_PATIENCE_MS = 60_000;

interface Findings {
  readonly modes: readonly ModeRun[];
  readonly kills: KillRun | null;
  /** The subscriber of the live feed has seen every order's last fact. */
  readonly sawAll: boolean;
  readonly verdicts: readonly InvariantVerdict[];
}

/** With the seconds since the start, so that a reader sees what took how long. */
const say = (line: string) =>
  void process.stderr.write(`${(performance.now() / 1_000).toFixed(1).padStart(7)} ${line}\n`);

await runMain(async () => {
  const options = paymentsOptions(process.argv.slice(2));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const begin = performance.now();
  const findings = await found(options, stopping.signal);
  const took_s = (performance.now() - begin) / 1_000;
  print(findings);
  if (options.write) await keep(findings, options, took_s);
  if (stopping.signal.aborted) return 130;
  const broken = problemCount(findings);
  const verdict = broken === 0 ? 'every promise was kept' : `${broken} promises were broken`;
  process.stdout.write(`${(took_s / 60).toFixed(1)} min (seed ${options.seed}): ${verdict}.\n`);
  const isWhole = findings.modes.length === options.modes.length;
  return broken === 0 && isWhole ? 0 : 1;
});

async function found(options: PaymentsOptions, signal: AbortSignal): Promise<Findings> {
  const ground = await preparePaymentsGround({ say, signal });
  try {
    const modes = await runModes(ground, options, signal);
    const kills = await killed(ground, options, signal);
    const { dataDir } = ground.cluster;
    const sawAll = signal.aborted || (await ground.watcher.caughtUp(FEED_PATIENCE_MS));
    const verdicts = signal.aborted ? [] : await checkRun(dataDir, readRunFile(dataDir), { say });
    return { modes, kills, sawAll, verdicts };
  } finally {
    await ground.clear();
  }
}

async function runModes(
  ground: PaymentsGround,
  { modes, orders, ordersPerSecond, seed }: PaymentsOptions,
  signal: AbortSignal,
): Promise<readonly ModeRun[]> {
  const runs: ModeRun[] = [];
  for (const mode of MODES.filter(({ name }) => modes.includes(name))) {
    if (signal.aborted) return runs;
    say(`the provider ${mode.title}`);
    const run = await runMode({
      ...{ ground, mode, orders, ordersPerSecond, signal, seed: seed + runs.length * SEED_STEP },
      say: (line) => say(`  ${line}`),
    });
    runs.push(run);
    say(modeLine(run));
  }
  return runs;
}

async function killed(
  ground: PaymentsGround,
  { kills, seed, modes }: PaymentsOptions,
  signal: AbortSignal,
): Promise<KillRun | null> {
  if (kills === 0 || signal.aborted) return null;
  say(`payments is killed ${kills} times`);
  const run = await runKills({ ground, kills, signal, say, seed: seed + modes.length * SEED_STEP });
  say(killLine(run));
  return run;
}

function print({ modes, kills, sawAll, verdicts }: Findings): void {
  const sections = [
    modes.length === 0 ? [] : modeTable(modes),
    kills === null ? [] : killTable(kills),
    verdicts.flatMap(linesOf),
    sawAll ? [] : ['The live feed did not catch up.'],
  ];
  for (const lines of sections) if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n\n`);
}

async function keep(
  { modes, kills, verdicts }: Findings,
  options: PaymentsOptions,
  took_s: number,
): Promise<void> {
  const { seed, orders, ordersPerSecond, label } = options;
  const invariants = verdicts.map(({ number, name, summary, breaches }) => ({
    ...{ number, name, summary, breaches: breaches.length },
  }));
  const parts = [
    { part: 'modes', settings: { seed, orders, ordersPerSecond }, found: modes.length === 0 ? null : modes },
    { part: 'kills', settings: { seed, kills: options.kills }, found: kills },
  ];
  for (const { part, settings, found: runs } of parts) {
    if (runs === null) continue;
    const kept = { settings, took_s, found: runs, invariants };
    const path = await writeResultFile(`payments-${part}-${label}`, `payments ${part}`, kept);
    process.stdout.write(`Result: ${path}\n`);
  }
}

function problemCount({ modes, kills, sawAll, verdicts }: Findings): number {
  const ofRuns = [...modes, ...(kills === null ? [] : [kills])].filter(({ problems }) => problems.length > 0);
  return ofRuns.length + (sawAll ? 0 : 1) + verdicts.filter(({ breaches }) => breaches.length > 0).length;
}
