import type { Watch } from '../infrastructure/keep-alive.ts';
import { type OrphanGuard, orphanGuard } from '../infrastructure/orphan-guard.ts';

/** Every process of a run by name, servers included: who they are now, and the guard that outlives us. */
export interface RunningProcesses {
  readonly pids: ReadonlyMap<string, number>;
  readonly watch: Watch;
  /** For what must not outlive us and has no name in the list. */
  readonly guard: Pick<OrphanGuard, 'watch' | 'forget'>;
  /** Calls `act` now and whenever a process starts or ends. */
  readonly onChange: (act: () => void) => void;
  /** Ends all of them at once, by force. */
  readonly kill: () => void;
  /** To be called when all of them have ended. */
  readonly dismissGuard: () => void;
}

/** Keeps the list; `signal` tells the processes' keepers that the run shall not go on. */
export function runningProcesses(say: (line: string) => void, signal: AbortSignal): RunningProcesses {
  const pids = new Map<string, number>();
  const guard = orphanGuard();
  let changed: () => void = () => undefined;
  const watch: Watch = {
    started: (name, pid) => {
      pids.set(name, pid);
      guard.watch(pid);
      changed();
    },
    ended: (name, pid) => {
      if (pids.get(name) === pid) pids.delete(name);
      guard.forget(pid);
      changed();
    },
    say,
    signal,
  };
  const onChange = (act: () => void) => {
    changed = act;
    act();
  };
  const dismissGuard = () => {
    changed = () => undefined;
    guard.dismiss();
  };
  return { pids, watch, guard, onChange, kill: () => killAll(pids), dismissGuard };
}

function killAll(pids: ReadonlyMap<string, number>): void {
  for (const [name, pid] of pids) {
    try {
      // PostgreSQL must take its own children along.
      process.kill(pid, name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}
