/** One process of a cluster: killed, paused, stopped and started again as a scenario says, and never by itself. */
import type { Birth, Running } from '@crossdock/tools/infrastructure';
import type { RunningProcesses } from '@crossdock/tools/start';
import { childrenOf, isAlive } from '../../platform/process-clock.ts';

export interface ManagedProcess {
  readonly name: string;
  /** Where it listens on 127.0.0.1; the same after every start. */
  readonly port: number;
  /** The messages of a NATS server: to be deleted only while it is stopped. */
  readonly storeFolder?: string;
  /** Null while it is down. */
  readonly pid: () => number | null;
  readonly isRunning: () => boolean;
  /** Ends it and its children by SIGKILL; resolves when all are gone. */
  readonly kill: () => Promise<void>;
  /** Freezes it and its children (SIGSTOP): connections stay open, nothing answers. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Stops it in order, as a deployment does. */
  readonly stop: () => Promise<void>;
  /** Starts it under the same name and port; resolves when it is ready, rejects with the end of its log. */
  readonly start: () => Promise<void>;
}

export interface ProcessPlan {
  readonly name: string;
  readonly port: number;
  readonly storeFolder?: string;
  readonly start: (birth: Birth) => Promise<Running>;
}

interface State {
  readonly plan: ProcessPlan;
  readonly processes: RunningProcesses;
  pid: number | null;
  running: Running | undefined;
  /** Set while its end is what we asked for. */
  ending: boolean;
  paused: readonly number[];
}

/** What a process is until it is started for the first time: down. */
export function managedProcess(plan: ProcessPlan, processes: RunningProcesses): ManagedProcess {
  const state: State = {
    plan,
    processes,
    pid: null,
    running: undefined,
    ending: false,
    paused: [],
  };
  return {
    name: plan.name,
    port: plan.port,
    ...(plan.storeFolder === undefined ? {} : { storeFolder: plan.storeFolder }),
    pid: () => state.pid,
    isRunning: () => state.pid !== null,
    kill: () => kill(state),
    pause: () => pause(state),
    resume: () => resume(state),
    stop: () => stop(state),
    start: () => start(state),
  };
}

async function start(state: State): Promise<void> {
  if (state.pid !== null) return;
  const { plan, processes } = state;
  const { watch } = processes;
  state.ending = false;
  let born = 0;
  const spawned = (pid: number) => {
    born = pid;
    state.pid = pid;
    watch.started(plan.name, pid);
  };
  try {
    const running = await plan.start({ spawned, signal: watch.signal });
    state.running = running;
    void running.gone.then((why) => {
      if (!state.ending) watch.say(`${plan.name} ended by itself (${why}).`);
      ended(state, running.pid);
    });
  } catch (error) {
    ended(state, born);
    throw error;
  }
}

function ended(state: State, pid: number): void {
  state.processes.watch.ended(state.plan.name, pid);
  if (state.pid !== pid) return;
  state.pid = null;
  state.running = undefined;
  for (const each of state.paused) state.processes.guard.forget(each);
  state.paused = [];
}

async function kill(state: State): Promise<void> {
  const { pid } = state;
  if (pid === null) return;
  state.ending = true;
  const family = frozen(pid);
  signalAll(family, 'SIGKILL');
  await untilGone(family);
  await state.running?.gone;
  ended(state, pid);
}

function pause(state: State): void {
  if (state.pid === null || state.paused.length > 0) return;
  state.paused = frozen(state.pid);
  // Frozen children do not notice that their parent is gone: should we die now, the guard must end each.
  for (const pid of state.paused) state.processes.guard.watch(pid);
}

function resume(state: State): void {
  signalAll([...state.paused].reverse(), 'SIGCONT');
  for (const pid of state.paused) if (pid !== state.pid) state.processes.guard.forget(pid);
  state.paused = [];
}

async function stop(state: State): Promise<void> {
  resume(state);
  state.ending = true;
  await state.running?.stop();
}

/** Freezes a process first, so that it makes no more children while they are counted; answers it and them. */
function frozen(pid: number): readonly number[] {
  signalAll([pid], 'SIGSTOP');
  const children = childrenOf(pid);
  signalAll(children, 'SIGSTOP');
  return [pid, ...children];
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It is gone already.
    }
  }
}

const POLL_MS = 10;

/** A database that starts while children of its last run hold its memory refuses to. */
async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
