/** What an earlier run left in a data folder: processes that still end, and data that `--fresh` forgets. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { discardShelter } from '../infrastructure/account.ts';

/** What a run keeps in its data folder; forgetting removes these and nothing else. */
const KEPT = ['keys', 'postgres', 'nats', 'redis', 'journals', 'logs', 'run.json', 'seeded.json'];
/** The guard of a killed run takes ten seconds at most to end its processes. */
const ENDING_LIMIT_MS = 12_000;
const POLL_MS = 200;

/** True where a platform runs or ran: its keys are there, and the folder of the journals, which nothing else makes first. */
export function hasRunIn(folder: string): boolean {
  return ['keys', 'journals'].every((name) => existsSync(join(folder, name)));
}

/** After a kill -9 the guard is still ending that run's processes: waits for them, within bounds. */
export async function earlierRunEnded(folder: string, say: (line: string) => void): Promise<void> {
  const deadline = Date.now() + ENDING_LIMIT_MS;
  const pids = pidsOf(join(folder, 'run.json'));
  if (pids.some(isAlive)) say('Waiting for the processes of an earlier run to end …');
  while (pids.some(isAlive) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** Removes what earlier runs kept, also where their database lies elsewhere. */
export function forgetEarlierRuns(folder: string): void {
  for (const name of KEPT) rmSync(join(folder, name), { recursive: true, force: true });
  discardShelter(folder);
}

function pidsOf(file: string): number[] {
  try {
    const run: { pids?: Record<string, number> } = JSON.parse(readFileSync(file, 'utf8'));
    return Object.values(run.pids ?? {}).filter((pid) => Number.isInteger(pid) && pid > 1);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
