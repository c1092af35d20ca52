import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subgraph } from '../infrastructure/config.ts';

/** What a run tells the commands that work on it (`replay`, `verify`); kept in `<data-dir>/run.json` while it goes. */
export interface RunFile {
  readonly gatewayUrl: string;
  readonly databaseUrls: Readonly<Record<Subgraph, string>>;
  readonly natsUrl: string;
  readonly redisUrl: string;
  readonly subgraphUrls: Readonly<Record<Subgraph, string>>;
  readonly simulatorUrls: Readonly<Record<'paymentProvider' | 'wms', string>>;
  readonly journals: Readonly<Record<'paymentProvider' | 'wms', string>>;
  /** Process ids by name; they change when one is started again. */
  readonly pids: Readonly<Record<string, number>>;
  readonly issuer: string;
  readonly audience: string;
}

const OWNER_ONLY = 0o600;

/** Writes the file in one step, so that a reader never sees half of it. It holds the databases' password. */
export function writeRunFile(folder: string, run: RunFile): void {
  const file = join(folder, 'run.json');
  writeFileSync(`${file}.next`, `${JSON.stringify(run, null, 2)}\n`, { mode: OWNER_ONLY });
  renameSync(`${file}.next`, file);
}

/** What the run that goes on in a folder tells; undefined where none does. */
export function readRunFile(folder: string): RunFile | undefined {
  const file = join(folder, 'run.json');
  if (!existsSync(file)) return undefined;
  const run: RunFile = JSON.parse(readFileSync(file, 'utf8'));
  return run;
}

/** Removes the file: the run is over. */
export function removeRunFile(folder: string): void {
  rmSync(join(folder, 'run.json'), { force: true });
}
