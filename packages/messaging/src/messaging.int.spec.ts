import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  appendArrays,
  compareWithLog,
  type Database,
  migrate,
  newId,
  openDatabase,
  readLog,
  type Sql,
  slicesJson,
} from '@crossdock/event-store';
import { createLogger, createRegistry, type Logger } from '@crossdock/telemetry';
import { databaseFromTemplate, type OwnServer, ownNats, type TestDatabase } from '@crossdock/testing';
import { connect } from 'nats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Bus, openBus } from './bus.ts';
import type { Consumer } from './consumer.ts';
import { createLogClient, type LogClient } from './log-client.ts';
import { startWorker, type Worker } from './worker.ts';

const MIGRATIONS = fileURLToPath(new URL('../test-migrations', import.meta.url));
const SECRET = 'a secret of this test only';
const SETTLED = { timeout: 15_000, interval: 50 };
const noHint = { hold: async () => true, letGo: async () => undefined, close: () => undefined };
const silent: Logger = createLogger('messaging-test', 'silent');

let nats: OwnServer;
let bus: Bus;
let log: LogClient;
let logServer: Server;
let reads = 0;
const databases: { test: TestDatabase; open: Database }[] = [];
let source: Database;
let target: Database;
let workers: Worker[] = [];

async function scratch(): Promise<Database> {
  const test = await databaseFromTemplate('messaging', (url) => migrate(url, MIGRATIONS));
  const open = openDatabase({ url: test.url, applicationName: 'messaging-test' });
  databases.push({ test, open });
  return open;
}

