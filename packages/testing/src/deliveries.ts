/**
 * A subgraph's real consumer between its real database and the other side in memory: facts come through the slice queue and
 * the applier that its worker uses, either one by one as they were said, or as a network on a bad day would bring them.
 */
import { deepEqual, rejects } from 'node:assert/strict';
import { acquireLease, LEASE_LOST, loadOffsets, newId, type Sql } from '@crossdock/event-store';
import {
  type Apply,
  type ArrivedEvent,
  type Consumer,
  createApplier,
  createSliceQueue,
  type SliceQueue,
} from '@crossdock/messaging';
import { createUnsaid, type OtherSide, type OwnEvent, type Unsaid } from './other-side.ts';
import type { Random } from './random.ts';
import { createSourceLogs, type SaidSlice, type SourceLogs } from './source-logs.ts';

/** What went wrong on the way, on purpose: a run in which nothing did proves nothing. */
export type Mishaps = {
  dropped: number;
  duplicates: number;
  gaps: number;
  refilled: number;
  takeOvers: number;
};

/** Events of one take at most, and of one refill. */
const TAKE_MAX = 12;
const REFILL_MAX = 5;
/** Slices that are under way at most; the oldest are lost beyond it. */
const IN_THE_AIR_MAX = 30;
/** Steps of one run at most: thousands of times what one needs. */
const STEPS_MAX = 100_000;
const DROPPED = 0.2;
/** Of the slices that arrived, those that will arrive again. */
const REPEATED = 0.3;
/** How often each thing happens; a worker dies about once in fifty steps. */
const STEPS = [
  ...Array<Step>(12).fill('say'),
  ...Array<Step>(18).fill('deliver'),
  ...Array<Step>(12).fill('apply'),
  ...Array<Step>(5).fill('refill'),
  'takeOver',
] as const satisfies readonly Step[];
type Step = 'say' | 'deliver' | 'apply' | 'refill' | 'takeOver';

export type EarOptions = Readonly<{
  sql: Sql;
  consumer: Consumer;
  /** The tables that a worker under an old epoch must leave as they are. */
  look: () => Promise<unknown>;
}>;

export type Ear = Readonly<{
  /** Hears every fact once, alone, in the order in which it was said. */
  hearInTurn: (otherSide: OtherSide) => Promise<void>;
  /** Hears them late, twice, torn apart, not at all and then from the log, while workers die; always to the end. */
  hearAnyhow: (otherSide: OtherSide, random: Random) => Promise<Mishaps>;
  /** Throws where an offset does not stand at the head of its log. */
  expectOffsetsAtHeads: () => Promise<void>;
}>;

type Session = Readonly<{ queue: SliceQueue; apply: Apply }>;
type Hearing = EarOptions & Readonly<{ logs: SourceLogs; read: Map<number, number> }> & { session: Session };

/** Takes the lease over, as a process does whose predecessor died. */
async function takeLease({ sql, consumer }: EarOptions): Promise<Session> {
  await sql`UPDATE leases SET expires_at = '-infinity'`;
  const epoch = await acquireLease(sql, 'worker', newId(), 0);
  if (epoch === null) throw new Error('An expired lease was not given to the next');
  const queue = createSliceQueue(
    consumer.sources,
    await loadOffsets(sql, consumer.name, consumer.sources, epoch),
  );
  const apply = createApplier({
    ...{ sql, consumer, epoch, codeVersion: 'test', parkedKeys: new Set<string>() },
    signal: new AbortController().signal,
    onFault: () => undefined,
    onParked: ({ error }) => {
      throw new Error(`A dead letter: ${error}`);
    },
  });
  return { queue, apply };
}

/** What the receiver said since the last look, in the order of its log. */
async function ownEvents({ sql, read }: Hearing): Promise<OwnEvent[]> {
  const rows = await sql<(OwnEvent & { partition: number; position: number })[]>`
    SELECT event_id AS id, stream_id AS stream, type, data, partition, position::int FROM events e
    WHERE position > coalesce((${JSON.stringify(Object.fromEntries(read))}::text::jsonb ->> partition::text)::bigint, 0)
    ORDER BY partition, position`;
  for (const { partition, position } of rows) read.set(partition, position);
  return rows.map(({ id, stream, type, data }) => ({ id, stream, type, data }));
}

async function hearInTurn(hearing: Hearing, otherSide: OtherSide): Promise<void> {
  const { logs } = hearing;
  const answers = async () => (await ownEvents(hearing)).flatMap((event) => otherSide.answer(event));
  const waiting = [...otherSide.opening, ...(await answers())];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    logs.append(next);
    offerFromLog(hearing, next.source, Number.POSITIVE_INFINITY);
    await hearing.session.apply(hearing.session.queue.take(TAKE_MAX));
    waiting.push(...(await answers()));
  }
}

