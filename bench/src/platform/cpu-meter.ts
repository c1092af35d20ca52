import { basename } from 'node:path';
import {
  childrenOf,
  type MachineTimes,
  memoryKibOf,
  readMachineTimes,
  readProcessTimes,
  titleOf,
} from './process-clock.ts';

/** What one hop of an order's way used. A database server's backends are counted by the database they serve. */
export interface HopUse {
  readonly hop: string;
  readonly cpuMs: number;
  readonly memoryKib: number;
}

export interface MachineUse {
  readonly coresBusy: number;
  readonly coresStolen: number;
}

export interface CpuMeter {
  /** Reads every process once more, and answers what each used since the meter was started, the greediest first. */
  readonly stop: () => readonly HopUse[];
  /** Cores used on average by everything on the machine between the start and an instant (ms of Date.now()). */
  readonly machineUse: (until: number) => MachineUse;
}

/** A backend that ends between two looks takes what it used since the last one with it. */
const LOOK_EVERY_MS = 1_000;
const DATABASE_SERVER = 'postgres';
/** The server's own processes: those that write back, checkpoint and vacuum for all databases. */
const DATABASE_WRITERS = 'postgres (writers)';

interface Followed {
  readonly hop: string;
  readonly from: number;
  last: number;
}

/** Follows the processes of a run and the children of its database server from now on. Linux only (proc(5)). */
export function startCpuMeter(
  pids: Readonly<Record<string, number>>,
  databaseUrls: readonly string[],
): CpuMeter {
  const databases = databaseUrls.map((url) => basename(new URL(url).pathname));
  const followed = new Map<number, Followed>();
  const machine: { at: number; times: MachineTimes }[] = [];

  const look = (begin: boolean) => {
    machine.push({ at: Date.now(), times: readMachineTimes() });
    for (const [pid, hop] of processesOf(pids, databases, followed)) {
      const cpuMs = readProcessTimes(pid)?.cpuMs;
      if (cpuMs === undefined) continue;
      const known = followed.get(pid);
      if (known === undefined) followed.set(pid, { hop, from: begin ? cpuMs : 0, last: cpuMs });
      else known.last = cpuMs;
    }
  };

  look(true);
  const timer = setInterval(() => look(false), LOOK_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look(false);
      return usesOf(followed);
    },
    machineUse: (until) => machineUseOf(machine, until),
  };
}

function processesOf(
  pids: Readonly<Record<string, number>>,
  databases: readonly string[],
  followed: ReadonlyMap<number, Followed>,
): Map<number, string> {
  const hops = new Map<number, string>();
  for (const [hop, pid] of Object.entries(pids)) {
    hops.set(pid, hop === DATABASE_SERVER ? DATABASE_WRITERS : hop);
    if (hop !== DATABASE_SERVER) continue;
    for (const child of childrenOf(pid))
      hops.set(child, followed.get(child)?.hop ?? backendHop(titleOf(child), databases));
  }
  return hops;
}

/** The hop of a database server's child by its title, such as `postgres: crossdock orders 127.0.0.1(40112) idle`. */
export function backendHop(title: readonly string[], databases: readonly string[]): string {
  const database = title.slice(1).find((word) => databases.includes(word));
  return database === undefined ? DATABASE_WRITERS : `${DATABASE_SERVER} ${database}`;
}

function usesOf(followed: ReadonlyMap<number, Followed>): readonly HopUse[] {
  const uses = new Map<string, HopUse>();
  for (const [pid, { hop, from, last }] of followed) {
    const sum = uses.get(hop);
    const cpuMs = (sum?.cpuMs ?? 0) + last - from;
    uses.set(hop, { hop, cpuMs, memoryKib: (sum?.memoryKib ?? 0) + memoryKibOf(pid) });
  }
  return [...uses.values()].sort((left, right) => right.cpuMs - left.cpuMs);
}

function machineUseOf(looks: readonly { at: number; times: MachineTimes }[], until: number): MachineUse {
  const first = looks[0];
  const last = looks.find((look) => look.at >= until) ?? looks.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at)
    return { coresBusy: 0, coresStolen: 0 };
  const elapsed = last.at - first.at;
  return {
    coresBusy: (last.times.busyMs - first.times.busyMs) / elapsed,
    coresStolen: (last.times.stolenMs - first.times.stolenMs) / elapsed,
  };
}
