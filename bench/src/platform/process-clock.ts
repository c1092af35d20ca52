import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of the CPU times in /proc; 100 on every Linux that Node runs on (proc(5), sysconf _SC_CLK_TCK). */
const TICKS_PER_SECOND = 100;
const MS_PER_TICK = 1000 / TICKS_PER_SECOND;

export interface ProcessTimes {
  readonly parent: number;
  readonly cpuMs: number;
}

/** CPU of all cores since boot, in ms. Busy is what user and kernel used; waiting for disks and stolen time are not. */
export interface MachineTimes {
  readonly busyMs: number;
  readonly stolenMs: number;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Times of a process by its id; undefined when it is gone. */
export function readProcessTimes(pid: number): ProcessTimes | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseProcessTimes(text);
}

/** The name of the program stands in brackets and may hold anything, so fields are counted behind the last bracket. */
export function parseProcessTimes(stat: string): ProcessTimes {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK };
}

export function readMachineTimes(): MachineTimes {
  return parseMachineTimes(textOf('/proc/stat') ?? '');
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal. */
export function parseMachineTimes(stat: string): MachineTimes {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (stat.split('\n', 1)[0] ?? '')
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return { busyMs: (user + nice + system + irq + softirq) * MS_PER_TICK, stolenMs: steal * MS_PER_TICK };
}

/** Ids of the running children of a process. */
export function childrenOf(parent: number): number[] {
  const children: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid) && readProcessTimes(pid)?.parent === parent) children.push(pid);
  }
  return children;
}

/** The words of a process's title; a PostgreSQL backend writes user, database and client into it. */
export function titleOf(pid: number): readonly string[] {
  const text = textOf(`/proc/${pid}/cmdline`) ?? '';
  return text.split(/[\0\s]+/).filter((word) => word !== '');
}

/**
 * Memory of a process in KiB: its proportional share (Pss), so that pages shared between PostgreSQL's backends count
 * once; what is resident where the share may not be read; 0 when the process is gone.
 */
export function memoryKibOf(pid: number): number {
  const share = /^Pss:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/smaps_rollup`) ?? '');
  const resident = share ?? /^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`) ?? '');
  return Number(resident?.[1] ?? 0);
}

/** Whether there is such a process; one that ended and was not collected by its parent yet is gone. */
export function isAlive(pid: number): boolean {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat !== undefined && stat[stat.lastIndexOf(')') + 2] !== 'Z';
}
