// One case on a reserver of its own: shelves filled, warmed up, then measured.

import { openBus } from '@crossdock/messaging';
import postgres from 'postgres';
import { type HopUse, startCpuMeter } from '../../platform/cpu-meter.ts';
import { readSettings } from '../../platform/database-settings.ts';
import { createLatencies, type Latency } from '../../platform/latencies.ts';
import { showProgress } from '../../replay/progress.ts';
import { type CallSizes, readCallSizes } from './call-sizes.ts';
import { reached, skusOf, type ThroughputCase } from './cases.ts';
import { watchCommits } from './commit-watch.ts';
import { type PlacedOrder, placedOrder } from './placed-orders.ts';
import {
  type FunctionTime,
  readFunctions,
  readStatements,
  resetStatements,
  type StatementTime,
} from './profile.ts';
import { type Publishing, publishAll, publishOnSchedule } from './publishing.ts';
import { type Reserver, startReserver } from './reserver.ts';
import { fillShelves } from './shelves.ts';

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly orders: number;
  readonly lines: number;
  readonly seconds: number;
  readonly ordersPerSecond: number;
  readonly linesPerSecond: number;
  /** From publishing (on a schedule: from when it was due) to the commit as seen from outside. */
  readonly latencyMs: Latency | null;
  readonly calls: CallSizes;
  /** CPU of each process while it was measured, the generator's too, in cores. */
  readonly cores: Readonly<Record<string, number>>;
  /** CPU of the process and of its database for one line, in microseconds: what neighbours on the machine hardly change. */
  readonly lineCost_us: Readonly<{ node: number; postgres: number }>;
  /** Cores that others on the machine used meanwhile: what they take, the figures lack. */
  readonly othersCores: number;
  /** Events the process read from the log since a message did not reach it. */
  readonly refilled: number;
  readonly database: Readonly<Record<string, string | number>>;
  readonly aim: string;
  readonly aimReached: boolean;
  readonly statements: readonly StatementTime[];
  readonly functions: readonly FunctionTime[];
}

export interface CaseOptions {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly profileFolder: string | null;
}

/** More than any case sells. */
const UNITS_EACH = 100_000_000;
/** Looks at the offsets: rarely while it is full, so as not to take its time; often where a millisecond counts. */
const LOOK_EVERY_MS = { max: 10, calm: 1 };
const GENERATOR = 'generator';

export async function runCase(asked: ThroughputCase, options: CaseOptions): Promise<CaseResult> {
  const reserver = await startReserver(options);
  try {
    const result = await measured(asked, reserver, options);
    await reserver.stopProcess();
    const functions = options.profileFolder === null ? [] : readFunctions(options.profileFolder);
    return { ...result, functions };
  } finally {
    await reserver.stop();
  }
}

async function measured(
  asked: ThroughputCase,
  reserver: Reserver,
  { say, signal, profileFolder }: CaseOptions,
) {
  const bus = await openBus(reserver.natsUrl, 'race-orders');
  const orders = await asked.make(asked.warmUp + asked.orders);
  say(`${asked.title}: filling shelves`);
  await fillShelves(reserver, bus, skusOf(orders), UNITS_EACH);
  const placed = orders.map(({ partnerId, lines }, index) => placedOrder(index, partnerId, lines));
  const latencies = createLatencies();
  const due = new Map<string, number>();
  const watch = await watchCommits({
    databaseUrl: reserver.databaseUrl,
    every_ms: asked.rate === 'max' ? LOOK_EVERY_MS.max : LOOK_EVERY_MS.calm,
    onCommitted: (partition, position, at) => {
      const since = due.get(`${partition}/${position}`);
      if (since !== undefined) latencies.note(at - since);
    },
  });
  const publishing: Publishing = {
    ...{ bus, log: reserver.logs.orders, watch, signal },
    onSent: () => undefined,
  };
  const send = async (some: readonly PlacedOrder[], to: Publishing) =>
    asked.rate === 'max' ? publishAll(to, some) : publishOnSchedule(to, some, asked.rate);
  try {
    say(`${asked.title}: ${asked.warmUp} orders to warm up, then ${asked.orders}`);
    await send(placed.slice(0, asked.warmUp), publishing);
    if (profileFolder !== null) await resetStatements(reserver.databaseUrl);
    const measuring = { ...publishing, onSent: noteDue(due) };
    const main = placed.slice(asked.warmUp, asked.warmUp + asked.orders);
    const before = watch.committed();
    const progress = showProgress(() => ({
      ...{ done: watch.committed() - before, total: main.length, words: 'orders committed' },
    }));
    const run = await timed(reserver, () => send(main, measuring)).finally(progress.stop);
    const lines = main.reduce((sum, { lineCount }) => sum + lineCount, 0);
    return await resultOf(
      asked,
      reserver,
      { ...run, orders: main.length, lines, profileFolder },
      latencies.read(),
    );
  } finally {
    await watch.stop();
    await bus.close();
  }
}

