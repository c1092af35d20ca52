// Takes published events back into a log that was restored to an earlier point.
import type { Sql } from './client.ts';
import type { KnownPosition } from './log-gate.ts';

/** An event as it was published, and its place in the log. `at` is RFC 3339 with milliseconds. */
export type PublishedEvent = Readonly<{
  partition: number;
  position: number;
  id: string;
  category: string;
  stream: string;
  version: number;
  type: string;
  schemaVersion: number;
  data: object;
  metadata: object;
  at: string;
}>;

/** An event of another log that an imported event followed from; its place is null where that log no longer has it. */
export type RestoredInput = Readonly<{
  id: string;
  source: string | null;
  partition: number | null;
  position: number | null;
}>;

/** The argument of `log_import`: every subgraph's function of the import calls it first, so that log and rows move together. */
export type LogImport = Readonly<{
  events: readonly PublishedEvent[];
  inputs: readonly RestoredInput[];
  /** How far the log was published where its events were still here. */
  published: readonly KnownPosition[];
}>;

/** Notes how far the log was published, and what shall not be heard again, without taking an event. */
export async function importPublished(
  sql: Sql,
  published: readonly KnownPosition[],
  inputs: readonly RestoredInput[],
): Promise<void> {
  const nothing: LogImport = { events: [], inputs, published };
  await sql`SELECT log_import(${JSON.stringify(nothing)}::text::jsonb)`;
}

/** The last event of each partition, published or not. */
export async function loadLogEnds(
  sql: Sql,
): Promise<{ partition: number; position: number; eventId: string | null; givenUp: number }[]> {
  return sql`
    SELECT partition, position::float8 AS position, event_id AS "eventId", given_up::float8 AS "givenUp"
    FROM partitions ORDER BY partition`;
}

/** The ids of the events at the given places; a place the log does not have is left out. */
export async function eventIdsAtPlaces(
  sql: Sql,
  places: readonly KnownPosition[],
): Promise<{ partition: number; position: number; eventId: string }[]> {
  return sql`
    SELECT e.partition, e.position::float8 AS position, e.event_id AS "eventId"
    FROM unnest(${places.map((each) => each.partition)}::int[], ${places.map((each) => each.position)}::bigint[]) u (p, q)
    JOIN events e ON e.partition = u.p AND e.position = u.q`;
}

/** A request of which less came back than it wrote: its key is not stored, so that it is done again when it is sent again. */
export type TornRequest = Readonly<{
  scope: string;
  operation: string;
  key: string;
  wanted: number;
  found: number;
}>;

/** Requests of which not every event came back since the log was closed. */
export async function loadTornRequests(sql: Sql): Promise<TornRequest[]> {
  return sql`
    SELECT scope, operation, key, wanted, found FROM log_restored_requests() WHERE found < wanted
    ORDER BY scope, operation, key`;
}

/** Stores the keys of the requests that came back and opens the log; `outcome` is kept with the closing. */
export async function openLog(
  sql: Sql,
  givenUp: readonly KnownPosition[],
  outcome: Readonly<Record<string, number>>,
): Promise<void> {
  await sql`SELECT log_open(${JSON.stringify(givenUp)}::text::jsonb, ${JSON.stringify(outcome)}::text::jsonb)`;
}

/** Ids of events still to be heard whose effects came back with the log; empty but after a restore. */
export async function loadRestoredInputs(sql: Sql, consumer: string): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`SELECT id FROM restored_inputs_ahead(${consumer}) AS r (id)`;
  return new Set(rows.map((row) => row.id));
}
