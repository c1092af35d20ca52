import type { Sql } from './client.ts';
import type { ComparedReadModel, TableRow } from './read-model.ts';
import { listed, loadShape, quoted, type TableShape } from './table-copy.ts';

/** A row that the log gives and the table lacks, one that the table has and the log does not give, or one that is another. */
export type Difference = Readonly<{
  kind: 'missing' | 'extra' | 'different';
  live: TableRow | null;
  folded: TableRow | null;
}>;

export type Comparison = Readonly<{
  /** Rows of the table, and rows that the log gives. */
  live: number;
  folded: number;
  missing: number;
  extra: number;
  different: number;
  /** The first of each kind, by key. */
  examples: readonly Difference[];
}>;

/** Examples of each kind: enough to begin with, few enough to read. */
const EXAMPLES_OF_EACH = 3;
const KINDS = ['missing', 'extra', 'different'] as const;

type Counts = Readonly<{ live: number; folded: number; missing: number; extra: number; different: number }>;

export const differencesIn = ({ missing, extra, different }: Comparison): number =>
  missing + extra + different;

/** Compares two tables row by row, in the columns of `shape`. The caller sees to it that both stand still meanwhile. */
export async function compareTables(
  sql: Sql,
  live: string,
  folded: string,
  { columns, key }: TableShape,
): Promise<Comparison> {
  const [first = ''] = key;
  const rowsOf = (table: string) => `(SELECT ${listed(columns)} FROM ${quoted(table)})`;
  const sameKey = key.map((column) => `l.${quoted(column)} = f.${quoted(column)}`).join(' AND ');
  const joined = `${rowsOf(live)} l FULL JOIN ${rowsOf(folded)} f ON ${sameKey}`;
  const where = {
    missing: `l.${quoted(first)} IS NULL`,
    extra: `f.${quoted(first)} IS NULL`,
    different: `l.${quoted(first)} IS NOT NULL AND f.${quoted(first)} IS NOT NULL AND to_jsonb(l) <> to_jsonb(f)`,
  };
  const [counts] = await sql.unsafe<Counts[]>(`
    SELECT count(l.${quoted(first)})::float8 AS live, count(f.${quoted(first)})::float8 AS folded,
           ${KINDS.map((kind) => `count(*) FILTER (WHERE ${where[kind]})::float8 AS ${kind}`).join(', ')}
    FROM ${joined}`);
  const found = counts ?? { live: 0, folded: 0, missing: 0, extra: 0, different: 0 };
  const byKey = key.map((column) => `coalesce(l.${quoted(column)}, f.${quoted(column)})`).join(', ');
  const examples: Difference[] = [];
  for (const kind of KINDS.filter((each) => found[each] > 0)) {
    const rows = await sql.unsafe<Difference[]>(`
      SELECT '${kind}' AS kind, CASE WHEN l.${quoted(first)} IS NOT NULL THEN to_jsonb(l) END AS live,
             CASE WHEN f.${quoted(first)} IS NOT NULL THEN to_jsonb(f) END AS folded
      FROM ${joined} WHERE ${where[kind]} ORDER BY ${byKey} LIMIT ${EXAMPLES_OF_EACH}`);
    examples.push(...rows);
  }
  return { ...found, examples };
}

/** Compares a read model that is only compared with what its log amounts to, on one snapshot of the database. */
export async function compareReadModel(sql: Sql, model: ComparedReadModel): Promise<Comparison> {
  const { columns, table } = model;
  const { key } = await loadShape(sql, table);
  const expected = `${table}_expected`;
  await sql`BEGIN ISOLATION LEVEL REPEATABLE READ`;
  try {
    await sql.unsafe(
      `CREATE TEMP TABLE ${quoted(expected)} ON COMMIT DROP AS SELECT ${listed(columns)} FROM ${quoted(table)} WITH NO DATA;
       ALTER TABLE ${quoted(expected)} ADD PRIMARY KEY (${listed(key)})`,
    );
    await model.fill(sql, expected);
    return await compareTables(sql, table, expected, { columns, key });
  } finally {
    await sql`ROLLBACK`;
  }
}
