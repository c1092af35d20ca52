import { z } from 'zod';

/** Subgraphs that keep a log. */
export const SOURCES = ['orders', 'inventory', 'payments', 'fulfillment'] as const;
export type Source = (typeof SOURCES)[number];

/** JetStream's stream of all logs; a cache of them, never the truth. */
export const EVENT_STREAM = 'EVENTS';
export const subjectOf = (source: Source) => `evt.${source}`;

/** What rides along with every event: where it came from and the trace it belongs to (W3C trace context). */
export const metadata = z.object({
  causationId: z.string().optional(),
  correlationId: z.string().optional(),
  traceparent: z.string().optional(),
  actor: z.string().optional(),
  /** The client's request it was written for: for the log's own restore alone, never shown. */
  request: z
    .object({
      scope: z.string(),
      operation: z.string(),
      key: z.string(),
      fingerprint: z.string(),
      result: z.string().optional(),
      events: z.int().optional(),
    })
    .optional(),
});
export type Metadata = z.infer<typeof metadata>;

/** One event of a log as it travels. `at` is the instant its database recorded it, RFC 3339. */
export const travellingEvent = z.object({
  id: z.string(),
  category: z.string(),
  stream: z.string(),
  version: z.int(),
  type: z.string(),
  schemaVersion: z.int(),
  data: z.record(z.string(), z.unknown()),
  metadata,
  at: z.string(),
});
export type TravellingEvent = z.infer<typeof travellingEvent>;

/** A run of events of one partition; the first stands at `after.position + 1`. */
export const slice = z.object({
  partition: z.int().min(0),
  after: z.object({ position: z.int().min(0), eventId: z.string().nullable() }),
  events: z.array(travellingEvent),
});
export type Slice = z.infer<typeof slice>;

/** One JetStream message: what one tick of a relay found. */
export const sliceMessage = z.object({ source: z.enum(SOURCES), slices: z.array(slice) });
export type SliceMessage = z.infer<typeof sliceMessage>;

/**
 * Reads a message of a source. It looks at the slices' frames only: the relay wrote the events, each event's data is read by
 * its own contract when somebody wants it, and a full look at every event of every message costs a tenth of a consumer's time.
 * Throws on anything that is no message of this source.
 */
export function readSlices(text: string, source: Source): readonly Slice[] {
  const message = messageFrame.parse(JSON.parse(text));
  if (message.source !== source) throw new Error(`A message of ${message.source} came as one of ${source}`);
  return message.slices;
}

const framedEvent = z.custom<TravellingEvent>(
  (event) =>
    isObject(event) &&
    typeof event.id === 'string' &&
    typeof event.type === 'string' &&
    isObject(event.data) &&
    isObject(event.metadata),
);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const messageFrame = z.object({
  source: z.enum(SOURCES),
  slices: z.array(slice.extend({ events: z.array(framedEvent) })),
});

/** The last readable event of a partition: the relay's committed intent. */
export const head = z.object({
  partition: z.int().min(0),
  position: z.int().min(0),
  eventId: z.string().nullable(),
});
export type Head = z.infer<typeof head>;
