// Races for the last units, the reserver's throughput, and the same race and load on other platforms beside our own figures.
// It starts everything it measures in temporary folders, and leaves nothing behind but the peers' packages.
import { runMain } from '../platform/cannot-run.ts';
import { writeResultFile } from '../platform/result-file.ts';
import { crossing } from './crossing.ts';
import { DISTURBANCES } from './disturbances.ts';
import { prepareGround, type RaceGround } from './ground.ts';
import { lastUnit } from './last-unit.ts';
import { type RaceOptions, raceOptions } from './options.ts';
import { comparePeers } from './peers/compare-peers.ts';
import { type PeerResult, peerTable } from './peers/peer-table.ts';
import type { Race } from './race.ts';
import { profileLines, raceLine, raceTable, throughputTable } from './report.ts';
import { type RaceRun, runRace } from './run-race.ts';
import { stormOf } from './storm/storm.ts';
import { CASES } from './throughput/cases.ts';
import { type CaseResult, runCase } from './throughput/run-case.ts';

/** Seeds of neighbouring runs lie apart, so that the draws of their parts do not meet. */
const SEED_STEP = 1_000;

interface Findings {
  readonly runs: readonly RaceRun[];
  readonly cases: readonly CaseResult[];
  readonly peers: readonly PeerResult[];
}

/** With the seconds since the start, so that a reader sees what took how long. */
const say = (line: string) =>
  void process.stderr.write(`${(performance.now() / 1_000).toFixed(1).padStart(7)} ${line}\n`);

await runMain(async () => {
  const options = raceOptions(process.argv.slice(2));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const begin = performance.now();
  const races = racesOf(options);
  const runs = await runRaces(races, options, stopping.signal);
  const cases = await runCases(options, stopping.signal);
  const peers = await comparePeers(options, { say, signal: stopping.signal });
  const took_s = (performance.now() - begin) / 1_000;
  const findings = { runs, cases, peers };
  print(findings, races);
  if (options.write) await keep(findings, options, took_s);
  if (stopping.signal.aborted) return 130;
  const broken = runs.filter(({ problems }) => problems.length > 0).length;
  const expected = races.length * options.disturbances.length;
  if (expected > 0) {
    const verdict =
      broken === 0 ? 'each sold exactly what there was' : `${broken} did not sell exactly what there was`;
    process.stdout.write(
      `${runs.length} of ${expected} races in ${(took_s / 60).toFixed(1)} min (seed ${options.seed}): ${verdict}.\n`,
    );
  }
  return broken === 0 && runs.length === expected ? 0 : 1;
});

function racesOf({ races, acts }: RaceOptions): readonly Race[] {
  const all = { 'last-unit': lastUnit, crossing, storm: stormOf(acts) };
  return races.map((name) => all[name]);
}

async function runRaces(
  races: readonly Race[],
  options: RaceOptions,
  signal: AbortSignal,
): Promise<readonly RaceRun[]> {
  if (races.length === 0) return [];
  const runs: RaceRun[] = [];
  const { buyers, stock, seed } = options;
  const disturbances = DISTURBANCES.filter(({ name }) => options.disturbances.includes(name));
  let ground: RaceGround | null = null;
  try {
    for (const race of races) {
      for (const disturbance of disturbances) {
        if (signal.aborted) return runs;
        say(`${race.title}, meanwhile ${disturbance.title}`);
        ground ??= await prepareGround({ replicas: 2, partners: buyers, say, signal });
        const run = await runRace({
          ...{ ground, race, disturbance, seed: seed + runs.length * SEED_STEP, size: { buyers, stock } },
          say: (line) => say(`  ${line}`),
        });
        runs.push(run);
        say(raceLine(run));
        if (run.problems.length === 0) continue;
        // What is broken stays broken: the next race begins on clean ground.
        await ground.clear();
        ground = null;
      }
    }
    return runs;
  } finally {
    await ground?.clear();
  }
}

async function runCases(options: RaceOptions, signal: AbortSignal): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const asked of CASES.filter(({ name }) => options.cases.includes(name))) {
    if (signal.aborted) break;
    results.push(await runCase(asked, { say, signal, profileFolder: options.profileFolder }));
  }
  return results;
}

function print({ runs, cases, peers }: Findings, races: readonly Race[]): void {
  const titles = new Map([...races, ...DISTURBANCES].map(({ name, title }) => [name, title]));
  const sections = [
    runs.length === 0 ? [] : raceTable(runs, (name) => titles.get(name) ?? name),
    cases.length === 0 ? [] : throughputTable(cases),
    cases.flatMap(profileLines),
    peers.length === 0 ? [] : peerTable(peers),
  ];
  for (const lines of sections) if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n\n`);
}

async function keep({ runs, cases, peers }: Findings, options: RaceOptions, took_s: number): Promise<void> {
  const { seed, buyers, stock, acts, label, loadSeconds, atOnce } = options;
  const parts = [
    ['races', runs],
    ['throughput', cases],
    ['peers', peers],
  ] as const;
  for (const [part, found] of parts) {
    if (found.length === 0) continue;
    const settings = { seed, buyers, stock, ...(part === 'peers' ? { loadSeconds, atOnce } : { acts }) };
    const path = await writeResultFile(`race-${part}-${label}`, `race ${part}`, { settings, took_s, found });
    process.stdout.write(`Result: ${path}\n`);
  }
}
