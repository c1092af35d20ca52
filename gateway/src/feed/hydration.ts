// Fills events in for subscribers: once for all who ask the same document with the same variables and rights.
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { tidyResult } from '../http/public-results.ts';
import type { RequestContext } from '../subgraphs/request-context.ts';
import { createLimiter } from './concurrency.ts';
import type { FeedPlan, FeedValue } from './feed-plans.ts';

/** Calls to subgraphs for feeds at a time, so that feeds leave room for orders. */
const CONCURRENT_MAX = 64;
/** Subscribers of one group ask for an event within moments of each other. */
const SHARED_FOR_MS = 2_000;
const SHARED_MAX = 5_000;

export type FeedResult = Readonly<{
  data?: ExecutionResult['data'];
  errors?: readonly GraphQLFormattedError[];
  extensions?: Readonly<{ cursor: string }>;
}>;

export type HydrationRequest = Readonly<{
  plan: FeedPlan;
  value: FeedValue;
  cursor: string;
  variables: Readonly<Record<string, unknown>>;
  context: RequestContext;
  /** Equal for subscribers whom the same result may be shown. */
  group: string;
}>;

export type Hydrate = (request: HydrationRequest) => Promise<FeedResult>;

/** Never rejects: what breaks is an error beside the event's own facts. */
export function createHydration(onInternalError: (requestId: string, error: unknown) => void): Hydrate {
  const limiter = createLimiter(CONCURRENT_MAX);
  const shared = new LRUCache<string, Promise<FeedResult>>({ max: SHARED_MAX, ttl: SHARED_FOR_MS });

  async function run({ plan, value, cursor, variables, context }: HydrationRequest): Promise<FeedResult> {
    const { requestId } = context;
    const report = (error: unknown) => onInternalError(requestId, error);
    try {
      const result = await plan.execute({ value, variables, context });
      return { ...tidyResult(result, requestId, report), extensions: { cursor } };
    } catch (error) {
      return { ...tidyResult({ errors: [error] }, requestId, report), extensions: { cursor } };
    }
  }

  return (request) => {
    if (!request.plan.hydrates) return run(request);
    // The cursor of an event may open a feed later: the two are not the same item.
    const key = `${request.value.__typename}\n${request.cursor}\n${request.group}`;
    const known = shared.get(key);
    if (known !== undefined) return known;
    const running = limiter(() => run(request));
    shared.set(key, running);
    return running;
  };
}
