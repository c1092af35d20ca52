import { parseArgs } from 'node:util';
import { OPTIONS_OF_RUN, optionValues } from '../platform/option-values.ts';
import { MODES, type ModeName } from './modes.ts';

export interface PaymentsOptions {
  readonly modes: readonly ModeName[];
  /** How often payments is killed at least; 0 for never. */
  readonly kills: number;
  /** Orders of each mode. */
  readonly orders: number;
  readonly ordersPerSecond: number;
  readonly seed: number;
  readonly write: boolean;
  readonly label: string;
}

const NAMES = MODES.map(({ name }) => name);
const KILLS = 50;
const USAGE =
  `Usage: npm run bench:payments -- [--modes ${NAMES.join(',')}] [--kills [${KILLS}]] [--orders 1000] [--rate 15] ` +
  '[--seed N] [--label L] [--no-write]';
const read = optionValues(USAGE);
const KILLS_MAX = 500;
/** The data set has more, of which each mode takes others. */
const ORDERS_MAX = 10_000;
const RATE_MAX = 200;

/** Reads the command line: all modes where nothing is named, the storm of kills alone where it is. Rejects with CannotRun. */
export function paymentsOptions(words: readonly string[], now: () => number = Date.now): PaymentsOptions {
  const values = parsed(withKillsSaid(words));
  const onlyKills = values.kills !== undefined && values.modes === undefined;
  return {
    modes: onlyKills ? [] : read.list('--modes', values.modes, NAMES),
    kills: values.kills === undefined ? 0 : read.whole('--kills', values.kills, KILLS_MAX),
    orders: read.whole('--orders', values.orders, ORDERS_MAX),
    ordersPerSecond: read.whole('--rate', values.rate, RATE_MAX),
    seed: read.seed(values.seed, now),
    write: !values['no-write'],
    label: read.label(values.label, 'local'),
  };
}

/** `--kills` without a number means the usual one. */
function withKillsSaid(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    const next = words[index + 1];
    return word === '--kills' && (next === undefined || next.startsWith('--'))
      ? [word, String(KILLS)]
      : [word];
  });
}

function parsed(words: readonly string[]) {
  return read.parsed(
    () =>
      parseArgs({
        args: [...words],
        options: {
          modes: { type: 'string' },
          kills: { type: 'string' },
          orders: { type: 'string', default: '1000' },
          rate: { type: 'string', default: '15' },
          ...OPTIONS_OF_RUN,
        },
      }).values,
  );
}
