import type { Databases, Edit } from './bug.ts';

/** Replaces functions of the databases by their edited selves; rejects when an edit no longer finds what it changes. */
export async function plantEdits(databases: Partial<Databases>, edits: readonly Edit[]): Promise<void> {
  for (const edit of edits) {
    const sql = databases[edit.database];
    if (sql === undefined) throw new Error(`An edit is of ${edit.database}, which is not at hand`);
    const rows = await sql<{ text: string }[]>`
      select pg_get_functiondef(p.oid) as text from pg_proc p
      where p.proname = ${edit.function} and p.pronamespace = 'public'::regnamespace`;
    const [row] = rows;
    const name = `${edit.function} of ${edit.database}`;
    if (row === undefined || rows.length > 1) throw new Error(`There are ${rows.length} functions ${name}`);
    if (!row.text.includes(edit.from)) throw new Error(`${name} no longer holds: ${edit.from}`);
    await sql.unsafe(row.text.replaceAll(edit.from, () => edit.to));
  }
}
