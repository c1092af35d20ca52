import type { Sql } from 'postgres';

/** The settings that decide whether a figure was measured on durable commits. */
export interface DatabaseSettings {
  readonly version: string;
  readonly fsync: string;
  readonly synchronousCommit: string;
  readonly unloggedTables: number;
}

export async function readSettings(sql: Sql): Promise<DatabaseSettings> {
  const [row] = await sql<DatabaseSettings[]>`
    select current_setting('server_version') as version,
           current_setting('fsync') as fsync,
           current_setting('synchronous_commit') as "synchronousCommit",
           (select count(*)::int from pg_class where relkind = 'r' and relpersistence = 'u') as "unloggedTables"`;
  if (row === undefined) throw new Error('the database answered no settings');
  return row;
}
