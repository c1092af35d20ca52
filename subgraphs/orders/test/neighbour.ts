// Another subgraph as orders meets it: a log of its own, relayed and readable, and a consumer that notes what orders says.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Source } from '@crossdock/contracts';
import {
  appendArrays,
  compareWithLog,
  derivedId,
  loadConsumed,
  migrate,
  type NewEvent,
  newId,
  openDatabase,
  readLog,
  type Sql,
  slicesJson,
} from '@crossdock/event-store';
import { type Bus, createLogClient, openBus, startWorker } from '@crossdock/messaging';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { databaseFromTemplate } from '@crossdock/testing';

export const LOG_SECRET = 'a log secret that only tests know';
const EFFECTS = fileURLToPath(new URL('../../../packages/messaging/test-migrations', import.meta.url));

export type Neighbour = Readonly<{
  url: string;
  sql: Sql;
  /** Says a fact of an order, caused by `cause`; `data` beyond order and partner. */
  say: (
    type: string,
    order: Readonly<{ orderId: string; partnerId: string; partition: number }>,
    data: object,
  ) => Promise<void>;
  sayRaw: (event: NewEvent) => Promise<void>;
  /** Ids of the events of orders it heard, in its order. */
  heard: () => Promise<string[]>;
  /** Partitions of orders it stopped as forked. */
  forked: () => Promise<number>;
  follow: (ordersUrl: string) => void;
  stop: () => Promise<void>;
}>;

function serve(name: Source, sql: Sql): Promise<Server> {
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
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function noting(name: Source, sql: Sql) {
  return {
    name,
    sources: ['orders'] as const,
    wants: () => true,
    keyOf: (event: { stream: string }) => event.stream,
    apply: async (
      events: readonly { event: { id: string; stream: string; version: number } }[],
      inbox: object,
    ) => {
      await sql`SELECT note_effects(${JSON.stringify(inbox)}::text::jsonb, ${events.map(({ event }) => event.id)}::uuid[],
        ${events.map(({ event }) => event.stream)}::text[], ${events.map(({ event }) => event.version)}::int[])`;
    },
  };
}

function startFollowing(name: Source, sql: Sql, bus: Bus, ordersUrl: string) {
  const registry = createRegistry(name);
  const log = createLogClient({ orders: ordersUrl }, LOG_SECRET, name);
  const worker = startWorker({
    ...{ subgraph: name, sql, bus, log, registry, consumer: noting(name, sql), codeVersion: 'test' },
    hint: { hold: async () => true, letGo: async () => undefined, close: () => undefined },
    logger: createLogger(name, 'silent'),
  });
  const forked = async () => {
    const metric = await registry.getSingleMetric('crossdock_consumer_forked')?.get();
    return (metric?.values ?? []).filter(({ value }) => value === 1).length;
  };
  return { worker, forked, stop: async () => void (await Promise.all([worker.stop(), log.close()])) };
}

export async function startNeighbour(name: Source, natsUrl: string): Promise<Neighbour> {
  const test = await databaseFromTemplate('messaging', (url) => migrate(url, EFFECTS));
  const database = openDatabase({ url: test.url, applicationName: name });
  const { sql } = database;
  const bus = await openBus(natsUrl, name);
  const server = await serve(name, sql);
  let following: ReturnType<typeof startFollowing> | null = null;

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
        ...{ partition, category: name, streamId: newId(), version: 1, type, metadata: {} },
        id: derivedId(orderId, type, Object.keys(data).length),
        data: { orderId, partnerId, ...data },
      }),
    heard: async () => {
      const rows = await sql<{ event_id: string }[]>`SELECT event_id FROM effects ORDER BY ordinal`;
      return rows.map((row) => row.event_id);
    },
    forked: async () => (await following?.forked()) ?? 0,
    follow: (ordersUrl) => {
      following = startFollowing(name, sql, bus, ordersUrl);
    },
    stop: async () => {
      await following?.stop();
      await Promise.all([bus.close(), database.close()]);
      server.closeAllConnections();
      server.close();
      await test.drop();
    },
  };
}
