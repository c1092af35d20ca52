// What the events of a restored log followed from: the facts of others that were heard behind the offsets of the backup.
import { SOURCES, type Source, type TravellingEvent } from '@crossdock/contracts';
import { loadConsumed, type RestoredInput, type Sql } from '@crossdock/event-store';
import type { LogClient } from '../log-client.ts';
import type { ArrivedEvent } from '../slice-queue.ts';
import type { HistoryFold } from './history.ts';

/** Events of each partition in one read of another's log. */
const READ_EVENTS_MAX = 1_000;

/** The place of a fact in its source's log; the fact itself only where it is needed. */
type Place = Readonly<{ source: Source; partition: number; position: number; event: TravellingEvent | null }>;

/** What was heard since the backup, as far as a restore asks for it. */
export type Causes = Readonly<{
  places: ReadonlyMap<string, Place>;
  absorbed: readonly ArrivedEvent[];
}>;

export type CauseOptions = Readonly<{
  sql: Sql;
  log: LogClient;
  subgraph: Source;
  /** Ids of the facts looked for. */
  wanted: ReadonlySet<string>;
  fold: Pick<HistoryFold, 'needsCauses' | 'absorbs'>;
}>;

export function causeIdOf({ metadata }: TravellingEvent): string | null {
  return metadata.causationId ?? null;
}

/** Finds the wanted facts in the others' logs, behind the offsets of this database; rejects when a log cannot be read. */
export async function findCauses(options: CauseOptions): Promise<Causes> {
  const places = new Map<string, Place>();
  const absorbed: ArrivedEvent[] = [];
  for (const source of SOURCES) {
    if (source === options.subgraph) continue;
    await readOn(options, source, (arrived) => {
      const { event, ...place } = arrived;
      if (options.wanted.has(event.id)) {
        places.set(event.id, { ...place, event: options.fold.needsCauses ? event : null });
      }
      if (options.fold.absorbs(source, event.type)) absorbed.push(arrived);
    });
  }
  return { places, absorbed };
}

/** Hands over what a source said behind our offsets. */
async function readOn(
  { sql, log, subgraph }: CauseOptions,
  source: Source,
  take: (arrived: ArrivedEvent) => void,
): Promise<void> {
  let after = await loadConsumed(sql, subgraph, source);
  // Each round reads on behind the last; a log that grows meanwhile is read to an end that lies behind all that was heard.
  while (after.length > 0) {
    const slices = await log.read(source, after, READ_EVENTS_MAX);
    for (const { partition, after: before, events } of slices) {
      for (const [index, event] of events.entries()) {
        take({ source, partition, position: before.position + 1 + index, event });
      }
    }
    after = slices
      .filter(({ events }) => events.length >= READ_EVENTS_MAX)
      .map(({ partition, after: before, events }) => ({
        partition,
        position: before.position + events.length,
        eventId: events.at(-1)?.id ?? null,
      }));
  }
}

/** The facts that a run of events followed from, each once. */
export function inputsOf(events: readonly ArrivedEvent[], { places }: Causes): RestoredInput[] {
  const inputs = new Map<string, RestoredInput>();
  for (const { event } of events) {
    const id = causeIdOf(event);
    if (id === null) continue;
    const { source = null, partition = null, position = null } = places.get(id) ?? {};
    inputs.set(id, { id, source, partition, position });
  }
  return [...inputs.values()];
}

/** The absorbed facts as inputs that are not heard again. */
export function absorbedInputs({ absorbed }: Causes): RestoredInput[] {
  return absorbed.map(({ source, partition, position, event }) => ({
    id: event.id,
    source,
    partition,
    position,
  }));
}

/** The fact an event followed from, where it was kept. */
export function causeFinder({ places }: Causes): (event: TravellingEvent) => ArrivedEvent | undefined {
  return (event) => {
    const cause = places.get(causeIdOf(event) ?? '');
    return cause?.event == null ? undefined : { ...cause, event: cause.event };
  };
}
