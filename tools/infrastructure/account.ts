/**
 * Postgres refuses to run as root. When this process is root, the server gets an account without rights, and a
 * data folder that the account can reach.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PlainFailure } from './plain-failure.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', '_postgres', 'nobody'];

/** The database's folder within a data folder. */
export const DATABASE_FOLDER = 'postgres';

/** The account Postgres runs under: undefined means "as ourselves". */
export function databaseAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const entry = passwd.find(([login]) => login === name);
    const uid = Number(entry?.[2]);
    const gid = Number(entry?.[3]);
    if (entry && uid > 0 && Number.isInteger(gid)) return { name, uid, gid };
  }
  throw new PlainFailure(
    'PostgreSQL cannot run as root and this machine has no account "postgres" or "nobody": create one with `useradd --system postgres`.',
  );
}

/** Whether the account can enter `folder`. */
function canEnter(account: Account, folder: string): boolean {
  const probe = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
    stdio: 'ignore',
  });
  return probe.status === 0;
}

/** Where a folder that the account cannot reach is kept instead; the same each time. */
function shelterOf(folder: string): string {
  return `/var/tmp/crossdock-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 12)}`;
}

/**
 * Makes `folder` and hands it to the account; when a parent folder shuts the account out, a folder under /var/tmp
 * takes its place and `say` is told. Returns the folder to use.
 */
export function folderFor(account: Account | undefined, folder: string, say: (line: string) => void): string {
  if (account === undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
  mkdirSync(dirname(folder), { recursive: true });
  if (canEnter(account, dirname(folder))) return ownedBy(account, folder);
  const shelter = shelterOf(folder);
  say(`${dirname(folder)} is closed to the account "${account.name}": the database is kept in ${shelter}.`);
  return ownedBy(account, shelter);
}

/** Removes the database that a data folder keeps elsewhere, if it does; `instance` is its folder's name. */
export function discardShelter(dataFolder: string, instance = DATABASE_FOLDER): void {
  rmSync(shelterOf(join(dataFolder, instance)), { recursive: true, force: true });
}

function ownedBy(account: Account, folder: string): string {
  if (existsSync(folder) && !lstatSync(folder).isDirectory()) {
    throw new PlainFailure(`${folder} is not a folder: move it away and start again.`);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o700);
  return folder;
}
