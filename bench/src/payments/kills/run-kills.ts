// The storm of kills under a load of real orders; then everything comes to rest, and everybody's books are compared.
import { setTimeout as sleep } from 'node:timers/promises';
import { openClaimants } from '../../race/claimants.ts';
import { createDeeds, type DeedCounts } from '../../race/race.ts';
import { runLoad } from '../../replay/load.ts';
import { showProgress } from '../../replay/progress.ts';
import { seededDraw } from '../../replay/seeded-draw.ts';
import { type Evidence, startEvidence } from '../../stage/evidence-meter.ts';
import { readBooksAtRest } from '../books.ts';
import { countMoney, type MoneyCounts } from '../counting.ts';
import { type CustomerCounts, type Customers, openCustomers } from '../customers.ts';
import type { PaymentsGround } from '../ground.ts';
import { leastAtStep, type StepCount, stepName } from './steps.ts';
import { runStorm, type Storm } from './storm.ts';

/** Calm: what waits while payments is dead has to be caught up with before it dies again. */
const ORDERS_PER_SECOND = 5;
/** More than the longest storm places. */
const ORDERS_MAX = 4_000;
/** Something is captured and can be refunded by then. */
const CALM_MS = 10_000;
const EXAMPLES = 5;

export interface KillRun extends Storm {
  readonly seed: number;
  readonly took_s: number;
  readonly customers: CustomerCounts;
  readonly money: MoneyCounts;
  readonly deeds: DeedCounts;
  readonly evidence: Evidence;
  /** Sentences about what was promised and not kept; empty when all is well. */
  readonly problems: readonly string[];
}

export interface KillOptions {
  readonly ground: PaymentsGround;
  readonly kills: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Runs and judges; rejects only when the harness itself is broken. */
export async function runKills({ ground, kills, seed, signal, say }: KillOptions): Promise<KillRun> {
  const { cluster, provider } = ground;
  const begin = performance.now();
  const run = `kills-${seed.toString(36)}`;
  const draw = seededDraw(seed);
  const access = { gatewayUrl: cluster.gatewayUrl, token: ground.erpToken, run, draw };
  const customers = openCustomers({ ...access, dataDir: cluster.dataDir });
  const claimants = openClaimants(access);
  const deeds = createDeeds();
  const meter = await startEvidence(cluster);
  const load = startLoad(ground, customers);
  let now = { done: 0, total: kills, words: 'kills' };
  const progress = showProgress(() => now);
  try {
    await sleep(CALM_MS);
    const storm = await runStorm({
      stage: { cluster, provider, claimants, customers, deeds, draw, refunded: new Set() },
      ...{ kills, signal },
      onRound: (done, total, step) => {
        now = { done, total, words: `kills; next ${step}` };
      },
    }).finally(progress.stop);
    await load.stop();
    await customers.close();
    const money = countMoney(await readBooksAtRest(cluster, customers.placed, say));
    const evidence = await meter.stop(0);
    const found = { ...storm, seed, took_s: (performance.now() - begin) / 1_000, deeds: deeds.read() };
    const problems = problemsOf(storm, kills, money, customers.counts(), evidence);
    return { ...found, customers: customers.counts(), money, evidence, problems };
  } finally {
    await load.stop();
    await provider.setMode({ mode: 'none' });
    await provider.release('go-on');
    await claimants.close();
  }
}

/** Places orders on a fixed schedule until it is stopped. */
function startLoad(ground: PaymentsGround, customers: Customers): Readonly<{ stop: () => Promise<void> }> {
  const stopping = new AbortController();
  const orders = ground.nextOrders(ORDERS_MAX);
  const loading = runLoad({
    ...{ count: ORDERS_MAX, rate: ORDERS_PER_SECOND, inFlight: 1, now: () => performance.now() },
    signal: stopping.signal,
    send: async (index) => {
      const order = orders[index];
      if (order !== undefined) await customers.place(order);
    },
  });
  return {
    stop: async () => {
      stopping.abort();
      await loading;
    },
  };
}

function problemsOf(
  storm: Storm,
  kills: number,
  money: MoneyCounts,
  customers: CustomerCounts,
  evidence: Evidence,
): string[] {
  const missed = (step: StepCount) => `only ${step.kills} kills ${stepName(step)}`;
  return [
    ...(storm.cutShort === null ? [] : [`the storm was cut short: ${storm.cutShort}`]),
    ...(storm.kills < kills ? [`${storm.kills} kills with a call in flight, ${kills} were wanted`] : []),
    ...storm.steps.filter((step) => step.kills < leastAtStep(kills)).map(missed),
    ...(money.chargedTwice > 0 ? [`charged twice: ${money.chargedTwice}`] : []),
    ...(money.disagreeing > 0 ? [`books that disagree: ${money.disagreeing}`] : []),
    ...(money.notFinal > 0 ? [`orders neither final nor owned: ${money.notFinal}`] : []),
    ...money.breaches.slice(0, EXAMPLES),
    ...(customers.unknown > 0 ? [`${customers.unknown} orders' fate is unknown to their client`] : []),
    ...(evidence.leases < storm.kills ? [`no evidence: leases moved ${evidence.leases}`] : []),
  ];
}
