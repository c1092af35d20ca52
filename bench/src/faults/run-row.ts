// One run of one row of the matrix: calm, fault, calm again, rest, then everything is checked.
import { setTimeout as sleep } from 'node:timers/promises';
import { readRunFile } from '../platform/run-file.ts';
import { seededDraw } from '../replay/seeded-draw.ts';
import type { Cluster } from '../stage/cluster/index.ts';
import { type Evidence, missingProofs, startEvidence } from '../stage/evidence-meter.ts';
import { DEFAULT_PATIENCE, type Patience } from '../verify/settling.ts';
import { checkRun } from '../verify/verify.ts';
import { type LoadCounts, startCalmLoad } from './calm-load.ts';
import type { FaultRun, Measure, Scenario } from './fault-run.ts';
import type { FeedWatcher } from './feed-watcher.ts';
import { type Losses, lossesOf } from './losses.ts';
import { type Outage, outageOf } from './outage.ts';

/** Before the fault, so that there is something to lose, and after it, so that coming back shows. */
const CALM_BEFORE_MS = 3_000;
const CALM_AFTER_MS = 3_000;
/** What a planted bug has broken does not mend with time. */
const SEEDED_PATIENCE: Patience = { finalWithinSeconds: 15, rest_ms: 5_000, lookEvery_ms: 1_000 };
/** What the pipeline still moves is seen by then, too. */
const FEED_PATIENCE_MS = 60_000;

export interface RowRun {
  readonly row: string;
  readonly repetition: number;
  readonly seed: number;
  readonly took_s: number;
  readonly load: LoadCounts;
  readonly outage: Outage;
  readonly measures: readonly Measure[];
  readonly evidence: Evidence;
  readonly losses: Losses;
  /** Sentences about what the row promises and the run did not keep; empty when all is well. */
  readonly problems: readonly string[];
}

export interface RowRunOptions {
  readonly cluster: Cluster;
  readonly scenario: Scenario;
  readonly repetition: number;
  readonly seed: number;
  readonly ordersPerSecond: number;
  /** Whether what took too long, or failed too often before it was repeated, breaks the row. */
  readonly isTimed: boolean;
  readonly tokens: Readonly<{ erp: string; operator: string }>;
  /** Follows the live feed as long as the cluster stands. */
  readonly watcher: Pick<FeedWatcher, 'caughtUp'>;
  readonly say: (line: string) => void;
}

