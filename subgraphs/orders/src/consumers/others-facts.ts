// What orders hears: facts of inventory, payments and fulfillment become commands to the order they tell of.
import type { Inbox, NewEvent, Sql } from '@crossdock/event-store';
import type { ArrivedEvent, Consumer } from '@crossdock/messaging';
import { eventsOf } from '../command-handlers/own-facts.ts';
import { orderDecider } from '../domain/order.ts';
import type { SkuQuantities } from '../domain/order-book.ts';
import { isUntold, type OrderCommand, type OrderEvent } from '../domain/order-state.ts';
import {
  applyProgress,
  loadLeftShipments,
  loadPlacedLines,
  loadProgress,
  type OrderProgress,
} from '../store/progress.ts';
import {
  type Arrived,
  commandOf,
  HEARD_SOURCES,
  isOfSomeLines,
  orderIdOf,
  productsOf,
  readHeard,
  timelineOf,
  wants,
  withoutLeft,
} from './heard-facts.ts';

type Told = Readonly<{ arrived: ArrivedEvent; orderId: string; command: OrderCommand | null }>;

function toldOf({ arrived, fact }: Arrived): Told[] {
  const orderId = orderIdOf(fact.data);
  return orderId === null ? [] : [{ arrived, orderId, command: commandOf(fact) }];
}

function decide(order: OrderProgress, command: OrderCommand): readonly OrderEvent[] {
  const decision = orderDecider.decide(command, order.state);
  return decision.accepted ? decision.events : [];
}

function evolved(order: OrderProgress, events: readonly OrderEvent[]): OrderProgress {
  return events.length === 0 ? order : { ...order, state: events.reduce(orderDecider.evolve, order.state) };
}

/** What is told once the shipments that left are known, by our own log or by what was heard before it in this batch. */
async function withoutShipmentsLeft(sql: Sql, told: readonly Told[]): Promise<readonly Told[]> {
  const losing = told.filter(({ command }) => command?.type === 'NoteUnitsMissing');
  if (losing.length === 0) return told;
  const left = new Set(await loadLeftShipments(sql, [...new Set(losing.map(({ orderId }) => orderId))]));
  return told.map((each) => {
    const { command } = each;
    if (command?.type === 'NoteShipment') left.add(command.data.shipmentId);
    return command === null ? each : { ...each, command: withoutLeft(command, left) };
  });
}

/** Takes one fact in memory: the order's next state, and the events to log. */
function take(
  order: OrderProgress,
  { arrived, command }: Told,
  placed: SkuQuantities | undefined,
  events: NewEvent[],
): OrderProgress {
  if (command === null) return order;
  const opened =
    placed !== undefined && order.state.book === null && isOfSomeLines(command)
      ? evolved(order, decide(order, { type: 'OpenBook', data: { placed } }))
      : order;
  const decided = decide(opened, command);
  // What came back with a restored log was decided then: only what no fact of ours tells is noted.
  if (arrived.isRecorded) return evolved(opened, decided.filter(isUntold));
  const { id, metadata } = arrived.event;
  const trace = metadata.traceparent === undefined ? {} : { traceparent: metadata.traceparent };
  const cause = { id, metadata: { causationId: id, correlationId: order.orderId, ...trace } };
  events.push(...eventsOf(opened, decided, cause));
  return evolved(opened, decided);
}

/** The placed lines of orders that are told of some of their lines for the first time; ordinary days ask for none. */
async function linesToOpen(
  sql: Sql,
  told: readonly Told[],
  orders: ReadonlyMap<string, OrderProgress>,
): Promise<ReadonlyMap<string, SkuQuantities>> {
  const opening = told.filter(
    ({ orderId, command }) =>
      command !== null && isOfSomeLines(command) && orders.get(orderId)?.state.book === null,
  );
  const orderIds = new Set(opening.map(({ orderId }) => orderId));
  return orderIds.size === 0 ? new Map() : loadPlacedLines(sql, [...orderIds]);
}

async function applyFacts(
  { sql, onHeld }: OthersFactsOptions,
  arrivals: readonly ArrivedEvent[],
  inbox: Inbox,
): Promise<void> {
  const facts = readHeard(arrivals);
  const told = await withoutShipmentsLeft(sql, facts.flatMap(toldOf));
  const orderIds = new Set(told.map(({ orderId }) => orderId));
  const before =
    orderIds.size === 0 ? new Map<string, OrderProgress>() : await loadProgress(sql, [...orderIds].sort());
  const placed = await linesToOpen(sql, told, before);
  const after = new Map(before);
  const events: NewEvent[] = [];
  for (const each of told) {
    const { orderId, arrived } = each;
    const order = after.get(orderId);
    if (order === undefined)
      throw new Error(`${arrived.source} tells of order ${orderId}, which is not here`);
    after.set(orderId, take(order, each, placed.get(orderId), events));
  }
  const changes = [...after.values()]
    .filter((order) => before.get(order.orderId) !== order)
    .sort((left, right) => (left.orderId < right.orderId ? -1 : 1))
    .map(({ orderId, state }) => ({ orderId, state, expected: before.get(orderId)?.state.version ?? 0 }));
  const changedIn = (part: 'early' | 'book' | 'missing' | 'heldPayments') =>
    changes.filter(({ orderId, state }) => before.get(orderId)?.state[part] !== state[part]);
  await applyProgress(sql, {
    inbox,
    changes,
    early: changedIn('early'),
    books: changedIn('book'),
    missing: changedIn('missing'),
    heldPayments: changedIn('heldPayments'),
    products: productsOf(facts),
    timeline: timelineOf(facts),
    events,
  });
  for (const { orderId, state } of changes) {
    if (state.hold !== null && state.hold !== before.get(orderId)?.state.hold) onHeld(state.hold.owner);
  }
}

export type OthersFactsOptions = Readonly<{
  sql: Sql;
  /** Called after the commit for each order that was put on hold. */
  onHeld: (owner: string) => void;
}>;

/** The consumer of the other three subgraphs. */
export function createOthersFactsConsumer(options: OthersFactsOptions): Consumer {
  return {
    name: 'orders',
    sources: HEARD_SOURCES,
    wants,
    keyOf: (event) => orderIdOf(event.data) ?? event.stream,
    apply: (events, inbox) => applyFacts(options, events, inbox),
  };
}