const noteDue = (due: Map<string, number>) => (order: PlacedOrder, position: number, at: number) =>
  void due.set(`${order.partition}/${position}`, at);

interface Timed {
  readonly since: Date;
  readonly seconds: number;
  readonly uses: readonly HopUse[];
  readonly generator_ms: number;
  /** Cores that the whole machine used. */
  readonly coresBusy: number;
  readonly refilled: number;
}

/** Runs the load between two readings of every clock. */
async function timed({ databaseUrl, pids, metrics }: Reserver, load: () => Promise<void>): Promise<Timed> {
  const refilled = async () => {
    let sum = 0;
    for (const [name, value] of await metrics())
      if (name.startsWith('crossdock_consumer_refilled_events_total')) sum += value;
    return sum;
  };
  const refilledBefore = await refilled();
  const meter = startCpuMeter(pids, [databaseUrl]);
  const own = process.cpuUsage();
  const since = new Date();
  const begin = performance.now();
  await load();
  const seconds = (performance.now() - begin) / 1_000;
  const { user, system } = process.cpuUsage(own);
  return {
    ...{ since, seconds, uses: meter.stop(), generator_ms: (user + system) / 1_000 },
    coresBusy: meter.machineUse(Date.now()).coresBusy,
    refilled: (await refilled()) - refilledBefore,
  };
}

type Run = Timed & Readonly<{ orders: number; lines: number; profileFolder: string | null }>;

async function resultOf(
  asked: ThroughputCase,
  { databaseUrl }: Reserver,
  run: Run,
  latencyMs: Latency | null,
) {
  const { orders, lines, seconds, uses, generator_ms, refilled } = run;
  const figures = {
    'orders/s': orders / seconds,
    'lines/s': lines / seconds,
    'p99 ms': latencyMs?.p99 ?? Infinity,
  };
  const coresOf = (cpuMs: number) => cpuMs / 1_000 / seconds;
  const cores = Object.fromEntries([
    ...uses.map(({ hop, cpuMs }) => [hop, coresOf(cpuMs)] as const),
    [GENERATOR, coresOf(generator_ms)],
  ]);
  const perLine = (isOf: (hop: string) => boolean) =>
    uses.reduce((sum, { hop, cpuMs }) => (isOf(hop) ? sum + (1_000 * cpuMs) / lines : sum), 0);
  return {
    ...{ name: asked.name, title: asked.title, orders, lines, seconds, latencyMs, refilled },
    ordersPerSecond: figures['orders/s'],
    linesPerSecond: figures['lines/s'],
    calls: await readCallSizes(databaseUrl, run.since),
    cores,
    lineCost_us: {
      node: perLine((hop) => hop === 'inventory'),
      postgres: perLine((hop) => hop.startsWith('postgres')),
    },
    othersCores: Math.max(0, run.coresBusy - Object.values(cores).reduce((sum, used) => sum + used, 0)),
    database: await databaseSettings(databaseUrl),
    aim: `${asked.aim.of === 'p99 ms' ? '≤' : '≥'} ${asked.aim.value} ${asked.aim.of}`,
    aimReached: reached(asked.aim, figures[asked.aim.of]),
    statements: run.profileFolder === null ? [] : await readStatements(databaseUrl),
  };
}

async function databaseSettings(databaseUrl: string): Promise<Record<string, string | number>> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    return { ...(await readSettings(sql)) };
  } finally {
    await sql.end({ timeout: 2 });
  }
}
