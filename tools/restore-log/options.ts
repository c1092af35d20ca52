import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inheritedEnvironment, SUBGRAPHS, type Subgraph } from '../infrastructure/config.ts';
import { PlainFailure } from '../infrastructure/plain-failure.ts';

export const USAGE = `npm run restore-log -- <subgraph> [options]     makes the log of a restored database whole again

  <subgraph>            ${SUBGRAPHS.join(', ')}
  --dry-run             only looks, and says what it would do
  --journals <folder>   lists orders that client journals (*.ndjson) acknowledge and nobody has; for orders alone
  --accept-loss         opens the log although events are lost that others know of
  --data-dir <folder>   the data folder of the run (default .local/default)

What it does and what its lists mean: docs/runbooks/restore-a-database.md`;

export interface RestoreFlags {
  readonly help: boolean;
  readonly subgraph: Subgraph;
  readonly dataFolder: string | undefined;
  /** What the subgraph's own command is given. */
  readonly args: readonly string[];
}

const FLAGS = {
  'dry-run': { type: 'boolean' },
  'accept-loss': { type: 'boolean' },
  journals: { type: 'string' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the flags; rejects what it does not know with one sentence. A folder is relative to where the command was typed. */
export function restoreFlags(args: readonly string[]): RestoreFlags {
  const { values, positionals } = parsed(args);
  const [named, ...more] = positionals;
  const subgraph = SUBGRAPHS.find((each) => each === named);
  const help = values.help === true;
  if (!help && (subgraph === undefined || more.length > 0)) {
    throw new PlainFailure(`Name one subgraph: ${SUBGRAPHS.join(', ')}.\n\n${USAGE}`);
  }
  const typedIn = inheritedEnvironment.INIT_CWD ?? process.cwd();
  return {
    help,
    subgraph: subgraph ?? 'orders',
    dataFolder: values['data-dir'],
    args: [
      ...(values['dry-run'] === true ? ['--dry-run'] : []),
      ...(values['accept-loss'] === true ? ['--accept-loss'] : []),
      ...(values.journals === undefined ? [] : ['--journals', resolve(typedIn, values.journals)]),
    ],
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: true });
  } catch (error) {
    throw new PlainFailure(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}
