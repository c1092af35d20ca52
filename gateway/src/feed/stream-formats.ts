// The two ways a feed travels in one HTTP response. Pure text: what is written when, and nothing of sockets.
import type { FeedOutput } from './order-feed.ts';

export type StreamFormat = Readonly<{
  headers: Readonly<Record<string, string>>;
  /** Flushed at once, so that proxies and clients see the stream open. */
  opening: string;
  item: (output: FeedOutput) => string;
  heartbeat: string;
  heartbeatMs: number;
  /** Closes an operation that is complete; a stream that just stops invites its client back. */
  complete: string;
}>;

const NO_STORE = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };
const SSE_HEARTBEAT_MS = 12_000;
/** What Apollo's clients expect. */
const MULTIPART_HEARTBEAT_MS = 5_000;

/** GraphQL over SSE, distinct connections (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). */
export const EVENT_STREAM_FORMAT: StreamFormat = {
  headers: { ...NO_STORE, 'content-type': 'text/event-stream; charset=utf-8' },
  opening: ':\n\n',
  item: ({ cursor, result }) =>
    `${cursor === null ? '' : `id: ${cursor}\n`}event: next\ndata: ${JSON.stringify(result)}\n\n`,
  heartbeat: ':\n\n',
  heartbeatMs: SSE_HEARTBEAT_MS,
  complete: 'event: complete\ndata:\n\n',
};

/** Apollo's multipart protocol (https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol). */
export const MULTIPART_FORMAT: StreamFormat = {
  headers: { ...NO_STORE, 'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"' },
  opening: '--graphql',
  item: ({ ending, result }) =>
    part(ending === null ? { payload: result } : { payload: null, errors: result.errors }),
  heartbeat: part({}),
  heartbeatMs: MULTIPART_HEARTBEAT_MS,
  complete: '--\r\n',
};

/** The boundary behind a part is what makes a client read it. */
function part(body: object): string {
  return `\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(body)}\r\n--graphql`;
}

/** The format a client asks for; event streams before multipart when it takes both. */
export function streamFormatOf(accept: string): StreamFormat | null {
  if (accept.includes('text/event-stream')) return EVENT_STREAM_FORMAT;
  return accept.includes('multipart/mixed') && accept.includes('subscriptionSpec') ? MULTIPART_FORMAT : null;
}
