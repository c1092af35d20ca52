/** A standby: a copy of a running PostgreSQL that follows it, is readable, and can be promoted to take its place. */
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { databaseAccount } from './account.ts';
import { DATABASE_USER, databaseFolderOf, type PostgresOptions } from './postgres-server.ts';
import type { Program } from './programs.ts';
import { runToEnd } from './run-to-end.ts';

export interface Followed {
  /** Where the standby finds its primary on 127.0.0.1, now and later. */
  readonly port: number;
  /** The name under which the primary knows the standby (`synchronous_standby_names`). */
  readonly standbyName: string;
}

/**
 * Fills the instance's folder with a copy of the primary and the order to follow it; what lay there is removed. Started
 * by `startPostgres` with the same options, it streams.
 */
export async function makeStandby(
  program: Program,
  options: PostgresOptions,
  primary: Followed,
): Promise<void> {
  const folder = databaseFolderOf(options);
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });
  const connection = `host=127.0.0.1 port=${primary.port} user=${DATABASE_USER}`;
  await runToEnd(
    join(dirname(program.path), 'pg_basebackup'),
    ['-D', folder, '-d', connection, '--write-recovery-conf', '--wal-method=stream', '--checkpoint=fast'],
    databaseAccount(),
    folder,
    // Neither is an argument, which every account of the machine could read.
    { PGPASSWORD: options.password, PGAPPNAME: primary.standbyName },
  );
}
