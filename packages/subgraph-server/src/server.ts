import { faultKind, IntakeFull, isLogClosed, type Sql } from '@crossdock/event-store';
import { createDrain, type Drain } from '@crossdock/resilience';
import type { Logger, Registry } from '@crossdock/telemetry';
import { withoutValues } from '@crossdock/values';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import mercurius from 'mercurius';
import { type Caller, createCallerReader, INTERNAL_AUTH_HEADER } from './caller.ts';
import { addFaultReplies } from './fault-replies.ts';
import { overloaded, unavailable } from './faults.ts';
import { fillInputDefaults } from './input-defaults.ts';
import { addLogRoutes } from './log-routes.ts';
import type { SubgraphSettings } from './settings.ts';

/** The gateway limits bodies to 4 MiB; a little more lets its own request around one pass. */
const BODY_BYTES_MAX = 5 * 1024 * 1024;
/** Longer than the gateway keeps idle connections, so that it never writes into one we are closing. */
const KEEP_ALIVE_MS = 70_000;
const DOCUMENT_TOKENS_MAX = 20_000;
const DOCUMENTS_REMEMBERED = 2_048;
const RETRY_AFTER_MS = 500;
/** A log that is being restored is closed for seconds to minutes. */
const CLOSED_RETRY_AFTER_MS = 5_000;

/** What every resolver knows of its request. */
export type RequestContext = Readonly<{ caller: Caller; requestId: string; traceparent: string | null }>;

export type ServerOptions<Context extends RequestContext> = Readonly<{
  name: string;
  settings: SubgraphSettings;
  schema: GraphQLSchema;
  sql: Sql;
  logger: Logger;
  registry: Registry;
  /** Adds loaders and handlers to a request's context. */
  context: (base: RequestContext) => Context;
  /** Rejects while the subgraph cannot serve, naming what is missing. */
  ready: () => Promise<void>;
}>;

function header(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

/** A compiled query raises errors of its own class: the resolver's error hides in it, and `extensions` may be missing. */
function causeOf(error: GraphQLError): Error | null {
  return error.originalError ?? null;
}

/** What a client is told of an error that it can do something about; null for all others. */
function inClientWords(cause: Error | null, logger: Logger): GraphQLError | null {
  if (cause instanceof GraphQLError) return cause;
  if (cause instanceof IntakeFull) return overloaded(RETRY_AFTER_MS);
  if (isLogClosed(cause)) return overloaded(CLOSED_RETRY_AFTER_MS, 'Changes are not taken for some minutes.');
  if (cause === null || faultKind(cause) !== 'infrastructure') return null;
  logger.warn({ err: cause }, 'a resolver met a fault of infrastructure');
  return unavailable(RETRY_AFTER_MS);
}

/** Why a request was refused before any resolver ran; empty when one ran. mercurius wraps what the document or its variables lack. */
function refusalsOf(error: Error): readonly GraphQLError[] {
  if (error instanceof GraphQLError && error.path !== undefined) return [];
  const cause = error instanceof GraphQLError ? error.originalError : error;
  const inner = cause !== undefined && cause !== null && 'errors' in cause ? cause.errors : undefined;
  return Array.isArray(inner) ? inner.filter((each) => each instanceof GraphQLError) : [];
}

/** The gateway alone can tell a value of the client's from a document of its own: it is told what is wrong, and logs it. */
function presentAll(error: Error, logger: Logger): readonly GraphQLError[] {
  const refusals = refusalsOf(error);
  if (refusals.length === 0) return [present(error, logger)];
  return refusals.map(({ message }) => new GraphQLError(withoutValues(message)));
}

/** Hides faults of machinery behind a code; keeps errors that carry one, and those of the request itself. */
function present(error: Error, logger: Logger): GraphQLError {
  const wrapped =
    error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error });
  const cause = causeOf(wrapped);
  const known = inClientWords(cause, logger) ?? wrapped;
  const code: unknown = known.extensions?.code;
  if (cause === null || typeof code === 'string') {
    return new GraphQLError(withoutValues(known.message), {
      path: wrapped.path ?? null,
      extensions: typeof code === 'string' ? known.extensions : {},
    });
  }
  logger.error({ err: cause }, 'a resolver failed');
  return new GraphQLError('Something broke on our side.', {
    path: wrapped.path ?? null,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
}

async function addGraphQL<Context extends RequestContext>(
  app: FastifyInstance,
  options: ServerOptions<Context>,
): Promise<void> {
  const readCaller = createCallerReader(options.settings.INTERNAL_PUBLIC_JWK, options.name);
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/graphql')) return;
    try {
      request.caller = await readCaller(header(request, INTERNAL_AUTH_HEADER) ?? '');
    } catch {
      await reply.code(401).send({
        errors: [{ message: 'Only the gateway may ask.', extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  });
  await app.register(mercurius, {
    schema: options.schema,
    jit: { minCount: 3, eluThreshold: 0.9, maxCompilePerTick: 1, maxQueueSize: 200 },
    cache: DOCUMENTS_REMEMBERED,
    graphiql: false,
    ide: false,
    subscription: false,
    allowBatchedQueries: false,
    additionalRouteOptions: {
      // mercurius turns indexes of error paths into strings in its own serializer; the gateway needs numbers.
      serializerCompiler: () => (data: unknown) => JSON.stringify(data),
      // Only the gateway gets here, and it writes the frame of a request itself: no second look at every body.
      validatorCompiler: () => () => true,
    },
    errorFormatter: (execution) => ({
      statusCode: 200,
      response: {
        data: execution.data ?? null,
        errors: (execution.errors ?? []).flatMap((error) => presentAll(error, options.logger)),
      },
    }),
    graphql: { parseOptions: { maxTokens: DOCUMENT_TOKENS_MAX } },
    context: (request) =>
      options.context({
        caller: request.caller,
        requestId: header(request, 'x-request-id') ?? '',
        traceparent: header(request, 'traceparent'),
      }),
  });
  app.graphql.addHook('preExecution', async (schema, document, _context, variables) => {
    const filled = fillInputDefaults(schema, document, variables);
    return filled === undefined ? {} : { variables: filled };
  });
}

/** Builds the HTTP server of a subgraph; the caller listens and closes it. */
export async function createSubgraphServer<Context extends RequestContext>(
  options: ServerOptions<Context>,
): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // A request that came on an open connection while we stop is answered like any other.
    return503OnClosing: false,
    logger: false,
  });
  app.decorateRequest('caller');
  app.decorate('drain', createDrain(app.server, options.settings.DRAIN_MS));
  addFaultReplies(app, options.logger);
  addLogRoutes(app, options.name, options.sql, options.settings.LOG_READ_SECRET);
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    try {
      if (app.drain.isDraining()) throw new Error('stopping');
      await options.ready();
      return { status: 'ok' };
    } catch (error) {
      return reply
        .code(503)
        .send({ status: 'not ready', reason: error instanceof Error ? error.message : String(error) });
    }
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain').send(await options.registry.metrics()),
  );
  await addGraphQL(app, options);
  return app;
}

declare module 'fastify' {
  interface FastifyInstance {
    drain: Drain;
  }
  interface FastifyRequest {
    caller: Caller;
  }
}
