// Keeps the tail up with the log: JetStream brings most, the log itself whatever JetStream lost. With JetStream away
// the log alone is enough.
import { type Head, PARTITION_COUNT } from '@crossdock/contracts';
import { pause } from '@crossdock/resilience';
import { EVENTS_HELD, type LogTail } from './log-tail.ts';
import { followOrderMessages } from './order-messages.ts';
import { type OrdersLog, READ_LIMIT } from './orders-log.ts';

/** A head that was seen at one look and has not arrived by the next is read from the log: within a second. */
const LOOK_MS = 400;
/** Without JetStream the looks are all there is. */
const LOOK_ALONE_MS = 100;
/** Looks in a row that JetStream brought nothing though the log grew, after which its consumer is made anew. */
const SILENT_LOOKS_MAX = 5;
const NOWHERE: readonly Head[] = Array.from({ length: PARTITION_COUNT }, (_, partition) => ({
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
  const { tail } = options;
  const stopping = new AbortController();
  const refill = refiller(options, stopping.signal);
  const look = looker(options);
  let silentLooks = 0;

  const messages = followOrderMessages(options.natsUrl, (slice) => {
    const arrival = tail.offer(slice);
    if (arrival === 'taken') silentLooks = 0;
    if (arrival === 'gap' && tail.isStarted()) refill();
  });

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      const missed = await look(messages.isConnected()).catch(() => false);
      if (missed) {
        refill();
        silentLooks += 1;
        if (silentLooks % SILENT_LOOKS_MAX === 0) messages.subscribeAgain();
      }
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

/** Looks at the log's heads; true when something did not arrive that should have. Restarts a tail that cannot go on. */
function looker({ tail, log, onFork }: TailKeeperOptions): (withMessages: boolean) => Promise<boolean> {
  let seen: readonly Head[] = [];
  return async (withMessages) => {
    if (!tail.isStarted()) {
      tail.restart(await log.compare(NOWHERE));
      return false;
    }
    const shown = tail.heads();
    const heads = await log.compare(shown);
    const leadOf = ({ partition, position }: Head) => position - (shown[partition]?.position ?? 0);
    const forked = heads.some(({ agrees }) => !agrees);
    if (forked) onFork();
    if (forked || heads.some((head) => leadOf(head) > EVENTS_HELD)) {
      tail.restart(heads);
      return false;
    }
    const overdue = withMessages ? seen : heads;
    seen = heads;
    return overdue.some((head) => leadOf(head) > 0);
  };
}

/** Reads the log from the tail's heads on until nothing is left; one such reading at a time. */
function refiller({ tail, log, onRefill }: TailKeeperOptions, stopping: AbortSignal): () => void {
  async function readOn(): Promise<void> {
    onRefill();
    for (let more = true; more && !stopping.aborted; ) {
      const { slices } = await log.read(tail.heads());
      const arrivals = slices.map((slice) => tail.offer(slice));
      more = arrivals.includes('taken') && slices.some(({ events }) => events.length >= READ_LIMIT);
    }
  }
  let reading = false;
  return () => {
    if (reading) return;
    reading = true;
    void readOn()
      // The next look finds what is still missing.
      .catch(() => undefined)
      .finally(() => {
        reading = false;
      });
  };
}
