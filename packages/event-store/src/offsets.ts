import type { Sql } from './client.ts';

/** How far a consumer has come in one partition of one source. */
export type Offset = Readonly<{
  source: string;
  partition: number;
  position: number;
  eventId: string | null;
}>;

/** An offset's move, made by compare-and-set in the same call as the effects. */
export type OffsetMove = Readonly<{
  source: string;
  partition: number;
  from: number;
  to: number;
  /** Null only where nothing was heard yet and nothing moves. */
  eventId: string | null;
}>;

/** Where an event stands in its source's log: with the consumer's name, what identifies a dead letter. */
export type LetterPlace = Readonly<{ source: string; partition: number; position: number }>;

/** An event that could not be applied, on its way to a person. */
export type Parked = Readonly<{
  source: string;
  partition: number;
  position: number;
  key: string;
  event: object;
  error: string;
  /** Equal for letters that failed for the same reason. */
  fingerprint: string;
  attempts: number;
  codeVersion: string;
  trace: string | null;
}>;

/** An event's wish that the parked letters of a key be tried again. */
export type Reminder = Readonly<{ key: string; reason: string }>;

/** The first argument of every consumer's function, as JSON: `SELECT log_consume(inbox)` moves offsets, parks and settles. */
export type Inbox = Readonly<{
  consumer: string;
  epoch: number;
  offsets: readonly OffsetMove[];
  parked: readonly Parked[];
  /** Dead letters whose effect this call has: they become replayed with it, or not at all. */
  replays?: readonly LetterPlace[];
  /** Dead letters whose giving up has its effect in this call: they become discarded with it, or not at all. */
  discards?: readonly LetterPlace[];
  reminders?: readonly Reminder[];
  /** Everything is decided and written, and the commit refused with DRY_RUN. */
  dryRun?: true;
}>;

/** Makes sure that a row exists for each partition of each source, under the lease's epoch, and reads them. */
export async function loadOffsets(
  sql: Sql,
  consumer: string,
  sources: readonly string[],
  epoch: number,
): Promise<Offset[]> {
  await sql`
    INSERT INTO offsets (consumer, source, partition, epoch)
    SELECT ${consumer}, s, p, ${epoch} FROM unnest(${[...sources]}::text[]) s, partitions c (p) ON CONFLICT DO NOTHING`;
  const rows = await sql<{ source: string; partition: number; position: string; event_id: string | null }[]>`
    SELECT source, partition, position::text, event_id FROM offsets
    WHERE consumer = ${consumer} AND source = ANY (${[...sources]}::text[]) ORDER BY source, partition`;
  return rows.map((row) => ({
    source: row.source,
    partition: row.partition,
    position: Number(row.position),
    eventId: row.event_id,
  }));
}

/** How far the consumer has come in each partition of one source; nothing is made for a source it never heard. */
export async function loadConsumed(
  sql: Sql,
  consumer: string,
  source: string,
): Promise<{ partition: number; position: number; eventId: string | null }[]> {
  return sql`
    SELECT partition, position::float8 AS position, event_id AS "eventId" FROM offsets
    WHERE consumer = ${consumer} AND source = ${source} ORDER BY partition`;
}

/** Moves offsets without an effect: what a batch of events nobody here cares for amounts to. */
export async function consumeOnly(sql: Sql, inbox: Inbox): Promise<void> {
  await sql`SELECT log_consume(${JSON.stringify(inbox)}::text::jsonb)`;
}

/** Keys whose events wait behind a dead letter. */
export async function loadParkedKeys(sql: Sql, consumer: string): Promise<Set<string>> {
  const rows = await sql<{ key: string }[]>`SELECT key FROM parked_keys WHERE consumer = ${consumer}`;
  return new Set(rows.map((row) => row.key));
}
