import postgres from 'postgres';

export interface DatabaseBackup {
  /** Puts the database back to what it was at the backup; its connections are ended. */
  readonly restore: () => Promise<void>;
  readonly drop: () => Promise<void>;
}

/** Copies a database as it is now. The database's connections are ended: a copy is made of a database at rest. */
export async function backupOf(url: string): Promise<DatabaseBackup> {
  const name = new URL(url).pathname.slice(1);
  const copy = `${name}_backup`;
  await copied(url, name, copy);
  return {
    restore: () => copied(url, copy, name),
    drop: () => dropped(url, copy),
  };
}

async function copied(url: string, from: string, to: string): Promise<void> {
  const sql = maintenance(url);
  try {
    await sql`drop database if exists ${sql(to)} with (force)`;
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${from}`;
    await sql`create database ${sql(to)} template ${sql(from)}`;
  } finally {
    await sql.end();
  }
}

async function dropped(url: string, name: string): Promise<void> {
  const sql = maintenance(url);
  try {
    await sql`drop database if exists ${sql(name)} with (force)`;
  } finally {
    await sql.end();
  }
}

function maintenance(url: string): ReturnType<typeof postgres> {
  const server = new URL(url);
  server.pathname = '/postgres';
  return postgres(server.toString(), { max: 1, onnotice: () => undefined });
}