function offerFromLog(
  { session: { queue }, logs }: Hearing,
  source: SaidSlice['source'],
  limit: number,
): number {
  const slices = logs.read(source, queue.received(source), limit);
  return slices.filter((slice) => queue.offer(source, slice) === 'taken').length;
}

/** One bad day: what is still to be said, what is under way, and what went wrong so far. */
type Day = Hearing &
  Readonly<{ otherSide: OtherSide; random: Random; unsaid: Unsaid; air: SaidSlice[]; mishaps: Mishaps }>;

async function hearAnyhow(hearing: Hearing, otherSide: OtherSide, random: Random): Promise<Mishaps> {
  const mishaps: Mishaps = { dropped: 0, duplicates: 0, gaps: 0, refilled: 0, takeOvers: 0 };
  const unsaid = createUnsaid();
  unsaid.add(otherSide.opening);
  // The sessions of a day replace each other on the hearing itself.
  const day: Day = Object.assign(hearing, { otherSide, random, unsaid, air: [], mishaps });
  await answer(day);
  for (let steps = 0; unsaid.size() > 0 || !hasHeardAll(day); steps += 1) {
    if (steps === STEPS_MAX) throw new Error(`Not everything was heard after ${STEPS_MAX} steps`);
    await DOING[random.pick(STEPS)](day);
  }
  return mishaps;
}

async function answer(day: Day): Promise<void> {
  for (const event of await ownEvents(day)) day.unsaid.add(day.otherSide.answer(event));
}

function hasHeardAll({ session: { queue }, logs, consumer }: Day): boolean {
  if (queue.size() > 0) return false;
  const received = new Map(
    consumer.sources.flatMap((source) =>
      queue.received(source).map(({ partition, position }) => [`${source}/${partition}`, position]),
    ),
  );
  return logs.heads().every((head) => received.get(`${head.source}/${head.partition}`) === head.position);
}

const DOING: Readonly<Record<Step, (day: Day) => Promise<void>>> = {
  say: async ({ unsaid, logs, random, air }) => {
    for (let room = 1 + random.below(3); room > 0 && unsaid.size() > 0; room -= 1)
      logs.append(unsaid.draw(random));
    air.push(...logs.publish(random));
    air.splice(0, air.length - IN_THE_AIR_MAX);
  },
  deliver: async (day) => {
    const { air, random, mishaps, session } = day;
    if (air.length === 0) return;
    const index = random.below(air.length);
    const said = air[index];
    if (said === undefined || !random.chance(REPEATED)) air.splice(index, 1);
    if (said === undefined) return;
    if (random.chance(DROPPED)) {
      mishaps.dropped += 1;
      return;
    }
    const arrival = session.queue.offer(said.source, said.slice);
    if (arrival === 'duplicate') mishaps.duplicates += 1;
    if (arrival === 'gap') mishaps.gaps += 1;
    if (arrival === 'forked') throw new Error('A log that never forked was taken for another');
  },
  refill: async (day) => {
    day.mishaps.refilled += offerFromLog(
      day,
      day.random.pick(day.consumer.sources),
      1 + day.random.below(REFILL_MAX),
    );
  },
  apply: async (day) => {
    const batch = take(day);
    if (batch.length === 0) return;
    await day.session.apply(batch);
    await answer(day);
  },
  takeOver: async (day) => {
    const stale = day.session;
    const batch = take(day);
    day.session = await takeLease(day);
    day.mishaps.takeOvers += 1;
    if (batch.length === 0) return;
    const before = await day.look();
    await rejects(stale.apply(batch), { code: LEASE_LOST });
    deepEqual(await day.look(), before);
  },
};

function take({ session: { queue }, random }: Day): readonly ArrivedEvent[] {
  return queue.take(1 + random.below(TAKE_MAX));
}

async function expectOffsetsAtHeads({ sql, logs, consumer }: Hearing): Promise<void> {
  const rows = await sql<{ source: string; partition: number; position: number }[]>`
    SELECT source, partition, position::int FROM offsets
    WHERE consumer = ${consumer.name} AND position > 0 ORDER BY source, partition`;
  const heads = logs
    .heads()
    .toSorted((left, right) =>
      left.source === right.source
        ? left.partition - right.partition
        : left.source.localeCompare(right.source),
    );
  deepEqual([...rows], heads);
}

/** Opens one on a migrated database of its own; what it hears in one call it remembers in the next. */
export async function openEar(options: EarOptions): Promise<Ear> {
  const hearing: Hearing = {
    ...options,
    logs: createSourceLogs(),
    read: new Map(),
    session: await takeLease(options),
  };
  return {
    hearInTurn: (otherSide) => hearInTurn(hearing, otherSide),
    hearAnyhow: (otherSide, random) => hearAnyhow(hearing, otherSide, random),
    expectOffsetsAtHeads: () => expectOffsetsAtHeads(hearing),
  };
}
