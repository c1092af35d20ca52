// Two databases, the relay of one and workers of the other, whose consumer can be broken and mended at will.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  appendArrays,
  askForLetters,
  type ChosenLetters,
  compareWithLog,
  type Database,
  type DeadLetter,
  type LetterRequest,
  listLetters,
  migrate,
  newId,
  openDatabase,
  readLog,
  slicesJson,
} from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { databaseFromTemplate, type OwnServer, ownNats, type TestDatabase } from '@crossdock/testing';
import { type Bus, type Consumer, createLogClient, openBus, startWorker, type Worker } from '../src/index.ts';

const MIGRATIONS = fileURLToPath(new URL('../test-migrations', import.meta.url));
const noHint = { hold: async () => true, letGo: async () => undefined, close: () => undefined };

export const CONSUMER = 'payments';

/** What is to go wrong: by `stream/version`, the error that is thrown, before or after the commit, and how often it was. */
export type Faults = Map<string, { error: unknown; committed?: boolean; hits?: number }>;

/**
 * Notes what it hears, and that a letter of a `Meant` event was given up; `Reminded` events ask for the key that their data name.
 */
export function notingConsumer({ sql }: Database, faults: Faults): Consumer {
  const apply: Consumer['apply'] = async (events, inbox) => {
    const fault = events
      .map(({ event }) => faults.get(`${event.stream}/${event.version}`))
      .find((found) => found !== undefined);
    if (fault !== undefined) fault.hits = (fault.hits ?? 0) + 1;
    if (fault !== undefined && fault.committed !== true) throw fault.error;
    await sql`SELECT note_effects(${JSON.stringify(inbox)}::text::jsonb, ${events.map(({ event }) => event.id)}::uuid[],
      ${events.map(({ event }) => event.stream)}::text[], ${events.map(({ event }) => event.version)}::int[])`;
    if (fault !== undefined) throw fault.error;
  };
  return {
    name: CONSUMER,
    sources: ['orders'],
    wants: (_source, type) => type !== 'Unwanted',
    keyOf: (event) => event.stream,
    reminds: (_source, event) => (event.type === 'Reminded' ? String(event.data.of) : null),
    apply,
    giveUp: {
      wants: (_source, type) => type === 'Meant',
      apply: ({ letter }, inbox) => apply([letter], inbox),
    },
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

async function serveLog(source: Database): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    response.setHeader('content-type', 'application/json');
    if (request.url === '/internal/log/heads') {
      response.end(JSON.stringify({ heads: await compareWithLog(source.sql, body.positions) }));
      return;
    }
    const { slices } = await readLog(source.sql, body.after, body.limit);
    response.end(`{"slices":${slicesJson(slices)}}`);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function openDatabases() {
  const tests: TestDatabase[] = [];
  const opened: Database[] = [];
  for (const applicationName of ['letters-source', 'letters-target']) {
    const test = await databaseFromTemplate('messaging', (url) => migrate(url, MIGRATIONS));
    tests.push(test);
    opened.push(openDatabase({ url: test.url, applicationName }));
  }
  const close = async () => {
    await Promise.all(opened.map((each) => each.close()));
    await Promise.all(tests.map((each) => each.drop()));
  };
  const [source, target] = opened as [Database, Database];
  return { source, target, close };
}

/** Takes servers and databases of its own; `close` gives them back. */
export async function openStage() {
  const nats: OwnServer = await ownNats();
  const bus: Bus = await openBus(nats.url, 'letters-test');
  const { source, target, close } = await openDatabases();
  const server = await serveLog(source);
  const { port } = server.address() as AddressInfo;
  const log = createLogClient({ orders: `http://127.0.0.1:${port}` }, 'a secret of this test only');
  const workers: Worker[] = [];
  let registry = createRegistry('test');

  function start(database: Database, consumer: Consumer): Worker {
    registry = createRegistry('test');
    const worker = startWorker({
      subgraph: database === source ? 'orders' : 'payments',
      ...{ sql: database.sql, bus, log, hint: noHint, consumer, codeVersion: 'test' },
      logger: createLogger('letters-test', 'silent'),
      registry,
    });
    workers.push(worker);
    return worker;
  }

  const relaying: Consumer = {
    ...{ name: 'orders', sources: [], wants: () => false, keyOf: () => '', apply: async () => undefined },
  };
  const relay = start(source, relaying);

  return {
    source,
    target,
    /** A metric of the worker started last. */
    metric: async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value,
    start: (faults: Faults) => start(target, notingConsumer(target, faults)),
    /** Says one event for each version, of one stream and partition. */
    say: async (stream: string, versions: readonly number[], more: { type?: string; data?: object } = {}) => {
      await append(source, stream, versions, more);
      relay.poke();
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await Promise.all([bus.close(), log.close()]);
      server.close();
      await close();
      await nats.stop();
    },
  };
}

async function append(
  { sql }: Database,
  stream: string,
  versions: readonly number[],
  { type = 'Something', data = {} }: { type?: string; data?: object },
): Promise<void> {
  const partition = stream.length % 8;
  const each = appendArrays(
    versions.map((version) => ({
      ...{ partition, category: 'order', streamId: stream, version, id: newId(), type },
      ...{ data: { ...data, stream }, metadata: { traceparent: '00-1-2-01' } },
    })),
  );
  await sql`SELECT log_append(${each.partition}::int[], ${each.category}::text[], ${each.streamId}::text[],
    ${each.version}::int[], ${each.id}::uuid[], ${each.type}::text[], ${each.schemaVersion}::int[], ${each.data}::text[],
    ${each.metadata}::text[])`;
}

const NONE = { status: null, key: null, fingerprint: null };

export const lettersOf = ({ target }: Stage, key: string) =>
  listLetters(target.sql, CONSUMER, { ...NONE, key }, null, 1_000);

/** The first letter of a key, which there must be. */
export async function firstLetterOf(stage: Stage, key: string): Promise<DeadLetter> {
  const [letter] = await lettersOf(stage, key);
  if (letter === undefined) throw new Error(`${key} has no letter`);
  return letter;
}

/** Status, attempts and actions of a key's letters, as one line each. */
export async function standingOf(stage: Stage, key: string): Promise<string[]> {
  return (await lettersOf(stage, key)).map(
    ({ event, status, attempts, actions }) =>
      `${event.version} ${status} ${attempts}: ${actions.map(({ action }) => action).join(' ')}`,
  );
}

/** Versions of a stream that had an effect, in the order of their effects. */
export async function effectsOf({ target }: Stage, stream: string): Promise<number[]> {
  const rows = await target.sql<
    { version: number }[]
  >`SELECT version FROM effects WHERE stream = ${stream} ORDER BY ordinal`;
  return rows.map(({ version }) => version);
}

export async function parkedKeysOf({ target }: Stage): Promise<string[]> {
  const rows = await target.sql<{ key: string }[]>`SELECT key FROM parked_keys ORDER BY key`;
  return rows.map(({ key }) => key);
}

/** Asks as a mutation does, under a new idempotency key. */
export async function ask({ target }: Stage, request: LetterRequest, chosen: ChosenLetters): Promise<void> {
  const { verdict } = await askForLetters(target.sql, {
    ...{ key: newId(), operation: 'test', fingerprint: 'f', consumer: CONSUMER, request, chosen },
    ...{ actor: 'ann', reason: 'mended' },
  });
  if (verdict !== 'NEW') throw new Error(`The request was answered ${verdict}`);
}
