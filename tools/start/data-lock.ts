/** One run for a data folder: a lock file that names the process that holds it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainFailure, systemErrorCode } from '../infrastructure/plain-failure.ts';

interface Holder {
  readonly pid: number;
  /** When the process started, where the system tells; it keeps a reused process id from holding a lock. */
  readonly born: string;
}

/** Takes the lock; rejects with one sentence while a live process holds it. Returns the function that frees it. */
export function lockDataFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'run.lock');
  const mine: Holder = { pid: process.pid, born: birthOf(process.pid) ?? '' };
  if (!created(file, mine)) {
    const holder = holderOf(file);
    if (holder !== undefined && birthOf(holder.pid) === holder.born) throw inUse(folder, holder);
    rmSync(file, { force: true });
    if (!created(file, mine)) throw inUse(folder, holderOf(file) ?? mine);
  }
  return () => rmSync(file, { force: true });
}

function created(file: string, holder: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(file: string): Holder | undefined {
  try {
    const { pid, born }: Partial<Holder> = JSON.parse(readFileSync(file, 'utf8'));
    return pid !== undefined && born !== undefined ? { pid, born } : undefined;
  } catch {
    return undefined;
  }
}

/** A mark of the process's start ('' where the system does not tell), or undefined when there is no such process. */
function birthOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') return undefined;
  }
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    const START_TIME_FIELD = 19;
    return afterName.split(' ')[START_TIME_FIELD] ?? '';
  } catch {
    return '';
  }
}

function inUse(folder: string, holder: Holder): PlainFailure {
  return new PlainFailure(
    `${folder} is in use by a run that is still going (process ${holder.pid}): stop that one with Ctrl-C, or name another folder with --data-dir.`,
  );
}
