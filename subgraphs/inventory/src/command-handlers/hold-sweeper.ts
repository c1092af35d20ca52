import { faultKind } from '@crossdock/event-store';
import { type ExpireOptions, expireHolds } from './expire-holds.ts';

/** Milliseconds between looks: what a hold may outlive its time by before its units are free again. */
const LOOK_EVERY_MS = 1_000;

export type HoldSweeperOptions = ExpireOptions &
  Readonly<{
    /** Only the process that holds the worker's lease sweeps, and writes under its epoch. */
    leaseEpoch: () => number | null;
  }>;

export type HoldSweeper = Readonly<{ stop: () => Promise<void> }>;

/** Ends holds whose time ran out, look after look, while this process holds the lease. A fault costs a look, nothing else. */
export function startHoldSweeper(options: HoldSweeperOptions): HoldSweeper {
  let isStopped = false;
  let endSleep: () => void = () => undefined;

  async function run(): Promise<void> {
    while (!isStopped) {
      await lookOnce(options);
      if (!isStopped) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_EVERY_MS);
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
