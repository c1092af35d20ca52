import { faultKind } from '@crossdock/event-store';
import { type Looks, startLooks } from '@crossdock/resilience';
import { type ExpireOptions, expireHolds } from './expire-holds.ts';

/** Milliseconds between looks: what a hold may outlive its time by before its units are free again. */
const LOOK_EVERY_MS = 1_000;

export type HoldSweeperOptions = ExpireOptions &
  Readonly<{
    /** Only the process that holds the worker's lease sweeps, and writes under its epoch. */
    leaseEpoch: () => number | null;
  }>;

/** Ends holds whose time ran out, look after look, while this process holds the lease. A fault costs a look, nothing else. */
export const startHoldSweeper = (options: HoldSweeperOptions): Looks =>
  startLooks(() => lookOnce(options), LOOK_EVERY_MS);

async function lookOnce(options: HoldSweeperOptions): Promise<void> {
  const epoch = options.leaseEpoch();
  if (epoch === null) {
    // Whoever holds the lease counts them now.
    options.metrics.live.reset();
    return;
  }
  try {
    await expireHolds(options, epoch);
  } catch (error) {
    options.logger.warn({ kind: faultKind(error), err: error }, 'holds cannot be ended now');
  }
}
