import { derivedId, type NewEvent, remindLetters, type Sql } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import { type Deadlines, type Due, dueOf, shortestDeadlineS } from '../domain/deadline.ts';
import { orderDecider } from '../domain/order.ts';
import { FINAL_STAGES, type Hold, type OrderState, stageOf } from '../domain/order-state.ts';
import type { OrderProgress } from '../store/progress.ts';
import {
  countStuck,
  type Look,
  loadDue,
  type WatchedOrder,
  watchPlaced,
  writeLooks,
} from '../store/watches.ts';
import type { WatchMetrics } from './watch-metrics.ts';

/** Events of each partition that one step through the log passes. */
const LOG_PAGE = 500;
/** Steps of one round: 5,000 events of each partition, several times what the platform says in the seconds between rounds. */
const LOG_PAGES_MAX = 10;
/** Orders looked at in one call. */
const DUE_PAGE = 200;
/** Calls of one round: 400 orders a second, more than are placed, so that even an outage of everything is caught up with. */
const DUE_PAGES_MAX = 10;
/** Orders' consumer, whose letters these are. */
const CONSUMER = 'orders';

export type WatchOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  metrics: WatchMetrics;
  deadlines: Deadlines;
  /** Says that something was appended, so that the relay looks at once. */
  poke: () => void;
}>;

type Decided = Readonly<{ watched: WatchedOrder; due: Due; look: Look; events: readonly NewEvent[] }>;

/**
 * One round: takes in the orders that came of age, then looks at all that are due. It reminds those who owe the next step,
 * then holds the order with an owner. Rejects with LEASE_LOST under an old epoch, and then nothing more was written.
 */
export async function watchOrders(options: WatchOptions, epoch: number): Promise<void> {
  await takeInPlaced(options, epoch);
  for (let page = 0; page < DUE_PAGES_MAX; page += 1) {
    const due = await loadDue(options.sql, DUE_PAGE);
    if (due.length > 0) await lookAt(options, epoch, due);
    if (due.length < DUE_PAGE) break;
  }
  options.metrics.overdue.reset();
  for (const { status, count } of await countStuck(options.sql))
    options.metrics.overdue.set({ status }, count);
}

async function takeInPlaced({ sql, deadlines }: WatchOptions, epoch: number): Promise<void> {
  const step = { ageS: shortestDeadlineS(deadlines), limit: LOG_PAGE, final: FINAL_STAGES };
  for (let page = 0; page < LOG_PAGES_MAX; page += 1) {
    if ((await watchPlaced(sql, epoch, step)) < LOG_PAGE) return;
  }
}

async function lookAt(options: WatchOptions, epoch: number, due: readonly WatchedOrder[]): Promise<void> {
  const decided = due
    .map((watched) => decide(watched, options.deadlines))
    .sort((left, right) => (left.look.orderId < right.look.orderId ? -1 : 1));
  const looks = decided.map((each) => each.look);
  const events = decided.flatMap((each) => each.events);
  const written = await writeLooks(options.sql, epoch, looks, events);
  if (events.length > 0) options.poke();
  await retryOwnLetters(options.sql, decided);
  for (const each of decided) if (written.has(each.look.orderId)) report(options, each);
}

/** What an order waits for may lie among the dead letters of orders itself; the other subgraphs hear the reminder. */
async function retryOwnLetters(sql: Sql, decided: readonly Decided[]): Promise<void> {
  const reminders = decided.flatMap(({ due, look }) =>
    due.type === 'Remind' ? [{ key: look.orderId, reason: `reminder ${due.reminder}` }] : [],
  );
  if (reminders.length > 0) await remindLetters(sql, CONSUMER, reminders);
}

function decide(watched: WatchedOrder, deadlines: Deadlines): Decided {
  const { order, paymentMethod, said, waitedS, reminders } = watched;
  const due = dueOf({ state: order.state, paymentMethod, waitedS, reminders }, deadlines);
  const { version, status } = order.state;
  const still: Look = {
    ...{ orderId: order.orderId, expected: version, version, reminders, said, held: null },
    lookAfterS: due.type === 'Forget' ? null : due.lookAfterS,
    isStuck: status === 'ON_HOLD' || reminders > 0,
  };
  if (due.type === 'Remind') {
    const look = { ...still, reminders: due.reminder, said: said + 1, isStuck: true };
    return { watched, due, look, events: [reminded(order, due.reminder, said + 1)] };
  }
  if (due.type !== 'Hold') return { watched, due, look: still, events: [] };
  const after = heldState(order.state, due.hold);
  const held = after.heldFrom === null ? null : { from: after.heldFrom, hold: due.hold };
  const look = { ...still, version: after.version, reminders: 0, isStuck: true, held };
  return { watched, due, look, events: [heldFact(order, due.hold, after.version)] };
}

/** The rule of orders has the last word on a hold, as on every fact of theirs. */
function heldState(state: OrderState, hold: Hold): OrderState {
  const decision = orderDecider.decide({ type: 'HoldOrder', data: hold }, state);
  return decision.accepted ? decision.events.reduce(orderDecider.evolve, state) : state;
}

function reminded(order: OrderProgress, reminder: number, version: number): NewEvent {
  const { orderId, partnerId, number, partition, state } = order;
  return {
    ...{ partition, category: 'order-reminder', streamId: orderId, version, type: 'OrderReminded' },
    id: derivedId(orderId, 'OrderReminded', version),
    data: { orderId, partnerId, number, status: stageOf(state), reminder },
    metadata: { correlationId: orderId },
  };
}

function heldFact(order: OrderProgress, hold: Hold, version: number): NewEvent {
  const { orderId, partnerId, number, partition } = order;
  return {
    ...{ partition, category: 'order', streamId: orderId, version, type: 'OrderHeld' },
    id: derivedId(orderId, 'OrderHeld', version),
    data: { orderId, partnerId, number, ...hold },
    metadata: { correlationId: orderId },
  };
}

function report({ logger, metrics }: WatchOptions, { watched: { order, waitedS }, due }: Decided): void {
  const { orderId, number, state } = order;
  if (due.type === 'Remind') {
    metrics.reminders.inc();
    const { reminder } = due;
    logger.warn({ orderId, number, status: state.status, waitedS, reminder }, 'an order waits too long');
  }
  if (due.type === 'Hold') {
    metrics.held.inc({ owner: due.hold.owner });
    logger.error({ orderId, number, ...due.hold }, 'an order is on hold: its owner must act');
  }
}
