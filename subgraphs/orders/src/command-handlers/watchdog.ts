import { faultKind } from '@crossdock/event-store';
import { type WatchOptions, watchOrders } from './watch-orders.ts';

/** Milliseconds between rounds: what a reminder may come late, small beside the shortest deadline. */
const ROUND_EVERY_MS = 5_000;

export type WatchdogOptions = WatchOptions &
  Readonly<{
    /** Only the process that holds the worker's lease watches, and writes under its epoch. */
    leaseEpoch: () => number | null;
  }>;

export type Watchdog = Readonly<{ stop: () => Promise<void> }>;

/** Watches orders round after round while this process holds the lease. A fault costs a round, nothing else. */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  let isStopped = false;
  let endSleep: () => void = () => undefined;

  async function run(): Promise<void> {
    while (!isStopped) {
      await watchOnce(options);
      if (!isStopped) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ROUND_EVERY_MS);
          endSleep = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
  }

  const done = run();
  return {
    stop: async () => {
      isStopped = true;
      endSleep();
      await done;
    },
  };
}

async function watchOnce(options: WatchdogOptions): Promise<void> {
  const epoch = options.leaseEpoch();
  if (epoch === null) {
    // Whoever holds the lease counts them now.
    options.metrics.overdue.reset();
    return;
  }
  try {
    await watchOrders(options, epoch);
  } catch (error) {
    options.logger.warn({ kind: faultKind(error), err: error }, 'orders cannot be watched now');
  }
}
