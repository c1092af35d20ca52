// A temporary folder for servers and processes of a bench: one call ends all that was started in it and removes it.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Birth, discardShelter, type Running } from '@crossdock/tools/infrastructure';
import { runningProcesses } from '@crossdock/tools/start';

export interface OwnFolder {
  readonly path: string;
  readonly logFolder: string;
  /** Process ids by name. */
  readonly pids: () => Readonly<Record<string, number>>;
  /** What a process of this name needs at its start, so that it does not outlive us. */
  readonly birthOf: (name: string) => Birth;
  /** Remembers a process that is starting, so that `stop` ends it. */
  readonly keep: (name: string, starting: Promise<Running>) => Promise<Running>;
  /** Runs what starts a process and waits for its end. */
  readonly passing: (work: (birth: Birth) => Promise<void>) => Promise<void>;
  /** Calls back before whatever was started earlier is ended. */
  readonly onStop: (end: () => Promise<void>) => void;
  readonly stop: () => Promise<void>;
}

export function openOwnFolder(prefix: string, say: (line: string) => void, signal: AbortSignal): OwnFolder {
  const path = mkdtempSync(join(tmpdir(), prefix));
  // The database's own account must get in.
  chmodSync(path, 0o755);
  const logFolder = join(path, 'logs');
  mkdirSync(logFolder);
  const running = runningProcesses(say, signal);
  const ends: (() => Promise<void>)[] = [];
  return {
    ...{ path, logFolder, pids: () => Object.fromEntries(running.pids) },
    birthOf: (name) => ({ spawned: (pid) => running.watch.started(name, pid), signal }),
    keep: async (name, starting) => {
      const process = await starting;
      void process.gone.then(() => running.watch.ended(name, process.pid));
      ends.unshift(process.stop);
      return process;
    },
    passing: async (work) => {
      let pid = 0;
      const spawned = (born: number) => {
        pid = born;
        running.guard.watch(born);
      };
      await work({ spawned, signal }).finally(() => running.guard.forget(pid));
    },
    onStop: (end) => void ends.unshift(end),
    stop: async () => {
      for (const end of ends.splice(0)) await end();
      running.dismissGuard();
      discardShelter(path, 'postgres');
      rmSync(path, { recursive: true, force: true });
    },
  };
}
