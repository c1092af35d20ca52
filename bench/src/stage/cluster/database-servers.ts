/** The databases of a cluster: one primary, its synchronous standbys, and how one of them takes its place. */
import { rmSync } from 'node:fs';
import {
  databaseFolderOf,
  databaseOf,
  makeStandby,
  type PostgresOptions,
  type Program,
  postgresUrl,
  SUBGRAPHS,
  type Subgraph,
  startPostgres,
} from '@crossdock/tools/infrastructure';
import type { RunningProcesses } from '@crossdock/tools/start';
import type { ClusterLinks } from './cluster-links.ts';
import { type ManagedProcess, managedProcess } from './managed-process.ts';
import { promoteNow, receivedUpTo, streaming, writeSynchronousStandbys } from './replication.ts';

export interface DatabaseServers {
  readonly processes: readonly ManagedProcess[];
  /** Starts the primary with its databases. */
  readonly start: () => Promise<void>;
  /** Copies the primary to each standby, starts them, and makes commits wait for one of them. */
  readonly startStandbys: () => Promise<void>;
  /** Stops the primary, then its standbys. */
  readonly stop: () => Promise<void>;
  /** Name of the process that takes writes. */
  readonly primary: () => string;
  /** The running standby that has received most: the only one whose promotion loses nothing. */
  readonly furthestStandby: () => Promise<string>;
  readonly databaseUrls: () => Readonly<Record<Subgraph, string>>;
  readonly promote: (standby: string) => Promise<void>;
  /** Copies the present primary to a server that was fenced, which follows it from then on. */
  readonly rejoin: (name: string) => Promise<void>;
}

export interface DatabasePlan
  extends Omit<PostgresOptions, 'birth' | 'port' | 'name' | 'databases' | 'fsync'> {
  readonly program: Program;
  readonly processes: RunningProcesses;
  readonly links: ClusterLinks;
  /** Ports of those that run, by name. */
  readonly ports: ReadonlyMap<string, number>;
}

/** Names of the servers a cluster may have; the first begins as the primary. */
export const DATABASE_SERVERS = ['postgres', 'standby-1', 'standby-2'] as const;

/** A broken replication link is noticed, and a new one tried, within seconds, as fault runs last minutes. */
const STANDBY_SETTINGS = {
  wal_receiver_timeout: '5s',
  wal_sender_timeout: '5s',
  wal_retrieve_retry_interval: '500ms',
  // What a standby that was away may ask for when it is back.
  wal_keep_size: '1GB',
};

interface Member {
  readonly name: string;
  readonly process: ManagedProcess;
  readonly options: Omit<PostgresOptions, 'birth'>;
  /** Its data are gone; it may come back only as a copy. */
  fenced: boolean;
}

interface State extends DatabasePlan {
  readonly members: ReadonlyMap<string, Member>;
  primary: Member;
}

/** Plans the servers; starts nothing. */
export function planDatabases(plan: DatabasePlan): DatabaseServers {
  const members = new Map([...plan.ports].map(([name, port]) => [name, memberOf(plan, name, port)]));
  const [first] = members.values();
  if (first === undefined) throw new Error('A cluster needs a database server.');
  const state: State = { ...plan, members, primary: first };
  const standbys = () => [...members.values()].filter((member) => member !== state.primary && !member.fenced);
  return {
    processes: [...members.values()].map(({ process }) => process),
    start: () => first.process.start(),
    startStandbys: () => startStandbys(state, standbys()),
    stop: async () => {
      await state.primary.process.stop();
      await Promise.all([...members.values()].map(({ process }) => process.stop()));
    },
    primary: () => state.primary.name,
    furthestStandby: async () => (await byReceived(standbys()))[0]?.name ?? '',
    databaseUrls: () => urlsOf(state.primary),
    promote: (standby) => promote(state, memberNamed(state, standby), standbys),
    rejoin: (name) => rejoin(state, memberNamed(state, name), standbys),
  };
}

