// Apollo Gateway and Apollo Server, configured for the public: nothing of our inside in an answer, everything cached
// that a repeated document allows. It opens no port.
import { ApolloGateway, type GraphQLDataSource, type SupergraphSdlHook } from '@apollo/gateway';
import { ApolloServer, type ApolloServerOptions } from '@apollo/server';
import type { RequestContext } from '../subgraphs/request-context.ts';
import { takeTextsOnly } from '../supergraph/text-scalars.ts';
import { operationRules, type RuleOptions } from './operation-rules.ts';
import { formatPublicError } from './public-errors.ts';

/** A document says what is wanted; how much of it travels in variables. */
export const DOCUMENT_TOKENS_MAX = 2_000;
export const VALIDATION_ERRORS_MAX = 10;

type ServerOptions = ApolloServerOptions<RequestContext>;
type Gateway = NonNullable<ServerOptions['gateway']>;
type Logger = NonNullable<ServerOptions['logger']>;

export type ApolloOptions = RuleOptions &
  Readonly<{
    supergraph: SupergraphSdlHook;
    sourceOf: (subgraph: string) => GraphQLDataSource;
    logger: Logger;
  }>;

export type Apollo = Readonly<{ gateway: ApolloGateway; server: ApolloServer<RequestContext> }>;

export function createApollo(options: ApolloOptions): Apollo {
  const gateway = new ApolloGateway({
    supergraphSdl: options.supergraph,
    buildService: ({ name }) => options.sourceOf(name),
    logger: options.logger,
    // Composition validated it, and the check of the repository loads it.
    validateSupergraph: false,
    __exposeQueryPlanExperimental: false,
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => takeTextsOnly(apiSchema));
  const server = new ApolloServer<RequestContext>({
    // Apollo's two packages carry two copies of the interface's types; the shapes agree.
    gateway: gateway as unknown as Gateway,
    logger: options.logger,
    // Opened and closed by role in operation-rules.ts.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    // Callers show a bearer token, which no browser adds by itself.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: DOCUMENT_TOKENS_MAX },
    validationOptions: { maxErrors: VALIDATION_ERRORS_MAX },
    formatError: (formatted) => formatPublicError(formatted),
    plugins: [operationRules(options)],
  });
  return { gateway, server };
}
