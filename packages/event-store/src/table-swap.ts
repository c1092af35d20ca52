import type { Sql } from './client.ts';
import type { Offset } from './offsets.ts';
import { nextOf, previousOf, quoted } from './table-copy.ts';

/** How far a copy was folded: the consumer's offsets, and how many events below them stand as dead letters without effect. */
export type FoldedTo = Readonly<{
  consumer: string;
  sources: readonly string[];
  offsets: readonly Offset[];
  letters: number;
}>;

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** The offsets of a consumer; throws when it has not begun with one of the sources. */
export async function readOffsets(
  sql: Sql,
  consumer: string,
  sources: readonly string[],
  lock: boolean,
): Promise<Offset[]> {
  const rows = await sql<{ source: string; partition: number; position: string; event_id: string | null }[]>`
    SELECT source, partition, position::text, event_id FROM offsets
    WHERE consumer = ${consumer} AND source = ANY (${[...sources]}::text[])
    ORDER BY source, partition ${lock ? sql`FOR NO KEY UPDATE` : sql``}`;
  const [wanted] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM partitions`;
  if (rows.length !== (wanted?.count ?? 0) * sources.length)
    throw new Error(`${consumer} has not listened to ${sources.join(', ')} yet: start it once`);
  return rows.map(({ position, event_id, ...row }) => ({
    ...row,
    position: Number(position),
    eventId: event_id,
  }));
}

/** Events below a consumer's offsets that had no effect, as `source/partition/position`: they are dead letters. */
export async function readLettersWithoutEffect(
  sql: Sql,
  consumer: string,
  sources: readonly string[],
): Promise<Set<string>> {
  const rows = await sql<{ place: string }[]>`
    SELECT source || '/' || partition || '/' || position AS place FROM dead_letters
    WHERE consumer = ${consumer} AND source = ANY (${[...sources]}::text[]) AND status <> 'replayed'`;
  return new Set(rows.map((row) => row.place));
}

/**
 * Runs `work` while the consumer's offsets stand still: its calls lock them first, so they wait. Short work only: the database
 * ends an idle holder after seconds. What must not happen without the hold compares the offsets again in its own statement, so
 * that a connection that broke meanwhile, and came back without the hold, harms nothing.
 */
export async function holdingOffsets<Result>(
  sql: Sql,
  consumer: string,
  sources: readonly string[],
  work: (offsets: readonly Offset[]) => Promise<Result>,
): Promise<Result> {
  await sql`BEGIN`;
  try {
    const result = await work(await readOffsets(sql, consumer, sources, true));
    await sql`COMMIT`;
    return result;
  } catch (error) {
    await sql`ROLLBACK`.catch(() => undefined);
    throw error;
  }
}

/** The consumer's rows of the copy's sources: the same that are held, in the same order, so that no lock is taken crosswise. */
const whoseRows = ({ consumer, sources }: FoldedTo) =>
  `consumer = ${literal(consumer)} AND source IN (${sources.map(literal).join(', ')})`;

/** Statements that raise unless offsets and dead letters still are those the copy was folded to. */
function guards(foldedTo: FoldedTo): string[] {
  const { consumer, offsets, letters } = foldedTo;
  const places = literal(JSON.stringify(offsets));
  return [
    `SELECT log_guard((SELECT count(*)::int FROM offsets o
       JOIN jsonb_to_recordset(${places}::jsonb) AS u (source text, partition int, position bigint)
         ON o.source = u.source AND o.partition = u.partition AND o.position = u.position
       WHERE o.consumer = ${literal(consumer)}), ${offsets.length}, 'offsets as folded')`,
    `SELECT log_guard((SELECT count(*)::int FROM dead_letters WHERE ${whoseRows(foldedTo)} AND status <> 'replayed'), ${letters},
       'dead letters as folded')`,
  ];
}

/** Begins a transaction whose snapshot stands still, at the offsets the copy was folded to; raises at any others. */
export async function beginSnapshot(sql: Sql, foldedTo: FoldedTo): Promise<void> {
  await sql`ROLLBACK`;
  await sql`BEGIN ISOLATION LEVEL REPEATABLE READ`;
  try {
    await sql.unsafe(guards(foldedTo).join(';\n'));
  } catch (error) {
    await sql`ROLLBACK`.catch(() => undefined);
    throw error;
  }
}

/** Pairs of indexes that are the same but for their names: of the table, and of its copy. */
async function indexPairs(sql: Sql, table: string): Promise<{ live: string; next: string }[]> {
  return sql<{ live: string; next: string }[]>`
    WITH indexes AS (
      SELECT i.indrelid, c.relname AS name, d.definition,
             row_number() OVER (PARTITION BY i.indrelid, d.definition ORDER BY i.indexrelid) AS twin
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      CROSS JOIN LATERAL (
        SELECT regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE (UNIQUE )?INDEX .*? USING ', '\\1') AS definition) d
      WHERE i.indrelid IN (${table}::regclass, ${nextOf(table)}::regclass))
    SELECT l.name AS live, n.name AS next FROM indexes l JOIN indexes n USING (definition, twin)
    WHERE l.indrelid = ${table}::regclass AND n.indrelid = ${nextOf(table)}::regclass`;
}

/**
 * Puts the copy in the table's place, under the same names of table, indexes and constraints; the old one becomes
 * `<table>_previous`, or goes. All of it is one statement: at other offsets, or when the copy is not the one with this object
 * id, it raises and nothing changed. Plans that others keep follow the name, because renaming invalidates them.
 */
export async function swapTables(
  sql: Sql,
  table: string,
  copyId: number,
  foldedTo: FoldedTo,
  dropPrevious: boolean,
): Promise<void> {
  const pairs = await indexPairs(sql, table);
  const [live, next, previous] = [table, nextOf(table), previousOf(table)].map(quoted);
  const who = whoseRows(foldedTo);
  const statements = [
    `SELECT 1 FROM offsets WHERE ${who} ORDER BY source, partition FOR NO KEY UPDATE`,
    `SELECT 1 FROM dead_letters WHERE ${who} AND status <> 'replayed' ORDER BY source, partition, position FOR SHARE`,
    ...guards(foldedTo),
    `LOCK TABLE ${live}, ${next} IN ACCESS EXCLUSIVE MODE`,
    `SELECT log_guard((${literal(nextOf(table))}::regclass::oid = ${copyId})::int, 1, 'the copy')`,
    `DROP TABLE IF EXISTS ${previous}`,
    ...pairs.map((pair) => `ALTER INDEX ${quoted(pair.live)} RENAME TO ${quoted(previousOf(pair.live))}`),
    ...pairs.map((pair) => `ALTER INDEX ${quoted(pair.next)} RENAME TO ${quoted(pair.live)}`),
    `ALTER TABLE ${live} RENAME TO ${previous}`,
    `ALTER TABLE ${next} RENAME TO ${live}`,
    ...(dropPrevious ? [`DROP TABLE ${previous}`] : []),
  ];
  await sql.unsafe(statements.join(';\n'));
}
