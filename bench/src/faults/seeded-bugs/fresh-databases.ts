// Puts the four databases of a running platform back to where they once were, between one round and the next, without
// restarting anything: the services lose their connections, their leases, and find an earlier log.
import postgres, { type Sql } from 'postgres';
import { SUBGRAPHS, type Subgraph } from '../../platform/run-file.ts';
import type { Databases } from './bug.ts';

export interface FreshDatabases {
  /** Puts the databases back and resolves when every worker has taken its lease anew. */
  readonly restore: (prepare: (databases: Databases) => Promise<void>) => Promise<void>;
  /** Connections to what stands now; whoever asks ends them. */
  readonly open: (connections: number) => OpenDatabases;
  readonly close: () => Promise<void>;
}

export interface OpenDatabases {
  readonly databases: Databases;
  readonly end: () => Promise<void>;
}

type Urls = Readonly<Record<Subgraph, string>>;

/** Epochs and order numbers of a round begin so far behind those of the round before that none comes twice. */
const ROUND_STEP = 1_000;
const LEASE_WITHIN_MS = 20_000;
const LOOK_EACH_MS = 20;
const END_WITHIN_S = 2;

/** Keeps the databases as they are now; the platform must be at rest. */
export async function keepDatabases(urls: Urls): Promise<FreshDatabases> {
  const server = connected(withDatabase(urls.orders, 'postgres'), 1);
  for (const subgraph of SUBGRAPHS) await keep(server, nameOf(urls[subgraph]));
  let round = 0;
  const open = (connections: number, name = (url: string) => nameOf(url)) => opened(urls, connections, name);
  return {
    open: (connections) => open(connections),
    restore: async (prepare) => {
      round += 1;
      for (const subgraph of SUBGRAPHS) {
        const name = nameOf(urls[subgraph]);
        await server`create database ${server(nextOf(name))} template ${server(keptOf(name))}`;
      }
      const next = open(1, (url) => nextOf(nameOf(url)));
      await moveOn(next.databases, round * ROUND_STEP);
      await prepare(next.databases);
      await next.end();
      for (const subgraph of SUBGRAPHS) await exchange(server, nameOf(urls[subgraph]));
      await leasesTaken(open(1));
    },
    close: () => server.end({ timeout: END_WITHIN_S }),
  };
}

const nameOf = (url: string) => new URL(url).pathname.slice(1);
const keptOf = (name: string) => `kept_${name}`;
const nextOf = (name: string) => `next_${name}`;

function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.toString();
}

const connected = (url: string, max: number): Sql => postgres(url, { max, onnotice: () => undefined });

function opened(urls: Urls, connections: number, name: (url: string) => string): OpenDatabases {
  const of = (subgraph: Subgraph) =>
    connected(withDatabase(urls[subgraph], name(urls[subgraph])), connections);
  const databases = {
    orders: of('orders'),
    inventory: of('inventory'),
    payments: of('payments'),
    fulfillment: of('fulfillment'),
  };
  const end = async () =>
    void (await Promise.all(SUBGRAPHS.map((each) => databases[each].end({ timeout: END_WITHIN_S }))));
  return { databases, end };
}

/** Nobody may be connected to a database that is copied or renamed. */
async function shut(server: Sql, name: string): Promise<void> {
  await server`alter database ${server(name)} allow_connections false`;
  await server`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
}

async function keep(server: Sql, name: string): Promise<void> {
  await shut(server, name);
  await server`create database ${server(keptOf(name))} template ${server(name)}`;
  await server`alter database ${server(name)} allow_connections true`;
}

async function exchange(server: Sql, name: string): Promise<void> {
  await shut(server, name);
  await server`drop database ${server(name)} with (force)`;
  await server`alter database ${server(nextOf(name))} rename to ${server(name)}`;
}

/** Whoever worked before is fenced off from what it finds now, and no number is given again. */
async function moveOn(databases: Databases, step: number): Promise<void> {
  for (const subgraph of SUBGRAPHS) {
    const sql = databases[subgraph];
    await sql`update leases set owner = 'nobody', expires_at = '-infinity', epoch = epoch + ${step}`;
    await sql`update offsets set epoch = epoch + ${step}`;
    await sql`update intents set epoch = epoch + ${step}`;
  }
  await databases.orders`select setval('order_number_blocks', ${step})`;
}

async function leasesTaken({ databases, end }: OpenDatabases): Promise<void> {
  const until = Date.now() + LEASE_WITHIN_MS;
  for (const subgraph of SUBGRAPHS) {
    for (;;) {
      const [lease] = await databases[
        subgraph
      ]`select 1 from leases where name = 'worker' and owner <> 'nobody'`;
      if (lease !== undefined) break;
      if (Date.now() > until) throw new Error(`the worker of ${subgraph} does not come back`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EACH_MS));
    }
  }
  await end();
}
