// Plans a feed document once: which part the event itself answers and which the subgraphs fill in.

import { operationFromDocument, type Schema, Supergraph } from '@apollo/federation-internals';
import {
  type ApolloGateway,
  buildOperationContext,
  executeQueryPlan,
  type GraphQLDataSource,
} from '@apollo/gateway';
import { type QueryPlan, QueryPlanner, type SubscriptionNode } from '@apollo/query-planner';
import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema, parse } from 'graphql';
import type { RequestContext } from '../subgraphs/request-context.ts';
import { EVENTS_SUBGRAPH } from './events-subgraph.ts';

/** What the feed's root field answers, as the schema's types name it. */
export type FeedValue = Readonly<{ __typename: string }> & Readonly<Record<string, unknown>>;

export type FeedExecution = Readonly<{
  value: FeedValue;
  variables: Readonly<Record<string, unknown>>;
  context: RequestContext;
}>;

export type FeedPlan = Readonly<{
  /** True when a subgraph must be asked for events. */
  hydrates: boolean;
  execute: (execution: FeedExecution) => Promise<ExecutionResult>;
}>;

/** A supergraph as feeds need it; a reload makes another. */
export type FeedSchema = Readonly<{
  schema: GraphQLSchema;
  plan: (document: DocumentNode, operationName: string | undefined) => FeedPlan;
}>;

type Sources = Record<string, GraphQLDataSource>;

/** Follows the gateway's supergraph; answers the present one, null before the first. */
export function followFeedSchema(gateway: ApolloGateway, sourceOf: (subgraph: string) => GraphQLDataSource) {
  let present: FeedSchema | null = null;
  gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    present = feedSchemaOf(apiSchema, coreSupergraphSdl, sourceOf);
  });
  return () => present;
}

function feedSchemaOf(
  schema: GraphQLSchema,
  sdl: string,
  sourceOf: (subgraph: string) => GraphQLDataSource,
): FeedSchema {
  const supergraph = Supergraph.build(sdl, { validateSupergraph: false });
  const world: World = {
    schema,
    api: supergraph.apiSchema(),
    supergraph: supergraph.schema.toGraphQLJSSchema(),
    sources: Object.fromEntries(
      [...supergraph.subgraphsMetadata()].map(({ name }) => [name, sourceOf(name)]),
    ),
  };
  const planner = new QueryPlanner(supergraph);
  return { schema, plan: (document, operationName) => planOf(world, planner, document, operationName) };
}

type World = Readonly<{ schema: GraphQLSchema; api: Schema; supergraph: GraphQLSchema; sources: Sources }>;

function planOf(
  world: World,
  planner: QueryPlanner,
  document: DocumentNode,
  operationName: string | undefined,
): FeedPlan {
  const named = operationName === undefined ? {} : { operationName };
  const { node } = planner.buildQueryPlan(operationFromDocument(world.api, document, named));
  const { primary, rest } = node as SubscriptionNode;
  const { schema } = world;
  const fromEventAlone = async ({ value, variables }: FeedExecution) =>
    execute({ schema, document, ...named, rootValue: { orderFeed: value }, variableValues: variables });
  if (rest === undefined) return { hydrates: false, execute: fromEventAlone };

  const perEvent: QueryPlan = { kind: 'QueryPlan', node: { kind: 'Sequence', nodes: [primary, rest] } };
  const primaryDocument = parse(primary.operation);
  const operation = buildOperationContext({ schema, operationDocument: document, ...named });
  const hydrated = async ({ value, variables, context }: FeedExecution): Promise<ExecutionResult> => {
    const event = execute({
      schema,
      document: primaryDocument,
      rootValue: { orderFeed: value },
      variableValues: variables,
    });
    // Of a data source the plan's executor calls `process` only, and of a request it reads the variables and the context.
    const events = { process: async () => event } as unknown as GraphQLDataSource;
    const request = { request: { variables }, context, metrics: {} } as unknown as GatewayRequest;
    return executeQueryPlan(
      perEvent,
      { ...world.sources, [EVENTS_SUBGRAPH]: events },
      request,
      operation,
      world.supergraph,
      world.api,
    );
  };
  // Only events have fields of other subgraphs.
  const isEvent = ({ value }: FeedExecution) => value.__typename === 'OrderEvent';
  return {
    hydrates: true,
    execute: (execution) => (isEvent(execution) ? hydrated(execution) : fromEventAlone(execution)),
  };
}

type GatewayRequest = Parameters<typeof executeQueryPlan>[2];
