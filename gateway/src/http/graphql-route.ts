// GET and POST /graphql: authenticates, reads the request, hands it to Apollo Server or to the live feed.
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VerifyBearer } from '../auth/bearer-tokens.ts';
import type { Caller } from '../auth/caller.ts';
import { type RequestContext, requestContextOf } from '../subgraphs/request-context.ts';
import { sendError } from './error-replies.ts';

const OTHER_METHODS = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

declare module 'fastify' {
  interface FastifyRequest {
    bearer: Caller | null;
  }
}

/** Answers the request itself and resolves true, or leaves it and resolves false. */
export type StreamAnswerer = (
  request: FastifyRequest,
  reply: FastifyReply,
  context: RequestContext,
) => Promise<boolean>;

export type GraphqlRouteOptions = Readonly<{
  server: ApolloServer<RequestContext>;
  verify: VerifyBearer;
  /** Takes requests that accept a stream. */
  stream: StreamAnswerer;
}>;

const REFUSED_TOKEN = {
  missing: 'Send a bearer token in the authorization header.',
  expired: 'The token has expired.',
  invalid: 'The token is not valid here.',
} as const;

export function registerGraphqlRoute(app: FastifyInstance, options: GraphqlRouteOptions): void {
  app.decorateRequest('bearer', null);

  // Before the body is read, so that a stranger cannot make us parse 4 MiB.
  const authenticate = async (request: FastifyRequest, reply: FastifyReply) => {
    const verdict = await options.verify(request.headers.authorization);
    if (!verdict.ok) return sendError(reply, 'UNAUTHENTICATED', REFUSED_TOKEN[verdict.reason]);
    request.bearer = verdict.caller;
    return undefined;
  };

  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.bearer === null) return sendError(reply, 'UNAUTHENTICATED', REFUSED_TOKEN.missing);
    const traceparent = request.headers.traceparent;
    const context = requestContextOf(
      request.bearer,
      typeof traceparent === 'string' ? traceparent : undefined,
    );
    reply.header('x-request-id', context.requestId);
    if (acceptsStream(request.headers.accept) && (await options.stream(request, reply, context)))
      return reply;
    if (isPersistedOnly(request.body))
      return sendError(reply, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
    return answer(options.server, request, reply, context);
  };

  app.route({ method: ['GET', 'POST'], url: '/graphql', onRequest: authenticate, handler: handle });
  const refuse = async (_: FastifyRequest, reply: FastifyReply) =>
    sendError(reply.header('allow', 'GET, POST'), 'METHOD_NOT_ALLOWED', 'Use GET or POST.');
  // Before the body is read: whatever it holds, the method is what is wrong.
  app.route({ method: OTHER_METHODS, url: '/graphql', onRequest: refuse, handler: refuse });
}

async function answer(
  server: ApolloServer<RequestContext>,
  request: FastifyRequest,
  reply: FastifyReply,
  context: RequestContext,
): Promise<FastifyReply> {
  const query = request.url.indexOf('?');
  const response = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers: relevantHeaders(request),
      search: query === -1 ? '' : request.url.slice(query),
      body: withoutPersistedQuery(request.body),
    },
    context: () => Promise.resolve(context),
  });
  reply.code(response.status ?? 200);
  for (const [name, value] of response.headers) reply.header(name, value);
  reply.header('cache-control', 'no-store');
  return reply.send(response.body.kind === 'complete' ? response.body.string : '');
}

/** Apollo Server looks at these two alone. */
function relevantHeaders(request: FastifyRequest): HeaderMap {
  const headers = new HeaderMap();
  const { accept, 'content-type': contentType } = request.headers;
  if (accept !== undefined) headers.set('accept', accept);
  if (contentType !== undefined) headers.set('content-type', contentType);
  return headers;
}

const acceptsStream = (accept: string | undefined) =>
  accept !== undefined && (accept.includes('text/event-stream') || accept.includes('multipart/mixed'));

type Body = Record<string, unknown>;
const isBody = (body: unknown): body is Body =>
  typeof body === 'object' && body !== null && !Array.isArray(body);
const asksPersisted = (body: Body) => isBody(body.extensions) && 'persistedQuery' in body.extensions;

/** A client that sends only a hash learns that it must send the document. */
const isPersistedOnly = (body: unknown) => isBody(body) && asksPersisted(body) && body.query === undefined;

/** With the document at hand, the hash beside it says nothing more. */
function withoutPersistedQuery(body: unknown): unknown {
  if (!isBody(body) || !asksPersisted(body)) return body;
  const { extensions: _, ...rest } = body;
  return rest;
}
