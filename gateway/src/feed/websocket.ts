// graphql-transport-ws on /graphql (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md): feeds, and the
// plain operations of clients that have only the socket.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApolloServer } from '@apollo/server';
import type { ExecutionArgs, ExecutionResult, FormattedExecutionResult, GraphQLError } from 'graphql';
import { Kind, OperationTypeNode } from 'graphql';
import {
  type Context,
  handleProtocols,
  makeServer,
  type ServerOptions,
  type SubscribePayload,
} from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { VerifyBearer } from '../auth/bearer-tokens.ts';
import type { Caller } from '../auth/caller.ts';
import { formatPublicError, publicError } from '../http/public-errors.ts';
import { type RequestContext, requestContextOf } from '../subgraphs/request-context.ts';
import type { Feed, FeedRequest, LiveFeed } from './live-feed.ts';
import { linkSocket, type SocketExtra } from './socket-link.ts';

const MESSAGE_BYTES_MAX = 64 * 1_024;
const INIT_WITHIN_MS = 3_000;
const OPERATIONS_MAX = 20;
/** Leaves the feeds of a socket time to say that the token expired. */
const EXPIRY_GRACE_MS = 500;
const TIMER_MS_MAX = 2 ** 31 - 1;

// 4401 tells graphql-ws clients to give up; after 4403 and 1012 they come back.
const UNAUTHORIZED = 4401;
const COME_BACK_WITH_A_NEW_TOKEN = 4403;
const SERVICE_RESTART = 1012;

export type Sockets = Readonly<{
  /** Closes all sockets, spread over the time given, so that their clients do not return in one moment. */
  drain: (withinMs: number) => Promise<void>;
}>;

export type SocketOptions = Readonly<{
  http: Server;
  live: LiveFeed;
  server: ApolloServer<RequestContext>;
  verify: VerifyBearer;
}>;

type Proven = { caller: Caller };
type Params = Record<string, unknown>;
type ProvenExtra = SocketExtra<Proven>;
type SocketContext = Context<Params, ProvenExtra>;
type Opened = Readonly<{ feed: Feed; client: AbortController }>;

export function serveSockets(options: SocketOptions): Sockets {
  const protocol = makeServer<Params, ProvenExtra>(protocolOptions(options));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, handleProtocols });
  options.http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) =>
      linkSocket(protocol, opened, { socket: opened, request }),
    );
  });
  return { drain: (withinMs) => drain(sockets, withinMs) };
}

function protocolOptions(options: SocketOptions): ServerOptions<Params, ProvenExtra> {
  return {
    connectionInitWaitTimeout: INIT_WITHIN_MS,
    onConnect: (context) => authenticate(options.verify, context),
    onSubscribe: (context, _, payload) => argsOf(options.live, context, payload),
    subscribe: ({ contextValue }) => resultsOf(contextValue as Opened),
    execute: ({ contextValue }) => resultOf(options.server, contextValue as Asked),
    onNext: (_, __, ___, ____, result) => result as FormattedExecutionResult,
    onError: (_, __, ___, errors) => errors.map((error) => formatPublicError(error)),
  };
}

/** The token comes in the payload of connection_init, or with the upgrade where a client can set headers. */
async function authenticate(verify: VerifyBearer, context: SocketContext): Promise<boolean> {
  const { connectionParams, extra } = context;
  const shown = connectionParams?.authorization ?? connectionParams?.Authorization;
  const verdict = await verify(typeof shown === 'string' ? shown : extra.request.headers.authorization);
  if (!verdict.ok) {
    const expired = verdict.reason === 'expired';
    extra.socket.close(
      expired ? COME_BACK_WITH_A_NEW_TOKEN : UNAUTHORIZED,
      `The token is ${verdict.reason}.`,
    );
    return false;
  }
  extra.caller = verdict.caller;
  closeOnExpiry(extra.socket, verdict.caller);
  return true;
}

