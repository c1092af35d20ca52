/**
 * Brings the tables of all subgraphs up to date before they serve. A process for each costs seconds of CPU, so a private
 * database remembers, as its comment, which migrations it has had; one that was made anew remembers nothing.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { PlainFailure } from '../infrastructure/plain-failure.ts';
import type { Servers } from '../infrastructure/servers.ts';
import { ROOT } from '../repository.ts';
import type { RunningProcesses } from './running-processes.ts';
import { migrate, type Service } from './service.ts';

const LOG_MIGRATIONS = 'packages/event-store/migrations';
const migrationsOf = (subgraph: string) => `subgraphs/${subgraph}/src/store/migrations`;

/** Migrates each subgraph whose database has not had all migrations; rejects with the first that fails. */
export async function prepareTables(
  subgraphs: readonly Service[],
  servers: Servers,
  logFolder: string,
  processes: RunningProcesses,
): Promise<void> {
  await Promise.all(
    subgraphs.map(async (subgraph) => {
      const url = subgraph.environment.DATABASE_URL ?? '';
      if (servers.maintenanceUrl === undefined) return migrateOne(subgraph, logFolder, processes);
      const wanted = markOf([LOG_MIGRATIONS, migrationsOf(subgraph.name)]);
      const had = await asking(url, readMark);
      if (had === wanted) return;
      mustOnlyAdd(subgraph.name, had, wanted);
      await migrateOne(subgraph, logFolder, processes);
      await asking(url, (sql) => writeMark(sql, wanted));
    }),
  );
}

async function migrateOne(subgraph: Service, logFolder: string, { watch }: RunningProcesses): Promise<void> {
  const name = `${subgraph.name} migrate`;
  let pid = 0;
  const spawned = (born: number) => {
    pid = born;
    watch.started(name, pid);
  };
  await migrate(subgraph, logFolder, { spawned, signal: watch.signal }).finally(() => watch.ended(name, pid));
}

/** The files of some folders, each with a hash of its content, as text. */
function markOf(folders: readonly string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.sql'))
      .map((name) => `${folder}/${name}`),
  );
  return files
    .sort()
    .map(
      (file) =>
        `${file}=${createHash('sha256')
          .update(readFileSync(join(ROOT, file)))
          .digest('hex')}`,
    )
    .join(' ');
}

/** A migration that ran and has another text now would never run again: the tables are those of another version. */
function mustOnlyAdd(subgraph: string, had: string, wanted: string): void {
  const now = new Set(wanted.split(' '));
  const changed = had.split(' ').find((file) => file !== '' && !now.has(file));
  if (changed === undefined) return;
  throw new PlainFailure(
    `The data of ${subgraph} were made with another ${changed.split('=')[0]}: forget them with --fresh, or name another folder with --data-dir.`,
  );
}

async function asking<Answer>(url: string, ask: (sql: postgres.Sql) => Promise<Answer>): Promise<Answer> {
  const sql = postgres(url, { max: 1 });
  try {
    return await ask(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function readMark(sql: postgres.Sql): Promise<string> {
  const [row] = await sql`
    select shobj_description(oid, 'pg_database') as mark from pg_database where datname = current_database()`;
  return String(row?.mark ?? '');
}

/** COMMENT takes no parameters; the mark is ours, made of names of files and hexadecimal digits. */
async function writeMark(sql: postgres.Sql, mark: string): Promise<void> {
  const [row] = await sql`select current_database() as name`;
  await sql`comment on database ${sql(String(row?.name))} is ${sql.unsafe(`'${mark}'`)}`;
}