/** The log of the source over HTTP, as the subgraph server answers it. */
function serveLog(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    response.setHeader('content-type', 'application/json');
    if (request.url === '/internal/log/heads') {
      response.end(JSON.stringify({ heads: await compareWithLog(source.sql, body.positions) }));
      return;
    }
    reads += 1;
    const { slices } = await readLog(source.sql, body.after, body.limit);
    response.end(`{"slices":${slicesJson(slices)}}`);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(async () => {
  nats = await ownNats();
  bus = await openBus(nats.url, 'messaging-test');
  logServer = await serveLog();
  const { port } = logServer.address() as AddressInfo;
  log = createLogClient({ orders: `http://127.0.0.1:${port}` }, SECRET);
});

beforeEach(async () => {
  [source, target] = [await scratch(), await scratch()];
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
});

afterAll(async () => {
  await Promise.all([bus.close(), log.close()]);
  logServer.close();
  for (const { test, open } of databases) {
    await open.close();
    await test.drop();
  }
  await nats.stop();
});

async function append(streams: readonly string[], version: number): Promise<void> {
  const events = streams.map((streamId, index) => ({
    partition: index % 8,
    category: 'order',
    streamId,
    version,
    id: newId(),
    type: 'Something',
    data: { streamId },
    metadata: {},
  }));
  const each = appendArrays(events);
  await source.sql`SELECT log_append(${each.partition}::int[], ${each.category}::text[], ${each.streamId}::text[],
    ${each.version}::int[], ${each.id}::uuid[], ${each.type}::text[], ${each.schemaVersion}::int[], ${each.data}::text[],
    ${each.metadata}::text[])`;
}

function start(database: Database, consumer: Consumer): Worker {
  const worker = startWorker({
    subgraph: consumer.name === 'orders' ? 'orders' : 'payments',
    sql: database.sql,
    bus,
    log,
    hint: noHint,
    consumer,
    logger: silent,
    registry: createRegistry('test'),
    codeVersion: 'test',
  });
  workers.push(worker);
  return worker;
}

const startRelaying = () =>
  start(source, {
    name: 'orders',
    sources: [],
    wants: () => false,
    keyOf: () => '',
    apply: async () => undefined,
  });

function noting(sql: Sql, poison?: string): Consumer {
  return {
    name: 'payments',
    sources: ['orders'],
    wants: () => true,
    keyOf: (event) => event.stream,
    apply: async (events, inbox) => {
      if (events.some(({ event }) => event.stream === poison && event.version === 2))
        throw new Error('a bug of this code');
      await sql`SELECT note_effects(${JSON.stringify(inbox)}::text::jsonb, ${events.map(({ event }) => event.id)}::uuid[],
        ${events.map(({ event }) => event.stream)}::text[], ${events.map(({ event }) => event.version)}::int[])`;
    },
  };
}

const effects = () =>
  target.sql<{ stream: string; version: number }[]>`SELECT stream, version FROM effects ORDER BY ordinal`;

/** Partitions of which the relay has not said all. */
const unpublished = () => source.sql`
  SELECT partition FROM intents i JOIN partitions c USING (partition) WHERE i.position < c.position`;

async function everyEffectOnce(streams: readonly string[], versions: number): Promise<void> {
  await vi.waitFor(async () => expect(await effects()).toHaveLength(streams.length * versions), SETTLED);
  const rows = await effects();
  for (const stream of streams) {
    const heard = rows.filter((row) => row.stream === stream).map((row) => row.version);
    expect(heard).toEqual(Array.from({ length: versions }, (_, index) => index + 1));
  }
}

const streamNames = (count: number) =>
  Array.from({ length: count }, (_, index) => `stream-${index}-${newId()}`);

describe('relay and consumer', () => {
  it('bring every event once and in order', async () => {
    const relay = startRelaying();
    start(target, noting(target.sql));
    const streams = streamNames(50);
    for (let version = 1; version <= 4; version += 1) {
      await append(streams, version);
      relay.poke();
    }
    await everyEffectOnce(streams, 4);
  });

  it('bring what was said before anybody listened', async () => {
    const streams = streamNames(30);
    startRelaying();
    await append(streams, 1);
    await vi.waitFor(async () => expect(await unpublished()).toEqual([]), SETTLED);
    start(target, noting(target.sql));
    await everyEffectOnce(streams, 1);
  });

  it('lose nothing with JetStream, the last events of a partition neither', async () => {
    const streams = streamNames(40);
    const relay = startRelaying();
    start(target, noting(target.sql));
    await append(streams, 1);
    relay.poke();
    await everyEffectOnce(streams, 1);
    const before = reads;
    const connection = await connect({ servers: nats.url });
    const manager = await connection.jetstreamManager();
    await manager.streams.delete('EVENTS');
    await append(streams, 2);
    relay.poke();
    await everyEffectOnce(streams, 2);
    expect(reads).toBeGreaterThan(before);
    await append(streams, 3);
    await everyEffectOnce(streams, 3);
    await connection.close();
  });

  it('park the one event that cannot be applied, with those behind it, and let other keys flow', async () => {
    const streams = streamNames(20);
    const [poisoned = ''] = streams;
    startRelaying();
    start(target, noting(target.sql, poisoned));
    for (const version of [1, 2, 3]) await append(streams, version);
    await vi.waitFor(async () => expect(await effects()).toHaveLength(20 * 3 - 2), SETTLED);
    const letters = async () => {
      const rows =
        await target.sql`SELECT key, event ->> 'version' AS version FROM dead_letters ORDER BY position`;
      return rows.map((row) => [row.key, row.version]);
    };
    const parked = [
      [poisoned, '2'],
      [poisoned, '3'],
    ];
    await vi.waitFor(async () => expect(await letters()).toEqual(parked), SETTLED);
    expect(await effects()).toHaveLength(20 * 3 - 2);
  });

  it('go on with another worker where the first stopped', async () => {
    const streams = streamNames(25);
    startRelaying();
    const first = start(target, noting(target.sql));
    await append(streams, 1);
    await everyEffectOnce(streams, 1);
    start(target, noting(target.sql));
    await first.stop();
    await append(streams, 2);
    await everyEffectOnce(streams, 2);
  });
});
