// The same two things done to each platform, one after the other: the race for the last units, and a plain load.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openMedusa } from '../../../peers/medusa/medusa.ts';
import { ANSWER_LIMIT_MS } from '../../../peers/open-pool.ts';
import { type Bought, type PeerOptions, type PeerShop, PLAIN_PRODUCTS } from '../../../peers/peer.ts';
import { openVendure } from '../../../peers/vendure/vendure.ts';
import { createLatencies } from '../../platform/latencies.ts';
import { showProgress } from '../../replay/progress.ts';
import { seededDraw } from '../../replay/seeded-draw.ts';
import type { RaceOptions } from '../options.ts';
import { openCrossdock } from './crossdock.ts';
import type { LoadCount, PeerResult, RaceCount } from './peer-table.ts';

const CLIENTS = 32;
const LINES = 3;
/** Sessions that are opened at the same time before a race. */
const OPENING_AT_ONCE = 8;
/** What was promised late is in the tables by then. */
const REST_MS = 3_000;
/** A race that takes longer has no more buyers. */
const RACE_LIMIT_MS = 240_000;

export interface Ends {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Measures the peers that are asked for, ours first; none where no peer is. */
export async function comparePeers(
  options: RaceOptions,
  { say, signal }: Ends,
): Promise<readonly PeerResult[]> {
  if (options.peers.length === 0) return [];
  const openers = { vendure: openVendure, medusa: openMedusa };
  const results: PeerResult[] = [];
  const optionsOf = (name: string): PeerOptions => ({
    ...{ folder: join(options.scratch, name), contestedStock: options.stock, say, signal },
  });
  const opens = [
    () => openCrossdock(optionsOf('crossdock'), options.buyers),
    ...options.peers.map((name) => () => openers[name](optionsOf(name))),
  ];
  for (const open of opens) {
    if (signal.aborted) break;
    const shop = await open();
    try {
      results.push(await measured(shop, options, say));
    } finally {
      await shop.stop();
    }
  }
  return results;
}

async function measured(shop: PeerShop, options: RaceOptions, say: Ends['say']): Promise<PeerResult> {
  const { name, version, setUp } = shop;
  say(`${name}: ${options.buyers} buyers for ${options.stock} units`);
  const race = await raced(shop, options);
  say(
    `${name}: ${race.sold} sold, ${race.recorded} recorded; ${options.loadSeconds} s of orders of ${LINES} lines`,
  );
  const load = await loaded(shop, options);
  say(`${name}: ${(load.orders / load.seconds).toFixed(1)} orders/s`);
  return { name, version, setUp, race, load };
}

/** Buyers come as fast as those before them are answered, so many at a time; who is left when time is up came for nothing. */
async function raced(shop: PeerShop, options: RaceOptions): Promise<RaceCount> {
  const { buyers, stock, atOnce } = options;
  const racers = await inTurns(buyers, (index) => shop.buyer(index));
  const errors = createCounts();
  let sold = 0;
  let served = 0;
  const begin = performance.now();
  const line = racers.values();
  const progress = showProgress(() => ({ done: served, total: buyers, words: 'buyers answered' }));
  const serve = async () => {
    for (const racer of line) {
      if (performance.now() - begin > RACE_LIMIT_MS) {
        errors.add('no time left');
        continue;
      }
      const bought = await withinLimit(racer.buy([{ product: 0, quantity: 1 }]));
      if (bought === 'sold') sold += 1;
      else if (bought !== 'short') errors.add(bought.error);
      served += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, buyers) }, serve)).finally(progress.stop);
  const seconds = (performance.now() - begin) / 1_000;
  await sleep(REST_MS);
  return {
    buyers,
    atOnce,
    inStock: stock,
    sold,
    recorded: await shop.recorded(),
    errors: errors.read(),
    seconds,
  };
}

/** A closed loop: each client sends its next order when the last is answered. What is answered in the first tenth warms up. */
async function loaded(shop: PeerShop, { loadSeconds, seed, buyers }: RaceOptions): Promise<LoadCount> {
  const clients = await inTurns(CLIENTS, (index) => shop.buyer(buyers + index));
  const latencies = createLatencies();
  const errors = createCounts();
  const begin = performance.now() + (loadSeconds * 1_000) / 10;
  const end = begin + loadSeconds * 1_000;
  let inTime = 0;
  const elapsed_s = () => Math.min(loadSeconds, Math.max(0, Math.round((performance.now() - begin) / 1_000)));
  const progress = showProgress(() => ({
    done: elapsed_s(),
    total: loadSeconds,
    words: `s, ${inTime} orders`,
  }));
  await Promise.all(
    clients.map(async (client, index) => {
      const draw = seededDraw(seed + index);
      while (performance.now() < end) {
        const since = performance.now();
        const bought = await withinLimit(client.buy(drawnLines(draw)));
        const at = performance.now();
        if (at < begin) continue;
        if (bought !== 'sold') errors.add(bought === 'short' ? 'short' : bought.error);
        else latencies.note(at - since);
        if (bought === 'sold' && at <= end) inTime += 1;
      }
    }),
  ).finally(progress.stop);
  return { orders: inTime, seconds: loadSeconds, latencyMs: latencies.read(), errors: errors.read() };
}

/** A buyer who has no answer by then goes away. */
function withinLimit(buying: Promise<Bought>): Promise<Bought> {
  const gone = sleep(ANSWER_LIMIT_MS, { error: 'no answer in time' } as const, { ref: false });
  return Promise.race([buying, gone]);
}

function createCounts() {
  const counts = new Map<string, number>();
  return {
    add: (word: string) => void counts.set(word, (counts.get(word) ?? 0) + 1),
    read: () => Object.fromEntries(counts),
  };
}

/** Distinct products of which there are plenty. */
function drawnLines(draw: () => number) {
  const start = Math.floor(draw() * PLAIN_PRODUCTS);
  const step = 1 + Math.floor(draw() * (PLAIN_PRODUCTS / LINES - 1));
  return Array.from({ length: LINES }, (_, index) => ({
    product: 1 + ((start + index * step) % PLAIN_PRODUCTS),
    quantity: 1 + Math.floor(draw() * 5),
  }));
}

async function inTurns<Made>(
  count: number,
  make: (index: number) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  for (let from = 0; from < count; from += OPENING_AT_ONCE) {
    const some = Array.from({ length: Math.min(OPENING_AT_ONCE, count - from) }, (_, index) =>
      make(from + index),
    );
    made.push(...(await Promise.all(some)));
  }
  return made;
}
