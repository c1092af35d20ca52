// A subscriber of the live feed that resumes for ever and keeps a journal of what it saw, for invariant 16.
// It judges nothing: the checker compares its journal with the log.
import { setTimeout as sleep } from 'node:timers/promises';
import { type FeedEntry, type FeedJournal, openFeedJournal } from '../journal/feed-journal.ts';
import { type FeedItem, readFeed } from './event-stream.ts';

export interface FeedWatcherOptions {
  readonly gatewayUrl: string;
  /** A token for each connection, as they expire. */
  readonly token: () => Promise<string>;
  /** Names the subscriber; its journal is `feed-<subscriber>.ndjson` in the folder, which must not hold one yet. */
  readonly subscriber: string;
  readonly journalFolder: string;
  /** Whose orders the token shows, null for everybody's. */
  readonly partnerId: string | null;
  /** Hangs up by itself about so often, so that resuming is tried without a fault, too; never, where absent. */
  readonly hangUpEvery_ms?: number;
  /** Numbers in [0, 1) for the jitter. */
  readonly draw: () => number;
  /** The version at which each order of this subscriber stands; asked while `stop` waits. */
  readonly heads: () => Promise<ReadonlyMap<string, number>>;
}

export interface FeedWatcher {
  /** Resolves when the feed has opened for the first time. */
  readonly opened: Promise<void>;
  /** True when the head of every order is seen within `patience_ms`. */
  readonly caughtUp: (patience_ms: number) => Promise<boolean>;
  /** Waits until the head of every order was seen, at most `patience_ms`, then hangs up and closes the journal. */
  readonly stop: (patience_ms?: number) => Promise<{ readonly isComplete: boolean; readonly drops: number }>;
}

const PAUSE_MS_MIN = 20;
const PAUSE_MS_MAX = 1_000;
const LOOK_EACH_MS = 100;
const STOP_PATIENCE_MS = 30_000;

/** Subscribes at once. Drops are journalled and mended, whatever their reason. */
export function startFeedWatcher(options: FeedWatcherOptions): FeedWatcher {
  const journal = openFeedJournal(`${options.journalFolder}/feed-${options.subscriber}.ndjson`);
  const stopping = new AbortController();
  const versions = new Map<string, number>();
  let drops = 0;
  const opened = Promise.withResolvers<void>();
  const onItem = (item: FeedItem) => {
    if (item.__typename === 'FeedOpened') opened.resolve();
    if (item.__typename === 'OrderEvent') versions.set(item.orderId, item.version);
  };
  const watching = watch(options, journal, stopping.signal, onItem, () => {
    drops += 1;
  });
  return {
    opened: opened.promise,
    caughtUp: (patience_ms) => untilSeen(options, versions, patience_ms),
    stop: async (patience_ms = STOP_PATIENCE_MS) => {
      const isComplete = await untilSeen(options, versions, patience_ms);
      stopping.abort();
      await watching;
      journal.close();
      return { isComplete, drops };
    },
  };
}

async function watch(
  options: FeedWatcherOptions,
  journal: FeedJournal,
  stopping: AbortSignal,
  onItem: (item: FeedItem) => void,
  onDrop: () => void,
): Promise<void> {
  const { gatewayUrl, subscriber, draw } = options;
  let after: string | null = null;
  for (let attempt = 0; !stopping.aborted; attempt += 1) {
    const by = attempt % 2 === 0 ? 'argument' : 'Last-Event-ID';
    const signal = withHangUp(options, stopping);
    let reason = 'ended';
    try {
      const token = await options.token();
      for await (const item of readFeed({ gatewayUrl, token, after, by, signal })) {
        journal.append(entryOf(item, options));
        after = item.cursor;
        onItem(item);
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (stopping.aborted) return;
    journal.append({ kind: 'dropped', subscriber, reason, at: new Date().toISOString() });
    onDrop();
    await sleep(PAUSE_MS_MIN + draw() * (signal.aborted ? PAUSE_MS_MIN : PAUSE_MS_MAX));
  }
}

/** A signal of its own for one connection: the watcher's stop, or its own hanging up after half to one and a half of the time. */
function withHangUp({ hangUpEvery_ms, draw }: FeedWatcherOptions, stopping: AbortSignal): AbortSignal {
  if (hangUpEvery_ms === undefined) return stopping;
  return AbortSignal.any([stopping, AbortSignal.timeout(Math.ceil(hangUpEvery_ms * (0.5 + draw())))]);
}

function entryOf(item: FeedItem, { subscriber, partnerId }: FeedWatcherOptions): FeedEntry {
  const from = { subscriber, at: new Date().toISOString(), cursor: item.cursor };
  switch (item.__typename) {
    case 'FeedOpened':
      return { kind: 'opened', ...from, partnerId };
    case 'StreamGap':
      return { kind: 'gap', ...from, reason: item.reason };
    case 'OrderEvent':
      return { kind: 'event', ...from, orderId: item.orderId, version: item.version, type: item.type };
  }
}

/** True when what was seen has come to the heads of all orders; false when patience ended first. */
async function untilSeen(
  { heads }: FeedWatcherOptions,
  versions: ReadonlyMap<string, number>,
  patience_ms: number,
): Promise<boolean> {
  const until = Date.now() + patience_ms;
  for (;;) {
    const wanted = await heads();
    if ([...wanted].every(([id, version]) => (versions.get(id) ?? 0) >= version)) return true;
    if (Date.now() >= until) return false;
    await sleep(LOOK_EACH_MS);
  }
}