/** Runs and judges; rejects only when the harness itself is broken. */
export async function runRow(options: RowRunOptions): Promise<RowRun> {
  const { cluster, scenario, repetition, seed, say } = options;
  const begin = performance.now();
  const draw = seededDraw(seed);
  const load = await beginLoad(options);
  const problems: string[] = [];
  let measures: readonly Measure[] = [];
  await sleep(CALM_BEFORE_MS);
  const meter = await startEvidence(cluster);
  const faultFrom = performance.now();
  try {
    measures = await scenario.run(runOf(options, load, draw));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  await sleep(CALM_AFTER_MS);
  load.resume();
  const faultUntil = performance.now();
  await load.stop();
  const outage = outageOf(load.attempts, faultFrom, faultUntil, load.pauses);
  const { sawAll, verdicts } = await judged(options);
  if (!sawAll) problems.push('the live feed did not catch up');
  const evidence = await meter.stop(outage.failedCount);
  const counts = load.counts();
  const broken = verdicts.filter(({ breaches }) => breaches.length > 0);
  problems.push(...missingProofs(evidence, scenario.proves).map((proof) => `no evidence: ${proof} 0`));
  if (scenario.mustBreak === undefined) {
    problems.push(...broken.map(brokenSentence), ...unknownFates(counts));
    problems.push(...brokenMeasures(measures.filter(({ unit }) => options.isTimed || unit === '')));
    if (options.isTimed) problems.push(...brokenAllowances(scenario, outage));
  } else {
    const unseen = unnoticed(scenario.mustBreak, broken, say);
    // Once the planted bug is found, whatever else went wrong follows from it.
    problems.splice(0, unseen.length === 0 ? problems.length : 0, ...unseen);
  }
  return {
    row: scenario.row,
    repetition,
    seed,
    took_s: (performance.now() - begin) / 1_000,
    load: counts,
    outage,
    measures,
    evidence,
    losses: lossesOf(verdicts),
    problems,
  };
}

function beginLoad({ cluster, scenario, repetition, seed, ordersPerSecond, tokens }: RowRunOptions) {
  return startCalmLoad({
    gatewayUrl: cluster.gatewayUrl,
    dataDir: cluster.dataDir,
    token: tokens.erp,
    run: `r${scenario.row}-${repetition}-${seed.toString(36)}`,
    ordersPerSecond,
    draw: seededDraw(seed + 1),
  });
}

/** Waits until everything rests, then checks. What a planted bug broke is not waited for, nor does the feed owe it anything. */
async function judged({ cluster, scenario, watcher, say }: RowRunOptions) {
  const isSeeded = scenario.mustBreak !== undefined;
  const sawAll = isSeeded || (await watcher.caughtUp(FEED_PATIENCE_MS));
  const patience = isSeeded ? SEEDED_PATIENCE : DEFAULT_PATIENCE;
  return {
    sawAll,
    verdicts: await checkRun(cluster.dataDir, readRunFile(cluster.dataDir), { say, patience }),
  };
}

function runOf(options: RowRunOptions, load: FaultRun['load'], draw: () => number): FaultRun {
  const { cluster, repetition, tokens, say } = options;
  return {
    cluster,
    load,
    repetition,
    moment: async (least_ms, most_ms) => void (await sleep(least_ms + draw() * (most_ms - least_ms))),
    pause: async (length_ms) => void (await sleep(length_ms)),
    pick: (values) => {
      const value = values[Math.floor(draw() * values.length)];
      if (value === undefined) throw new Error('An empty list has no member to pick');
      return value;
    },
    erpToken: tokens.erp,
    operatorToken: tokens.operator,
    say,
  };
}

type Verdicts = Awaited<ReturnType<typeof checkRun>>;

function brokenSentence({ number, name, breaches }: Verdicts[number]): string {
  return `invariant ${number} (${name}): ${breaches.length} breaches, such as ${breaches[0]}`;
}

/** A planted bug is found when one of the invariants it breaks says so; what else follows from it is its own. */
function unnoticed(mustBreak: readonly number[], broken: Verdicts, say: (line: string) => void): string[] {
  for (const verdict of broken) say(`found: ${brokenSentence(verdict)}`);
  if (broken.some(({ number }) => mustBreak.includes(number))) return [];
  return [
    `the checker did not notice the planted bug: none of the invariants ${mustBreak.join(', ')} is broken`,
  ];
}

function unknownFates({ unknown }: LoadCounts): string[] {
  return unknown > 0 ? [`${unknown} orders' fate is unknown to the client`] : [];
}

function brokenAllowances({ allows }: Scenario, outage: Outage): string[] {
  const { silence_ms = Number.POSITIVE_INFINITY, failedShare = 1 } = allows;
  const share = outage.failedCount / Math.max(1, outage.attempts);
  return [
    ...(outage.silence_ms > silence_ms
      ? [`nothing was acknowledged for ${Math.round(outage.silence_ms)} ms, ${silence_ms} are allowed`]
      : []),
    ...(share > failedShare
      ? [
          `${(100 * share).toFixed(1)} % of requests failed, ${100 * failedShare} are allowed: ${JSON.stringify(outage.failed)}`,
        ]
      : []),
  ];
}

function brokenMeasures(measures: readonly Measure[]): string[] {
  return measures.flatMap(({ name, value, unit, most, least }) => {
    const text = `${name}: ${value.toFixed(1)} ${unit}`;
    if (most !== undefined && value > most) return [`${text}, at most ${most} is allowed`];
    return least !== undefined && value < least ? [`${text}, at least ${least} is promised`] : [];
  });
}
