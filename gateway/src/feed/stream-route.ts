// Requests to /graphql that accept a stream: opens the feed, or runs the one operation and streams its one result.
import type { ApolloServer } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendErrors } from '../http/error-replies.ts';
import type { StreamAnswerer } from '../http/graphql-route.ts';
import type { RequestContext } from '../subgraphs/request-context.ts';
import type { FeedRequest, LiveFeed } from './live-feed.ts';
import { streamFormatOf } from './stream-formats.ts';
import { writeStream } from './stream-response.ts';

/** Answers what is for a stream and leaves the rest to the plain handler. */
export function streamAnswerer(live: LiveFeed, server: ApolloServer<RequestContext>): StreamAnswerer {
  return async (request, reply, context) => {
    const { accept = '' } = request.headers;
    const format = streamFormatOf(accept);
    const asked = feedRequestOf(request);
    if (format === null || asked === null) return false;
    const client = new AbortController();
    const opened = live.open(asked, context, client.signal);
    if (opened.kind === 'refused') {
      sendErrors(reply, opened.errors);
      return true;
    }
    // A client that takes anything gets the plain answer to a plain question; and only there is a GET told from a POST.
    if (opened.kind === 'other' && (acceptsJson(accept) || request.method === 'GET')) return false;
    const outputs = opened.kind === 'feed' ? opened.feed : onlyResult(server, asked, context);
    take(reply);
    await writeStream(reply.raw, format, outputs, () => client.abort());
    return true;
  };
}

const acceptsJson = (accept: string) => accept.includes('json') || accept.includes('*/*');

/** From here on the response is ours; Fastify's headers still belong to it. */
function take(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.hijack();
}

async function* onlyResult(
  server: ApolloServer<RequestContext>,
  request: FeedRequest,
  context: RequestContext,
) {
  const { query, operationName, variables } = request;
  const named = operationName === undefined ? {} : { operationName };
  const { body } = await server.executeOperation({ query, variables, ...named }, { contextValue: context });
  if (body.kind !== 'single') return;
  const { data, errors } = body.singleResult;
  const result = { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors }) };
  yield { result, cursor: null, ending: null };
}

/** What is asked, when it has the shape of a request; a malformed one is the plain handler's to refuse. */
function feedRequestOf(request: FastifyRequest): FeedRequest | null {
  const asked = request.method === 'GET' ? askedInAddress(request.url) : request.body;
  if (!isRecord(asked)) return null;
  const { query, operationName, variables } = asked;
  if (typeof query !== 'string') return null;
  if (operationName != null && typeof operationName !== 'string') return null;
  if (variables != null && !isRecord(variables)) return null;
  const shown = request.headers['last-event-id'];
  return {
    query,
    operationName: operationName ?? undefined,
    variables: variables ?? {},
    lastEventId: typeof shown === 'string' && shown !== '' ? shown : undefined,
  };
}

function askedInAddress(url: string): Record<string, unknown> | null {
  const search = url.indexOf('?');
  if (search === -1) return null;
  const { variables, ...asked } = Object.fromEntries(new URLSearchParams(url.slice(search)));
  if (variables === undefined) return asked;
  try {
    return { ...asked, variables: JSON.parse(variables) };
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
