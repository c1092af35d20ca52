import { join } from 'node:path';
import postgres, { type Sql } from 'postgres';
import { type ClientJournal, openClientJournal } from '../journal/client-journal.ts';
import { CannotRun } from '../platform/cannot-run.ts';
import { type CpuMeter, type HopUse, startCpuMeter } from '../platform/cpu-meter.ts';
import { readSettings } from '../platform/database-settings.ts';
import { erpToken } from '../platform/erp-token.ts';
import { describeCommit, describeMachine } from '../platform/machine.ts';
import { journalFolder, type RunFile, readRunFile, SUBGRAPHS } from '../platform/run-file.ts';
import { figuresOf, type SentOrder } from './figures.ts';
import { runLoad } from './load.ts';
import type { ReplayOptions } from './options.ts';
import { type OrderState, watchOrders } from './order-watch.ts';
import { type Outcome, openOrderDoor } from './placing.ts';
import { keyPrefixOf, type PreparedOrder, prepareOrders, realOrders } from './prepared-orders.ts';
import { showProgress } from './progress.ts';
import { printReport, type ReplayResult, writeResult } from './report.ts';
import { seededDraw } from './seeded-draw.ts';

/** GUARANTEES 4: this long after the load ends every order is final or owned. */
const FINAL_WITHIN_MS = 120_000;
/** Sockets of the open model: more orders than this under way at once wait in the generator, and the wait counts. */
const OPEN_MODEL_CONNECTIONS = 256;
const HEALTH_TIMEOUT_MS = 3_000;

/** Runs one replay; answers the exit code: 0, or 1 when an order's fate is unknown or it did not become final. */
export async function replay(options: ReplayOptions, signal: AbortSignal): Promise<number> {
  const platform = readRunFile(options.dataDir);
  const gatewayUrl = options.url ?? platform.gatewayUrl;
  await requireHealthy(gatewayUrl);
  const token = await erpToken(options.dataDir);
  const startedAt = new Date();
  const run = Math.floor(startedAt.getTime() / 1000).toString(36);
  const { orders: count, cardShare } = options;
  const orders = await prepareOrders(realOrders(), {
    run,
    orders: count,
    cardShare,
    draw: seededDraw(options.seed),
  });
  const sql = postgres(platform.databaseUrls.orders, { max: 1, connection: { application_name: 'replay' } });
  try {
    const meter = startCpuMeter(
      { ...platform.pids, generator: process.pid },
      Object.values(platform.databaseUrls),
    );
    const journal = openClientJournal(join(journalFolder(options.dataDir), `client-${run}.ndjson`));
    const sent = await sendAll({ options, gatewayUrl, token, run, orders, journal }, signal);
    const states = options.wait ? await waitForAll(sql, sent, signal) : [];
    const result = await resultOf({ options, platform, run, startedAt, sent, states, meter });
    printReport(result, await writeResult(result, options.label));
    return exitCodeOf(result, signal);
  } finally {
    await sql.end();
  }
}

function exitCodeOf({ figures, settings: { wait } }: ReplayResult, signal: AbortSignal): number {
  if (signal.aborted) return 130;
  const open = wait ? figures.accepted - figures.final : 0;
  return open > 0 || Object.keys(figures.unknown).length > 0 ? 1 : 0;
}

