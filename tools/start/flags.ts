import { parseArgs } from 'node:util';
import { PlainFailure } from '../infrastructure/plain-failure.ts';

export const USAGE = `npm start -- [options]     runs the whole platform on this machine

  --port <n>            the gateway's port (default 4000)
  --data-dir <folder>   where data, keys and logs are kept (default .local/default)
  --fresh               forget the data of earlier runs first
  --no-seed             no products, partners, stock and first orders
  --orders <n>          real orders to send now (default 50 on the first start, else none)
  --check               start in a temporary folder, place one order, see it SHIPPED, stop`;

export interface StartFlags {
  readonly help: boolean;
  /** Undefined: the default, or a free one with --check. */
  readonly port: number | undefined;
  readonly dataDir: string | undefined;
  readonly fresh: boolean;
  readonly seed: boolean;
  readonly orders: number | undefined;
  readonly check: boolean;
}

const HIGHEST_PORT = 65_535;
/** All the orders the data set has. */
const MOST_ORDERS = 20_000;

const FLAGS = {
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  fresh: { type: 'boolean' },
  'no-seed': { type: 'boolean' },
  orders: { type: 'string' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the flags; rejects what it does not know with one sentence. */
export function startFlags(args: readonly string[]): StartFlags {
  const values = parsed(args);
  return {
    help: values.help === true,
    port: whole('--port', values.port, 1, HIGHEST_PORT),
    dataDir: values['data-dir'],
    fresh: values.fresh === true,
    seed: values['no-seed'] !== true,
    orders: whole('--orders', values.orders, 0, MOST_ORDERS),
    check: values.check === true,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [sentence = 'A flag is not known'] = (error instanceof Error ? error.message : '').split('. ');
    throw new PlainFailure(`${sentence}: \`npm start -- --help\` lists the options.`);
  }
}

function whole(flag: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new PlainFailure(`${flag} is a whole number from ${least} to ${most}, not "${text}".`);
}
