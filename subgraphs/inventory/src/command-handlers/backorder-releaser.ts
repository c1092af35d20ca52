import { faultKind } from '@crossdock/event-store';
import { countBackorders } from '../store/backorders.ts';
import { type ReleaseOptions, releaseBackorders } from './release-backorders.ts';

/** Without a wake-up the waiting are looked at this often: what other processes freed is found then. */
const LOOK_EVERY_MS = 1_000;
/** Milliseconds between counts of all that waits, which read every waiting row. */
const COUNT_EVERY_MS = 10_000;

export type BackorderReleaserOptions = ReleaseOptions &
  Readonly<{
    /** Only the process that holds the worker's lease releases, and writes under its epoch. */
    leaseEpoch: () => number | null;
  }>;

export type BackorderReleaser = Readonly<{
  /** Says that units may have become free, so that the waiting are looked at now. */
  wake: () => void;
  stop: () => Promise<void>;
}>;

type Releasing = {
  readonly options: BackorderReleaserOptions;
  isStopped: boolean;
  isWoken: boolean;
  countedAt: number;
  endSleep: () => void;
};

/** Gives free units to those who wait, look after look, while this process holds the lease. A fault costs a look. */
export function startBackorderReleaser(options: BackorderReleaserOptions): BackorderReleaser {
  const releasing: Releasing = {
    options,
    isStopped: false,
    isWoken: false,
    countedAt: Number.NEGATIVE_INFINITY,
    endSleep: () => undefined,
  };
  const done = run(releasing);
  return {
    wake: () => {
      releasing.isWoken = true;
      releasing.endSleep();
    },
    stop: async () => {
      releasing.isStopped = true;
      releasing.endSleep();
      await done;
    },
  };
}

async function run(releasing: Releasing): Promise<void> {
  while (!releasing.isStopped) {
    releasing.isWoken = false;
    try {
      await look(releasing);
    } catch (error) {
      releasing.options.logger.warn(
        { kind: faultKind(error), err: error },
        'backorders cannot be released now',
      );
    }
    await nap(releasing);
  }
}

async function look(releasing: Releasing): Promise<void> {
  const { options } = releasing;
  const { metrics, sql } = options;
  const epoch = options.leaseEpoch();
  if (epoch === null) {
    // Whoever holds the lease counts them now.
    for (const gauge of [metrics.units, metrics.orders, metrics.oldest]) gauge.reset();
    releasing.countedAt = Number.NEGATIVE_INFINITY;
    return;
  }
  await releaseBackorders(options, epoch);
  if (performance.now() - releasing.countedAt < COUNT_EVERY_MS) return;
  releasing.countedAt = performance.now();
  const { units, orders, oldestS } = await countBackorders(sql);
  metrics.units.set(units);
  metrics.orders.set(orders);
  metrics.oldest.set(oldestS);
}

async function nap(releasing: Releasing): Promise<void> {
  if (releasing.isWoken || releasing.isStopped) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LOOK_EVERY_MS);
    releasing.endSleep = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  releasing.endSleep = () => undefined;
}
