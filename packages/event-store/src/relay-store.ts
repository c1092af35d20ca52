import type { Sql } from './client.ts';

/** An event as it stands in the log, its JSON still text, so that it travels unread. */
export type LogRow = Readonly<{
  partition: number;
  position: string;
  category: string;
  stream_id: string;
  version: number;
  event_id: string;
  type: string;
  schema_version: number;
  data: string;
  metadata: string;
  recorded_at: Date;
}>;

/** The end of a slice the relay is about to publish. */
export type Intention = Readonly<{ partition: number; from: number; to: number; eventId: string }>;

/** Where a partition's readers stop: the committed intent. */
export type Intent = Readonly<{ partition: number; position: number; eventId: string | null }>;

/** Events behind the intents, by partition and position, at most `limit` of each partition. */
export async function readUnpublished(sql: Sql, limit: number): Promise<LogRow[]> {
  return sql<LogRow[]>`SELECT * FROM relay_read(${limit})`;
}

/** Commits the intent to publish; rejects with LEASE_LOST under an old epoch. */
export async function commitIntentions(
  sql: Sql,
  intentions: readonly Intention[],
  epoch: number,
): Promise<void> {
  await sql`SELECT relay_intend(
    ${intentions.map((each) => each.partition)}::int[], ${intentions.map((each) => each.from)}::bigint[],
    ${intentions.map((each) => each.to)}::bigint[], ${intentions.map((each) => each.eventId)}::uuid[], ${epoch})`;
}

/**
 * The committed intents of all partitions. Where commits wait for standbys, this one does too: an intent whose own wait was
 * ended stands visible though no standby has it, and only a later commit (here: a message in the write-ahead log) proves it.
 */
export async function loadIntents(sql: Sql): Promise<Intent[]> {
  const rows = await sql<{ partition: number; position: string; event_id: string | null }[]>`
    WITH proof AS MATERIALIZED (
      SELECT CASE WHEN current_setting('synchronous_standby_names') <> ''
        THEN pg_logical_emit_message(true, 'crossdock', 'a reader proves what it saw') END AS place)
    SELECT i.partition, i.position::text, i.event_id FROM intents i, proof ORDER BY i.partition`;
  return rows.map((row) => ({
    partition: row.partition,
    position: Number(row.position),
    eventId: row.event_id,
  }));
}