function closeOnExpiry(socket: WebSocket, { expiresAt }: Caller): void {
  const left = Math.min(expiresAt * 1_000 - Date.now() + EXPIRY_GRACE_MS, TIMER_MS_MAX);
  const timer = setTimeout(() => socket.close(COME_BACK_WITH_A_NEW_TOKEN, 'The token has expired.'), left);
  socket.once('close', () => clearTimeout(timer));
}

type Asked = Readonly<{ request: FeedRequest; context: RequestContext }>;

/** Opens what is asked and hands it to `subscribe` or `execute` in the context; or says why not. */
function argsOf(
  live: LiveFeed,
  { extra, subscriptions }: SocketContext,
  { query, operationName, variables }: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  const { caller } = extra;
  if (caller === undefined) return [publicError('UNAUTHENTICATED', 'Send a token with connection_init.')];
  if (Object.keys(subscriptions).length > OPERATIONS_MAX) {
    return [publicError('RATE_LIMITED', `A socket carries at most ${OPERATIONS_MAX} operations at a time.`)];
  }
  const context = requestContextOf(caller);
  const request = { query, operationName: operationName ?? undefined, variables: variables ?? {} };
  const client = new AbortController();
  const opened = live.open(request, context, client.signal);
  if (opened.kind === 'refused') return opened.errors;
  if (opened.kind === 'other') return argsFor(OperationTypeNode.QUERY, { request, context });
  extra.socket.once('close', () => client.abort());
  return argsFor(OperationTypeNode.SUBSCRIPTION, { feed: opened.feed, client });
}

/** The protocol library chooses between `execute` and `subscribe` by a document; ours is read already. */
function argsFor(operation: OperationTypeNode, contextValue: Opened | Asked): ExecutionArgs {
  const selectionSet = { kind: Kind.SELECTION_SET, selections: [] } as const;
  const definitions = [{ kind: Kind.OPERATION_DEFINITION, operation, selectionSet }] as const;
  // Neither function looks at the schema.
  return {
    document: { kind: Kind.DOCUMENT, definitions },
    contextValue,
    rootValue: undefined,
  } as unknown as ExecutionArgs;
}

/** A client that completes makes the library return the iterator, which must end a feed that waits. */
function resultsOf({ feed, client }: Opened): AsyncGenerator<ExecutionResult> {
  const results = onlyResults(feed, client.signal);
  const leave = () => {
    client.abort();
    return results.return(undefined);
  };
  return Object.assign(Object.create(results) as AsyncGenerator<ExecutionResult>, {
    next: () => results.next(),
    return: leave,
    throw: leave,
    [Symbol.asyncIterator]() {
      return this;
    },
  });
}

async function* onlyResults(feed: Feed, client: AbortSignal): AsyncGenerator<ExecutionResult> {
  for await (const { result, ending } of feed) {
    // An operation that ended here would be complete for its client; closing the socket makes the client come back.
    if (ending === 'SUBSCRIPTION_SERVER_STOPPING') await aborted(client);
    // Formatted already: `onNext` passes it on as it is.
    else yield result as unknown as ExecutionResult;
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function resultOf(
  server: ApolloServer<RequestContext>,
  { request, context }: Asked,
): Promise<ExecutionResult> {
  const { query, operationName, variables } = request;
  const named = operationName === undefined ? {} : { operationName };
  const { body } = await server.executeOperation({ query, variables, ...named }, { contextValue: context });
  return (body.kind === 'single' ? body.singleResult : {}) as ExecutionResult;
}

async function drain(sockets: WebSocketServer, withinMs: number): Promise<void> {
  const closings = [...sockets.clients].map(
    (socket, index, all) =>
      new Promise<void>((resolve) => {
        socket.once('close', () => resolve());
        setTimeout(
          () => socket.close(SERVICE_RESTART, 'This server restarts.'),
          (withinMs * index) / all.length,
        );
      }),
  );
  await Promise.all(closings);
  sockets.close();
}
