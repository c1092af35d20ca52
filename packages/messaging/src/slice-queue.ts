import type { Slice, Source, TravellingEvent } from '@crossdock/contracts';

/** Events that wait to be applied at most; what comes beyond is dropped and read again from the log. */
export const WAITING_MAX = 20_000;

/** An event and the place in its source's log it came from. */
export type ArrivedEvent = Readonly<{
  source: Source;
  partition: number;
  position: number;
  event: TravellingEvent;
}>;

type Received = { position: number; eventId: string | null };

/** What became of a slice: all known already, taken (perhaps in part), ahead of a gap, no room, or of another history. */
export type Arrival = 'duplicate' | 'taken' | 'gap' | 'overflow' | 'forked';

/** What has arrived and waits, contiguous in each partition of each source. */
export type SliceQueue = Readonly<{
  offer: (source: Source, slice: Slice) => Arrival;
  take: (max: number) => ArrivedEvent[];
  size: () => number;
  received: (source: Source) => { partition: number; position: number; eventId: string | null }[];
}>;

/** Starts behind the given offsets. Positions decide: a slice never skips one and never brings one twice. */
export function createSliceQueue(
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
  let waiting: ArrivedEvent[] = [];

  function offer(source: Source, slice: Slice): Arrival {
    const at = received.get(`${source}/${slice.partition}`);
    if (at === undefined) return 'duplicate';
    const arrival = judge(at, slice);
    if (arrival !== 'taken') return arrival;
    if (waiting.length >= WAITING_MAX) return 'overflow';
    for (let index = at.position - slice.after.position; index < slice.events.length; index += 1) {
      const event = slice.events[index];
      if (event === undefined) break;
      waiting.push({ source, partition: slice.partition, position: slice.after.position + 1 + index, event });
      at.eventId = event.id;
    }
    at.position = slice.after.position + slice.events.length;
    return 'taken';
  }

  return {
    offer,
    take: (max) => {
      const taken = waiting.slice(0, max);
      waiting = waiting.slice(max);
      return taken;
    },
    size: () => waiting.length,
    received: (source) =>
      [...received].flatMap(([key, at]) => {
        const [owner, partition] = key.split('/');
        return owner === source ? [{ partition: Number(partition), ...at }] : [];
      }),
  };
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
