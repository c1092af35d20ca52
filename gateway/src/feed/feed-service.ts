// Puts the live feed together: tail, log, JetStream, plans, transports. main.ts starts and stops it.
import type { ApolloGateway, GraphQLDataSource } from '@apollo/gateway';
import type { PublicCode } from '../http/public-errors.ts';
import { createFeedDocuments } from './feed-documents.ts';
import { followFeedSchema } from './feed-plans.ts';
import { createHydration } from './hydration.ts';
import { createLiveFeed, type LiveFeed } from './live-feed.ts';
import { createLogTail } from './log-tail.ts';
import { createOrdersLog } from './orders-log.ts';
import { keepTail } from './tail-keeper.ts';

export type FeedService = Readonly<{
  live: LiveFeed;
  /** Ends every feed, spread over the time given, so that clients do not come back in one moment. */
  endAll: (withinMs: number) => void;
  close: () => Promise<void>;
}>;

export type FeedServiceOptions = Readonly<{
  gateway: ApolloGateway;
  sourceOf: (subgraph: string) => GraphQLDataSource;
  ordersOrigin: string;
  logReadSecret: string;
  natsUrl: string;
  cursorSecret: string;
  introspection: boolean;
  onInternalError: (requestId: string, error: unknown) => void;
  counts: FeedCounts;
}>;

export type FeedCounts = Readonly<{
  opened: () => void;
  closed: () => void;
  item: () => void;
  ended: (code: PublicCode) => void;
  refilled: () => void;
  forked: () => void;
}>;

/** Must be called before the gateway loads, for it hears of the supergraph from it. */
export function createFeedService(options: FeedServiceOptions): FeedService {
  const { counts } = options;
  const tail = createLogTail();
  const log = createOrdersLog(options.ordersOrigin, options.logReadSecret);
  const { natsUrl } = options;
  const keeper = keepTail({ tail, log, natsUrl, onRefill: counts.refilled, onFork: counts.forked });
  const open = new Set<() => void>();
  const live = createLiveFeed({
    world: {
      tail,
      log,
      hydrate: createHydration(options.onInternalError),
      onStop: (end) => {
        open.add(end);
        return () => void open.delete(end);
      },
    },
    documents: createFeedDocuments(),
    schema: followFeedSchema(options.gateway, options.sourceOf),
    cursorSecret: options.cursorSecret,
    introspection: options.introspection,
    onOpen: counts.opened,
    onClose: counts.closed,
    onOutput: ({ ending }) => (ending === null ? counts.item() : counts.ended(ending)),
  });
  return {
    live,
    endAll: (withinMs) => {
      for (const [index, end] of [...open].entries()) setTimeout(end, (withinMs * index) / open.size);
    },
    close: async () => {
      await keeper.stop();
      await log.close();
    },
  };
}
