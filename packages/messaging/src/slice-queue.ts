import type { Slice, Source, TravellingEvent } from '@crossdock/contracts';

/** Events that wait to be applied at most; what comes beyond is dropped and read again from the log. */
export const WAITING_MAX = 20_000;

/** An event and the place in its source's log it came from. */
export type ArrivedEvent = Readonly<{
  source: Source;
  partition: number;
  position: number;
  event: TravellingEvent;
  /** What it led to here came back with a restored log: only what it alone feeds is written, nothing is decided. */
  isRecorded?: true;
}>;

type Received = { position: number; eventId: string | null };

/** What became of a slice: all known already, taken (perhaps in part), ahead of a gap, no room, or of another history. */
export type Arrival = 'duplicate' | 'taken' | 'gap' | 'overflow' | 'forked';

/** Events of a source that one take brings while a more urgent source has some: enough to go on, too few to be waited for. */
export const LATER_SHARE = 320;

/** What has arrived and waits, contiguous in each partition of each source; `take` begins with the most urgent source. */
export type SliceQueue = Readonly<{
  offer: (source: Source, slice: Slice) => Arrival;
  take: (max: number) => ArrivedEvent[];
  size: () => number;
  received: (source: Source) => { partition: number; position: number; eventId: string | null }[];
}>;

/**
 * Starts behind the given offsets; `sources` come the most urgent first. Positions decide: a slice never skips one and never
 * brings one twice.
 */
export function createSliceQueue(
  sources: readonly Source[],
  offsets: readonly Readonly<{
    source: string;
    partition: number;
    position: number;
    eventId: string | null;
  }>[],
): SliceQueue {
  const received = new Map<string, Received>(
    offsets.map((each) => [
      `${each.source}/${each.partition}`,
      { position: each.position, eventId: each.eventId },
    ]),
  );
  const waiting = new Map<Source, ArrivedEvent[]>(sources.map((source) => [source, []]));
  let size = 0;

  function offer(source: Source, slice: Slice): Arrival {
    const at = received.get(`${source}/${slice.partition}`);
    if (at === undefined) return 'duplicate';
    const arrival = judge(at, slice);
    if (arrival !== 'taken') return arrival;
    const line = waiting.get(source);
    if (line === undefined || size >= WAITING_MAX) return 'overflow';
    for (let index = at.position - slice.after.position; index < slice.events.length; index += 1) {
      const event = slice.events[index];
      if (event === undefined) break;
      line.push({ source, partition: slice.partition, position: slice.after.position + 1 + index, event });
      at.eventId = event.id;
    }
    size += slice.after.position + slice.events.length - at.position;
    at.position = slice.after.position + slice.events.length;
    return 'taken';
  }

  function take(max: number): ArrivedEvent[] {
    const taken = takeFrom(waiting, max);
    size -= taken.length;
    return taken;
  }

  return {
    offer,
    take,
    size: () => size,
    received: (source) =>
      [...received].flatMap(([key, at]) => {
        const [owner, partition] = key.split('/');
        return owner === source ? [{ partition: Number(partition), ...at }] : [];
      }),
  };
}

/** The first source that has any may fill the take; each later one adds its share. */
function takeFrom(waiting: Map<Source, ArrivedEvent[]>, max: number): ArrivedEvent[] {
  const taken: ArrivedEvent[] = [];
  for (const [source, line] of waiting) {
    const room = max - taken.length;
    const count = Math.min(line.length, taken.length === 0 ? room : Math.min(room, LATER_SHARE));
    if (count === 0) continue;
    for (const arrived of line.slice(0, count)) taken.push(arrived);
    waiting.set(source, line.slice(count));
  }
  return taken;
}

/** Compares a slice with what was received. Where the two overlap or touch, the event ids must agree. */
function judge(at: Received, slice: Slice): Arrival {
  const end = slice.after.position + slice.events.length;
  if (slice.after.position > at.position) return 'gap';
  if (end < at.position) return 'duplicate';
  const overlap = at.position - slice.after.position;
  const before = overlap === 0 ? slice.after.eventId : slice.events[overlap - 1]?.id;
  if (at.position > 0 && before !== at.eventId) return 'forked';
  return end === at.position ? 'duplicate' : 'taken';
}
