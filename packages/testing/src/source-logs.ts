import type { Slice, Source, TravellingEvent } from '@crossdock/contracts';
import { type Fact, travelling } from './other-side.ts';
import type { Random } from './random.ts';

/** The logs of the other subgraphs in memory. */
export type SourceLogs = Readonly<{
  append: (fact: Fact) => void;
  /** What was appended since the last call, cut into slices at random: what a relay would publish. */
  publish: (random: Random) => readonly SaidSlice[];
  /** What stands behind a position: what a refill reads. */
  read: (source: Source, after: readonly Place[], limit: number) => readonly Slice[];
  heads: () => readonly (Place & { source: Source })[];
}>;

export type SaidSlice = Readonly<{ source: Source; slice: Slice }>;
export type Place = Readonly<{ partition: number; position: number }>;

type Log = {
  readonly source: Source;
  readonly partition: number;
  events: TravellingEvent[];
  published: number;
};

function sliceOf({ partition, events }: Log, after: number, until: number): Slice {
  const eventId = events[after - 1]?.id ?? null;
  return { partition, after: { position: after, eventId }, events: events.slice(after, until) };
}

export function createSourceLogs(): SourceLogs {
  const logs = new Map<string, Log>();
  const versions = new Map<string, number>();
  const logOf = (source: Source, partition: number): Log => {
    const key = `${source}/${partition}`;
    const log = logs.get(key) ?? { source, partition, events: [], published: 0 };
    logs.set(key, log);
    return log;
  };
  return {
    append: (fact) => {
      const stream = `${fact.source}/${fact.stream}`;
      const version = (versions.get(stream) ?? 0) + 1;
      versions.set(stream, version);
      logOf(fact.source, fact.partition).events.push(travelling(fact, version));
    },
    publish: (random) =>
      [...logs.values()].flatMap((log) => {
        const slices: SaidSlice[] = [];
        while (log.published < log.events.length) {
          const until = log.published + 1 + random.below(log.events.length - log.published);
          slices.push({ source: log.source, slice: sliceOf(log, log.published, until) });
          log.published = until;
        }
        return slices;
      }),
    read: (source, after, limit) =>
      after.flatMap(({ partition, position }) => {
        const log = logOf(source, partition);
        return position < log.events.length ? [sliceOf(log, position, position + limit)] : [];
      }),
    heads: () =>
      [...logs.values()]
        .filter(({ events }) => events.length > 0)
        .map(({ source, partition, events }) => ({ source, partition, position: events.length })),
  };
}
