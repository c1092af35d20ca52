/** Finds the server programs that a local run needs; it installs nothing (see install.ts). */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inheritedEnvironment } from './config.ts';

export interface Program {
  readonly path: string;
  readonly version: readonly [major: number, minor: number];
}

export interface Programs {
  readonly postgres: Program | undefined;
  readonly nats: Program | undefined;
  readonly redis: Program | undefined;
}

/** The oldest versions that have what the platform uses. */
const OLDEST = { postgres: [15, 0], nats: [2, 9], redis: [7, 0] } as const;

const SYSTEM_FOLDERS = [
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/opt/homebrew/bin',
  '/home/linuxbrew/.linuxbrew/bin',
];

/** Folders that hold one subfolder for each version of PostgreSQL. */
const POSTGRES_FAMILIES = [
  { parent: '/usr/lib/postgresql', name: /^\d+$/ },
  { parent: '/usr', name: /^pgsql-\d+$/ },
  { parent: '/opt/homebrew/opt', name: /^postgresql(@\d+)?$/ },
  { parent: '/usr/local/opt', name: /^postgresql(@\d+)?$/ },
  { parent: '/home/linuxbrew/.linuxbrew/opt', name: /^postgresql(@\d+)?$/ },
  { parent: '/usr/local', name: /^pgsql$/ },
];

/** Every server of the machine that is new enough; `postgresMajor` asks for one major version of PostgreSQL. */
export function findPrograms(postgresMajor?: number): Programs {
  const isWanted = (program: Program) => postgresMajor === undefined || program.version[0] === postgresMajor;
  return {
    postgres: newest(postgresFolders(), 'postgres', OLDEST.postgres, ['initdb'], isWanted),
    nats: newest(commonFolders(), 'nats-server', OLDEST.nats),
    redis: newest(commonFolders(), 'redis-server', OLDEST.redis),
  };
}

function commonFolders(): string[] {
  const onPath = (inheritedEnvironment.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'));
  return [...new Set([...onPath, ...SYSTEM_FOLDERS])];
}

function postgresFolders(): string[] {
  const families = POSTGRES_FAMILIES.flatMap(({ parent, name }) =>
    entriesOf(parent)
      .filter((entry) => name.test(entry))
      .map((entry) => join(parent, entry, 'bin')),
  );
  return [...new Set([...families, ...commonFolders()])];
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function newest(
  folders: readonly string[],
  name: string,
  oldest: readonly [number, number],
  companions: readonly string[] = [],
  isWanted: (program: Program) => boolean = () => true,
): Program | undefined {
  const found = folders
    .filter((folder) => [name, ...companions].every((file) => isExecutable(join(folder, file))))
    .map((folder) => ({ path: join(folder, name), version: versionOf(join(folder, name)) }))
    .filter((program) => compare(program.version, oldest) >= 0 && isWanted(program));
  return found.sort((left, right) => compare(right.version, left.version))[0];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The version a program tells; 0.0 when it tells none. */
function versionOf(path: string): readonly [number, number] {
  const answer = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  const match = /(\d+)\.(\d+)/.exec(`${answer.stdout ?? ''}${answer.stderr ?? ''}`);
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
}

function compare(left: readonly [number, number], right: readonly [number, number]): number {
  return left[0] - right[0] || left[1] - right[1];
}
