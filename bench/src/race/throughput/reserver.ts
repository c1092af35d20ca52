// One real inventory process with a real Postgres (fsync on), NATS and Redis of its own; its neighbours are stand-ins.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  databaseOf,
  freePort,
  postgresUrl,
  programsFor,
  startNats,
  startPostgres,
  startRedis,
} from '@crossdock/tools/infrastructure';
import { type Keys, keysOf, migrate, planServices, startService } from '@crossdock/tools/start';
import { readMetrics } from '../../stage/cluster/process-metrics.ts';
import { type OwnFolder, openOwnFolder } from '../../stage/own-folder.ts';
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
  const { say, signal, profileFolder } = options;
  const own = openOwnFolder('crossdock-reserver-', say, signal);
  try {
    mkdirSync(join(own.path, 'journals'));
    const keys = await keysOf(own.path);
    const servers = await startServers(own, keys, options);
    const logs = {
      orders: await openLogStandIn('orders'),
      payments: await openLogStandIn('payments'),
      fulfillment: await openLogStandIn('fulfillment'),
    };
    own.onStop(async () => void (await Promise.all(Object.values(logs).map((log) => log.close()))));
    const service = await serviceOf({ folder: own.path, keys, servers, logs, profileFolder });
    await own.passing((birth) => migrate(service, own.logFolder, birth));
    const process = await own.keep(NAME, startService(service, own.logFolder, own.birthOf(NAME)));
    return {
      ...{
        url: `http://127.0.0.1:${service.port}`,
        databaseUrl: servers.databaseUrl,
        natsUrl: servers.natsUrl,
      },
      ...{ logs, pids: own.pids(), stopProcess: process.stop, stop: own.stop },
      token: () => internalTokenOf(keys, NAME),
      metrics: () => readMetrics(service.port),
    };
  } catch (error) {
    await own.stop();
    throw error;
  }
}

async function startServers(own: OwnFolder, keys: Keys, { say, profileFolder }: ReserverOptions) {
  const programs = await programsFor(['postgres', 'nats', 'redis'], say);
  if (!programs.postgres || !programs.nats || !programs.redis) throw new Error('A server program is gone');
  const ports = { postgres: await freePort(), nats: await freePort(), redis: await freePort() };
  const optionsOf = (name: keyof typeof ports) => ({
    ...{ folder: own.path, logFolder: own.logFolder, say, port: ports[name], birth: own.birthOf(name) },
  });
  const database = {
    ...{ ...optionsOf('postgres'), password: keys.secrets.databasePassword, fsync: true },
    ...{ databases: [databaseOf(NAME)], settings: profileFolder === null ? {} : STATEMENT_TIMES },
  };
  await own.keep('postgres', startPostgres(programs.postgres, database));
  await own.keep('nats', startNats(programs.nats, optionsOf('nats')));
  await own.keep('redis', startRedis(programs.redis, optionsOf('redis')));
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
