/** The whole platform as fault runs need it: real processes on this machine, every way between them a link. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  PlainFailure,
  type Program,
  type Programs,
  programsFor,
  SUBGRAPHS,
  type Subgraph,
  startRedis,
} from '@crossdock/tools/infrastructure';
import { gatewayClient, seed } from '@crossdock/tools/seed';
import {
  AUDIENCE,
  ISSUER,
  type Keys,
  keysOf,
  lockDataFolder,
  migrate,
  type RunFile,
  type RunningProcesses,
  removeRunFile,
  runningProcesses,
  type Service,
  startService,
  tokenFor,
  writeRunFile,
} from '@crossdock/tools/start';
import type { Link } from '../links/index.ts';
import { type ClusterLinks, clusterLinks } from './cluster-links.ts';
import { type ClusterServices, type Group, planClusterServices } from './cluster-services.ts';
import { DATABASE_SERVERS, type DatabaseServers, planDatabases } from './database-servers.ts';
import { type ManagedProcess, managedProcess } from './managed-process.ts';
import { type NatsNodes, planNats } from './nats-nodes.ts';
import { readMetrics } from './process-metrics.ts';

export interface ClusterOptions {
  /** A new or empty folder; data, keys, logs and `run.json` go there. */
  readonly dataDir: string;
  /** Processes of each subgraph and of the gateway. */
  readonly replicas: 1 | 2;
  readonly standbys: 0 | 1 | 2;
  readonly natsNodes: 1 | 3;
  /** Whether to fill it with the data set's products, partners and stock. */
  readonly seed: boolean;
  readonly say: (line: string) => void;
  /** Aborting it ends a start that is under way. */
  readonly signal: AbortSignal;
  /** More settings for every process of ours. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Cluster {
  /** Its run.json names the present primary and the process ids as they are. */
  readonly dataDir: string;
  /** The balancer in front of the gateways. */
  readonly gatewayUrl: string;
  readonly keys: Keys;
  /** By name: `orders-1`, `gateway-2`, `payment-provider`, `wms`, `postgres`, `standby-1`, `nats` or `nats-1`, `redis`. */
  readonly processes: ReadonlyMap<string, ManagedProcess>;
  /** By name: `gateway` and each subgraph (balancers), `orders-1>postgres`, `standby-1>postgres`, `payments-1>provider`. */
  readonly links: ReadonlyMap<string, Link>;
  readonly serviceNames: (group: Group) => readonly string[];
  /** Through no link: direct to the present primary. */
  readonly databaseUrls: () => Readonly<Record<Subgraph, string>>;
  /** Name of the database server that takes writes. */
  readonly primary: () => string;
  /** The running standby that has received most: after a loss of the primary, only its promotion loses nothing. */
  readonly furthestStandby: () => Promise<string>;
  /**
   * Makes a standby the primary: the old one is killed and its data removed, every way to the database is turned, and
   * commits wait for what standbys are left. Rejects, with the old one fenced, when another standby has received more.
   */
  readonly promote: (standby: string) => Promise<void>;
  /** Makes a fenced database server a standby of the present primary. */
  readonly rejoin: (name: string) => Promise<void>;
  /** The NATS node that leads the stream; null while none does, or where there is but one. */
  readonly streamLeader: () => Promise<string | null>;
  /** What a process tells on /metrics, by `name{labels}`. */
  readonly metrics: (process: string) => Promise<ReadonlyMap<string, number>>;
  /** Heals every link and stops everything in order; the data stay. */
  readonly stop: () => Promise<void>;
}

const TOKEN_TTL_S = 600;

/** What of a cluster exists so far; a start that fails stops that much. */
interface Parts {
  readonly options: ClusterOptions;
  readonly logFolder: string;
  readonly keys: Keys;
  readonly running: RunningProcesses;
  readonly links: ClusterLinks;
  readonly databases: DatabaseServers;
  readonly nats: NatsNodes;
  readonly redis: ManagedProcess;
  readonly services: ClusterServices;
  readonly simulators: readonly ManagedProcess[];
  readonly subgraphs: readonly ManagedProcess[];
  readonly gateways: readonly ManagedProcess[];
}

/** Starts everything; a process that ends stays down until the scenario starts it. Rejects with what failed to start. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { dataDir } = options;
  if (existsSync(join(dataDir, 'keys')))
    throw new PlainFailure(`${dataDir} has been used: name a new folder.`);
  const unlock = lockDataFolder(dataDir);
  const running = runningProcesses(options.say, options.signal);
  const links = clusterLinks();
  const ends = [links.close, async () => running.dismissGuard(), async () => removeRunFile(dataDir)];
  const stop = async () => {
    for (const end of ends.splice(0)) await end();
    unlock();
  };
  try {
    const parts = await planned(options, running, links);
    ends.unshift(() => stopProcesses(parts));
    await startParts(parts);
    return clusterOf(parts, stop);
  } catch (error) {
    await stop();
    throw options.signal.aborted ? new PlainFailure('Stopped before it was ready.') : error;
  }
}

/** Decides who will run where, over which links; starts nothing. */
async function planned(
  options: ClusterOptions,
  running: RunningProcesses,
  links: ClusterLinks,
): Promise<Parts> {
  const { dataDir, say } = options;
  const logFolder = join(dataDir, 'logs');
  for (const folder of [logFolder, join(dataDir, 'journals')]) mkdirSync(folder, { recursive: true });
  const keys = await keysOf(dataDir);
  const programs = presentPrograms(await programsFor(['postgres', 'nats', 'redis'], say));
  const places = { folder: dataDir, logFolder, say, processes: running };
  const ports = await databasePorts(options.standbys);
  const password = keys.secrets.databasePassword;
  const databases = planDatabases({ ...places, program: programs.postgres, links, ports, password });
  const nats = await planNats({ ...places, program: programs.nats, nodes: options.natsNodes });
  const redisPort = await freePort();
  const startOwnRedis: Parameters<typeof managedProcess>[0]['start'] = (birth) =>
    startRedis(programs.redis, { ...places, port: redisPort, birth });
  const redis = managedProcess({ name: 'redis', port: redisPort, start: startOwnRedis }, running);
  const services = await planClusterServices({
    ...{ dataDir, keys, links, replicas: options.replicas, environment: options.environment ?? {} },
    behind: {
      databasePort: ports.get(databases.primary()) ?? 0,
      natsPorts: nats.processes.map(({ port }) => port),
      redisPort,
    },
  });
  const managed = (service: Service) =>
    managedProcess({ ...service, start: (birth) => startService(service, logFolder, birth) }, running);
  const { gateway, ...subgraphs } = services.replicas;
  return {
    ...{ options, logFolder, keys, running, links, databases, nats, redis, services },
    simulators: services.simulators.map(managed),
    subgraphs: Object.values(subgraphs).flat().map(managed),
    gateways: gateway.map(managed),
  };
}

