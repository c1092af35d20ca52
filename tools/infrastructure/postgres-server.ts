/**
 * A private PostgreSQL on 127.0.0.1: durable as in production (fsync and synchronous_commit on), never as root, no
 * unix socket (their paths have a limit of about 100 characters that a checkout can exceed).
 */
import { chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { type Account, DATABASE_FOLDER, databaseAccount, folderFor } from './account.ts';
import { type Child, startChild, stopChild, tailOf, waitUntil } from './child.ts';
import { inheritedEnvironment } from './config.ts';
import type { Running } from './keep-alive.ts';
import { PlainFailure, sentenceAboutDisk } from './plain-failure.ts';
import { findPrograms, type Program } from './programs.ts';
import { runToEnd } from './run-to-end.ts';
import type { ServerOptions } from './server-options.ts';

/** The one account of an instance. */
export const DATABASE_USER = 'crossdock';
/** Recovery after a kill -9 replays up to a gigabyte of log. */
const READY_LIMIT_MS = 60_000;
const STOP_PATIENCE_MS = 20_000;

export interface PostgresOptions extends ServerOptions {
  /** Password of the one account of the instance; written into a new instance, needed again by later runs. */
  readonly password: string;
  readonly databases: readonly string[];
  readonly fsync: boolean;
  /** More settings of the server, by name. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** Where an instance keeps its data: `<folder>/postgres` unless it has a name, or lies elsewhere for its account's sake. */
export function databaseFolderOf(options: Pick<PostgresOptions, 'folder' | 'name' | 'say'>): string {
  return folderFor(databaseAccount(), join(options.folder, options.name ?? DATABASE_FOLDER), options.say);
}

/** Starts an instance, making it and its databases first where they are absent. */
export async function startPostgres(found: Program, options: PostgresOptions): Promise<Running> {
  const account = databaseAccount();
  const folder = databaseFolderOf(options);
  const program = await preparedInstance(found, account, folder, options);
  clearStalePidFile(folder);
  const child = await startChild({
    command: program.path,
    args: ['-D', folder, ...settings(options)],
    cwd: folder,
    env: inheritedEnvironment,
    birth: options.birth,
    logFile: join(options.logFolder, `${options.name ?? DATABASE_FOLDER}.log`),
    account,
  });
  const url = postgresUrl(options, 'postgres');
  await readyOrExplained(child, url, folder, options.birth.signal);
  await unlessGone(child, ensureDatabases(url, options.databases)).catch(() =>
    explain(child, folder, 'it broke'),
  );
  return { pid: child.pid, gone: child.gone, stop: () => stopChild(child, 'SIGINT', STOP_PATIENCE_MS) };
}

/** The address of one of its databases. */
export function postgresUrl(options: Pick<PostgresOptions, 'password' | 'port'>, database: string): string {
  return `postgres://${DATABASE_USER}:${options.password}@127.0.0.1:${options.port}/${database}`;
}

function settings({ port, fsync, settings: more }: PostgresOptions): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 120,
    shared_buffers: '128MB',
    fsync: fsync ? 'on' : 'off',
    synchronous_commit: 'on',
    jit: 'off',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    log_min_messages: 'warning',
    ...more,
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Makes the instance when the folder is empty; else picks the program of the version that made it. */
async function preparedInstance(
  found: Program,
  account: Account | undefined,
  folder: string,
  options: PostgresOptions,
): Promise<Program> {
  const versionFile = join(folder, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    await initialise(found, account, folder, options);
    return found;
  }
  const major = Number(readFileSync(versionFile, 'utf8').trim());
  const same = found.version[0] === major ? found : findPrograms(major).postgres;
  if (same) return same;
  throw new PlainFailure(
    `${folder} was made by PostgreSQL ${major}, which this machine no longer has: install it, or start over with --fresh.`,
  );
}

async function initialise(
  program: Program,
  account: Account | undefined,
  folder: string,
  { password, fsync }: PostgresOptions,
) {
  rmSync(join(folder, 'lost+found'), { recursive: true, force: true });
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const args = ['-D', folder, '-U', DATABASE_USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await runToEnd(
      join(dirname(program.path), 'initdb'),
      [...args, '--encoding=UTF8', '--locale=C', ...(fsync ? [] : ['--no-sync'])],
      account,
      folder,
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * A pid file that outlived its server makes the next one refuse to start when another process has its number.
 * It is removed unless that process is a PostgreSQL.
 */
function clearStalePidFile(folder: string): void {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!commandOf(pid).includes('postgres')) rmSync(file, { force: true });
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return existsSync('/proc/self') ? '' : 'postgres';
  }
}

async function readyOrExplained(
  child: Child,
  url: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const outcome = await waitUntil(child, () => answers(url), READY_LIMIT_MS, signal);
  if (!outcome.ready) explain(child, folder, outcome.why);
}

/** Ends the server and says in a sentence what its log tells. */
function explain(child: Child, folder: string, why: string): never {
  child.signal('SIGKILL');
  const tail = tailOf(child.logFile);
  throw new PlainFailure(
    sentenceAboutDisk(tail, folder) ??
      `PostgreSQL did not start (${why}); the end of ${child.logFile}:\n${tail}`,
  );
}

/** The driver waits without end for a server that is gone. */
function unlessGone<Result>(child: Child, work: Promise<Result>): Promise<Result> {
  const lost = child.gone.then((why): never => {
    throw new Error(`the server is gone (${why})`);
  });
  return Promise.race([work, lost]);
}

async function answers(url: string): Promise<boolean> {
  // A connection that is lost over the driver's own question about types would end this process: it is not asked.
  const sql = postgres(url, { max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => undefined });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function ensureDatabases(url: string, names: readonly string[]): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const existing = new Set((await sql`select datname from pg_database`).map((row) => String(row.datname)));
    for (const name of names) {
      if (!existing.has(name)) await sql`create database ${sql(name)}`;
    }
  } finally {
    await sql.end({ timeout: 1 });
  }
}
