// The orders subgraph: partners, prices, orders. `node src/main.ts` serves, `node src/main.ts migrate` makes the tables, and
// `node src/main.ts restore-log` takes back what was published since the point its database was restored to.
import { fileURLToPath } from 'node:url';
import { createLogTail, migrate, openDatabase, type Sql } from '@crossdock/event-store';
import {
  createLogClient,
  createLogGuard,
  openBus,
  runRestoreCommand,
  startWorker,
} from '@crossdock/messaging';
import { createLockHint } from '@crossdock/resilience';
import { codeVersion, createSubgraphServer, loadSubgraphSchema, serve } from '@crossdock/subgraph-server';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { createCardSealer } from './adapters/card-sealer.ts';
import { createPlaceOrder } from './command-handlers/place-order.ts';
import { createUpsertPartners } from './command-handlers/upsert-partners.ts';
import { loadDatabaseUrl, loadRestoreSettings, loadSettings, type Settings } from './config.ts';
import { createOthersFactsConsumer } from './consumers/others-facts.ts';
import { createOwnHistory } from './consumers/own-history.ts';
import type { Context } from './graphql/context.ts';
import { createLoaders } from './graphql/loaders.ts';
import { resolvers } from './graphql/resolvers.ts';
import { knownOrders } from './store/history.ts';

const NAME = 'orders';
const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));

async function start(): Promise<void> {
  const settings = loadSettings();
  const logger = createLogger(NAME, settings.LOG_LEVEL);
  const registry = createRegistry(NAME);
  const database = openDatabase({ url: settings.DATABASE_URL, applicationName: NAME });
  const bus = await openBus(settings.NATS_URL, NAME);
  const log = createLogClient(settings.SUBGRAPH_URLS, settings.LOG_READ_SECRET, NAME);
  const hint = createLockHint(settings.REDIS_URL, `crossdock:${NAME}:worker`, crypto.randomUUID());
  const { sql, read } = database;
  const consumer = createOthersFactsConsumer(sql);
  const guard = createLogGuard({ subgraph: NAME, sql, natsUrl: settings.NATS_URL, log, logger, registry });
  await guard.checkFirst();
  const running = { sql, bus, log, hint, logger, registry, consumer, guard };
  const worker = startWorker({ subgraph: NAME, codeVersion: codeVersion(), ...running });
  const tail = createLogTail(sql);
  const handlers = createHandlers(settings, sql, worker.poke);
  const app = await createSubgraphServer<Context>({
    name: NAME,
    settings,
    sql,
    logger,
    registry,
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, NAME, resolvers),
    context: (base) => ({
      ...base,
      ...handlers,
      sql,
      read,
      tail,
      loaders: createLoaders(read),
      cursorSecret: settings.CURSOR_SECRET,
    }),
    ready: guard.mustBeOpen,
  });
  await serve(app, { host: settings.HOST, port: settings.PORT }, logger, async () => {
    tail.close();
    await worker.stop();
    await Promise.all([bus.close(), log.close(), database.close()]);
    hint.close();
  });
}

function createHandlers(settings: Settings, sql: Sql, poke: () => void) {
  const seal = createCardSealer(settings.CARD_TOKEN_PUBLIC_JWK);
  return {
    placeOrder: createPlaceOrder({ sql, seal, poke }),
    upsertPartners: createUpsertPartners({ sql, poke }),
  };
}

const [, , command, ...args] = process.argv;
if (command === 'migrate') await migrate(loadDatabaseUrl(), MIGRATIONS);
else if (command === 'restore-log') {
  const settings = loadRestoreSettings();
  const restore = { subgraph: NAME, settings, args, fold: createOwnHistory, knownOrders } as const;
  process.exitCode = await runRestoreCommand(restore);
} else await start();
