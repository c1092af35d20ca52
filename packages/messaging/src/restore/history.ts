// Holds what JetStream still has of a log against the log itself: what continues it, where it is torn, where the two part.
import type { Slice, Source, TravellingEvent } from '@crossdock/contracts';
import {
  eventIdsAtPlaces,
  type KnownPosition,
  type LogImport,
  loadLogEnds,
  type PublishedEvent,
  type Sql,
} from '@crossdock/event-store';
import type { ArrivedEvent } from '../slice-queue.ts';
import { readPublished } from './published-log.ts';

/** Slices that lie within the log, compared with it in one query. */
const COMPARED_TOGETHER = 500;

/** Slices of one partition kept while what comes before them is not there yet: a relay publishes late what failed at first. */
const AHEAD_MAX = 2_000;

/** How a subgraph takes back its own events, as it once published them. */
export type HistoryFold = Readonly<{
  /** Events of which it knows what they mean to its rows; with any other the restore refuses before it begins. */
  knows: (type: string) => boolean;
  /** True where the events alone do not say what they did, and the facts they followed from are needed too. */
  needsCauses: boolean;
  /** Facts of others that no own event tells of and the fold needs: it takes all of them now, and hears none of them again. */
  absorbs: (source: Source, type: string) => boolean;
  /** Folds events that continue the log into the rows, and writes both in one call that begins with `log_import`. */
  take: (page: HistoryPage) => Promise<void>;
  /** Sets right what no event says, such as a sequence of numbers or sums; called before the log is opened, again after a fault. */
  finish: (absorbed: readonly ArrivedEvent[]) => Promise<void>;
}>;

export type HistoryPage = Readonly<{
  /** In the order of their publication. */
  events: readonly ArrivedEvent[];
  log: LogImport;
  /** The fact of another subgraph that an event followed from, where `needsCauses`. */
  causeOf: (event: TravellingEvent) => ArrivedEvent | undefined;
  /** The facts the fold absorbs, each source's in its own order. */
  absorbed: readonly ArrivedEvent[];
}>;

/** Positions of one partition, both ends included. */
export type Range = Readonly<{ partition: number; from: number; to: number }>;

export type Survey = Readonly<{
  /** What continues the log, by partition. */
  found: readonly Range[];
  /** Ranges JetStream lacks though it has what follows: nothing after them can be taken. */
  gaps: readonly Range[];
  /** The furthest position JetStream has of each partition, behind a gap too. */
  seen: readonly KnownPosition[];
  /** How far JetStream shows the log to have been published where its events are here. */
  published: readonly KnownPosition[];
}>;

/** The log and what JetStream holds are two histories from this position on. */
export class HistoriesPart extends Error {
  override name = 'HistoriesPart';
  constructor(partition: number, position: number) {
    super(`partition ${partition}: this log and JetStream hold different events at position ${position}`);
  }
}

type Reading = {
  readonly partition: number;
  readonly begun: number;
  readonly givenUp: number;
  position: number;
  eventId: string | null;
  /** The furthest position JetStream showed, and the furthest it showed to be that of this log. */
  seen: number;
  published: number;
  /** Slices that lie ahead of what was read. */
  ahead: Slice[];
};

export type HistoryOptions = Readonly<{ sql: Sql; natsUrl: string; subgraph: Source }>;

/**
 * Reads all of the log that JetStream has and hands over, in order, what continues the log that is here. Rejects with
 * HistoriesPart when an event of JetStream is not the one the log has at its place.
 */
export async function followHistory(
  { sql, natsUrl, subgraph }: HistoryOptions,
  take: (events: readonly ArrivedEvent[]) => Promise<void>,
): Promise<Survey> {
  const ends = await loadLogEnds(sql);
  const readings = new Map(ends.map((end) => [end.partition, readingFrom(end)]));
  const within = comparer(sql);
  await readPublished(natsUrl, subgraph, async (slice) => {
    const reading = readings.get(slice.partition);
    if (reading === undefined)
      throw new Error(`JetStream tells of partition ${slice.partition}, which is not here`);
    await within.add(slice, reading);
    const next = continuation(reading, slice);
    if (next.length > 0) next.push(...broughtNear(reading));
    if (next.length > 0) await take(next.map((each) => ({ source: subgraph, ...each })));
  });
  await within.finish();
  return surveyOf([...readings.values()]);
}

