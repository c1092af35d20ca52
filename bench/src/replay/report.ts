import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { DatabaseSettings } from '../platform/database-settings.ts';
import type { Machine } from '../platform/machine.ts';
import type { Figures, Milestone } from './figures.ts';

const RESULTS = new URL('../../results/', import.meta.url);

export interface Hop {
  readonly hop: string;
  readonly cpuMsPerOrder: number;
  readonly memoryMib: number;
}

export interface ReplayResult {
  readonly what: 'replay';
  readonly run: string;
  readonly startedAt: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly databases: Readonly<Record<string, DatabaseSettings>>;
  readonly settings: {
    readonly orders: number;
    readonly rate: number | 'max';
    readonly inFlight: number | null;
    readonly cardShare: number;
    readonly seed: number;
    readonly wait: boolean;
  };
  readonly figures: Figures;
  readonly coresBusy: number;
  readonly coresStolen: number;
  readonly hops: readonly Hop[];
}

/** Writes the result beside earlier ones, under its label or its instant; answers the path. */
export async function writeResult(result: ReplayResult, label: string | undefined): Promise<string> {
  await mkdir(RESULTS, { recursive: true });
  const name = label ?? result.startedAt.slice(0, 19).replaceAll(':', '');
  const path = fileURLToPath(new URL(`replay-${name}.json`, RESULTS));
  await writeFile(path, `${JSON.stringify(result, rounded, 2)}\n`);
  return path;
}

/** Digits past the third are noise; a file without them is read and compared. */
function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Math.round(value * 1000) / 1000 : value;
}

export function printReport(result: ReplayResult, path: string): void {
  process.stdout.write(
    `${[...summary(result), '', ...hopTable(result), '', `Result: ${path}`].join('\n')}\n`,
  );
}

function summary({
  figures,
  settings,
  machine,
  commit,
  databases,
  coresBusy,
  coresStolen,
}: ReplayResult): string[] {
  const model =
    settings.rate === 'max'
      ? `closed loop, ${settings.inFlight} in flight (latency from each sending, not from a schedule)`
      : `open model, ${settings.rate} orders/s on a fixed schedule (latency from the intended start)`;
  return [
    `Replay of ${figures.sent} real orders, ${figures.meanLines.toFixed(1)} lines each: ${model}`,
    `  accepted   ${figures.accepted} (${figures.replayed} replayed, ${figures.retries} retries)`,
    `  refused    ${countsText(figures.refused)}`,
    ...(Object.keys(figures.unknown).length > 0 ? [`  unknown    ${countsText(figures.unknown)}`] : []),
    ...(settings.wait ? [`  ended      ${countsText(figures.ended)}`] : []),
    milestoneLine('PLACED', figures.placed),
    ...(settings.wait
      ? [milestoneLine('CONFIRMED', figures.confirmed), milestoneLine('SHIPPED', figures.shipped)]
      : []),
    `  machine    ${machine.cpu}, ${machine.cores} cores (${coresBusy.toFixed(2)} busy, ${coresStolen.toFixed(2)} stolen), ` +
      `${machine.memoryMib} MiB, Node ${machine.node}; generator and databases on it`,
    `  databases  ${databasesText(databases)}`,
    `  commit     ${commit}`,
  ];
}

function milestoneLine(
  name: string,
  { orders, ordersPerSecond, linesPerSecond, latencyMs }: Milestone,
): string {
  const rate = `${ordersPerSecond.toFixed(1)} orders/s, ${linesPerSecond.toFixed(0)} lines/s`;
  if (latencyMs === null) return `  ${name.padEnd(10)} none`;
  const { p50, p90, p99, max } = latencyMs;
  const latency = [p50, p90, p99, max].map((ms) => ms.toFixed(0)).join(' / ');
  return `  ${name.padEnd(10)} ${orders}: ${rate}; p50 / p90 / p99 / max ${latency} ms`;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const texts = Object.entries(counts).map(([word, count]) => `${count} ${word}`);
  return texts.length === 0 ? 'none' : texts.join(', ');
}

function databasesText(databases: ReplayResult['databases']): string {
  const texts = Object.values(databases).map(
    ({ version, fsync, synchronousCommit, unloggedTables }) =>
      `PostgreSQL ${version}, fsync ${fsync}, synchronous_commit ${synchronousCommit}, ${unloggedTables} unlogged tables`,
  );
  return [...new Set(texts)].join('; ');
}

/** CPU of every hop as a Markdown table, ready for a document. */
export function hopTable({ hops }: Pick<ReplayResult, 'hops'>): string[] {
  const total = hops.reduce((sum, { cpuMsPerOrder }) => sum + cpuMsPerOrder, 0);
  const memory = hops.reduce((sum, { memoryMib }) => sum + memoryMib, 0);
  const row = (name: string, cpuMs: number, mib: number) => {
    const share = total === 0 ? 0 : (100 * cpuMs) / total;
    return `| ${name} | ${cpuMs.toFixed(2)} | ${share.toFixed(0)} % | ${mib.toFixed(0)} |`;
  };
  return [
    '| hop | CPU ms an order | share | memory MiB |',
    '|---|---:|---:|---:|',
    ...hops.map(({ hop, cpuMsPerOrder, memoryMib }) => row(hop, cpuMsPerOrder, memoryMib)),
    row('**all**', total, memory),
  ];
}
