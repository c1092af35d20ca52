/** What rides along with every event: what caused it, for whom, and the trace it belongs to (W3C trace context). */
export type Metadata = Readonly<{
  causationId?: string;
  correlationId?: string;
  traceparent?: string;
  actor?: string;
}>;
