// Orders over a database of its own, in this process: its server, asked as only the gateway may, and its worker.
import { fileURLToPath } from 'node:url';
import {
  acquireLease,
  createLogTail,
  type Database,
  loadOffsets,
  migrate,
  openDatabase,
  releaseLease,
} from '@crossdock/event-store';
import {
  type ArrivedEvent,
  createApplier,
  createLogClient,
  openBus,
  startWorker,
  type Worker,
} from '@crossdock/messaging';
import { createLockHint } from '@crossdock/resilience';
import {
  createDeadLetterDesk,
  createSubgraphServer,
  loadSubgraphSchema,
  type Role,
  subgraphSettings,
} from '@crossdock/subgraph-server';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { databaseFromTemplate, ownNats, redisUrl } from '@crossdock/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createCancelOrder } from '../src/command-handlers/cancel-order.ts';
import { createPlaceOrder } from '../src/command-handlers/place-order.ts';
import { createUpsertPartners } from '../src/command-handlers/upsert-partners.ts';
import { createOthersFactsConsumer } from '../src/consumers/others-facts.ts';
import type { Context } from '../src/graphql/context.ts';
import { createLoaders } from '../src/graphql/loaders.ts';
import { resolvers } from '../src/graphql/resolvers.ts';

const NAME = 'orders';
const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));
const SECRET = 'a secret that only tests know';

export type Answer = Readonly<{
  data: Record<string, unknown> | null;
  errors?: readonly Readonly<{ extensions?: Readonly<{ code?: string }> }>[];
}>;

const logger = createLogger(NAME, 'silent');

/** Applies facts in one batch, as a worker does that holds the lease meanwhile. */
export async function hearAs({ sql }: Database, facts: readonly ArrivedEvent[]): Promise<void> {
  const consumer = createOthersFactsConsumer({ sql, onHeld: () => undefined });
  const epoch = await acquireLease(sql, 'worker', 'hearing', 0);
  if (epoch === null) throw new Error('The worker lease is held by another');
  await loadOffsets(sql, consumer.name, consumer.sources, epoch);
  const apply = createApplier({
    ...{ sql, consumer, epoch, codeVersion: 'test', parkedKeys: new Set() },
    signal: new AbortController().signal,
    ...{ onFault: () => undefined, onParked: () => undefined },
  });
  await apply(facts);
  await releaseLease(sql, 'worker', 'hearing', epoch);
}

async function startOwnWorker({
  sql,
}: Database): Promise<Readonly<{ worker: Worker; stop: () => Promise<void> }>> {
  // Its own: what a worker of another test publishes would be heard here.
  const nats = await ownNats();
  const bus = await openBus(nats.url, NAME);
  const log = createLogClient({}, SECRET);
  const hint = createLockHint(redisUrl(), `test:${crypto.randomUUID()}`, crypto.randomUUID());
  const worker = startWorker({
    ...{ subgraph: NAME, sql, bus, log, hint, logger, codeVersion: 'test' },
    consumer: createOthersFactsConsumer({ sql, onHeld: () => undefined }),
    registry: createRegistry(NAME),
  });
  const stop = async () => {
    await worker.stop();
    hint.close();
    await Promise.all([bus.close(), log.close()]);
    await nats.stop();
  };
  return { worker, stop };
}

async function serverOf({ sql, read }: Database, publicJwk: object, worker: Worker) {
  const settings = subgraphSettings.parse({
    ...{ PORT: '0', DATABASE_URL: 'postgres://unused', NATS_URL: 'unused', REDIS_URL: 'unused' },
    ...{ INTERNAL_PUBLIC_JWK: JSON.stringify(publicJwk), LOG_READ_SECRET: SECRET, SUBGRAPH_URLS: '{}' },
  });
  const { poke, rehearse } = worker;
  const handlers = {
    placeOrder: createPlaceOrder({ sql, seal: async () => 'sealed', poke }),
    cancelOrder: createCancelOrder({ sql, poke }),
    upsertPartners: createUpsertPartners({ sql, poke }),
    deadLetters: createDeadLetterDesk({ sql, consumer: NAME, rehearse }),
  };
  return createSubgraphServer<Context>({
    ...{ name: NAME, settings, sql, logger, registry: createRegistry(NAME) },
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, NAME, resolvers),
    context: (base) => ({
      ...{ ...base, ...handlers, sql, read, tail: createLogTail(sql), cursorSecret: SECRET },
      loaders: createLoaders(read),
    }),
    ready: async () => undefined,
  });
}

export type ServedOrders = Awaited<ReturnType<typeof serveOrders>>;

/** `before` fills the database while no worker runs. */
export async function serveOrders(before: (database: Database) => Promise<void>) {
  const clone = await databaseFromTemplate('orders', (url) => migrate(url, MIGRATIONS));
  const database = openDatabase({ url: clone.url, applicationName: 'orders-test' });
  await before(database);
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const { worker, stop } = await startOwnWorker(database);
  const app = await serverOf(database, await exportJWK(publicKey), worker);
  const tokenOf = (role: Role) =>
    new SignJWT({ role, partner: 'p1' })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer('crossdock-gateway')
      .setAudience(NAME)
      .setSubject(`a ${role}`)
      .setExpirationTime('30s')
      .sign(privateKey);
  return {
    database,
    ask: async (role: Role, query: string, variables: object = {}): Promise<Answer> => {
      const headers = { 'x-internal-auth': await tokenOf(role) };
      const payload = { query, variables };
      return (await app.inject({ method: 'POST', url: '/graphql', headers, payload })).json<Answer>();
    },
    close: async () => {
      await app.close();
      await stop();
      await database.close();
      await clone.drop();
    },
  };
}
