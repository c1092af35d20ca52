import { parseArgs } from 'node:util';
import {
  type Comparison,
  compareReadModel,
  type Difference,
  differencesIn,
  openOwnConnection,
  previousOf,
  type TableRow,
} from '@crossdock/event-store';
import { createLogClient } from '../log-client.ts';
import type { FoldedReadModel, ReadModel } from './read-models.ts';
import { rebuildReadModel } from './rebuild.ts';

/** Where a rebuild reads and writes. */
export type RebuildSettings = Readonly<{
  DATABASE_URL: string;
  SUBGRAPH_URLS: Readonly<Record<string, string>>;
  LOG_READ_SECRET: string;
}>;

export type RebuildCommand = Readonly<{
  /** What stands behind the word `rebuild`. */
  args: readonly string[];
  models: readonly ReadModel[];
  /** Read only when there is something to do. */
  settings: () => RebuildSettings;
  say: (line: string) => void;
}>;

const FLAGS = { 'compare-only': { type: 'boolean' }, 'drop-previous': { type: 'boolean' } } as const;
/** Exit codes: all is well; rows differ and were left so, or the work could not be done; the command was not understood. */
const EXIT = { well: 0, differs: 1, usage: 2 };

/** `rebuild <read model> [--compare-only] [--drop-previous]`; without a name it lists them. Answers the exit code. */
export async function runRebuildCommand({ args, models, settings, say }: RebuildCommand): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  const [name] = positionals;
  const model = models.find((each) => each.name === name);
  if (model === undefined) {
    if (name !== undefined) say(`${name} is no read model.`);
    for (const each of models) say(lineOf(each));
    return name === undefined ? EXIT.well : EXIT.usage;
  }
  const compareOnly = values['compare-only'] === true;
  try {
    if (model.kind === 'folded')
      return await rebuild(model, settings(), {
        compareOnly,
        dropPrevious: values['drop-previous'] === true,
        say,
      });
    if (!compareOnly)
      say(`${model.name} is only compared: commands are decided on it, so that nothing may replace it.`);
    return await compare(model, settings(), say);
  } catch (error) {
    say(
      `${model.name}: ${error instanceof Error ? error.message : String(error)}. The live table is as it was.`,
    );
    return EXIT.differs;
  }
}

const NAME_WIDTH = 24;

function lineOf({ name, kind, about }: ReadModel): string {
  return `${name.padEnd(NAME_WIDTH)} ${kind === 'folded' ? 'rebuilt ' : 'compared'}  ${about}`;
}

type Choices = Readonly<{ compareOnly: boolean; dropPrevious: boolean; say: (line: string) => void }>;

async function rebuild(
  model: FoldedReadModel,
  settings: RebuildSettings,
  { say, ...choices }: Choices,
): Promise<number> {
  const log = createLogClient(settings.SUBGRAPH_URLS, settings.LOG_READ_SECRET);
  let differs = false;
  const onCompared = (comparison: Comparison, events: number) => {
    say(`${model.name}: ${events.toLocaleString('en')} events folded`);
    for (const line of linesOf(model, comparison)) say(line);
    differs = differencesIn(comparison) > 0;
  };
  try {
    await rebuildReadModel({ model, log, databaseUrl: settings.DATABASE_URL, say, onCompared, ...choices });
  } finally {
    await log.close();
  }
  if (choices.compareOnly) return differs ? EXIT.differs : EXIT.well;
  const old = choices.dropPrevious ? 'the old one is gone' : `the old one is ${previousOf(model.table)}`;
  say(`${model.name}: the table just folded is live; ${old}.`);
  return EXIT.well;
}

async function compare(
  model: Exclude<ReadModel, FoldedReadModel>,
  settings: RebuildSettings,
  say: (line: string) => void,
): Promise<number> {
  const { sql, close } = openOwnConnection(settings.DATABASE_URL, 'rebuild');
  try {
    const comparison = await compareReadModel(sql, model);
    for (const line of linesOf(model, comparison)) say(line);
    return differencesIn(comparison) === 0 ? EXIT.well : EXIT.differs;
  } finally {
    await close();
  }
}

function linesOf({ name, table }: ReadModel, comparison: Comparison): string[] {
  const { live, folded, missing, extra, different, examples } = comparison;
  const counts = `${live.toLocaleString('en')} rows in ${table}, ${folded.toLocaleString('en')} by the log`;
  if (differencesIn(comparison) === 0) return [`${name}: ${counts}: the same, row by row.`];
  return [
    `${name}: ${counts}: ${missing} missing, ${extra} extra, ${different} different.`,
    ...examples.map((each) => `  ${exampleOf(each)}`),
  ];
}

function exampleOf({ kind, live, folded }: Difference): string {
  if (live === null || folded === null) return `${kind.padEnd(9)}  ${JSON.stringify(live ?? folded)}`;
  const changed = (row: TableRow, other: TableRow) =>
    Object.fromEntries(
      Object.entries(row).filter(
        ([column, value]) => JSON.stringify(value) !== JSON.stringify(other[column]),
      ),
    );
  return `different  ${JSON.stringify(live)} is ${JSON.stringify(changed(folded, live))} by the log`;
}
