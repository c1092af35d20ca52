import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { OPTIONS_OF_RUN, optionValues } from '../platform/option-values.ts';
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
const read = optionValues(USAGE);
const BUYERS_MAX = 5_000;
const STOCK_MAX = 10_000;
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
    races: named && values.races === undefined ? [] : read.list('--races', values.races, RACES),
    disturbances: read.list(
      '--disturbances',
      values.disturbances,
      DISTURBANCES.map(({ name }) => name),
    ),
    acts: read.list(
      '--acts',
      values.acts,
      ACTS.map(({ name }) => name),
    ),
    cases: wantsCases ? read.list('--cases', values.cases, caseNames) : [],
    peers: values.peers === undefined ? [] : read.list('--peers', values.peers, PEERS),
    buyers: read.whole('--buyers', values.buyers, BUYERS_MAX),
    stock: read.whole('--stock', values.stock, STOCK_MAX),
    seed: read.seed(values.seed, now),
    scratch: values.scratch ?? join(tmpdir(), 'crossdock-peers'),
    atOnce: read.whole('--at-once', values['at-once'], BUYERS_MAX),
    loadSeconds: read.whole('--load-seconds', values['load-seconds'], LOAD_SECONDS_MAX),
    profileFolder: values.profile ?? null,
    write: !values['no-write'],
    label: read.label(values.label, 'local'),
  };
}

function parsed(words: readonly string[]) {
  return read.parsed(
    () =>
      parseArgs({
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
          ...OPTIONS_OF_RUN,
        },
      }).values,
  );
}
