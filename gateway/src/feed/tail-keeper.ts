// Keeps the tail up with the log: JetStream brings most, the log itself whatever JetStream lost. With JetStream away
// the log alone is enough.
import type { Head } from '@crossdock/contracts';
import { pause } from '@crossdock/resilience';
import { EVENTS_HELD, type LogTail } from './log-tail.ts';
import { followOrderMessages } from './order-messages.ts';
import { type ComparedHead, type OrdersLog, READ_LIMIT } from './orders-log.ts';

/** A head that was seen at one look and has not arrived by the next is read from the log: within a second. */
const LOOK_MS = 400;
/** Without JetStream the looks are all there is. */
const LOOK_ALONE_MS = 100;
/** Looks in a row that JetStream brought nothing though the log grew, after which its consumer is made anew. */
const SILENT_LOOKS_MAX = 5;
const NOWHERE: readonly Head[] = Array.from({ length: 8 }, (_, partition) => ({
  partition,
  position: 0,
  eventId: null,
}));

export type TailKeeper = Readonly<{ stop: () => Promise<void> }>;

export type TailKeeperOptions = Readonly<{
  tail: LogTail;
  log: OrdersLog;
  natsUrl: string;
  onRefill: () => void;
  onFork: () => void;
}>;

export function keepTail(options: TailKeeperOptions): TailKeeper {
  const { tail, log } = options;
  const stopping = new AbortController();
  let refilling = false;
  let silentLooks = 0;
  let seen: readonly ComparedHead[] = [];

  const messages = followOrderMessages(options.natsUrl, (slice) => {
    const arrival = tail.offer(slice);
    if (arrival === 'taken') silentLooks = 0;
    if (arrival === 'gap' && tail.isStarted()) refill();
    if (arrival === 'forked') void look().catch(() => undefined);
  });

  function refill(): void {
    if (refilling) return;
    refilling = true;
    void readOn()
      .catch(() => undefined)
      .finally(() => {
        refilling = false;
      });
  }

  async function readOn(): Promise<void> {
    options.onRefill();
    for (let more = true; more && !stopping.signal.aborted; ) {
      const { slices } = await log.read(tail.heads());
      const arrivals = slices.map((slice) => tail.offer(slice));
      more = arrivals.includes('taken') && slices.some(({ events }) => events.length >= READ_LIMIT);
    }
  }

  async function look(): Promise<void> {
    if (!tail.isStarted()) return tail.restart(await log.compare(NOWHERE));
    const shown = tail.heads();
    const heads = await log.compare(shown);
    if (heads.some(({ agrees }) => !agrees)) {
      options.onFork();
      return tail.restart(heads);
    }
    const tooFar = ({ partition, position }: Head) => position - positionIn(shown, partition) > EVENTS_HELD;
    if (heads.some(tooFar)) return tail.restart(heads);
    const overdue = messages.isConnected() ? seen : heads;
    seen = heads;
    if (overdue.some(({ partition, position }) => position > positionIn(shown, partition))) missed();
  }

  function missed(): void {
    refill();
    silentLooks += 1;
    if (silentLooks % SILENT_LOOKS_MAX === 0) messages.subscribeAgain();
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch(() => undefined);
      await pause(messages.isConnected() && tail.isStarted() ? LOOK_MS : LOOK_ALONE_MS, stopping.signal);
    }
  }
  const watching = watch();

  return {
    stop: async () => {
      stopping.abort();
      await messages.stop();
      await watching;
    },
  };
}

const positionIn = (heads: readonly Head[], partition: number) => heads[partition]?.position ?? 0;
