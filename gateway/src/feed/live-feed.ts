// The live feed as transports see it: a request goes in, items or refusals come out.
import { encodeCursor, feedScopeOf } from '@crossdock/feed-cursor';
import {
  type GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
} from 'graphql';
import { operationRefusal } from '../http/operation-rules.ts';
import { type PublicCode, publicError } from '../http/public-errors.ts';
import type { RequestContext } from '../subgraphs/request-context.ts';
import { placesOfCursor } from './feed-cursors.ts';
import type { FeedDocument, FeedDocuments } from './feed-documents.ts';
import { type FeedArguments, feedFilterOf } from './feed-filter.ts';
import type { FeedSchema } from './feed-plans.ts';
import { type FeedOutput, type FeedWorld, orderFeed } from './order-feed.ts';

/** Open feeds of one process; beyond it clients are sent elsewhere. */
const FEEDS_MAX = 10_000;
const FILTER_VALUES_MAX = 1_000;

export type FeedRequest = Readonly<{
  query: string;
  operationName: string | undefined;
  variables: Readonly<Record<string, unknown>>;
  /** The cursor that a reconnecting event stream shows in a header; it goes before the argument. */
  lastEventId?: string | undefined;
}>;

export type Feed = AsyncGenerator<FeedOutput>;
export type OpenedFeed =
  | Readonly<{ kind: 'feed'; feed: Feed }>
  | Readonly<{ kind: 'refused'; errors: readonly GraphQLError[] }>
  /** A query or a mutation: not ours. */
  | Readonly<{ kind: 'other' }>;

export type LiveFeed = Readonly<{
  /** `client` is aborted when nobody listens any more. */
  open: (request: FeedRequest, context: RequestContext, client: AbortSignal) => OpenedFeed;
}>;

export type LiveFeedOptions = Readonly<{
  world: FeedWorld;
  documents: FeedDocuments;
  schema: () => FeedSchema | null;
  cursorSecret: string;
  introspection: boolean;
  onOpen: () => void;
  onOutput: (output: FeedOutput) => void;
  onClose: () => void;
}>;

export function createLiveFeed(options: LiveFeedOptions): LiveFeed {
  let open = 0;

  async function* counted(feed: Feed): Feed {
    open += 1;
    options.onOpen();
    try {
      for await (const output of feed) {
        options.onOutput(output);
        yield output;
      }
    } finally {
      open -= 1;
      options.onClose();
    }
  }

  return {
    open: (request, context, client) => {
      const schema = options.schema();
      if (schema === null) return refusal('SUBGRAPH_UNAVAILABLE', 'The schema is not loaded yet.');
      const { query, operationName } = request;
      const document = options.documents.read(schema, query, operationName);
      if (!document.ok) return { kind: 'refused', errors: document.errors };
      if (document.read.operation.operation !== 'subscription') return { kind: 'other' };
      if (open >= FEEDS_MAX) return refusal('OVERLOADED', 'Too many feeds are open here; try again.');
      const opened = subscribe(options, schema, document.read, request, context, client);
      return opened.kind === 'feed' ? { kind: 'feed', feed: counted(opened.feed) } : opened;
    },
  };
}

function subscribe(
  options: LiveFeedOptions,
  present: FeedSchema,
  read: FeedDocument,
  request: FeedRequest,
  context: RequestContext,
  client: AbortSignal,
): OpenedFeed {
  const refused = operationRefusal(context, read.document, read.operation, options.introspection);
  if (refused !== null) return { kind: 'refused', errors: [refused] };
  const args = argumentsOf(present.schema, read, request.variables);
  if (typeof args === 'string') return refusal('BAD_USER_INPUT', args);
  const { caller } = context;
  const scope = feedScopeOf(caller);
  const shown = request.lastEventId ?? args.after ?? null;
  const after = shown === null ? null : placesOfCursor(shown, scope, options.cursorSecret);
  if (shown !== null && after === null) return refusal('BAD_USER_INPUT', 'The cursor is not one of yours.');
  const { query, operationName, variables } = request;
  const feed = orderFeed(options.world, {
    context,
    filter: feedFilterOf(caller, args),
    onePartition: caller.partner !== undefined,
    after,
    variables,
    group: JSON.stringify([query, operationName, withoutCursor(variables, read), caller.identity]),
    plan: () => {
      const schema = options.schema();
      return schema === null ? null : options.documents.plan(schema, query, operationName);
    },
    cursorOf: (positions) => encodeCursor({ positions, scope }, options.cursorSecret),
    client,
  });
  return { kind: 'feed', feed };
}

const refusal = (code: PublicCode, message: string): OpenedFeed => ({
  kind: 'refused',
  errors: [publicError(code, message)],
});

/** The arguments of the root field, or why they cannot be read. */
function argumentsOf(
  schema: GraphQLSchema,
  { operation, field }: FeedDocument,
  variables: FeedRequest['variables'],
): FeedArguments | string {
  const definition: GraphQLField<unknown, unknown> | undefined =
    field && schema.getSubscriptionType()?.getFields()[field.name.value];
  if (field === undefined || definition === undefined) return 'The document has no feed.';
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (errors !== undefined) return errors.map(({ message }) => message).join(' ');
  try {
    // The names and shapes are those of the schema, which getArgumentValues checked.
    const args = getArgumentValues(definition, field, coerced) as FeedArguments;
    const tooMany = [args.orderIds, args.partnerIds, args.types].some(
      (list) => (list?.length ?? 0) > FILTER_VALUES_MAX,
    );
    return tooMany ? `A list of a filter has at most ${FILTER_VALUES_MAX} values.` : args;
  } catch (error) {
    return error instanceof Error ? error.message : 'The arguments cannot be read.';
  }
}

/** Subscribers who differ only in where they go on share what they are shown. */
function withoutCursor(
  variables: FeedRequest['variables'],
  { field }: FeedDocument,
): Record<string, unknown> {
  const value = field?.arguments?.find(({ name }) => name.value === 'after')?.value;
  const cursor = value?.kind === 'Variable' ? value.name.value : undefined;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name !== cursor));
}
