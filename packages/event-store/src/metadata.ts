/**
 * The client's request that an event was written for, so that a restored log knows the keys it answered. `result` only where
 * it is not the event's stream; `events` counts those of the request where they are several, and only the first has the result.
 */
export type RequestMark = Readonly<{
  scope: string;
  operation: string;
  key: string;
  fingerprint: string;
  result?: string;
  events?: number;
}>;

/** What rides along with every event: what caused it, for whom, and the trace it belongs to (W3C trace context). */
export type Metadata = Readonly<{
  causationId?: string;
  correlationId?: string;
  traceparent?: string;
  actor?: string;
  request?: RequestMark;
}>;
