// The end of the orders log in memory, contiguous in each partition, whoever brought it: JetStream or a read of the
// log. Positions decide; it never skips one and never holds one twice.
import { type Head, PARTITION_COUNT, type Slice } from '@crossdock/contracts';
import { type FeedItem, feedItemOf } from './feed-item.ts';

/** Events held for each partition; 8 of them serve the reconnects of a deploy from memory (about 20,000 events). */
export const EVENTS_HELD = 2_500;

export type TailEntry = Readonly<{ position: number; eventId: string; item: FeedItem | null }>;

/** What became of a slice: known already, taken, ahead of a gap, or of another history. */
export type Arrival = 'known' | 'taken' | 'gap' | 'forked';

/** How a place compares with what is held: `unknown` is too old, or not yet here. */
export type Agreement = 'agrees' | 'forked' | 'unknown';

export type LogTail = Readonly<{
  /** Starts anew behind the given heads, perhaps of another history: readers compare their places again. */
  restart: (heads: readonly Head[]) => void;
  offer: (slice: Slice) => Arrival;
  heads: () => Head[];
  isStarted: () => boolean;
  restarts: () => number;
  compare: (place: Head) => Agreement;
  /** Entries behind a position; null when they are no longer held. */
  behind: (partition: number, position: number, limit: number) => readonly TailEntry[] | null;
  /** Rings on every change until the answered function is called. */
  listen: (ring: () => void) => () => void;
}>;

type Partition = { base: Head; entries: TailEntry[] };

export function createLogTail(held = EVENTS_HELD): LogTail {
  let partitions: Partition[] = [];
  let restarts = 0;
  const listeners = new Set<() => void>();
  const ringAll = () => {
    for (const ring of listeners) ring();
  };

  return {
    restart: (heads) => {
      partitions = Array.from({ length: PARTITION_COUNT }, (_, partition) => {
        const head = heads.find((each) => each.partition === partition);
        return {
          base: { partition, position: head?.position ?? 0, eventId: head?.eventId ?? null },
          entries: [],
        };
      });
      restarts += 1;
      ringAll();
    },
    offer: (slice) => {
      const partition = partitions[slice.partition];
      if (partition === undefined) return 'gap';
      const arrival = judge(headOf(partition), slice);
      if (arrival !== 'taken') return arrival;
      append(partition, slice);
      trim(partition, held);
      ringAll();
      return arrival;
    },
    heads: () => partitions.map(headOf),
    isStarted: () => partitions.length > 0,
    restarts: () => restarts,
    compare: (place) => {
      const partition = partitions[place.partition];
      const eventId = partition === undefined ? undefined : eventIdAt(partition, place.position);
      if (eventId === undefined) return 'unknown';
      return eventId === place.eventId ? 'agrees' : 'forked';
    },
    behind: (index, position, limit) => {
      const partition = partitions[index];
      if (partition === undefined || position < partition.base.position) return null;
      const first = position - partition.base.position;
      return partition.entries.slice(first, first + limit);
    },
    listen: (ring) => {
      listeners.add(ring);
      return () => void listeners.delete(ring);
    },
  };
}

function headOf({ base, entries }: Partition): Head {
  const last = entries.at(-1);
  return last === undefined
    ? base
    : { partition: base.partition, position: last.position, eventId: last.eventId };
}

function eventIdAt({ base, entries }: Partition, position: number): string | null | undefined {
  if (position === base.position) return base.eventId;
  return entries[position - base.position - 1]?.eventId;
}

/** Where a slice overlaps or touches what is held, the event ids must agree. */
function judge(head: Head, { after, events }: Slice): Arrival {
  if (after.position > head.position) return 'gap';
  const overlap = head.position - after.position;
  if (overlap > events.length) return 'known';
  const same = overlap === 0 ? after.eventId : events[overlap - 1]?.id;
  if (head.position > 0 && same !== head.eventId) return 'forked';
  return overlap === events.length ? 'known' : 'taken';
}

function append(partition: Partition, { after, events }: Slice): void {
  const known = headOf(partition).position - after.position;
  for (const [index, event] of events.entries()) {
    if (index < known) continue;
    partition.entries.push({
      position: after.position + 1 + index,
      eventId: event.id,
      item: feedItemOf(event),
    });
  }
}

/** Lets the older half go once twice as many are held, so that the cost is spread. */
function trim(partition: Partition, held: number): void {
  if (partition.entries.length < 2 * held) return;
  const dropped = partition.entries.splice(0, partition.entries.length - held);
  const last = dropped.at(-1);
  if (last === undefined) return;
  partition.base = { partition: partition.base.partition, position: last.position, eventId: last.eventId };
}
