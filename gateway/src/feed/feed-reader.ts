// One subscriber's way through the log: from memory where the tail still holds it, else from the log itself. It moves
// its places only over what it has looked at, so that nothing is skipped and nothing comes twice.
import type { Head, Slice } from '@crossdock/contracts';
import type { FeedFilter } from './feed-filter.ts';
import { type FeedItem, feedItemOf } from './feed-item.ts';
import type { LogTail, TailEntry } from './log-tail.ts';
import { type LogPage, type OrdersLog, READ_LIMIT } from './orders-log.ts';

/** Entries of each partition looked at in one step. */
const STEP_LIMIT = 256;

/** A fact for the subscriber, and where it stands after it. */
export type ReadItem = Readonly<{ item: FeedItem; places: readonly Head[] }>;

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
  /** All matches live in one partition: once it is known, the others are let go. */
  readonly onePartition: boolean;
  readonly tail: LogTail;
  readonly log: OrdersLog;
}): FeedReader {
  const { filter, tail, log } = options;
  let places: readonly Head[] = options.start;

  function moveTo(place: Head): void {
    places = places.map((each) => (each.partition === place.partition ? place : each));
  }

  function found(item: FeedItem, partition: number): ReadItem {
    if (options.onePartition && places.length > 1)
      places = places.filter((each) => each.partition === partition);
    return { item, places };
  }

  function look(partition: number, entries: readonly TailEntry[]): ReadItem[] {
    const items: ReadItem[] = [];
    for (const { position, eventId, item } of entries) {
      if (item === null || !filter.matches(item)) continue;
      moveTo({ partition, position, eventId });
      items.push(found(item, partition));
    }
    const last = entries.at(-1);
    if (last !== undefined) moveTo({ partition, position: last.position, eventId: last.eventId });
    return items;
  }

  function catchUpOn(page: LogPage, behind: readonly Head[]): ReadItem[] {
    return behind.flatMap(({ partition, position }) => {
      const entries = page.slices
        .filter((slice) => slice.partition === partition)
        .sort((one, other) => one.after.position - other.after.position)
        .flatMap(entriesOf)
        .filter((entry) => entry.position > position);
      const items = look(partition, entries);
      const head = page.heads.find((each) => each.partition === partition);
      // A partition that brought less than was asked for has been read to its head.
      if (entries.length < READ_LIMIT && head !== undefined && head.position > position) moveTo(head);
      return items;
    });
  }

  return {
    places: () => places,
    step: () => {
      const items: ReadItem[] = [];
      let behind = false;
      for (const { partition, position } of places) {
        const entries = tail.behind(partition, position, STEP_LIMIT);
        if (entries === null) behind = true;
        else items.push(...look(partition, entries));
      }
      return { items, behind };
    },
    catchUp: async () => {
      const behind = places.filter(({ partition, position }) => tail.behind(partition, position, 0) === null);
      return catchUpOn(await log.read(behind, filter.partnerIds ?? undefined), behind);
    },
    rejoin: async () => {
      if (places.every((place) => tail.compare(place) === 'agrees')) return false;
      const heads = await log.compare(places);
      const lost = new Set(heads.filter(({ agrees }) => !agrees).map(({ partition }) => partition));
      const now = new Map(heads.map((head) => [head.partition, head]));
      places = places.map((place) => {
        const head = now.get(place.partition);
        if (head === undefined || !lost.has(place.partition)) return place;
        return { partition: head.partition, position: head.position, eventId: head.eventId };
      });
      return places.some(({ partition }) => lost.has(partition));
    },
  };
}

const entriesOf = ({ after, events }: Slice): TailEntry[] =>
  events.map((event, index) => ({
    position: after.position + 1 + index,
    eventId: event.id,
    item: feedItemOf(event),
  }));
