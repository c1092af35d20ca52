import type { Metadata, RequestMark } from './metadata.ts';

/** An event about to be written. `data` is JSON; the id of a derived event is deterministic (`derivedId`). */
export type NewEvent = Readonly<{
  partition: number;
  category: string;
  streamId: string;
  version: number;
  id: string;
  type: string;
  schemaVersion?: number;
  data: object;
  metadata: Metadata;
}>;

/** Bytes of one event's JSON at most: larger documents belong in tables. */
export const EVENT_BYTES_MAX = 256 * 1024;

/** The nine arrays of `log_append`, in its order. */
export type AppendArrays = Readonly<{
  partition: number[];
  category: string[];
  streamId: string[];
  version: number[];
  id: string[];
  type: string[];
  schemaVersion: number[];
  data: string[];
  metadata: string[];
}>;

/** Turns events into the arrays of `log_append`; throws when one is larger than EVENT_BYTES_MAX. */
export function appendArrays(events: readonly NewEvent[]): AppendArrays {
  const arrays: AppendArrays = {
    partition: [],
    category: [],
    streamId: [],
    version: [],
    id: [],
    type: [],
    schemaVersion: [],
    data: [],
    metadata: [],
  };
  for (const event of events) {
    const data = JSON.stringify(event.data);
    if (data.length > EVENT_BYTES_MAX)
      throw new Error(`${event.type} of ${event.streamId} is larger than an event may be`);
    arrays.partition.push(event.partition);
    arrays.category.push(event.category);
    arrays.streamId.push(event.streamId);
    arrays.version.push(event.version);
    arrays.id.push(event.id);
    arrays.type.push(event.type);
    arrays.schemaVersion.push(event.schemaVersion ?? 1);
    arrays.data.push(data);
    arrays.metadata.push(JSON.stringify(event.metadata));
  }
  return arrays;
}

/** The events of one bulk request, each marked by it, so that a restored log knows whether the request came back whole. */
export function markedByRequest(
  events: readonly NewEvent[],
  request: Pick<RequestMark, 'scope' | 'operation' | 'key' | 'fingerprint'>,
  result: string,
): NewEvent[] {
  const { scope, operation, key, fingerprint } = request;
  const mark = { scope, operation, key, fingerprint, events: events.length };
  return events.map((event, index) => ({
    ...event,
    metadata: { ...event.metadata, request: index === 0 ? { ...mark, result } : mark },
  }));
}
