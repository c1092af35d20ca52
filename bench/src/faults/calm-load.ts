// The calm load of a fault run: real orders on a fixed schedule, each sent until it is decided, some sent twice under one
// key, everything journalled. It measures attempts, for the outage is what a client sees.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientJournal, openClientJournal } from '../journal/client-journal.ts';
import { journalFolder } from '../platform/run-file.ts';
import { type Attempt, type OrderDoor, type Outcome, openOrderDoor } from '../replay/placing.ts';
import { keyPrefixOf, type PreparedOrder, prepareOrders, realOrders } from '../replay/prepared-orders.ts';
import type { Pause } from './outage.ts';

/** More than any run sends: beyond it the data set begins again under other PO numbers. */
const ORDERS_PREPARED = 4_000;
const CARD_SHARE = 0.15;
/** Share of orders whose request is sent a second time after its answer: the platform must recognise it. */
const TWIN_SHARE = 0.08;
const CONNECTIONS = 64;
/** Orders under way at once: in a long outage later ones wait in the generator, and the wait shows as silence. */
const UNDER_WAY_MAX = 400;
const HELD_LOOK_MS = 20;
/** An order that has no answer so long after the last was sent has none to expect. */
const PATIENCE_MS = 60_000;

export interface CalmLoad {
  readonly attempts: readonly Attempt[];
  /** When nothing was sent on purpose. */
  readonly pauses: readonly Pause[];
  readonly counts: () => LoadCounts;
  /** Sends nothing new until resumed; what is under way goes on. */
  readonly hold: () => Promise<void>;
  readonly resume: () => void;
  /** Ends the schedule, waits for what is under way and closes the journal. */
  readonly stop: () => Promise<void>;
}

export interface LoadCounts {
  readonly sent: number;
  readonly acknowledged: number;
  readonly replayed: number;
  readonly refused: number;
  readonly unknown: number;
}

export interface CalmLoadOptions {
  readonly gatewayUrl: string;
  readonly dataDir: string;
  readonly token: string;
  /** Names the run: its keys, PO numbers and journal. */
  readonly run: string;
  readonly ordersPerSecond: number;
  readonly draw: () => number;
}

type Schedule = { state: 'running' | 'held' | 'stopped'; readonly underWay: Set<Promise<void>> };
type Tally = { -readonly [Name in keyof LoadCounts]: LoadCounts[Name] };

/** Begins at once. */
export async function startCalmLoad(options: CalmLoadOptions): Promise<CalmLoad> {
  const { run, draw } = options;
  const orders = await prepareOrders(realOrders(), {
    run,
    orders: ORDERS_PREPARED,
    cardShare: CARD_SHARE,
    draw,
  });
  const attempts: Attempt[] = [];
  const journal = openClientJournal(join(journalFolder(options.dataDir), `client-${run}.ndjson`));
  const door = openOrderDoor(options.gatewayUrl, options.token, CONNECTIONS, draw, (attempt) =>
    attempts.push(attempt),
  );
  const tally: Tally = { sent: 0, acknowledged: 0, replayed: 0, refused: 0, unknown: 0 };
  const pauses: Pause[] = [];
  const schedule: Schedule = { state: 'running', underWay: new Set() };
  const following = follow(schedule, orders, options, (order) =>
    sendOne(door, journal, order, tally, draw() < TWIN_SHARE),
  );
  let heldFrom = 0;
  return {
    attempts,
    pauses,
    counts: () => ({ ...tally }),
    hold: async () => {
      heldFrom = performance.now();
      schedule.state = 'held';
      await Promise.all(schedule.underWay);
    },
    resume: () => {
      if (schedule.state === 'held') pauses.push({ from: heldFrom, until: performance.now() });
      schedule.state = 'running';
    },
    stop: async () => {
      schedule.state = 'stopped';
      await following;
      const settled = Promise.all(schedule.underWay).then(() => true);
      const isSettled = await Promise.race([settled, sleep(PATIENCE_MS, false, { ref: false })]);
      if (!isSettled) await door.giveUp();
      await settled;
      journal.append({ kind: 'complete', keyPrefix: keyPrefixOf(run), at: new Date().toISOString() });
      journal.close();
      if (isSettled) await door.close();
    },
  };
}

/** Sends order after order on the schedule, whatever the answers do, until it is stopped. */
async function follow(
  schedule: Schedule,
  orders: readonly PreparedOrder[],
  { ordersPerSecond }: CalmLoadOptions,
  send: (order: PreparedOrder) => Promise<void>,
): Promise<void> {
  const begin = performance.now();
  let skipped = 0;
  for (const [index, order] of orders.entries()) {
    const due = begin + skipped + (index * 1000) / ordersPerSecond;
    await sleep(Math.max(0, due - performance.now()));
    const heldSince = performance.now();
    await whileHeld(schedule);
    skipped += performance.now() - heldSince;
    if (isStopped(schedule)) return;
    if (schedule.underWay.size >= UNDER_WAY_MAX) continue;
    const sending = send(order).finally(() => schedule.underWay.delete(sending));
    schedule.underWay.add(sending);
  }
}

const isStopped = (schedule: Schedule) => schedule.state === 'stopped';

async function whileHeld(schedule: Schedule): Promise<void> {
  while (schedule.state === 'held') await sleep(HELD_LOOK_MS);
}

async function sendOne(
  door: OrderDoor,
  journal: ClientJournal,
  order: PreparedOrder,
  tally: Tally,
  isTwin: boolean,
): Promise<void> {
  const { key, partnerId, poNumber, linesDigest } = order;
  journal.append({ kind: 'sent', key, partnerId, poNumber, linesDigest, at: new Date().toISOString() });
  tally.sent += 1;
  for (let time = 0; time < (isTwin ? 2 : 1); time += 1) {
    const outcome = await door.place(order.body);
    count(tally, outcome);
    journal.append({ ...journalled(outcome), key, at: new Date().toISOString() });
  }
}

function count(tally: Tally, outcome: Outcome): void {
  tally[outcome.kind] += 1;
  if (outcome.kind === 'acknowledged' && outcome.replayed) tally.replayed += 1;
}

function journalled(outcome: Outcome) {
  if (outcome.kind !== 'acknowledged') return { kind: outcome.kind, codes: [...outcome.codes] };
  const { kind, orderId, number, totalMinor } = outcome;
  return { kind, orderId, number, totalMinor };
}
