/**
 * The servers of a local run or a test run: PostgreSQL, NATS with JetStream, Redis. Found or installed, private, on
 * free ports of 127.0.0.1, unless the environment points at existing ones. It knows nothing of the platform itself.
 */
import { mkdirSync } from 'node:fs';
import { type ExistingServers, existingServers, SUBGRAPHS, type Subgraph } from './config.ts';
import { programsFor } from './install.ts';
import { startNats } from './nats-server.ts';
import { plainFailureOf } from './plain-failure.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';
import type { Program } from './programs.ts';
import { startRedis } from './redis-server.ts';

export interface ServerOptions {
  /** Data of the servers, one folder each. */
  readonly folder: string;
  readonly logFolder: string;
  /** Told what takes long or differs from what a person expects. */
  readonly say: (line: string) => void;
}

export interface PrivateServer {
  readonly name: string;
  readonly pid: number;
  /** Resolves with the reason when the server is gone. */
  readonly gone: Promise<string>;
  /** Stops it in order; resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

export interface Servers {
  readonly databaseUrls: Readonly<Record<Subgraph, string>>;
  /** The PostgreSQL database from which others can be made; undefined when the servers are existing ones. */
  readonly maintenanceUrl: string | undefined;
  readonly natsUrl: string;
  readonly redisUrl: string;
  /** What was started here, in the order of starting. */
  readonly started: readonly PrivateServer[];
  readonly stop: () => Promise<void>;
}

export interface StartServersOptions extends ServerOptions {
  readonly databasePassword: string;
  /** False only for tests, whose data need not outlive a power cut. */
  readonly fsync: boolean;
  /** Whether to make the four databases of the subgraphs. */
  readonly withDatabases: boolean;
  /** Default: as the environment says. */
  readonly existing?: ExistingServers;
  /** Told of every server at once when it runs, also when a later one fails. */
  readonly onStarted?: (server: PrivateServer) => void;
}

/** Starts what the environment does not provide; what was started is stopped again when one of them fails. */
export async function startServers(options: StartServersOptions): Promise<Servers> {
  const existing = options.existing ?? existingServers();
  const started: PrivateServer[] = [];
  const stop = async () => void (await Promise.all(started.map((server) => server.stop())));
  const keep = <Server extends PrivateServer>(server: Server): Server => {
    started.push(server);
    options.onStarted?.(server);
    return server;
  };
  try {
    mkdirSync(options.folder, { recursive: true });
    mkdirSync(options.logFolder, { recursive: true });
    const programs = await programsFor(neededBeside(existing), options.say);
    const [databases, natsUrl, redisUrl] = await allSettledThenAll(
      databasesOf(existing, programs.postgres, options, keep),
      existing.natsUrl ?? startNats(present(programs.nats), options).then((nats) => keep(nats).url),
      existing.redisUrl ?? startRedis(present(programs.redis), options).then((redis) => keep(redis).url),
    );
    return { ...databases, natsUrl, redisUrl, started, stop };
  } catch (error) {
    await stop();
    throw plainFailureOf(error, options.folder);
  }
}

function neededBeside(existing: ExistingServers): ('postgres' | 'nats' | 'redis')[] {
  const needed: ('postgres' | 'nats' | 'redis')[] = [];
  if (existing.databaseUrls === undefined) needed.push('postgres');
  if (existing.natsUrl === undefined) needed.push('nats');
  if (existing.redisUrl === undefined) needed.push('redis');
  return needed;
}

/** `programsFor` has answered for every needed program. */
function present(program: Program | undefined): Program {
  if (program === undefined) throw new Error('A server program that was found is gone.');
  return program;
}

async function databasesOf(
  existing: ExistingServers,
  program: Program | undefined,
  options: StartServersOptions,
  keep: (server: PostgresServer) => PostgresServer,
): Promise<Pick<Servers, 'databaseUrls' | 'maintenanceUrl'>> {
  if (existing.databaseUrls) return { databaseUrls: existing.databaseUrls, maintenanceUrl: undefined };
  const databaseOf = (subgraph: Subgraph) => `crossdock_${subgraph}`;
  const server = keep(
    await startPostgres(present(program), {
      ...options,
      password: options.databasePassword,
      databases: options.withDatabases ? SUBGRAPHS.map(databaseOf) : [],
      fsync: options.fsync,
    }),
  );
  const urlOf = (subgraph: Subgraph) => server.urlOf(databaseOf(subgraph));
  return {
    databaseUrls: {
      orders: urlOf('orders'),
      inventory: urlOf('inventory'),
      payments: urlOf('payments'),
      fulfillment: urlOf('fulfillment'),
    },
    maintenanceUrl: server.urlOf('postgres'),
  };
}

/** Like Promise.all, but a failure is reported only when nothing is under way any more. */
async function allSettledThenAll<A, B, C>(
  a: A | Promise<A>,
  b: B | Promise<B>,
  c: C | Promise<C>,
): Promise<[A, B, C]> {
  await Promise.allSettled([a, b, c]);
  return Promise.all([a, b, c]);
}
