// Subgraphs as another one meets them in a test: a log of its own, relayed and readable, and a consumer that notes what the
// one says. For tests alone.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Source } from '@crossdock/contracts';
import {
  appendArrays,
  compareWithLog,
  loadConsumed,
  migrate,
  type NewEvent,
  newId,
  openDatabase,
  readLog,
  type Sql,
  slicesJson,
} from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { databaseFromTemplate } from '@crossdock/testing';
import { type Bus, openBus } from '../src/bus.ts';
import type { Consumer } from '../src/consumer.ts';
import { createLogClient } from '../src/log-client.ts';
import { startWorker, type Worker } from '../src/worker.ts';

export const LOG_SECRET = 'a log secret that only tests know';
const EFFECTS = fileURLToPath(new URL('../test-migrations', import.meta.url));

export type Neighbour = Readonly<{
  url: string;
  sql: Sql;
  /** Says a fact of an order; `data` is what it has beyond order and partner. */
  say: (
    type: string,
    order: Readonly<{ orderId: string; partnerId: string; partition: number }>,
    data: object,
  ) => Promise<void>;
  sayRaw: (event: NewEvent) => Promise<void>;
  /** Ids of the events it heard, in its order. */
  heard: () => Promise<string[]>;
  /** Partitions it stopped as forked. */
  forked: () => Promise<number>;
  /** Hears the log of `source`, served at the address. */
  follow: (source: Source, url: string) => void;
  stop: () => Promise<void>;
}>;

/** Serves a log as a subgraph's server does, to the other subgraphs. */
function serveLog(name: Source, sql: Sql, port = 0): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    response.setHeader('content-type', 'application/json');
    if (request.url === '/internal/log/heads') {
      response.end(JSON.stringify({ heads: await compareWithLog(sql, body.positions) }));
    } else if (request.url === '/internal/log/consumed') {
      response.end(JSON.stringify({ positions: await loadConsumed(sql, name, body.source) }));
    } else {
      const { slices } = await readLog(sql, body.after, body.limit);
      response.end(`{"slices":${slicesJson(slices)}}`);
    }
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

function ended(server: Server): void {
  server.closeAllConnections();
  server.close();
}

function noting(name: Source, sql: Sql, source: Source): Consumer {
  return {
    name,
    sources: [source],
    wants: () => true,
    keyOf: (event) => event.stream,
    apply: async (events, inbox) => {
      await sql`SELECT note_effects(${JSON.stringify(inbox)}::text::jsonb, ${events.map(({ event }) => event.id)}::uuid[],
        ${events.map(({ event }) => event.stream)}::text[], ${events.map(({ event }) => event.version)}::int[])`;
    },
  };
}

type Working = Readonly<{ worker: Worker; forked: () => Promise<number>; stop: () => Promise<void> }>;

function startWorking(
  sql: Sql,
  bus: Bus,
  consumer: Consumer,
  name: Source,
  urls: Record<string, string>,
): Working {
  const registry = createRegistry(name);
  const log = createLogClient(urls, LOG_SECRET, name);
  const worker = startWorker({
    ...{ subgraph: name, sql, bus, log, registry, consumer, codeVersion: 'test' },
    hint: { hold: async () => true, letGo: async () => undefined, close: () => undefined },
    logger: createLogger(name, 'silent'),
  });
  return {
    worker,
    forked: async () => {
      const metric = await registry.getSingleMetric('crossdock_consumer_forked')?.get();
      return (metric?.values ?? []).filter(({ value }) => value === 1).length;
    },
    stop: async () => void (await Promise.all([worker.stop(), log.close()])),
  };
}

/** Another subgraph whose facts a test says itself. */
export async function startNeighbour(name: Source, natsUrl: string): Promise<Neighbour> {
  const test = await databaseFromTemplate('messaging', (url) => migrate(url, EFFECTS));
  const database = openDatabase({ url: test.url, applicationName: name });
  const { sql } = database;
  const bus = await openBus(natsUrl, name);
  const server = await serveLog(name, sql);
  let following: Working | null = null;

  async function sayRaw(event: NewEvent): Promise<void> {
    const each = appendArrays([event]);
    await sql`SELECT log_append(${each.partition}::int[], ${each.category}::text[], ${each.streamId}::text[],
      ${each.version}::int[], ${each.id}::uuid[], ${each.type}::text[], ${each.schemaVersion}::int[], ${each.data}::text[],
      ${each.metadata}::text[])`;
    following?.worker.poke();
  }

  return {
    // A server that listens on a port has an AddressInfo.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sql,
    sayRaw,
    say: (type, { orderId, partnerId, partition }, data) =>
      sayRaw({
        ...{
          partition,
          category: name,
          streamId: orderId,
          version: nextVersion(orderId),
          type,
          metadata: {},
        },
        id: newId(),
        data: { orderId, partnerId, ...data },
      }),
    heard: async () => {
      const rows = await sql<{ event_id: string }[]>`SELECT event_id FROM effects ORDER BY ordinal`;
      return rows.map((row) => row.event_id);
    },
    forked: async () => (await following?.forked()) ?? 0,
    follow: (source, url) => {
      following = startWorking(sql, bus, noting(name, sql, source), name, { [source]: url });
    },
    stop: async () => {
      await following?.stop();
      await Promise.all([bus.close(), database.close()]);
      ended(server);
      await test.drop();
    },
  };
}

const versions = new Map<string, number>();

/** Versions of a stream of a test: grown over all neighbours, which no log minds. */
function nextVersion(stream: string): number {
  const version = (versions.get(stream) ?? 0) + 1;
  versions.set(stream, version);
  return version;
}

export type SubjectOptions = Readonly<{
  name: Source;
  databaseUrl: string;
  natsUrl: string;
  port: number;
  urls: Record<string, string>;
  consumerOf: (sql: Sql) => Consumer;
}>;

/** The subgraph under test, without its API: its own consumer at work on its own database, its log served. */
export async function startSubject(options: SubjectOptions) {
  const { name, databaseUrl, natsUrl, port, urls } = options;
  const database = openDatabase({ url: databaseUrl, applicationName: name });
  const { sql } = database;
  const bus = await openBus(natsUrl, name);
  const server = await serveLog(name, sql, port);
  const { worker, stop } = startWorking(sql, bus, options.consumerOf(sql), name, urls);
  return {
    sql,
    poke: worker.poke,
    stop: async () => {
      await stop();
      ended(server);
      await Promise.all([bus.close(), database.close()]);
    },
  };
}
