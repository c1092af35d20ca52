import type { Latency } from '../../platform/latencies.ts';

/** What one platform made of the race for the last units, and of a plain load. */
export interface PeerResult {
  readonly name: string;
  readonly version: string;
  /** What an order takes there, and how the platform was set up. */
  readonly setUp: string;
  readonly race: RaceCount;
  readonly load: LoadCount;
}

export interface RaceCount {
  readonly buyers: number;
  /** Buyers served at the same time. */
  readonly atOnce: number;
  readonly inStock: number;
  /** Units of orders that the API accepted. */
  readonly sold: number;
  /** Units that the platform's own stock tables say are allocated, reserved or gone. */
  readonly recorded: number;
  /** Answers that were neither an order nor "no stock", by what they said. */
  readonly errors: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface LoadCount {
  readonly orders: number;
  readonly seconds: number;
  readonly latencyMs: Latency | null;
  readonly errors: Readonly<Record<string, number>>;
}

/** Side by side, as a Markdown table. */
export function peerTable(results: readonly PeerResult[]): string[] {
  return [
    '| platform | buyers | in stock | sold | recorded | race errors | race s | orders/s (3 lines) | p50 ms | p99 ms | load errors |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...results.map(({ name, version, race, load }) => {
      const cells = [
        ...[`${name} ${version}`, race.buyers, race.inStock, marked(race), race.recorded, total(race.errors)],
        ...[race.seconds.toFixed(1), (load.orders / load.seconds).toFixed(1)],
        ...[load.latencyMs?.p50.toFixed(0) ?? '', load.latencyMs?.p99.toFixed(0) ?? '', total(load.errors)],
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
    ...results.map(({ name, setUp }) => `${name}: ${setUp}.`),
    ...results.flatMap(({ name, race, load }) => [
      ...errorLine(`${name}, race`, race.errors),
      ...errorLine(`${name}, load`, load.errors),
    ]),
  ];
}

/** More sold than there was stands out. */
function marked({ sold, inStock }: RaceCount): string {
  return sold > inStock ? `**${sold}**` : String(sold);
}

const total = (errors: Readonly<Record<string, number>>) =>
  Object.values(errors).reduce((sum, count) => sum + count, 0);

function errorLine(where: string, errors: Readonly<Record<string, number>>): string[] {
  const words = Object.entries(errors)
    .toSorted(([, left], [, right]) => right - left)
    .map(([word, count]) => `${count} × ${word}`);
  return words.length === 0 ? [] : [`${where}: ${words.join('; ')}`];
}
