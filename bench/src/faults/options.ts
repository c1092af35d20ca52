import { parseArgs } from 'node:util';
import { CannotRun } from '../platform/cannot-run.ts';
import { OPTIONS_OF_RUN, optionValues } from '../platform/option-values.ts';
import { MATRIX, QUICK_ROWS } from './matrix.ts';

export interface FaultOptions {
  readonly rows: readonly string[];
  readonly repetitions: number;
  readonly seed: number;
  readonly ordersPerSecond: number;
  /** False in the short form that ends every test run: how long something took is a figure there, and breaks nothing. */
  readonly isTimed: boolean;
  /** False keeps earlier results as they are. */
  readonly write: boolean;
  readonly label: string;
}

const USAGE =
  'Usage: npm run bench:faults -- [--quick] [--rows 1,7,9] [--runs 3] [--seed N] [--rate 15] [--label L] [--no-write]';
const read = optionValues(USAGE);
const REPETITIONS_MAX = 20;
const RATE_MAX = 200;
/** Calm: a generator, two replicas of everything and the links between them share two cores. */
const CALM_ORDERS_PER_SECOND = 15;

/** Reads the command line; rejects with CannotRun and the usage. */
export function faultOptions(words: readonly string[], now: () => number = Date.now): FaultOptions {
  const values = parsed(words);
  const rows = rowsOf(values.rows, values.quick);
  return {
    rows,
    repetitions: read.whole('--runs', values.runs ?? (values.quick ? '1' : '3'), REPETITIONS_MAX),
    seed: read.seed(values.seed, now),
    ordersPerSecond: read.whole('--rate', values.rate ?? String(CALM_ORDERS_PER_SECOND), RATE_MAX),
    isTimed: !values.quick,
    write: !values['no-write'] && !values.quick,
    label: read.label(values.label, 'matrix'),
  };
}

function parsed(words: readonly string[]) {
  return read.parsed(
    () =>
      parseArgs({
        args: [...words],
        options: {
          quick: { type: 'boolean', default: false },
          rows: { type: 'string' },
          runs: { type: 'string' },
          rate: { type: 'string' },
          ...OPTIONS_OF_RUN,
        },
      }).values,
  );
}

function rowsOf(text: string | undefined, quick: boolean): readonly string[] {
  if (text === undefined) return quick ? QUICK_ROWS : MATRIX.map(({ row }) => row);
  const rows = text.split(',').map((row) => row.trim());
  const unknown = rows.filter((row) => !MATRIX.some((scenario) => scenario.row === row));
  if (unknown.length === 0) return rows;
  const known = MATRIX.map(({ row }) => row).join(', ');
  throw new CannotRun(`There is no row ${unknown.join(', ')}; there are ${known}. ${USAGE}`);
}
