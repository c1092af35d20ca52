// One mode: a short calm, an outage, a while in which some requests still fail, then none; and what everybody's books say
// once all is final or owned.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatasetOrder } from '../dataset/index.ts';
import { openClaimants } from '../race/claimants.ts';
import { createDeeds } from '../race/race.ts';
import { runLoad } from '../replay/load.ts';
import { showProgress } from '../replay/progress.ts';
import { seededDraw } from '../replay/seeded-draw.ts';
import { type BreakerSpell, type BreakerWatch, spellsOf, watchBreakers } from '../stage/breaker-watch.ts';
import type { WebhookCounts } from '../stage/provider-control.ts';
import { readBooksAtRest } from './books.ts';
import { countMoney } from './counting.ts';
import { type Customers, openCustomers } from './customers.ts';
import { putGoodsApart, withGoods } from './far-goods.ts';
import type { PaymentsGround } from './ground.ts';
import type { ModeRun } from './mode-run.ts';
import type { FaultMode } from './modes.ts';
import { problemsOf } from './promises.ts';
import { startSecondThoughts } from './second-thoughts.ts';
import { replayWebhooksNow, startLosingAnswers } from './side-effects.ts';

/** Calls of every kind are under way by then. */
const CALM_MS = 5_000;
const OUTAGE_MS = 12_000;
/** Breakers promise to close by then; what fails afterwards is another fault. */
const RECOVERY_MS_MAX = 30_000;
const LOOK_EVERY_MS = 250;
/** The last orders are shipped and captured while some requests still fail. */
const TAIL_MS = 8_000;

export interface ModeRunOptions {
  readonly ground: PaymentsGround;
  readonly mode: FaultMode;
  readonly seed: number;
  readonly orders: number;
  readonly ordersPerSecond: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Runs and judges; rejects only when the harness itself is broken. */
export async function runMode(options: ModeRunOptions): Promise<ModeRun> {
  const { ground, mode, seed, say } = options;
  const { cluster, provider } = ground;
  const begin = performance.now();
  const run = `${mode.name.slice(0, 6)}-${seed.toString(36)}`;
  const draw = seededDraw(seed);
  const access = { gatewayUrl: cluster.gatewayUrl, token: ground.erpToken, run, draw };
  const customers = openCustomers({ ...access, dataDir: cluster.dataDir });
  const claimants = openClaimants(access);
  const deeds = createDeeds();
  const watch = await watchBreakers(cluster);
  const before = await provider.webhooks();
  const thoughts = startSecondThoughts({ cluster, claimants, deeds, draw, placed: customers.placed });
  try {
    const goods = mode.sendsTwice ? await putGoodsApart({ cluster, claimants }, run, options.orders) : [];
    const batch = ground.nextOrders(options.orders).map((order) => withGoods(order, goods));
    const breakers = await playMode({ ...options, batch }, customers, watch, thoughts.onPlaced);
    await thoughts.stop();
    await customers.close();
    const books = await readBooksAtRest(cluster, customers.placed, say);
    const after = await provider.webhooks();
    const found = {
      ...{ mode: mode.name, seed, took_s: (performance.now() - begin) / 1_000 },
      ...{ customers: customers.counts(), money: countMoney(books), attempts: books.attempts },
      ...{ renewals: books.renewals },
      ...{ deeds: deeds.read(), breakers },
      webhooks: mode.webhooks === undefined ? null : difference(before, after),
    };
    return { ...found, problems: problemsOf(found, mode) };
  } finally {
    await mended(options);
    watch.stop();
    await claimants.close();
  }
}

/** Places the orders while the provider goes through its phases; answers what the breakers did in the outage. */
async function playMode(
  options: ModeRunOptions & Readonly<{ batch: readonly DatasetOrder[] }>,
  customers: Customers,
  watch: BreakerWatch,
  onPlaced: ReturnType<typeof startSecondThoughts>['onPlaced'],
): Promise<readonly BreakerSpell[]> {
  const { ground, mode, seed, batch, orders, ordersPerSecond, signal, say } = options;
  const { provider, cluster } = ground;
  if (mode.webhooks !== undefined) await provider.setWebhooks(mode.webhooks);
  if (mode.terms !== undefined) await provider.setTerms(mode.terms);
  const { placed } = customers;
  const progress = showProgress(() => ({
    done: placed.length,
    total: orders,
    words: `orders, ${mode.name}`,
  }));
  const loading = runLoad({
    ...{ count: orders, rate: ordersPerSecond, inFlight: 1, now: () => performance.now(), signal },
    send: async (index) => {
      const order = batch[index];
      const taken = order === undefined ? null : await customers.place(order);
      if (taken !== null) onPlaced(taken);
    },
  }).finally(progress.stop);
  await sleep(CALM_MS);
  const spells = await outage(options, watch);
  say(`${mode.name}: ${100 * mode.aftermath.share} % of requests from now on`);
  await provider.setMode({ mode: mode.aftermath.mode, probability: mode.aftermath.share, seed });
  const losing = mode.losesAnswers ? startLosingAnswers(cluster, seededDraw(seed + 1)) : null;
  try {
    await loading;
    await sleep(TAIL_MS);
  } finally {
    await losing?.stop();
  }
  if (mode.webhooks !== undefined) await replayWebhooksNow(provider);
  await mended(options);
  return spells();
}

/** Nobody is answered for a while; then everybody, until what opened has closed. The figures are read when all is over. */
async function outage(
  { ground: { provider }, mode, seed, say }: ModeRunOptions,
  watch: BreakerWatch,
): Promise<() => readonly BreakerSpell[]> {
  if (mode.outage === null) {
    say(`${mode.name}: the provider answers all along, so there is no breaker to open`);
    return () => [];
  }
  say(`${mode.name}: every request, for ${OUTAGE_MS / 1_000} s`);
  const from = performance.now();
  await provider.setMode({ mode: mode.outage, seed });
  await sleep(OUTAGE_MS);
  await provider.setMode({ mode: 'none' });
  const until = performance.now();
  const read = () => spellsOf(watch.changes, from, until);
  while (performance.now() - until < RECOVERY_MS_MAX) {
    const spells = read();
    if (spells.length > 0 && spells.every(({ closed_s }) => closed_s !== null)) break;
    await sleep(LOOK_EVERY_MS);
  }
  const measured = read();
  return () => measured;
}

async function mended({ ground: { provider }, mode }: ModeRunOptions): Promise<void> {
  await provider.setMode({ mode: 'none' });
  if (mode.webhooks !== undefined) await provider.setWebhooks({});
  if (mode.terms !== undefined) await provider.setTerms({});
}

function difference(before: WebhookCounts, after: WebhookCounts): WebhookCounts {
  return {
    sent: after.sent - before.sent,
    accepted: after.accepted - before.accepted,
    refused: after.refused - before.refused,
    forgedSent: after.forgedSent - before.forgedSent,
    forgedAccepted: after.forgedAccepted - before.forgedAccepted,
    waiting: after.waiting,
  };
}
