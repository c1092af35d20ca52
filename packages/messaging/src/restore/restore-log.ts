// Makes a log that was restored to an earlier point whole again, from what JetStream still has of it. Offsets are never rewound:
// what this subgraph heard since is heard again, and what it led to is recognised.
import type { Source } from '@crossdock/contracts';
import {
  closeLog,
  importPublished,
  loadClosing,
  loadIntents,
  loadTornRequests,
  openLog,
  type Sql,
  type TornRequest,
} from '@crossdock/event-store';
import type { LogClient } from '../log-client.ts';
import type { ArrivedEvent } from '../slice-queue.ts';
import { absorbedInputs, type Causes, causeFinder, causeIdOf, findCauses, inputsOf } from './causes.ts';
import { type Consumed, consumedByOthers, disagreeing, type Loss, lossOf } from './differences.ts';
import { followHistory, HistoriesPart, type HistoryFold, publishedEvent, type Survey } from './history.ts';

/** Events of one call of the import. */
const PAGE_EVENTS = 500;
/** Events taken back in one restore at most: ids of theirs are kept in memory, some 200 bytes each. */
const EVENTS_MAX = 2_000_000;

export type RestoreOptions = Readonly<{
  subgraph: Source;
  sql: Sql;
  natsUrl: string;
  log: LogClient;
  /** How this subgraph's tables are folded from its events, or why they cannot be. */
  fold: HistoryFold | string;
  /** Only looks and says what it would do. */
  dryRun: boolean;
  /** Opens the log although events are lost that others know of. */
  acceptLoss: boolean;
}>;

export type RestoreFindings = Readonly<{
  survey: Survey;
  events: number;
  lost: readonly Loss[];
  disagreeing: readonly Consumed[];
  /** Facts that events followed from and their source no longer has. */
  withoutCause: number;
  torn: readonly TornRequest[];
  /** Streams that begin with an event that came back. */
  begun: ReadonlySet<string>;
}>;

export type RestoreOutcome =
  | Readonly<{ kind: 'refused'; why: string }>
  | Readonly<{ kind: 'whole' }>
  | Readonly<{ kind: 'looked' | 'opened' | 'still-closed'; findings: RestoreFindings }>;

/** Looks first and refuses before anything is changed; then closes, imports, folds, lists and opens. Safe to repeat. */
export async function restoreLog(options: RestoreOptions): Promise<RestoreOutcome> {
  const { subgraph, sql, fold } = options;
  if (typeof fold === 'string') return refused(fold);
  const looked = await look(options, fold);
  if (typeof looked === 'string') return refused(looked);
  const { survey, causeIds, events, begun } = looked;
  const consumed = await consumedByOthers(subgraph, options.log);
  if (typeof consumed === 'string') return refused(consumed);
  const lost = await lossOf(sql, survey, consumed);
  if (lost.length === 0 && (await isWhole(sql, looked))) return { kind: 'whole' };
  const causes = await findCauses({ ...options, fold, wanted: causeIds }).catch(textOf);
  if (typeof causes === 'string') return refused(`The logs of the others cannot be read: ${causes}.`);
  const withoutCause = [...causeIds].filter((id) => !causes.places.has(id)).length;
  const findings = { survey, events, lost, disagreeing: [], withoutCause, torn: [], begun };
  if (options.dryRun) return { kind: 'looked', findings };
  await closeLog(sql, 'the command restore-log takes back what was published');
  await takeBack(options, fold, causes);
  return end(options, findings, consumed);
}

const refused = (why: string): RestoreOutcome => ({ kind: 'refused', why });
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Looked = Readonly<{
  survey: Survey;
  events: number;
  causeIds: ReadonlySet<string>;
  begun: ReadonlySet<string>;
}>;

/** Reads all that JetStream has without changing anything; answers what it is, or why it cannot be taken. */
async function look(options: RestoreOptions, fold: HistoryFold): Promise<Looked | string> {
  const [causeIds, begun, unknown] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let events = 0;
  try {
    const survey = await followHistory(options, async (arrived) => {
      events += arrived.length;
      if (events > EVENTS_MAX)
        throw new Error(`more than ${EVENTS_MAX} events are missing: restore a later backup`);
      for (const { event } of arrived) {
        if (!fold.knows(event.type)) unknown.add(event.type);
        if (event.version === 1) begun.add(event.stream);
        const cause = causeIdOf(event);
        if (cause !== null) causeIds.add(cause);
      }
    });
    if (unknown.size === 0) return { survey, events, causeIds, begun };
    return `This code cannot fold ${[...unknown].sort().join(', ')}.`;
  } catch (error) {
    if (!(error instanceof HistoriesPart)) return `What JetStream has cannot be taken: ${textOf(error)}.`;
    return `${error.message}: events were appended after the restore, or this JetStream is another installation's. A person must choose.`;
  }
}

/** True when nothing is missing, the log is open, and it knows how far it was published. */
async function isWhole(sql: Sql, { survey, events }: Looked): Promise<boolean> {
  if (events > 0 || (await loadClosing(sql)) !== null) return false;
  const intents = await loadIntents(sql);
  return survey.published.every(({ partition, position }) => position <= (intents[partition]?.position ?? 0));
}

/** Imports and folds, a page at a time, each page in one call. */
async function takeBack(options: RestoreOptions, fold: HistoryFold, causes: Causes): Promise<void> {
  const causeOf = causeFinder(causes);
  let waiting: ArrivedEvent[] = [];
  const flush = async () => {
    const events = waiting;
    waiting = [];
    if (events.length === 0) return;
    const log = { events: events.map(publishedEvent), inputs: inputsOf(events, causes), published: [] };
    await fold.take({ events, log, causeOf, absorbed: causes.absorbed });
  };
  const survey = await followHistory(options, async (events) => {
    waiting = waiting.concat(events);
    if (waiting.length >= PAGE_EVENTS) await flush();
  });
  await flush();
  await importPublished(options.sql, survey.published, absorbedInputs(causes));
  await fold.finish(causes.absorbed);
}

async function end(
  { sql, acceptLoss }: RestoreOptions,
  found: RestoreFindings,
  consumed: readonly Consumed[],
): Promise<RestoreOutcome> {
  const differing = await disagreeing(sql, consumed);
  const findings = { ...found, disagreeing: differing, torn: await loadTornRequests(sql) };
  const isLossy = findings.lost.length > 0 || findings.disagreeing.length > 0;
  if (isLossy && !acceptLoss) return { kind: 'still-closed', findings };
  const givenUp = findings.lost.map(({ partition, to }) => ({ partition, position: to }));
  await openLog(sql, givenUp, {
    events: findings.events,
    lost: findings.lost.reduce((sum, { from, to }) => sum + to - from + 1, 0),
    withoutCause: findings.withoutCause,
    tornRequests: findings.torn.length,
  });
  return { kind: 'opened', findings };
}
