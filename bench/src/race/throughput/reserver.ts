// One real inventory process with a real Postgres (fsync on), NATS and Redis of its own; its neighbours are stand-ins.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  databaseOf,
  discardShelter,
  freePort,
  postgresUrl,
  programsFor,
  type Running,
  startNats,
  startPostgres,
  startRedis,
} from '@crossdock/tools/infrastructure';
import {
  type Keys,
  keysOf,
  migrate,
  planServices,
  runningProcesses,
  startService,
} from '@crossdock/tools/start';
import { readMetrics } from '../../stage/cluster/process-metrics.ts';
import { internalTokenOf } from './internal-token.ts';
import { type LogStandIn, openLogStandIn } from './log-stand-in.ts';

export interface ReserverOptions {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** A folder for a CPU profile of the process, written when it stops; null for none. */
  readonly profileFolder: string | null;
}

export interface Reserver {
  readonly url: string;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly pids: Readonly<Record<string, number>>;
  readonly logs: Readonly<Record<'orders' | 'payments' | 'fulfillment', LogStandIn>>;
  /** What proves to the process that the ERP is asking. */
  readonly token: () => string;
  readonly metrics: () => Promise<ReadonlyMap<string, number>>;
  /** Stops the process alone, in order, so that its profile is written. */
  readonly stopProcess: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const NAME = 'inventory';
/** What a profile shows of statements inside functions, too. */
const STATEMENT_TIMES = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'all' };

/** Starts everything in a temporary folder that `stop` removes. */
export async function startReserver(options: ReserverOptions): Promise<Reserver> {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-reserver-'));
  // The database's own account must get in.
  chmodSync(folder, 0o755);
  const logFolder = join(folder, 'logs');
  mkdirSync(logFolder);
  mkdirSync(join(folder, 'journals'));
  const running = runningProcesses(options.say, options.signal);
  const ends: (() => Promise<void>)[] = [
    async () => {
      running.dismissGuard();
      discardShelter(folder, 'postgres');
      rmSync(folder, { recursive: true, force: true });
    },
  ];
  const stop = async () => {
    for (const end of ends.splice(0)) await end();
  };
  const birthOf = (name: string) => ({
    spawned: (pid: number) => running.watch.started(name, pid),
    signal: options.signal,
  });
  const kept = async (name: string, starting: Promise<Running>) => {
    const process = await starting;
    ends.unshift(async () => {
      await process.stop();
      running.watch.ended(name, process.pid);
    });
    return process;
  };
  try {
    const keys = await keysOf(folder);
    const servers = await startServers({ ...options, folder, logFolder }, keys, birthOf, kept);
    const logs = {
      orders: await openLogStandIn('orders'),
      payments: await openLogStandIn('payments'),
      fulfillment: await openLogStandIn('fulfillment'),
    };
    ends.push(async () => void (await Promise.all(Object.values(logs).map((log) => log.close()))));
    const service = await serviceOf({ folder, keys, servers, logs, profileFolder: options.profileFolder });
    await migrate(service, logFolder, birthOf('migration'));
    const process = await kept(NAME, startService(service, logFolder, birthOf(NAME)));
    return {
      ...{
        url: `http://127.0.0.1:${service.port}`,
        databaseUrl: servers.databaseUrl,
        natsUrl: servers.natsUrl,
      },
      ...{ logs, stop, stopProcess: process.stop, pids: Object.fromEntries(running.pids) },
      token: () => internalTokenOf(keys, NAME),
      metrics: () => readMetrics(service.port),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Places extends ReserverOptions {
  readonly folder: string;
  readonly logFolder: string;
}

async function startServers(
  places: Places,
  keys: Keys,
  birthOf: (name: string) => { spawned: (pid: number) => void; signal: AbortSignal },
  kept: (name: string, starting: Promise<Running>) => Promise<Running>,
) {
  const programs = await programsFor(['postgres', 'nats', 'redis'], places.say);
  if (!programs.postgres || !programs.nats || !programs.redis) throw new Error('A server program is gone');
  const password = keys.secrets.databasePassword;
  const ports = { postgres: await freePort(), nats: await freePort(), redis: await freePort() };
  const database = { password, port: ports.postgres, fsync: true, databases: [databaseOf(NAME)] };
  const settings = places.profileFolder === null ? {} : STATEMENT_TIMES;
  await kept(
    'postgres',
    startPostgres(programs.postgres, { ...places, ...database, settings, birth: birthOf('postgres') }),
  );
  await kept('nats', startNats(programs.nats, { ...places, port: ports.nats, birth: birthOf('nats') }));
  await kept('redis', startRedis(programs.redis, { ...places, port: ports.redis, birth: birthOf('redis') }));
  return {
    databaseUrl: postgresUrl(database, databaseOf(NAME)),
    natsUrl: `nats://127.0.0.1:${ports.nats}`,
    redisUrl: `redis://127.0.0.1:${ports.redis}`,
  };
}

interface ServicePlan {
  readonly folder: string;
  readonly keys: Keys;
  readonly servers: Readonly<{ databaseUrl: string; natsUrl: string; redisUrl: string }>;
  readonly logs: Reserver['logs'];
  readonly profileFolder: string | null;
}

/** The process as `npm start` runs it, with the stand-ins as its neighbours. */
async function serviceOf({ folder, keys, servers, logs, profileFolder }: ServicePlan) {
  const { databaseUrl, natsUrl, redisUrl } = servers;
  const databaseUrls = { orders: '', inventory: databaseUrl, payments: '', fulfillment: '' };
  const plan = await planServices({
    ...{ dataFolder: folder, gatewayPort: 0, keys, warehouseIds: [] },
    servers: { databaseUrls, natsUrl, redisUrl },
  });
  const service = plan.subgraphs.find(({ name }) => name === NAME);
  if (service === undefined) throw new Error('The plan has no inventory');
  const urls = Object.fromEntries(Object.entries(logs).map(([name, { url }]) => [name, url]));
  const profile =
    profileFolder === null ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileFolder}` };
  return {
    ...service,
    environment: { ...service.environment, SUBGRAPH_URLS: JSON.stringify(urls), ...profile },
  };
}
