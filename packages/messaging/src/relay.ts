import { createHash } from 'node:crypto';
import { type Source, subjectOf } from '@crossdock/contracts';
import {
  commitIntentions,
  type Intent,
  type LogRow,
  type LogSlice,
  loadIntents,
  readUnpublished,
  type Sql,
  slicesJson,
} from '@crossdock/event-store';
import { pause } from '@crossdock/resilience';
import type { Bus } from './bus.ts';

/** Events of one partition a tick takes at most, and bytes of one message. */
const TICK_EVENTS_MAX = 150;
const MESSAGE_BYTES_MAX = 768 * 1024;
/** Under load a tick gathers: half a millisecond for each event of the last, 25 ms at most. */
const GATHER_MS_PER_EVENT = 0.5;
const GATHER_MS_MAX = 25;
/** Messages whose publish was abandoned and that are tried again once one goes through: 48 MB at most. */
const ABANDONED_MAX = 64;
/** Without a poke (another replica appended) the log is looked at this often. */
const IDLE_POLL_MS = 200;

export type RelayOptions = Readonly<{
  subgraph: Source;
  sql: Sql;
  bus: Bus;
  epoch: number;
  signal: AbortSignal;
  onPublished: (events: number) => void;
  onAbandoned: (error: unknown) => void;
}>;

/** Publishes the log, one message a tick and one in flight. `poke` says that something was appended. */
export type Relay = Readonly<{ poke: () => void; done: Promise<void> }>;

/** Cuts rows, ordered by partition and position, into slices that fit one message; the rest waits for the next tick. */
export function cutSlices(rows: readonly LogRow[], intents: readonly Intent[]): LogSlice[] {
  const slices: { partition: number; after: { position: number; eventId: string | null }; rows: LogRow[] }[] =
    [];
  let bytes = 0;
  for (const row of rows) {
    bytes += row.data.length + row.metadata.length + 300;
    if (bytes > MESSAGE_BYTES_MAX && slices.length > 0) break;
    const open = slices.at(-1);
    if (open?.partition === row.partition) {
      open.rows.push(row);
      continue;
    }
    const behind = intents.find((intent) => intent.partition === row.partition);
    slices.push({
      partition: row.partition,
      after: { position: Number(row.position) - 1, eventId: behind?.eventId ?? null },
      rows: [row],
    });
  }
  return slices;
}

function messageIdOf(slices: readonly LogSlice[]): string {
  const hash = createHash('sha256');
  for (const slice of slices) hash.update(slice.rows.at(-1)?.event_id ?? '');
  return hash.digest('base64url');
}

/** Runs until the signal aborts; `done` rejects when the database refuses (lease lost, connection). */
export function startRelay(options: RelayOptions): Relay {
  const poke = createPoke();
  const publish = createPublish(options);

  async function run(): Promise<void> {
    const intents = await loadIntents(options.sql);
    while (!options.signal.aborted) {
      const begun = performance.now();
      poke.clear();
      const { published, more } = await tick(options, intents, publish);
      if (more) poke.now();
      const gather = Math.min(GATHER_MS_MAX, published * GATHER_MS_PER_EVENT) - (performance.now() - begun);
      if (gather > 0) await pause(gather, options.signal);
      await poke.wait(options.signal);
    }
  }

  return { poke: poke.now, done: run() };
}

/** Publishes what stands behind the intents, as far as one message holds it. */
async function tick(
  options: RelayOptions,
  intents: Intent[],
  publish: Publish,
): Promise<{ published: number; more: boolean }> {
  const rows = await readUnpublished(options.sql, TICK_EVENTS_MAX);
  if (rows.length === 0) return { published: 0, more: false };
  const slices = cutSlices(rows, intents);
  const intentions = slices.map((slice) => ({
    partition: slice.partition,
    from: slice.after.position,
    to: slice.after.position + slice.rows.length,
    eventId: slice.rows.at(-1)?.event_id ?? '',
  }));
  // The intent first: its commit proves that everything before it is as durable as the database can make it.
  await commitIntentions(options.sql, intentions, options.epoch);
  for (const { partition, to, eventId } of intentions)
    intents[partition] = { partition, position: to, eventId };
  const message = `{"source":"${options.subgraph}","slices":${slicesJson(slices)}}`;
  await publish(message, messageIdOf(slices));
  const published = slices.reduce((sum, slice) => sum + slice.rows.length, 0);
  options.onPublished(published);
  return { published, more: published < rows.length };
}

type Publish = (message: string, messageId: string) => Promise<void>;

/**
 * Publishes, or abandons to refill. What was abandoned follows the next message that goes through: no reader waits for it,
 * but JetStream then has the whole log, which is what a log restored to an earlier point is made whole from.
 */
function createPublish({ bus, subgraph, onAbandoned }: RelayOptions): Publish {
  const subject = subjectOf(subgraph);
  let abandoned: { message: string; messageId: string }[] = [];

  async function publishAbandoned(): Promise<void> {
    for (const { message, messageId } of abandoned) {
      await bus.publish(subject, message, messageId);
      abandoned = abandoned.slice(1);
    }
  }

  return async (message, messageId) => {
    try {
      await bus.publish(subject, message, messageId);
    } catch (error) {
      abandoned = [...abandoned, { message, messageId }].slice(-ABANDONED_MAX);
      onAbandoned(error);
      return;
    }
    // What fails now stays in line behind the next message.
    await publishAbandoned().catch(() => undefined);
  };
}

/** Remembers a poke until it is waited for; without one the wait ends after IDLE_POLL_MS. */
function createPoke() {
  let poked = true;
  let wake: () => void = () => undefined;
  return {
    now: () => {
      poked = true;
      wake();
    },
    clear: () => {
      poked = false;
    },
    wait: async (signal: AbortSignal) => {
      if (poked || signal.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, IDLE_POLL_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
