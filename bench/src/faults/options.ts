import { parseArgs } from 'node:util';
import { CannotRun } from '../platform/cannot-run.ts';
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
const REPETITIONS_MAX = 20;
const RATE_MAX = 200;
const SEED_MAX = 0xffffffff;
/** Calm: a generator, two replicas of everything and the links between them share two cores. */
const CALM_ORDERS_PER_SECOND = 15;

/** Reads the command line; rejects with CannotRun and the usage. */
export function faultOptions(words: readonly string[], now: () => number = Date.now): FaultOptions {
  const values = parsed(words);
  const rows = rowsOf(values.rows, values.quick);
  return {
    rows,
    repetitions: wholeOf('--runs', values.runs ?? (values.quick ? '1' : '3'), REPETITIONS_MAX),
    seed: wholeOf('--seed', values.seed ?? String((now() & 0xffffff) + 1), SEED_MAX),
    ordersPerSecond: wholeOf('--rate', values.rate ?? String(CALM_ORDERS_PER_SECOND), RATE_MAX),
    isTimed: !values.quick,
    write: !values['no-write'] && !values.quick,
    label: labelOf(values.label),
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        quick: { type: 'boolean', default: false },
        rows: { type: 'string' },
        runs: { type: 'string' },
        seed: { type: 'string' },
        rate: { type: 'string' },
        label: { type: 'string' },
        'no-write': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new CannotRun(`${error instanceof Error ? error.message : String(error)}. ${USAGE}`);
  }
}

function rowsOf(text: string | undefined, quick: boolean): readonly string[] {
  if (text === undefined) return quick ? QUICK_ROWS : MATRIX.map(({ row }) => row);
  const rows = text.split(',').map((row) => row.trim());
  const unknown = rows.filter((row) => !MATRIX.some((scenario) => scenario.row === row));
  if (unknown.length === 0) return rows;
  const known = MATRIX.map(({ row }) => row).join(', ');
  throw new CannotRun(`There is no row ${unknown.join(', ')}; there are ${known}. ${USAGE}`);
}

function wholeOf(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new CannotRun(`${flag} is a whole number from 1 to ${most}, not '${text}'. ${USAGE}`);
}

function labelOf(text: string | undefined): string {
  if (text === undefined) return 'matrix';
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new CannotRun(`--label is 1 to 64 letters, digits, dots and dashes. ${USAGE}`);
}
