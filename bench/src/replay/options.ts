import { parseArgs } from 'node:util';
import { CannotRun } from '../platform/cannot-run.ts';
import { DEFAULT_DATA_DIR } from '../platform/run-file.ts';

export interface ReplayOptions {
  readonly orders: number;
  /** Orders a second on a fixed schedule; `max` sends the next when one of `inFlight` is answered. */
  readonly rate: number | 'max';
  readonly inFlight: number;
  /** Share of orders paid by card, 0 to 1. */
  readonly cardShare: number;
  readonly seed: number;
  readonly dataDir: string;
  readonly url: string | undefined;
  readonly wait: boolean;
  readonly label: string | undefined;
}

const USAGE =
  'Usage: npm run replay -- --orders N --rate R|max [--in-flight 64] [--card-share 0] [--seed 1] ' +
  `[--data-dir ${DEFAULT_DATA_DIR}] [--url URL] [--no-wait] [--label L]`;

/** More than five years of the data set: beyond it the generator's memory, not the platform, would be tried. */
const ORDERS_LIMIT = 100_000;
const RATE_LIMIT = 100_000;
const IN_FLIGHT_LIMIT = 4_096;

/** Reads the command line; rejects with CannotRun and the usage. */
export function replayOptions(words: readonly string[]): ReplayOptions {
  const { values } = parsed(words);
  const rate = values.rate === 'max' ? 'max' : numberOf('--rate', values.rate, 0.1, RATE_LIMIT);
  if (values.label !== undefined && !/^[\w.-]{1,64}$/.test(values.label)) {
    throw new CannotRun(`--label is 1 to 64 letters, digits, dots and dashes. ${USAGE}`);
  }
  if (values.url !== undefined && !URL.canParse(values.url))
    throw new CannotRun(`--url is not a URL. ${USAGE}`);
  return {
    orders: wholeOf('--orders', values.orders, 1, ORDERS_LIMIT),
    rate,
    inFlight: wholeOf('--in-flight', values['in-flight'], 1, IN_FLIGHT_LIMIT),
    cardShare: numberOf('--card-share', values['card-share'], 0, 1),
    seed: wholeOf('--seed', values.seed, 0, 0xffffffff),
    dataDir: values['data-dir'],
    url: values.url,
    wait: !values['no-wait'],
    label: values.label,
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        orders: { type: 'string', default: '2000' },
        rate: { type: 'string', default: 'max' },
        'in-flight': { type: 'string', default: '64' },
        'card-share': { type: 'string', default: '0' },
        seed: { type: 'string', default: '1' },
        'data-dir': { type: 'string', default: DEFAULT_DATA_DIR },
        url: { type: 'string' },
        'no-wait': { type: 'boolean', default: false },
        label: { type: 'string' },
      },
    });
  } catch (error) {
    throw new CannotRun(`${error instanceof Error ? error.message : String(error)}. ${USAGE}`);
  }
}

function numberOf(flag: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= min && number <= max) return number;
  throw new CannotRun(`${flag} is a number from ${min} to ${max}, not '${text}'. ${USAGE}`);
}

function wholeOf(flag: string, text: string, min: number, max: number): number {
  const number = numberOf(flag, text, min, max);
  if (Number.isInteger(number)) return number;
  throw new CannotRun(`${flag} is a whole number, not '${text}'. ${USAGE}`);
}
