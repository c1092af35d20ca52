/**
 * The servers of a local run or a test run: PostgreSQL, NATS with JetStream, Redis. Found or installed, private, on
 * free ports of 127.0.0.1, unless the environment points at existing ones. It knows nothing of the platform itself.
 */
import { mkdirSync } from 'node:fs';
import { databaseOf, type ExistingServers, existingServers, SUBGRAPHS, type Subgraph } from './config.ts';
import { freePort } from './free-port.ts';
import { programsFor } from './install.ts';
import { type Birth, type KeptAlive, keptAlive, type Start, type Watch } from './keep-alive.ts';
import { startNats } from './nats-server.ts';
import { plainFailureOf } from './plain-failure.ts';
import { postgresUrl, startPostgres } from './postgres-server.ts';
import type { Program } from './programs.ts';
import { startRedis } from './redis-server.ts';
import type { ServerOptions } from './server-options.ts';

export interface Servers {
  readonly databaseUrls: Readonly<Record<Subgraph, string>>;
  /** The PostgreSQL database from which others can be made; undefined when the servers are existing ones. */
  readonly maintenanceUrl: string | undefined;
  readonly natsUrl: string;
  readonly redisUrl: string;
  /** Stops what was started here. */
  readonly stop: () => Promise<void>;
}

export interface StartServersOptions extends Omit<ServerOptions, 'port' | 'birth'> {
  readonly databasePassword: string;
  /** False only for tests, whose data need not outlive a power cut. */
  readonly fsync: boolean;
  /** Whether to make the four databases of the subgraphs. */
  readonly withDatabases: boolean;
  /** Default: as the environment says. */
  readonly existing?: ExistingServers;
  /** Either watched and kept alive, or only guarded: then a server that ends stays down. */
  readonly keeper: Watch | Birth;
}

/** Starts what the environment does not provide; what was started is stopped again when one of them fails. */
export async function startServers(options: StartServersOptions): Promise<Servers> {
  const existing = options.existing ?? existingServers();
  const started: KeptAlive[] = [];
  const stop = async () => void (await Promise.all(started.map((server) => server.stop())));
  const launch = async (name: string, start: Start) => {
    const { keeper } = options;
    started.push('spawned' in keeper ? await start(keeper) : await keptAlive(name, start, keeper));
  };
  try {
    mkdirSync(options.folder, { recursive: true });
    mkdirSync(options.logFolder, { recursive: true });
    const programs = await programsFor(neededBeside(existing), options.say);
    const [databases, natsUrl, redisUrl] = await allSettledThenAll(
      databasesOf(existing, programs.postgres, options, launch),
      existing.natsUrl ?? natsOf(programs.nats, options, launch),
      existing.redisUrl ?? redisOf(programs.redis, options, launch),
    );
    return { ...databases, natsUrl, redisUrl, stop };
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

type Launch = (name: string, start: Start) => Promise<void>;

async function databasesOf(
  existing: ExistingServers,
  program: Program | undefined,
  options: StartServersOptions,
  launch: Launch,
): Promise<Pick<Servers, 'databaseUrls' | 'maintenanceUrl'>> {
  if (existing.databaseUrls) return { databaseUrls: existing.databaseUrls, maintenanceUrl: undefined };
  const databases = options.withDatabases ? SUBGRAPHS.map(databaseOf) : [];
  const own = { ...options, port: await freePort(), password: options.databasePassword, databases };
  await launch('postgres', (birth) => startPostgres(present(program), { ...own, birth }));
  const urlOf = (subgraph: Subgraph) => postgresUrl(own, databaseOf(subgraph));
  return {
    databaseUrls: {
      orders: urlOf('orders'),
      inventory: urlOf('inventory'),
      payments: urlOf('payments'),
      fulfillment: urlOf('fulfillment'),
    },
    maintenanceUrl: postgresUrl(own, 'postgres'),
  };
}

async function natsOf(program: Program | undefined, options: StartServersOptions, launch: Launch) {
  const port = await freePort();
  await launch('nats', (birth) => startNats(present(program), { ...options, port, birth }));
  return `nats://127.0.0.1:${port}`;
}

async function redisOf(program: Program | undefined, options: StartServersOptions, launch: Launch) {
  const port = await freePort();
  await launch('redis', (birth) => startRedis(present(program), { ...options, port, birth }));
  return `redis://127.0.0.1:${port}`;
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
