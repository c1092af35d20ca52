import type { Sql } from './client.ts';
import type { TableRow } from './read-model.ts';

/** Columns in the table's order, and those of its primary key. */
export type TableShape = Readonly<{ columns: readonly string[]; key: readonly string[] }>;

/** Rows of one statement at most: a few megabytes of JSON. */
const WRITE_ROWS_MAX = 5_000;

export const nextOf = (table: string) => `${table}_next`;
export const previousOf = (table: string) => `${table}_previous`;
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const listed = (names: readonly string[]) => names.map(quoted).join(', ');

export async function loadShape(sql: Sql, table: string): Promise<TableShape> {
  const rows = await sql<{ name: string; keyed: boolean }[]>`
    SELECT a.attname AS name, coalesce(a.attnum = ANY (i.indkey), false) AS keyed
    FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
    WHERE a.attrelid = ${table}::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;
  const key = rows.filter((row) => row.keyed).map((row) => row.name);
  if (key.length === 0) throw new Error(`${table} has no primary key: its rows cannot be told apart`);
  return { columns: rows.map((row) => row.name), key };
}

/** What hangs on a table and would not hang on its copy. */
async function tiesOf(sql: Sql, table: string): Promise<string[]> {
  const rows = await sql<{ tie: string }[]>`
    SELECT 'foreign key ' || conname AS tie FROM pg_constraint
    WHERE contype = 'f' AND ${table}::regclass IN (conrelid, confrelid)
    UNION ALL
    SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid = ${table}::regclass AND NOT tgisinternal
    UNION ALL
    SELECT 'view ' || r.ev_class::regclass FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
    WHERE d.refobjid = ${table}::regclass AND d.classid = 'pg_rewrite'::regclass`;
  return rows.map((row) => row.tie);
}

/**
 * Makes `<table>_next`, empty and of the same columns, defaults, checks, indexes and storage parameters, in place of what an
 * interrupted rebuild left; answers its object id. Refuses a table that others hang on.
 */
export async function createCopy(sql: Sql, table: string): Promise<number> {
  const ties = await tiesOf(sql, table);
  if (ties.length > 0) throw new Error(`${table} cannot be replaced by a copy: ${ties.join(', ')}`);
  const next = nextOf(table);
  const [stored] = await sql<{ options: string | null }[]>`
    SELECT array_to_string(reloptions, ', ') AS options FROM pg_class WHERE oid = ${table}::regclass`;
  // LIKE takes over everything but the table's own storage parameters, such as its fillfactor.
  const options = stored?.options == null ? '' : ` WITH (${stored.options})`;
  await sql.unsafe(
    `DROP TABLE IF EXISTS ${quoted(next)}; CREATE TABLE ${quoted(next)} (LIKE ${quoted(table)} INCLUDING ALL)${options}`,
  );
  const [made] = await sql<{ oid: number }[]>`SELECT ${next}::regclass::oid AS oid`;
  return made?.oid ?? 0;
}

/** Writes rows; of those with one key the last one stands, and it replaces what stood under its key. */
export async function writeRows(
  sql: Sql,
  table: string,
  { columns, key }: TableShape,
  rows: readonly TableRow[],
): Promise<void> {
  const last = new Map(rows.map((row) => [JSON.stringify(key.map((column) => row[column])), row]));
  const all = [...last.values()];
  const others = columns.filter((column) => !key.includes(column));
  const change =
    others.length === 0
      ? 'NOTHING'
      : `UPDATE SET ${others.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ')}`;
  for (let from = 0; from < all.length; from += WRITE_ROWS_MAX) {
    await sql.unsafe(
      `INSERT INTO ${quoted(table)} (${listed(columns)})
       SELECT ${listed(columns)} FROM jsonb_populate_recordset(NULL::${quoted(table)}, $1::text::jsonb)
       ON CONFLICT (${listed(key)}) DO ${change}`,
      [JSON.stringify(all.slice(from, from + WRITE_ROWS_MAX))],
    );
  }
}