function memberOf(plan: DatabasePlan, name: string, port: number): Member {
  const { folder, logFolder, say, password, settings } = plan;
  const options = {
    ...{ folder, logFolder, say, password, port, name, fsync: true },
    databases: SUBGRAPHS.map(databaseOf),
    settings: { ...STANDBY_SETTINGS, ...settings },
  };
  const start: Parameters<typeof managedProcess>[0]['start'] = (birth) => {
    if (member.fenced) throw new Error(`${name} was fenced: let it rejoin, or leave it down.`);
    return startPostgres(plan.program, { ...options, birth });
  };
  const member: Member = {
    name,
    process: managedProcess({ name, port, start }, plan.processes),
    options,
    fenced: false,
  };
  return member;
}

function memberNamed({ members }: State, name: string): Member {
  const member = members.get(name);
  if (member === undefined) throw new Error(`There is no database server ${name}.`);
  return member;
}

function urlOf({ options }: Member): string {
  return postgresUrl(options, 'postgres');
}

function urlsOf({ options }: Member): Readonly<Record<Subgraph, string>> {
  const of = (subgraph: Subgraph) => postgresUrl(options, databaseOf(subgraph));
  return {
    orders: of('orders'),
    inventory: of('inventory'),
    payments: of('payments'),
    fulfillment: of('fulfillment'),
  };
}

async function startStandbys(state: State, standbys: readonly Member[]): Promise<void> {
  await Promise.all(standbys.map((standby) => follow(state, standby)));
  await waitForOneOf(state, standbys);
}

/** Makes `standby` a copy of the primary over its own link, and starts it. */
async function follow(state: State, standby: Member): Promise<void> {
  const link = await state.links.replication(standby.name, state.primary.process.port);
  const options = {
    ...standby.options,
    birth: { spawned: () => undefined, signal: state.processes.watch.signal },
  };
  await makeStandby(state.program, options, { port: link.port, standbyName: applicationName(standby) });
  standby.fenced = false;
  await standby.process.start();
}

/** From now on a commit waits until one of the standbys has it; of none, it waits for nobody, and that is said. */
async function waitForOneOf(state: State, standbys: readonly Member[]): Promise<void> {
  await writeSynchronousStandbys(urlOf(state.primary), standbys.map(applicationName));
  await streaming(urlOf(state.primary), standbys.map(applicationName));
}

/** A name that needs no quotes in `synchronous_standby_names`. */
function applicationName({ name }: Member): string {
  return name.replaceAll('-', '_');
}

async function byReceived(standbys: readonly Member[]): Promise<readonly Member[]> {
  const running = standbys.filter(({ process }) => process.isRunning());
  const received = await Promise.all(
    running.map(async (member) => ({ member, bytes: await receivedUpTo(urlOf(member)) })),
  );
  return received.sort((left, right) => Number(right.bytes - left.bytes)).map(({ member }) => member);
}

async function promote(state: State, chosen: Member, standbys: () => readonly Member[]): Promise<void> {
  const lost = state.primary;
  if (chosen === lost || chosen.fenced) throw new Error(`${chosen.name} is no standby.`);
  await lost.process.kill();
  rmSync(databaseFolderOf(lost.options), { recursive: true, force: true });
  lost.fenced = true;
  const [furthest] = await byReceived(standbys());
  const isFurthest = (await receivedUpTo(urlOf(chosen))) >= (await receivedUpTo(urlOf(furthest ?? chosen)));
  if (!isFurthest)
    throw new Error(`${furthest?.name} has commits that ${chosen.name} lacks: promote that one.`);
  const others = standbys().filter((member) => member !== chosen && member.process.isRunning());
  // Before it takes writes, so that none of them is acknowledged without a copy.
  await writeSynchronousStandbys(urlOf(chosen), others.map(applicationName));
  if (others.length === 0) {
    state.say(`${chosen.name} has no standby: until one rejoins, a commit is on one machine only.`);
  }
  await promoteNow(urlOf(chosen));
  state.primary = chosen;
  state.links.retargetDatabase(chosen.process.port);
}

async function rejoin(state: State, member: Member, standbys: () => readonly Member[]): Promise<void> {
  if (!member.fenced) throw new Error(`${member.name} still has its data: start it.`);
  await follow(state, member);
  await waitForOneOf(
    state,
    standbys().filter(({ process }) => process.isRunning()),
  );
}
