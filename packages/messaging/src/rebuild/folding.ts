import type { Slice } from '@crossdock/contracts';
import {
  type FoldedTo,
  type Offset,
  readLettersWithoutEffect,
  type Sql,
  type TableShape,
  writeRows,
} from '@crossdock/event-store';
import type { ArrivedEvent } from '../consumer.ts';
import type { LogClient } from '../log-client.ts';
import type { FoldedReadModel } from './read-models.ts';

/** Events of one page and partition: eight partitions of large orders stay a few dozen megabytes. */
const PAGE_EVENTS = 500;
const SAY_EVERY_MS = 2_000;

export type FoldingOptions = Readonly<{
  model: FoldedReadModel;
  log: LogClient;
  /** Writes the copy, each page by itself. */
  sql: Sql;
  copy: string;
  shape: TableShape;
  mustStand: () => void;
  say: (line: string) => void;
}>;

/** Folds the sources' logs into a copy, from their beginning. */
export type Folding = Readonly<{
  /** Reads on up to the given offsets and never beyond; answers how many events that were. */
  catchUp: (offsets: readonly Offset[]) => Promise<number>;
  foldedTo: (offsets: readonly Offset[]) => FoldedTo;
  events: () => number;
}>;

const nameOf = (source: string, partition: number) => `${source}/${partition}`;

export function startFolding(options: FoldingOptions): Folding {
  const { model, log, sql, copy, shape } = options;
  const reached = new Map<string, number>();
  let letters = 0;
  let events = 0;
  let saidAt = performance.now();

  const at = ({ source, partition }: Pick<Offset, 'source' | 'partition'>) =>
    reached.get(nameOf(source, partition)) ?? 0;

  function tell(offsets: readonly Offset[]): void {
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    const all = offsets.reduce((sum, each) => sum + each.position, 0);
    options.say(`${model.name}: ${events.toLocaleString('en')} of ${all.toLocaleString('en')} events folded`);
  }

  async function takePage(page: readonly ArrivedEvent[], without: ReadonlySet<string>): Promise<void> {
    const flowing = page.filter(
      (each) => !without.has(`${nameOf(each.source, each.partition)}/${each.position}`),
    );
    const rows = model.fold(flowing.filter((each) => model.wants(each.source, each.event.type)));
    options.mustStand();
    await writeRows(sql, copy, shape, rows);
    letters += page.length - flowing.length;
    events += page.length;
    for (const each of page) reached.set(nameOf(each.source, each.partition), each.position);
  }

  async function catchUp(offsets: readonly Offset[]): Promise<number> {
    const before = events;
    // Read after the offsets: an event is parked in the call that moves them, so all letters below them are there.
    const without = await readLettersWithoutEffect(sql, model.consumer, model.sources);
    for (const source of model.sources) {
      const own = offsets.filter((each) => each.source === source);
      for (;;) {
        const behind = own.filter((each) => at(each) < each.position);
        if (behind.length === 0) break;
        const places = behind.map((each) => ({ partition: each.partition, position: at(each) }));
        const page = behind.flatMap(cutter(source, await log.read(source, places, PAGE_EVENTS), at));
        if (page.length === 0) throw new Error(`The log of ${source} ends before what was consumed of it`);
        await takePage(page, without);
        tell(offsets);
      }
    }
    return events - before;
  }

  return {
    catchUp,
    foldedTo: (offsets) => ({ consumer: model.consumer, sources: model.sources, offsets, letters }),
    events: () => events,
  };
}

/** Cuts from the slices what stands between where the copy has come and a partition's offset. */
function cutter(
  source: ArrivedEvent['source'],
  slices: readonly Slice[],
  at: (offset: Offset) => number,
): (offset: Offset) => ArrivedEvent[] {
  return (offset) => {
    const slice = slices.find((each) => each.partition === offset.partition);
    if (slice === undefined) return [];
    const from = at(offset);
    if (slice.after.position !== from)
      throw new Error(
        `The log of ${source} answered from ${slice.after.position}, not ${from}, in partition ${offset.partition}`,
      );
    const events = slice.events.slice(0, offset.position - from);
    const last = events.at(-1);
    if (from + events.length === offset.position && last?.id !== offset.eventId)
      throw new Error(
        `The log of ${source} is not the one that was consumed: partition ${offset.partition}, position ${offset.position}`,
      );
    return events.map((event, index) => ({
      source,
      partition: slice.partition,
      position: from + 1 + index,
      event,
    }));
  };
}