function readingFrom(end: Awaited<ReturnType<typeof loadLogEnds>>[number]): Reading {
  const { partition, position, eventId, givenUp } = end;
  return {
    ...{ partition, begun: position, givenUp, position, eventId },
    ...{ seen: 0, published: 0, ahead: [] },
  };
}

type Placed = Omit<ArrivedEvent, 'source'>;

/** The events of a slice that follow what was read, and moves the reading behind them. */
function continuation(reading: Reading, slice: Slice): Placed[] {
  const { partition, after, events } = slice;
  const end = after.position + events.length;
  // What was given up at an earlier restore is another history, and known to be.
  const isGivenUp = end <= reading.givenUp;
  if (!isGivenUp) reading.seen = Math.max(reading.seen, end);
  if (end <= reading.position) return [];
  if (after.position > reading.position) {
    if (!isGivenUp && reading.ahead.length < AHEAD_MAX) reading.ahead.push(slice);
    return [];
  }
  const known = reading.position - after.position;
  const before = known === 0 ? after.eventId : events[known - 1]?.id;
  if (reading.position > 0 && before !== reading.eventId) {
    if (reading.position <= reading.givenUp) return [];
    throw new HistoriesPart(partition, reading.position);
  }
  const next = events
    .slice(known)
    .map((event, index) => ({ partition, position: reading.position + 1 + index, event }));
  Object.assign(reading, { position: end, published: end, eventId: events.at(-1)?.id ?? reading.eventId });
  return next;
}

/** What waited ahead and follows now. */
function broughtNear(reading: Reading): Placed[] {
  const near = reading.ahead.filter(({ after }) => after.position <= reading.position);
  if (near.length === 0) return [];
  reading.ahead = reading.ahead.filter(({ after }) => after.position > reading.position);
  const inOrder = near.toSorted((one, other) => one.after.position - other.after.position);
  const next = inOrder.flatMap((slice) => continuation(reading, slice));
  return [...next, ...broughtNear(reading)];
}

/** Compares slices that lie within the log with it, many in one query: their last events must be the log's. */
function comparer(sql: Sql) {
  let waiting: { slice: Slice; reading: Reading; position: number }[] = [];

  async function finish(): Promise<void> {
    const rows = await eventIdsAtPlaces(
      sql,
      waiting.map(({ slice, position }) => ({ partition: slice.partition, position })),
    );
    const here = new Map(rows.map((row) => [`${row.partition}/${row.position}`, row.eventId]));
    for (const { slice, reading, position } of waiting) {
      const theirs = slice.events[position - slice.after.position - 1]?.id;
      if (here.get(`${slice.partition}/${position}`) === theirs) {
        reading.published = Math.max(reading.published, position);
      } else if (position > reading.givenUp) throw await firstDifference(sql, slice);
    }
    waiting = [];
  }

  return {
    finish,
    /** Notes a slice that lies in the log as it was when the reading began, wholly or in part. */
    add: async (slice: Slice, reading: Reading): Promise<void> => {
      const position = Math.min(slice.after.position + slice.events.length, reading.begun);
      if (position <= slice.after.position) return;
      waiting.push({ slice, reading, position });
      if (waiting.length >= COMPARED_TOGETHER) await finish();
    },
  };
}

async function firstDifference(sql: Sql, { partition, after, events }: Slice): Promise<HistoriesPart> {
  const places = events.map((_, index) => ({ partition, position: after.position + 1 + index }));
  const here = new Map((await eventIdsAtPlaces(sql, places)).map((row) => [row.position, row.eventId]));
  const differing = places.find(({ position }, index) => here.get(position) !== events[index]?.id);
  return new HistoriesPart(partition, differing?.position ?? after.position + 1);
}

function surveyOf(readings: readonly Reading[]): Survey {
  return {
    found: readings.flatMap(({ partition, begun, position }) =>
      position > begun ? [{ partition, from: begun + 1, to: position }] : [],
    ),
    gaps: readings.flatMap(({ partition, position, ahead }) =>
      ahead.length === 0
        ? []
        : [{ partition, from: position + 1, to: Math.min(...ahead.map(({ after }) => after.position)) }],
    ),
    seen: readings.map(({ partition, seen }) => ({ partition, position: seen })),
    published: readings.flatMap(({ partition, published }) =>
      published > 0 ? [{ partition, position: published }] : [],
    ),
  };
}

/** A travelled event as the log keeps it. */
export function publishedEvent({ partition, position, event }: ArrivedEvent): PublishedEvent {
  return { partition, position, ...event };
}
