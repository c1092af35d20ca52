import { setTimeout as sleep } from 'node:timers/promises';

export interface Load {
  readonly count: number;
  readonly rate: number | 'max';
  /** Requests under way at once when the rate is `max`. */
  readonly inFlight: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Sends the order of this index; never rejects. */
  readonly send: (index: number, intendedStart: number) => Promise<void>;
}

/** Beyond this the generator itself is the bottleneck: it waits, and the wait counts as latency. */
const OUTSTANDING_LIMIT = 10_000;
/** Timers of Node fire on whole milliseconds; what is due sooner is sent at once. */
const TIMER_GRAIN_MS = 1;

/** The intended start of an order in an open model: fixed beforehand, whatever the answers do. */
export function intendedStart(begin: number, index: number, rate: number): number {
  return begin + (index * 1000) / rate;
}

/** Sends all orders and resolves when the last is answered, or after an abort when those under way are. */
export async function runLoad(load: Load): Promise<void> {
  if (load.rate === 'max') await runClosedLoop(load);
  else await runOpenModel(load, load.rate);
}

async function runOpenModel({ count, now, signal, send }: Load, rate: number): Promise<void> {
  const begin = now();
  const outstanding = new Set<Promise<void>>();
  for (let index = 0; index < count && !signal.aborted; index += 1) {
    const due = intendedStart(begin, index, rate);
    const wait = due - now();
    if (wait > TIMER_GRAIN_MS) await sleep(wait);
    if (outstanding.size >= OUTSTANDING_LIMIT) await Promise.race(outstanding);
    const sending = send(index, due).finally(() => outstanding.delete(sending));
    outstanding.add(sending);
  }
  await Promise.all(outstanding);
}

async function runClosedLoop({ count, inFlight, now, signal, send }: Load): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count && !signal.aborted) {
      const index = next;
      next += 1;
      await send(index, now());
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, worker));
}
