import { faultKind } from '@crossdock/event-store';
import { type Looks, startLooks } from '@crossdock/resilience';
import { type WatchOptions, watchOrders } from './watch-orders.ts';

/** Milliseconds between rounds: what a reminder may come late, small beside the shortest deadline. */
const ROUND_EVERY_MS = 5_000;

export type WatchdogOptions = WatchOptions &
  Readonly<{
    /** Only the process that holds the worker's lease watches, and writes under its epoch. */
    leaseEpoch: () => number | null;
  }>;

/** Watches orders round after round while this process holds the lease. A fault costs a round, nothing else. */
export function startWatchdog(options: WatchdogOptions): Looks {
  return startLooks(() => watchOnce(options), ROUND_EVERY_MS);
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