/** A port for the primary and each standby, by name. */
async function databasePorts(standbys: number): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  for (const name of DATABASE_SERVERS.slice(0, 1 + standbys)) ports.set(name, await freePort());
  return ports;
}

/** `programsFor` has answered for each. */
function presentPrograms({ postgres, nats, redis }: Programs): Record<keyof Programs, Program> {
  if (postgres && nats && redis) return { postgres, nats, redis };
  throw new Error('A server program that was found is gone.');
}

async function startParts(parts: Parts): Promise<void> {
  const { databases, nats, redis, running, services, options } = parts;
  await all([databases.start(), nats.start(), redis.start()]);
  await all([databases.startStandbys(), migrateAll(parts)]);
  await all([...parts.simulators, ...parts.subgraphs, ...parts.gateways].map((each) => each.start()));
  running.onChange(() => writeRunFile(options.dataDir, runFileOf(parts)));
  if (options.seed) await fill(services.plan.gatewayUrl, parts.keys);
}

/** Like Promise.all, but a failure is reported only when nothing is under way any more. */
async function all(work: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}

/** Makes the tables of each subgraph, once for all its replicas. */
async function migrateAll({ services, databases, logFolder, running }: Parts): Promise<void> {
  const urls = databases.databaseUrls();
  const { guard, watch } = running;
  const migrateOne = async (name: Subgraph) => {
    const [first] = services.replicas[name];
    if (first === undefined) return;
    const service = { ...first, environment: { ...first.environment, DATABASE_URL: urls[name] } };
    let pid = 0;
    const spawned = (born: number) => {
      pid = born;
      guard.watch(pid);
    };
    const birth = { spawned, signal: watch.signal };
    await migrate(service, logFolder, birth).finally(() => guard.forget(pid));
  };
  await all(SUBGRAPHS.map(migrateOne));
}

async function fill(gatewayUrl: string, keys: Keys): Promise<void> {
  const token = await tokenFor(keys, { sub: 'erp:start', role: 'erp' }, TOKEN_TTL_S);
  await seed(gatewayClient(gatewayUrl, token), () => undefined);
}

function runFileOf({ services, databases, nats, redis, running }: Parts): RunFile {
  const { gatewayUrl, subgraphUrls, simulatorUrls, journals } = services.plan;
  return {
    ...{ gatewayUrl, subgraphUrls, simulatorUrls, journals },
    databaseUrls: databases.databaseUrls(),
    natsUrl: nats.processes.map(({ port }) => `nats://127.0.0.1:${port}`).join(','),
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    pids: Object.fromEntries(running.pids),
    issuer: ISSUER,
    audience: AUDIENCE,
  };
}

function clusterOf(parts: Parts, stop: () => Promise<void>): Cluster {
  const { options, keys, links, databases, nats, services } = parts;
  const processes = new Map(everyProcess(parts).map((each) => [each.name, each]));
  const rewriting = (change: (name: string) => Promise<void>) => async (name: string) => {
    await change(name);
    writeRunFile(options.dataDir, runFileOf(parts));
  };
  return {
    dataDir: options.dataDir,
    gatewayUrl: services.plan.gatewayUrl,
    keys,
    processes,
    links: links.byName,
    serviceNames: (group) => services.replicas[group].map(({ name }) => name),
    databaseUrls: databases.databaseUrls,
    primary: databases.primary,
    furthestStandby: databases.furthestStandby,
    promote: rewriting(databases.promote),
    rejoin: rewriting(databases.rejoin),
    streamLeader: nats.streamLeader,
    metrics: async (name) => readMetrics(processes.get(name)?.port ?? 0),
    stop,
  };
}

function everyProcess(parts: Parts): readonly ManagedProcess[] {
  const servers = [...parts.databases.processes, ...parts.nats.processes, parts.redis];
  return [...parts.gateways, ...parts.subgraphs, ...parts.simulators, ...servers];
}

async function stopProcesses(parts: Parts): Promise<void> {
  parts.links.heal();
  for (const each of everyProcess(parts)) each.resume();
  for (const group of [parts.gateways, parts.subgraphs, parts.simulators]) {
    await Promise.all(group.map((each) => each.stop()));
  }
  await parts.databases.stop();
  await Promise.all([...parts.nats.processes, parts.redis].map((each) => each.stop()));
}
