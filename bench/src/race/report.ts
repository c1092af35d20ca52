// Races and throughput as a person reads them.
import { PROOFS, type Proof } from '../stage/evidence-meter.ts';
import type { RaceRun } from './run-race.ts';
import type { CaseResult } from './throughput/run-case.ts';

/** What tells that something went wrong inside and was put right; the columns of the races' table. */
const SHOWN = [
  'retriedConflicts',
  'duplicates',
  'replays',
  'leases',
  'fenced',
  'refills',
] as const satisfies readonly Proof[];

export function raceTable(runs: readonly RaceRun[], titleOf: (name: string) => string): string[] {
  return [
    `| race | meanwhile | orders | in stock | expected | sold | recorded | ${SHOWN.map((proof) => PROOFS[proof]).join(' | ')} | |`,
    `|---|---|---:|---:|---:|---:|---:|${SHOWN.map(() => '---:|').join('')}---|`,
    ...runs.map(({ race, disturbance, orders, sum, evidence, problems }) => {
      const cells = [
        ...[
          titleOf(race),
          titleOf(disturbance),
          orders.sent,
          sum.supply,
          sum.expected,
          sum.sold,
          sum.recorded,
        ],
        ...SHOWN.map((proof) => evidence[proof]),
        problems.length === 0 ? 'exact' : '**broken**',
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

/** One run in a few words, while others are to come. */
export function raceLine({ race, disturbance, seed, took_s, orders, sum, deeds, problems }: RaceRun): string {
  const head = `${race}, ${disturbance} (seed ${seed}, ${took_s.toFixed(0)} s)`;
  const words = `${orders.sent} orders, ${sum.supply} in stock, ${sum.expected} expected, ${sum.sold} sold, ${sum.recorded} recorded`;
  const done = Object.entries(deeds).map(([act, count]) => {
    const refused = Object.entries(count.refused).map(([code, times]) => `${times} ${code}`);
    return `${act} ${count.done}${refused.length === 0 ? '' : ` (${refused.join(', ')})`}`;
  });
  const acts = done.length === 0 ? '' : `; done: ${done.join(', ')}`;
  const told = problems.map((problem) => `\n      ${problem}`).join('');
  return `${problems.length === 0 ? 'ok    ' : 'BROKEN'} ${head}: ${words}${acts}${told}`;
}

export function throughputTable(results: readonly CaseResult[]): string[] {
  return [
    '| reserver | orders/s | lines/s | p50 ms | p99 ms | orders a call (mean / p50 / max) | cores: node / Postgres / NATS / generator / others | CPU µs a line: node / Postgres | aim | |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---|---|',
    ...results.map((result) => {
      const {
        title,
        ordersPerSecond,
        linesPerSecond,
        latencyMs,
        calls,
        cores,
        lineCost_us,
        aim,
        aimReached,
      } = result;
      const { mean, p50, max } = calls.orders;
      const used = [cores.inventory ?? 0, postgresCores(cores), cores.nats ?? 0, cores.generator ?? 0];
      used.push(result.othersCores);
      const cells = [
        ...[title, whole(ordersPerSecond), whole(linesPerSecond)],
        ...[latencyMs?.p50.toFixed(1) ?? '', latencyMs?.p99.toFixed(1) ?? ''],
        `${mean.toFixed(1)} / ${p50} / ${max}`,
        used.map((value) => value.toFixed(2)).join(' / '),
        `${lineCost_us.node.toFixed(1)} / ${lineCost_us.postgres.toFixed(1)}`,
        ...[aim, aimReached ? 'reached' : '**missed**'],
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

const whole = (figure: number) => Math.round(figure).toLocaleString('en');

/** Backends and the server's own writers. */
function postgresCores(cores: Readonly<Record<string, number>>): number {
  return Object.entries(cores).reduce(
    (sum, [hop, used]) => (hop.startsWith('postgres') ? sum + used : sum),
    0,
  );
}

/** Where the time of a profiled case went. */
export function profileLines({ title, statements, functions }: CaseResult): string[] {
  if (functions.length === 0 && statements.length === 0) return [];
  return [
    `${title}: functions by their own time`,
    ...functions.map(({ self_ms, name, place }) => `${self_ms.toFixed(0).padStart(8)} ms  ${name}  ${place}`),
    `${title}: statements by their time, those inside functions too`,
    ...statements.map(
      ({ total_ms, calls, statement }) =>
        `${total_ms.toFixed(0).padStart(8)} ms  ${calls} calls  ${statement}`,
    ),
  ];
}
