import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotRun } from '../platform/cannot-run.ts';
import { DISTURBANCES } from './disturbances.ts';
import { PEERS, type PeerName } from './peers/peer-names.ts';
import { ACTS, type Act } from './storm/acts.ts';
import { CASES, type ThroughputCase } from './throughput/cases.ts';

export const RACES = ['last-unit', 'crossing', 'storm'] as const;
export type RaceName = (typeof RACES)[number];

export interface RaceOptions {
  readonly races: readonly RaceName[];
  readonly disturbances: readonly string[];
  readonly acts: readonly Act['name'][];
  readonly cases: readonly ThroughputCase['name'][];
  readonly peers: readonly PeerName[];
  readonly buyers: number;
  readonly stock: number;
  readonly seed: number;
  /** Folder of the peers' packages and data. */
  readonly scratch: string;
  /** Seconds of the plain load on each peer. */
  readonly loadSeconds: number;
  /** Buyers that a platform serves at the same time when it is compared with others. */
  readonly atOnce: number;
  /** Folder for CPU profiles of the reserver; null for none. */
  readonly profileFolder: string | null;
  readonly write: boolean;
  readonly label: string;
}

const USAGE =
  `Usage: npm run bench:race -- [--races ${RACES.join(',')}] [--disturbances none,redis,kill,pause] ` +
  '[--acts place,cancel,…] [--throughput [--cases hot,real,calm] [--profile FOLDER]] ' +
  `[--peers ${PEERS.join(',')} [--scratch FOLDER] [--load-seconds 30] [--at-once 32]] [--buyers 500] [--stock 20] [--seed N] ` +
  '[--label L] [--no-write]';
const BUYERS_MAX = 5_000;
const STOCK_MAX = 10_000;
const SEED_MAX = 0xffffffff;
const LOAD_SECONDS_MAX = 600;

/** Reads the command line; without a part named, races and throughput. Rejects with CannotRun and the usage. */
export function raceOptions(words: readonly string[], now: () => number = Date.now): RaceOptions {
  const values = parsed(words);
  const named =
    values.races !== undefined ||
    values.throughput ||
    values.cases !== undefined ||
    values.peers !== undefined;
  const wantsCases = !named || values.throughput || values.cases !== undefined;
  const caseNames = CASES.map(({ name }) => name);
  return {
    races: named && values.races === undefined ? [] : listOf('--races', values.races, RACES),
    disturbances: listOf(
      '--disturbances',
      values.disturbances,
      DISTURBANCES.map(({ name }) => name),
    ),
    acts: listOf(
      '--acts',
      values.acts,
      ACTS.map(({ name }) => name),
    ),
    cases: wantsCases ? listOf('--cases', values.cases, caseNames) : [],
    peers: values.peers === undefined ? [] : listOf('--peers', values.peers, PEERS),
    buyers: wholeOf('--buyers', values.buyers, BUYERS_MAX),
    stock: wholeOf('--stock', values.stock, STOCK_MAX),
    seed: wholeOf('--seed', values.seed ?? String((now() & 0xffffff) + 1), SEED_MAX),
    scratch: values.scratch ?? join(tmpdir(), 'crossdock-peers'),
    atOnce: wholeOf('--at-once', values['at-once'], BUYERS_MAX),
    loadSeconds: wholeOf('--load-seconds', values['load-seconds'], LOAD_SECONDS_MAX),
    profileFolder: values.profile ?? null,
    write: !values['no-write'],
    label: labelOf(values.label),
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        races: { type: 'string' },
        disturbances: { type: 'string' },
        acts: { type: 'string' },
        throughput: { type: 'boolean', default: false },
        cases: { type: 'string' },
        profile: { type: 'string' },
        peers: { type: 'string' },
        scratch: { type: 'string' },
        'load-seconds': { type: 'string', default: '30' },
        'at-once': { type: 'string', default: '32' },
        buyers: { type: 'string', default: '500' },
        stock: { type: 'string', default: '20' },
        seed: { type: 'string' },
        label: { type: 'string' },
        'no-write': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new CannotRun(`${error instanceof Error ? error.message : String(error)}. ${USAGE}`);
  }
}

/** The names of a list, in the order of all that there are; all of them where the flag is absent. */
function listOf<Name extends string>(
  flag: string,
  text: string | undefined,
  all: readonly Name[],
): readonly Name[] {
  if (text === undefined) return all;
  const words = text.split(',').map((word) => word.trim());
  const unknown = words.filter((word) => !all.some((name) => name === word));
  if (unknown.length === 0) return all.filter((name) => words.includes(name));
  throw new CannotRun(`${flag} knows ${all.join(', ')}, not ${unknown.join(', ')}. ${USAGE}`);
}

function wholeOf(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new CannotRun(`${flag} is a whole number from 1 to ${most}, not '${text}'. ${USAGE}`);
}

function labelOf(text: string | undefined): string {
  if (text === undefined) return 'local';
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new CannotRun(`--label is 1 to 64 letters, digits, dots and dashes. ${USAGE}`);
}
