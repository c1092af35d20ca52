import type { Sql } from './client.ts';
import { type Intent, type LogRow, loadIntents } from './relay-store.ts';

/** A place in one partition's log. */
export type LogPlace = Readonly<{ partition: number; position: number }>;

/** A run of rows of one partition, and what stands before its first. */
export type LogSlice = Readonly<{
  partition: number;
  after: Readonly<{ position: number; eventId: string | null }>;
  rows: readonly LogRow[];
}>;

/** What one read finds: slices behind the given places, never beyond the intents. */
export type LogPage = Readonly<{ slices: readonly LogSlice[]; heads: readonly Intent[] }>;

/** Events one read may ask for. */
export const LOG_READ_LIMIT_MAX = 5_000;

async function eventIdsAt(sql: Sql, places: readonly LogPlace[]): Promise<Map<number, string>> {
  const rows = await sql<{ partition: number; event_id: string }[]>`
    SELECT e.partition, e.event_id FROM unnest(${places.map((place) => place.partition)}::int[],
      ${places.map((place) => place.position)}::bigint[]) u (p, q)
    JOIN events e ON e.partition = u.p AND e.position = u.q`;
  return new Map(rows.map((row) => [row.partition, row.event_id]));
}

/** Reads the log behind the given places, at most `limit` events of each partition, up to the committed intents. */
export async function readLog(sql: Sql, after: readonly LogPlace[], limit: number): Promise<LogPage> {
  const heads = await loadIntents(sql);
  const until = new Map(heads.map((each) => [each.partition, each.position]));
  const places = after.filter((place) => place.position < (until.get(place.partition) ?? 0));
  if (places.length === 0) return { slices: [], heads };
  const ids = await eventIdsAt(sql, places);
  const rows = await sql<LogRow[]>`
    SELECT e.partition, e.position::text, e.category, e.stream_id, e.version, e.event_id, e.type, e.schema_version,
           e.data::text, e.metadata::text, e.recorded_at
    FROM unnest(${places.map((place) => place.partition)}::int[], ${places.map((place) => place.position)}::bigint[],
                ${places.map((place) => until.get(place.partition) ?? 0)}::bigint[]) u (p, q, h)
    CROSS JOIN LATERAL (SELECT * FROM events x WHERE x.partition = u.p AND x.position > u.q AND x.position <= u.h
                        ORDER BY x.position LIMIT ${limit}) e
    ORDER BY e.partition, e.position`;
  const slices = places.map((place) => ({
    partition: place.partition,
    after: { position: place.position, eventId: ids.get(place.partition) ?? null },
    rows: rows.filter((row) => row.partition === place.partition),
  }));
  return { slices: slices.filter((each) => each.rows.length > 0), heads };
}

/**
 * Like `readLog`, only what is of the given partners (`data.partnerId`): each event is a slice of its own, whose `after` names
 * no event, since what stands before it may be another's.
 */
export async function readLogOfPartners(
  sql: Sql,
  after: readonly LogPlace[],
  limit: number,
  partnerIds: readonly string[],
): Promise<LogPage> {
  const heads = await loadIntents(sql);
  const until = new Map(heads.map((each) => [each.partition, each.position]));
  const rows = await sql<LogRow[]>`
    SELECT e.partition, e.position::text, e.category, e.stream_id, e.version, e.event_id, e.type, e.schema_version,
           e.data::text, e.metadata::text, e.recorded_at
    FROM unnest(${after.map((place) => place.partition)}::int[], ${after.map((place) => place.position)}::bigint[],
                ${after.map((place) => until.get(place.partition) ?? 0)}::bigint[]) u (p, q, h)
    CROSS JOIN LATERAL (
      SELECT * FROM events x
      WHERE x.category = 'order' AND x.data ->> 'partnerId' = ANY (${[...partnerIds]}::text[])
        AND x.partition = u.p AND x.position > u.q AND x.position <= u.h
      ORDER BY x.position LIMIT ${limit}) e
    ORDER BY e.partition, e.position`;
  const slices = rows.map((row) => ({
    partition: row.partition,
    after: { position: Number(row.position) - 1, eventId: null },
    rows: [row],
  }));
  return { slices, heads };
}

/** For each shown place: the head of its partition, and whether the log holds that event at that position. */
export async function compareWithLog(
  sql: Sql,
  shown: readonly Readonly<{ partition: number; position: number; eventId: string | null }>[],
): Promise<(Intent & { agrees: boolean })[]> {
  const [heads, ids] = await Promise.all([loadIntents(sql), eventIdsAt(sql, shown)]);
  return heads.map((each) => {
    const place = shown.find((candidate) => candidate.partition === each.partition);
    const agrees = place === undefined || place.position === 0 || ids.get(each.partition) === place.eventId;
    return { ...each, agrees };
  });
}

/** The JSON of slices as they travel; the events' own JSON is passed on as text. */
export function slicesJson(slices: readonly LogSlice[]): string {
  return `[${slices
    .map((each) => {
      const events = each.rows.map(
        (row) =>
          `{"id":"${row.event_id}","category":"${row.category}","stream":${JSON.stringify(row.stream_id)},"version":${row.version},` +
          `"type":"${row.type}","schemaVersion":${row.schema_version},"at":"${row.recorded_at.toISOString()}",` +
          `"metadata":${row.metadata},"data":${row.data}}`,
      );
      return `{"partition":${each.partition},"after":${JSON.stringify(each.after)},"events":[${events.join(',')}]}`;
    })
    .join(',')}]`;
}
