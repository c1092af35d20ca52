// One subscriber's way through the log: from memory where the tail still holds it, else from the log itself, so that
// nothing is skipped and nothing comes twice.
import type { Head, Slice } from '@crossdock/contracts';
import type { FeedFilter } from './feed-filter.ts';
import { feedItemOf } from './feed-item.ts';
import { createFeedPlaces, type FeedPlaces, type ReadItem } from './feed-places.ts';
import type { LogTail, TailEntry } from './log-tail.ts';
import { type LogPage, type OrdersLog, READ_LIMIT } from './orders-log.ts';

/** Entries of each partition looked at in one step. */
const STEP_LIMIT = 256;

export type FeedReader = Readonly<{
  places: () => readonly Head[];
  /** What memory holds; `behind` when it no longer reaches back far enough. */
  step: () => Readonly<{ items: readonly ReadItem[]; behind: boolean }>;
  /** Reads what memory lacks from the log; rejects when the log cannot be read. */
  catchUp: () => Promise<readonly ReadItem[]>;
  /** True when the log does not hold the events at our places; then we stand at its present heads. */
  rejoin: () => Promise<boolean>;
}>;

export function createFeedReader(options: {
  readonly start: readonly Head[];
  readonly filter: FeedFilter;
  readonly onePartition: boolean;
  readonly tail: LogTail;
  readonly log: OrdersLog;
}): FeedReader {
  const { filter, tail, log } = options;
  const places = createFeedPlaces(options.start, filter, options.onePartition);
  return {
    places: places.all,
    step: () => {
      const items: ReadItem[] = [];
      let behind = false;
      for (const { partition, position } of places.all()) {
        const entries = tail.behind(partition, position, STEP_LIMIT);
        if (entries === null) behind = true;
        else items.push(...places.look(partition, entries));
      }
      return { items, behind };
    },
    catchUp: async () => {
      const behind = places
        .all()
        .filter(({ partition, position }) => tail.behind(partition, position, 0) === null);
      return lookOn(places, await log.read(behind, filter.partnerIds ?? undefined), behind);
    },
    rejoin: async () => {
      if (places.all().every((place) => tail.compare(place) === 'agrees')) return false;
      const heads = await log.compare(places.all());
      const ours = new Set(places.all().map(({ partition }) => partition));
      const lost = heads.filter(({ partition, agrees }) => !agrees && ours.has(partition));
      for (const head of lost) places.moveTo(head);
      return lost.length > 0;
    },
  };
}

/** Moves over a page of the log that was read behind the given places. */
function lookOn(places: FeedPlaces, page: LogPage, behind: readonly Head[]): ReadItem[] {
  return behind.flatMap(({ partition, position }) => {
    const entries = page.slices
      .filter((slice) => slice.partition === partition)
      .sort((one, other) => one.after.position - other.after.position)
      .flatMap(entriesOf)
      .filter((entry) => entry.position > position);
    const items = places.look(partition, entries);
    const head = page.heads.find((each) => each.partition === partition);
    // A partition that brought less than was asked for has been read to its head.
    if (entries.length < READ_LIMIT && head !== undefined && head.position > position) places.moveTo(head);
    return items;
  });
}

const entriesOf = ({ after, events }: Slice): TailEntry[] =>
  events.map((event, index) => ({
    position: after.position + 1 + index,
    eventId: event.id,
    item: feedItemOf(event),
  }));
