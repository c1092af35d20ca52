// Where one subscriber stands in each partition. It moves only over entries that were looked at.
import type { Head } from '@crossdock/contracts';
import type { FeedFilter } from './feed-filter.ts';
import type { FeedItem } from './feed-item.ts';
import type { TailEntry } from './log-tail.ts';

/** A fact for the subscriber, and where it stands after it. */
export type ReadItem = Readonly<{ item: FeedItem; places: readonly Head[] }>;

export type FeedPlaces = Readonly<{
  all: () => readonly Head[];
  moveTo: (place: Head) => void;
  /** Moves over entries of one partition; answers those that match. */
  look: (partition: number, entries: readonly TailEntry[]) => ReadItem[];
}>;

/** With `onePartition`, the first match says where all others will be, and the other places are let go. */
export function createFeedPlaces(
  start: readonly Head[],
  filter: FeedFilter,
  onePartition: boolean,
): FeedPlaces {
  let places = start;

  function moveTo({ partition, position, eventId }: Head): void {
    places = places.map((each) => (each.partition === partition ? { partition, position, eventId } : each));
  }

  return {
    all: () => places,
    moveTo,
    look: (partition, entries) => {
      const items: ReadItem[] = [];
      for (const { position, eventId, item } of entries) {
        if (item === null || !filter.matches(item)) continue;
        if (onePartition) places = places.filter((each) => each.partition === partition);
        moveTo({ partition, position, eventId });
        items.push({ item, places });
      }
      const last = entries.at(-1);
      if (last !== undefined) moveTo({ partition, position: last.position, eventId: last.eventId });
      return items;
    },
  };
}
