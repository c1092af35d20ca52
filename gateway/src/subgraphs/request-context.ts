// What one request of a client carries through the gateway to every subgraph it touches.
import { randomUUID } from 'node:crypto';
import type { Caller } from '../auth/caller.ts';

export type RequestContext = Readonly<{ caller: Caller; requestId: string; traceparent: string }>;

/** W3C trace context, version 00. */
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const SPAN_ID_LENGTH = 16;

/** Goes on with the client's trace when it has a valid one; the request id is always our own. */
export function requestContextOf(caller: Caller, traceparent?: string): RequestContext {
  const valid = traceparent !== undefined && TRACEPARENT.test(traceparent);
  return { caller, requestId: randomUUID(), traceparent: valid ? traceparent : newTrace() };
}

/** UUIDs, because Node draws their randomness in advance. */
const hex = () => randomUUID().replaceAll('-', '');
const newTrace = () => `00-${hex()}-${hex().slice(-SPAN_ID_LENGTH)}-01`;
