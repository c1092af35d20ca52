// The command `restore-log` of a subgraph: reads its arguments, restores, and says in sentences what it found.
import { parseArgs } from 'node:util';
import type { Source } from '@crossdock/contracts';
import { openRestoreDatabase, type Sql } from '@crossdock/event-store';
import { createLogClient, type LogClient } from '../log-client.ts';
import { type Acknowledgement, findUnpublished } from './acknowledged-orders.ts';
import type { Loss } from './differences.ts';
import type { HistoryFold, Range } from './history.ts';
import { type RestoreFindings, type RestoreOutcome, restoreLog } from './restore-log.ts';

/** How the command ends: the log is open and whole; nothing was changed; the log stays closed for a person. */
export const RESTORE_EXIT = { done: 0, refused: 2, stillClosed: 3 } as const;
/** Lines of one list at most; the rest is counted. */
const LISTED_MAX = 200;

const FLAGS = {
  'dry-run': { type: 'boolean' },
  'accept-loss': { type: 'boolean' },
  journals: { type: 'string' },
} as const;

export type RestoreCommand = Readonly<{
  subgraph: Source;
  settings: Readonly<{
    DATABASE_URL: string;
    NATS_URL: string;
    LOG_READ_SECRET: string;
    SUBGRAPH_URLS: Readonly<Record<string, string>>;
  }>;
  args: readonly string[];
  /** How the tables are folded from the events, or the sentence that says why they cannot be. */
  fold: ((sql: Sql) => HistoryFold) | string;
  /** Only where orders are acknowledged to clients: which of them are here. */
  knownOrders?: (sql: Sql, orderIds: readonly string[]) => Promise<ReadonlySet<string>>;
}>;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Runs the command to its end and answers its exit code. */
export async function runRestoreCommand(command: RestoreCommand): Promise<number> {
  const { subgraph, settings } = command;
  const { sql, close } = openRestoreDatabase(settings.DATABASE_URL, subgraph);
  const log = createLogClient(settings.SUBGRAPH_URLS, settings.LOG_READ_SECRET, subgraph);
  try {
    return await restore(command, sql, log);
  } finally {
    await Promise.all([log.close(), close()]);
  }
}

async function restore(
  { subgraph, settings, args, fold, knownOrders }: RestoreCommand,
  sql: Sql,
  log: LogClient,
): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: FLAGS, strict: true });
  const { journals } = values;
  if (journals !== undefined && knownOrders === undefined) {
    say(`${subgraph} acknowledges no orders: --journals is for orders alone.`);
    return RESTORE_EXIT.refused;
  }
  const outcome = await restoreLog({
    ...{ subgraph, sql, natsUrl: settings.NATS_URL, log },
    fold: typeof fold === 'string' ? fold : fold(sql),
    dryRun: values['dry-run'] === true,
    acceptLoss: values['accept-loss'] === true,
  });
  for (const line of linesOf(subgraph, outcome)) say(line);
  if (outcome.kind === 'refused') return RESTORE_EXIT.refused;
  if (journals !== undefined && knownOrders !== undefined) {
    const begun = outcome.kind === 'whole' ? new Set<string>() : outcome.findings.begun;
    const missing = await findUnpublished(journals, begun, (orderIds) => knownOrders(sql, orderIds));
    for (const line of unpublishedLines(missing)) say(line);
  }
  return outcome.kind === 'still-closed' ? RESTORE_EXIT.stillClosed : RESTORE_EXIT.done;
}

function linesOf(subgraph: string, outcome: RestoreOutcome): string[] {
  if (outcome.kind === 'refused') return [`Refused, nothing was changed. ${outcome.why}`];
  if (outcome.kind === 'whole')
    return [`The log of ${subgraph} is whole and open: there is nothing to restore.`];
  const { findings } = outcome;
  const found = `${findings.events} events of ${subgraph} were published after the point of the restore`;
  return [
    outcome.kind === 'looked' ? `${found}; they would be taken back:` : `${found}; they were taken back:`,
    ...findings.survey.found.map((range) => `  ${rangeText(range)}`),
    ...lossLines(findings),
    ...tornLines(findings),
    endLine(subgraph, outcome.kind, findings),
  ];
}

function endLine(
  subgraph: string,
  kind: 'looked' | 'opened' | 'still-closed',
  findings: RestoreFindings,
): string {
  const isLossy = findings.lost.length > 0 || findings.disagreeing.length > 0;
  if (kind === 'opened') return `The log of ${subgraph} is open.`;
  if (kind === 'looked') {
    return isLossy
      ? 'Only looked. It would stay closed: whoever consumed what is lost would stay stopped.'
      : 'Only looked. Nothing is lost; without --dry-run the log would be open now.';
  }
  return `The log of ${subgraph} stays closed. Find what is lost, or give it up with --accept-loss.`;
}

function rangeText({ partition, from, to }: Range): string {
  return `partition ${partition}: positions ${from} to ${to}`;
}

function lossLines({ lost, survey, withoutCause, disagreeing }: RestoreFindings): string[] {
  const lines = survey.gaps.map(
    (gap) => `Missing in JetStream: ${rangeText(gap)}. Nothing after them could be taken.`,
  );
  lines.push(...lost.map((loss) => `Lost: ${rangeText(loss)}. Known to ${knownText(loss)}.`));
  lines.push(
    ...disagreeing.map(
      ({ by, partition, position }) =>
        `${by} consumed another event at position ${position} of partition ${partition}: it stays stopped there.`,
    ),
  );
  if (withoutCause > 0)
    lines.push(`${withoutCause} facts that events followed from are not in the others' logs any more.`);
  return lines;
}

const knownText = ({ knownTo }: Loss) => knownTo.join(', ');

function tornLines({ torn }: RestoreFindings): string[] {
  return listed(
    torn.map(
      ({ operation, key, found, wanted }) =>
        `Came back in part: ${operation} with key ${key}, ${found} of ${wanted} events. Its key is free: send it again.`,
    ),
  );
}

function unpublishedLines(missing: readonly Acknowledgement[]): string[] {
  if (missing.length === 0) return ['Every order that the journals acknowledge is here.'];
  const lines = missing.map(
    ({ orderId, number, key, at, file }) =>
      `  ${number} ${orderId}, key ${key}, acknowledged ${at} (${file})`,
  );
  return [
    `${missing.length} orders were acknowledged and never published. Their clients must place them again:`,
    ...listed(lines),
  ];
}

function listed(lines: readonly string[]): string[] {
  if (lines.length <= LISTED_MAX) return [...lines];
  return [...lines.slice(0, LISTED_MAX), `  and ${lines.length - LISTED_MAX} more`];
}
