// A log of the orders subgraph in memory, as its internal routes show it.
import type { Head, Slice, SliceMessage, TravellingEvent } from '@crossdock/contracts';
import { PARTITION_COUNT } from '@crossdock/contracts';

export type StubLog = ReturnType<typeof createStubLog>;
type Place = Readonly<{ partition: number; position: number }>;

const cutAt = (partitions: TravellingEvent[][], partition: number, position: number) =>
  partitions.map((events, index) => (index === partition ? events.slice(0, position) : events));

const slicesBehind = (partitions: TravellingEvent[][], after: readonly Place[], limit: number): Slice[] =>
  after
    .map(({ partition, position }) => ({
      partition,
      after: { position, eventId: partitions[partition]?.[position - 1]?.id ?? null },
      events: partitions[partition]?.slice(position, position + limit) ?? [],
    }))
    .filter(({ events }) => events.length > 0);

export function createStubLog() {
  let partitions: TravellingEvent[][] = Array.from({ length: PARTITION_COUNT }, () => []);
  let cut: TravellingEvent[][] | null = null;
  let lacking = 0;
  const eventIdAt = (partition: number, position: number) =>
    partitions[partition]?.[position - 1]?.id ?? null;
  const headOf = (partition: number): Head => {
    const position = partitions[partition]?.length ?? 0;
    return { partition, position, eventId: eventIdAt(partition, position) };
  };
  const heads = () => partitions.map((_, partition) => headOf(partition));

  return {
    heads,
    /** Appends and answers the message a relay would publish for it. */
    append: (partition: number, ...events: TravellingEvent[]): SliceMessage => {
      const after = headOf(partition);
      partitions[partition]?.push(...events);
      const { position, eventId } = after;
      return { source: 'orders', slices: [{ partition, after: { position, eventId }, events }] };
    },
    read: (after: readonly Place[], limit: number) => ({
      source: 'orders',
      slices: slicesBehind(partitions, after, limit),
      heads: heads(),
    }),
    compare: (shown: readonly Head[]) => {
      const compared = heads().map((head) => {
        const place = shown.find(({ partition }) => partition === head.partition);
        const agrees = place === undefined || eventIdAt(place.partition, place.position) === place.eventId;
        return { ...head, agrees };
      });
      const lacks = compared.some(({ agrees }) => !agrees);
      if (lacks) lacking += 1;
      return { heads: compared, closed: lacks && cut !== null };
    },
    /** What a restore of an older backup leaves, where nobody noticed it. */
    cutBack: (partition: number, position: number) => {
      partitions = cutAt(partitions, partition, position);
    },
    /** What a restore leaves that closed the log; `makeWhole` is its end. */
    closeBehind: (partition: number, position: number) => {
      cut = partitions;
      partitions = cutAt(partitions, partition, position);
    },
    makeWhole: () => {
      partitions = cut ?? partitions;
      cut = null;
    },
    /** How often somebody was shown that the log lacks what it once had. */
    lacking: () => lacking,
  };
}
