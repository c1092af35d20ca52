// One live feed: opens at once, goes on from where the client stood, and ends with a cursor to go on from.
import type { Head } from '@crossdock/contracts';
import { pause } from '@crossdock/resilience';
import { formatPublicError, type PublicCode, publicError } from '../http/public-errors.ts';
import type { RequestContext } from '../subgraphs/request-context.ts';
import { type Bell, createBell } from './bell.ts';
import { createFeedEnd, type FeedEnd } from './feed-end.ts';
import type { FeedFilter } from './feed-filter.ts';
import type { ReadItem } from './feed-places.ts';
import type { FeedPlan, FeedValue } from './feed-plans.ts';
import { createFeedReader, type FeedReader } from './feed-reader.ts';
import type { FeedResult, Hydrate } from './hydration.ts';
import type { LogTail } from './log-tail.ts';
import type { OrdersLog } from './orders-log.ts';

/** Events of one feed that are filled in at a time; they are shown in order all the same. */
const HYDRATED_AHEAD = 16;
const LOG_RETRY_MS = 500;
/** How long a new feed waits for the present head when this process has not seen the log yet. */
const START_WAIT_MS = 3_000;

const SENTENCES: Partial<Record<PublicCode, string>> = {
  SUBSCRIPTION_JWT_EXPIRED: 'The token has expired; go on from the cursor with a new one.',
  SUBSCRIPTION_SLOW_CONSUMER: 'You read too slowly; go on from the cursor.',
  SUBSCRIPTION_SCHEMA_RELOAD: 'The document no longer fits the schema.',
  SUBSCRIPTION_SERVER_STOPPING: 'This server stops; go on from the cursor at another.',
  SUBGRAPH_UNAVAILABLE: 'The feed cannot be read now; try again.',
};

/** `ending` is null but for the last item of a feed that we ended; what is no feed has no cursor. */
export type FeedOutput = Readonly<{ result: FeedResult; cursor: string | null; ending: PublicCode | null }>;

export type FeedSubscription = Readonly<{
  context: RequestContext;
  filter: FeedFilter;
  /** All that matches lives in one partition. */
  onePartition: boolean;
  /** Where the client stood; null starts at the present. */
  after: readonly Head[] | null;
  variables: Readonly<Record<string, unknown>>;
  /** Equal for subscriptions whom the same results may be shown. */
  group: string;
  /** The plan on the present schema; null when the document no longer fits it. */
  plan: () => FeedPlan | null;
  cursorOf: (places: readonly Head[]) => string;
  /** Aborted when the client is gone. */
  client: AbortSignal;
}>;

export type FeedWorld = Readonly<{
  tail: LogTail;
  log: OrdersLog;
  hydrate: Hydrate;
  /** Registers a feed to be ended when the gateway stops, until the answered function is called. */
  onStop: (end: () => void) => () => void;
}>;

type Feed = Readonly<{ world: FeedWorld; subscription: FeedSubscription; bell: Bell; end: FeedEnd }> & {
  /** Behind the last item that was handed over. */
  delivered: readonly Head[];
};

/** The items of one subscription, the last of them the reason when we end it. */
export async function* orderFeed(
  world: FeedWorld,
  subscription: FeedSubscription,
): AsyncGenerator<FeedOutput> {
  const bell = createBell();
  const end = createFeedEnd(subscription.context.caller.expiresAt, subscription.client);
  const feed: Feed = { world, subscription, bell, end, delivered: subscription.after ?? [] };
  const releases = [
    world.tail.listen(bell.ring),
    world.onStop(() => end.end('SUBSCRIPTION_SERVER_STOPPING')),
  ];
  end.signal.addEventListener('abort', bell.ring, { once: true });
  try {
    yield* items(feed);
    const code = end.code();
    if (code !== null && !subscription.client.aborted) yield endingOf(feed, code);
  } finally {
    end.release();
    for (const release of releases) release();
  }
}

async function* items(feed: Feed): AsyncGenerator<FeedOutput> {
  const { world, subscription } = feed;
  const start = subscription.after ?? (await presentPlaces(feed));
  if (start === null) return;
  const { filter, onePartition } = subscription;
  const reader = createFeedReader({ start, filter, onePartition, tail: world.tail, log: world.log });
  let restarts = subscription.after === null ? world.tail.restarts() : -1;
  let live = false;
  yield* shown(feed, [{ value: { __typename: 'FeedOpened' }, places: start }]);
  while (!feed.end.signal.aborted) {
    if (restarts !== world.tail.restarts()) {
      restarts = world.tail.restarts();
      live = false;
      if (await untilRead(feed, reader.rejoin)) yield* shown(feed, [gapAt(reader)]);
      continue;
    }
    const { items: found, behind } = reader.step();
    yield* shown(feed, found.map(eventOf));
    if (behind && live) feed.end.end('SUBSCRIPTION_SLOW_CONSUMER');
    else if (behind) yield* shown(feed, ((await untilRead(feed, reader.catchUp)) ?? []).map(eventOf));
    else if (found.length === 0) {
      live = true;
      feed.delivered = reader.places();
      await feed.bell.rung();
    }
  }
}

/** The heads of the log; ends the feed when nobody knows them. */
async function presentPlaces({ world, bell, end }: Feed): Promise<readonly Head[] | null> {
  const late = setTimeout(() => end.end('SUBGRAPH_UNAVAILABLE'), START_WAIT_MS);
  while (!world.tail.isStarted() && !end.signal.aborted) await bell.rung();
  clearTimeout(late);
  return end.signal.aborted ? null : world.tail.heads();
}

/** Tries again until the log can be read; null when the feed ended meanwhile. */
async function untilRead<T>({ end }: Feed, read: () => Promise<T>): Promise<T | null> {
  while (!end.signal.aborted) {
    try {
      return await read();
    } catch {
      await pause(LOG_RETRY_MS, end.signal);
    }
  }
  return null;
}

type Shown = Readonly<{ value: FeedValue; places: readonly Head[] }>;

const gapAt = (reader: FeedReader): Shown => ({
  value: { __typename: 'StreamGap', reason: 'FORKED' },
  places: reader.places(),
});

const eventOf = ({ item, places }: ReadItem): Shown => ({
  value: { __typename: 'OrderEvent', ...item, order: { __typename: 'Order', id: item.orderId } },
  places,
});

/** Fills items in, several at a time, and hands them over in order. */
async function* shown(feed: Feed, all: readonly Shown[]): AsyncGenerator<FeedOutput> {
  for (let first = 0; first < all.length; first += HYDRATED_AHEAD) {
    const plan = feed.subscription.plan();
    if (plan === null) return feed.end.end('SUBSCRIPTION_SCHEMA_RELOAD');
    const some = all.slice(first, first + HYDRATED_AHEAD).map((one) => hydrated(feed, plan, one));
    for (const { running, cursor, places } of some) {
      const result = await running;
      if (feed.end.signal.aborted) return;
      feed.delivered = places;
      yield { result, cursor, ending: null };
    }
  }
}

function hydrated({ world, subscription }: Feed, plan: FeedPlan, { value, places }: Shown) {
  const { variables, context, group, cursorOf } = subscription;
  const cursor = cursorOf(places);
  const running = world.hydrate({ plan, value: { ...value, cursor }, cursor, variables, context, group });
  return { running, cursor, places };
}

function endingOf({ subscription, delivered }: Feed, code: PublicCode): FeedOutput {
  const cursor = subscription.cursorOf(delivered);
  const errors = [formatPublicError(publicError(code, SENTENCES[code] ?? '', { cursor }))];
  return { result: { errors, extensions: { cursor } }, cursor, ending: code };
}
