import { parseArgs } from 'node:util';
import { PlainFailure } from '../infrastructure/plain-failure.ts';

export const USAGE = `npm run rebuild -- <read model> [options]     folds a table anew from the logs, beside a run that goes on

  --compare-only        say where the table differs, change nothing; exits 1 where it does
  --drop-previous       keep no <table>_previous
  --data-dir <folder>   the folder of the run (default .local/default)

Read models:`;

export interface RebuildOptions {
  /** Undefined: list them. */
  readonly name: string | undefined;
  readonly dataDir: string | undefined;
  /** Flags that the subgraph understands. */
  readonly passedOn: readonly string[];
}

const FLAGS = {
  'compare-only': { type: 'boolean' },
  'drop-previous': { type: 'boolean' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the words behind the command; rejects what it does not know with one sentence. */
export function rebuildOptions(args: readonly string[]): RebuildOptions {
  const { values, positionals } = parsed(args);
  const [name, another] = positionals;
  if (another !== undefined) throw new PlainFailure('One read model at a time.');
  const passedOn = (['compare-only', 'drop-previous'] as const).filter((flag) => values[flag] === true);
  return {
    name: values.help === true ? undefined : name,
    dataDir: values['data-dir'],
    passedOn: passedOn.map((flag) => `--${flag}`),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: true });
  } catch (error) {
    const [sentence = 'A flag is not known'] = (error instanceof Error ? error.message : '').split('. ');
    throw new PlainFailure(`${sentence}: \`npm run rebuild\` lists the options.`);
  }
}
