import type { FeedEntry } from '../journal/feed-journal.ts';
import { counted, type Rows, type Verdict } from './verdict.ts';

/** A fact of an order as the log holds it. Rows come by order and version. */
export interface OrderFact {
  readonly orderId: string;
  readonly partnerId: string;
  readonly version: number;
  readonly type: string;
  /** When the log recorded it, in ms of the wall clock. */
  readonly recordedAt: number;
}

interface Subscriber {
  /** Whose orders it sees; null for everybody's. */
  readonly partnerId: string | null;
  /** When its feed first opened: what was recorded later must have been seen. */
  readonly openedAt: number;
  readonly seen: Map<string, Seen>;
}

interface Seen {
  readonly first: number;
  last: number;
  readonly types: string[];
}

interface Watched {
  readonly subscribers: ReadonlyMap<string, Subscriber>;
  readonly items: number;
  readonly drops: number;
  readonly breaches: string[];
}

/**
 * 16. What a resuming subscriber saw of each order is the order's versions, one after the other and each once, from where
 * the subscriber began to the head: at the latest with what was recorded after its feed opened.
 */
export async function checkLive(feeds: Rows<FeedEntry>, facts: Rows<OrderFact>): Promise<Verdict> {
  const { subscribers, items, drops, breaches } = await readFeeds(feeds);
  for await (const order of ordersOf(facts)) {
    for (const [name, subscriber] of subscribers) {
      const breach = orderBreach(order, subscriber);
      if (breach !== undefined) breaches.push(`${name}, order ${order.id}: ${breach}`);
      subscriber.seen.delete(order.id);
    }
  }
  for (const [name, { seen }] of subscribers) {
    for (const [id, { last }] of seen)
      breaches.push(`${name}, order ${id}: saw version ${last} of an order that is none`);
  }
  return {
    summary: `${counted(items, 'item')} to ${counted(subscribers.size, 'subscriber')}, dropped ${drops} times`,
    breaches,
  };
}

async function readFeeds(feeds: Rows<FeedEntry>): Promise<Watched> {
  const subscribers = new Map<string, Subscriber>();
  const breaches: string[] = [];
  let items = 0;
  let drops = 0;
  for await (const entry of feeds) {
    const { subscriber: name } = entry;
    if (entry.kind === 'opened' && !subscribers.has(name))
      subscribers.set(name, { partnerId: entry.partnerId, openedAt: Date.parse(entry.at), seen: new Map() });
    if (entry.kind === 'gap') breaches.push(`${name}: was told of a gap (${entry.reason})`);
    if (entry.kind === 'dropped') drops += 1;
    if (entry.kind !== 'event') continue;
    items += 1;
    const breach = take(entry, subscribers.get(name));
    if (breach !== undefined) breaches.push(`${name}, order ${entry.orderId}: ${breach}`);
  }
  return { subscribers, items, drops, breaches };
}

function take(
  { orderId, version, type }: Extract<FeedEntry, { kind: 'event' }>,
  subscriber: Subscriber | undefined,
) {
  if (subscriber === undefined) return 'shown before the feed opened';
  const seen = subscriber.seen.get(orderId);
  if (seen === undefined) {
    subscriber.seen.set(orderId, { first: version, last: version, types: [type] });
    return undefined;
  }
  const { last } = seen;
  seen.last = Math.max(last, version);
  seen.types.push(type);
  if (version === last + 1) return undefined;
  return version > last
    ? `version ${version} came after ${last}`
    : `version ${version} came again after ${last}`;
}

interface LoggedOrder {
  readonly id: string;
  readonly facts: readonly OrderFact[];
}

async function* ordersOf(facts: Rows<OrderFact>): AsyncGenerator<LoggedOrder> {
  let order: { id: string; facts: OrderFact[] } | undefined;
  for await (const fact of facts) {
    if (order?.id === fact.orderId) order.facts.push(fact);
    else {
      if (order !== undefined) yield order;
      order = { id: fact.orderId, facts: [fact] };
    }
  }
  if (order !== undefined) yield order;
}

function orderBreach(
  { id, facts }: LoggedOrder,
  { partnerId, openedAt, seen }: Subscriber,
): string | undefined {
  const found = seen.get(id);
  const mayBeSeen = partnerId === null || facts.every((fact) => fact.partnerId === partnerId);
  if (!mayBeSeen)
    return found === undefined ? undefined : `is another partner's, and its version ${found.first} was shown`;
  const due = facts.find(({ recordedAt }) => recordedAt > openedAt);
  const head = facts.at(-1)?.version ?? 0;
  if (found === undefined)
    return due === undefined ? undefined : `versions ${due.version} to ${head} never came`;
  if (due !== undefined && found.first > due.version)
    return `begins with version ${found.first} instead of ${due.version}`;
  if (found.last !== head) return `ends with version ${found.last} of ${head}`;
  const said = facts.slice(found.first - 1).map(({ type }) => feedTypeOf(type));
  return said.join() === found.types.join() ? undefined : `showed ${found.types.join()} for ${said.join()}`;
}

/** `OrderPlaced` is ORDER_PLACED to a subscriber. */
const feedTypeOf = (type: string) => type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
