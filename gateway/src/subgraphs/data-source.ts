// What the query plan fetches through: one subgraph as Apollo's executor sees it.
import type { GraphQLDataSource } from '@apollo/gateway';
import type { InternalTokens } from '../auth/internal-tokens.ts';
import { distinctRepresentations, expandAnswer, type SubgraphAnswer } from './representations.ts';
import type { RequestContext } from './request-context.ts';
import type { SubgraphClient, SubgraphReply } from './subgraph-client.ts';
import { OVERLOADED, readAnswer, UNAVAILABLE } from './subgraph-errors.ts';

export type SubgraphCall = Readonly<{ subgraph: string; outcome: string; seconds: number }>;

type Operation = Readonly<{
  query: string;
  operationName?: string | undefined;
  variables?: Record<string, unknown> | undefined;
}>;

export type DataSourceOptions = Readonly<{
  client: SubgraphClient;
  internalTokens: InternalTokens;
  onCall: (call: SubgraphCall) => void;
}>;

/** Asks one subgraph; a subgraph that is down is an error beside null fields, never an exception. */
export function createDataSource(options: DataSourceOptions): GraphQLDataSource {
  const { client } = options;

  async function call(operation: Operation, context: RequestContext): Promise<SubgraphAnswer> {
    const started = performance.now();
    const headers = {
      'content-type': 'application/json',
      'x-internal-auth': await options.internalTokens(context.caller, client.name),
      'x-request-id': context.requestId,
      traceparent: context.traceparent,
    };
    const kind = operation.query.startsWith('mutation') ? 'mutation' : 'query';
    const { query, operationName, variables } = operation;
    const reply = await client.send(kind, headers, JSON.stringify({ query, operationName, variables }));
    const seconds = (performance.now() - started) / 1_000;
    options.onCall({ subgraph: client.name, outcome: outcomeOf(reply), seconds });
    return answerOf(reply);
  }

  return {
    process: async ({ request, context }) => {
      const { query = '', operationName, variables } = request;
      // Every context is made by the handlers of this gateway.
      const ours = context as RequestContext;
      const representations: unknown = variables?.representations;
      const unique = Array.isArray(representations) ? distinctRepresentations(representations) : null;
      if (unique === null) return toGateway(await call({ query, operationName, variables }, ours));
      const fewer = { ...variables, representations: unique.distinct };
      return toGateway(
        expandAnswer(await call({ query, operationName, variables: fewer }, ours), unique.places),
      );
    },
  };
}

type GatewayAnswer = Awaited<ReturnType<GraphQLDataSource['process']>>;
// The executor reads exactly these two fields.
const toGateway = (answer: SubgraphAnswer) => answer as GatewayAnswer;

const outcomeOf = (reply: SubgraphReply) => (reply.kind === 'answered' ? String(reply.status) : reply.kind);

function answerOf(reply: SubgraphReply): SubgraphAnswer {
  if (reply.kind === 'overloaded') return { errors: [OVERLOADED] };
  if (reply.kind === 'unavailable') return { errors: [UNAVAILABLE] };
  return readAnswer(reply.text) ?? { errors: [UNAVAILABLE] };
}