async function requireHealthy(gatewayUrl: string): Promise<void> {
  try {
    const response = await fetch(new URL('/healthz', gatewayUrl), {
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    if (response.ok) return;
  } catch {
    // Said below: whatever kept the gateway from answering, the remedy is the same.
  }
  throw new CannotRun(`No gateway answers at ${gatewayUrl}: run \`npm start\` first.`);
}

interface Sending {
  readonly options: ReplayOptions;
  readonly gatewayUrl: string;
  readonly token: string;
  readonly run: string;
  readonly orders: readonly PreparedOrder[];
  readonly journal: ClientJournal;
}

async function sendAll(
  { options, gatewayUrl, token, run, orders, journal }: Sending,
  signal: AbortSignal,
): Promise<readonly SentOrder[]> {
  const connections = options.rate === 'max' ? options.inFlight : OPEN_MODEL_CONNECTIONS;
  const door = openOrderDoor(gatewayUrl, token, connections, seededDraw(options.seed + 1));
  const sent: SentOrder[] = [];
  let refused = 0;
  const progress = showProgress(() => ({
    done: sent.length,
    total: orders.length,
    words: `answered, ${refused} refused`,
  }));
  const wallClock = Date.now() - performance.now();
  const now = () => wallClock + performance.now();
  const send = async (index: number, intendedStart: number) => {
    const order = orders[index];
    if (order === undefined) return;
    const { key, partnerId, poNumber, linesDigest, lineCount } = order;
    journal.append({ kind: 'sent', key, partnerId, poNumber, linesDigest, at: new Date().toISOString() });
    const outcome = await door.place(order.body);
    sent.push({ key, lineCount, intendedStart, answeredAt: now(), outcome });
    if (outcome.kind !== 'acknowledged') refused += 1;
    journal.append({ ...journalled(outcome), key, at: new Date().toISOString() });
  };
  try {
    await runLoad({
      count: orders.length,
      rate: options.rate,
      inFlight: options.inFlight,
      now,
      signal,
      send,
    });
    journal.append({ kind: 'complete', keyPrefix: keyPrefixOf(run), at: new Date().toISOString() });
  } finally {
    progress.stop();
    journal.close();
    await door.close();
  }
  return sent;
}

function journalled(outcome: Outcome) {
  if (outcome.kind !== 'acknowledged') return { kind: outcome.kind, codes: [...outcome.codes] };
  const { kind, orderId, number, totalMinor, replayed } = outcome;
  return { kind, orderId, number, totalMinor, replayed };
}

async function waitForAll(sql: Sql, sent: readonly SentOrder[], signal: AbortSignal): Promise<OrderState[]> {
  const orderIds = sent.flatMap(({ outcome }) => (outcome.kind === 'acknowledged' ? [outcome.orderId] : []));
  let final = 0;
  const progress = showProgress(() => ({ done: final, total: orderIds.length, words: 'final' }));
  const onLook = (count: number) => {
    final = count;
  };
  try {
    return await watchOrders(sql, { orderIds, until: Date.now() + FINAL_WITHIN_MS, signal, onLook });
  } finally {
    progress.stop();
  }
}

interface Seen {
  readonly options: ReplayOptions;
  readonly platform: RunFile;
  readonly run: string;
  readonly startedAt: Date;
  readonly sent: readonly SentOrder[];
  readonly states: readonly OrderState[];
  readonly meter: CpuMeter;
}

async function resultOf({
  options,
  platform,
  run,
  startedAt,
  sent,
  states,
  meter,
}: Seen): Promise<ReplayResult> {
  const uses = meter.stop();
  const figures = figuresOf(sent, states);
  const { orders, rate, inFlight, cardShare, seed, wait } = options;
  return {
    what: 'replay',
    run,
    startedAt: startedAt.toISOString(),
    commit: await describeCommit(),
    machine: describeMachine(),
    databases: await databaseSettings(platform),
    settings: { orders, rate, inFlight: rate === 'max' ? inFlight : null, cardShare, seed, wait },
    figures,
    ...meter.machineUse(figures.lastAt),
    hops: hopsOf(uses, figures.accepted),
  };
}

async function databaseSettings(platform: RunFile): Promise<ReplayResult['databases']> {
  const read = async (url: string) => {
    const sql = postgres(url, { max: 1 });
    return readSettings(sql).finally(() => sql.end());
  };
  const entries = SUBGRAPHS.map(async (name) => [name, await read(platform.databaseUrls[name])] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function hopsOf(uses: readonly HopUse[], orders: number): ReplayResult['hops'] {
  return uses.map(({ hop, cpuMs, memoryKib }) => ({
    hop,
    cpuMsPerOrder: orders === 0 ? 0 : cpuMs / orders,
    memoryMib: memoryKib / 1024,
  }));
}
