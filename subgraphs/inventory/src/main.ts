// The inventory process: what exists, where it lies, and who has a claim on it. It knows no prices of partners, no money
// and no routes; `migrate` as the first argument brings its database up to date and ends, `restore-log` takes back what was published since
// the point its database was restored to.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase } from '@crossdock/event-store';
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
import { createReceiveStock } from './command-handlers/receive-stock.ts';
import { createUpsertProducts } from './command-handlers/upsert-products.ts';
import { type InventorySettings, loadRestoreSettings, readConfig, readDatabaseUrl } from './config.ts';
import { createOwnHistory } from './consumers/own-history.ts';
import { createStockConsumer } from './consumers/stock-consumer.ts';
import { createContext } from './graphql/context.ts';
import { mutationResolvers } from './graphql/mutations.ts';
import { queryResolvers } from './graphql/queries.ts';

const NAME = 'inventory';
const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));

async function run(settings: InventorySettings): Promise<void> {
  const logger = createLogger(NAME, settings.LOG_LEVEL);
  const registry = createRegistry(NAME);
  const database = openDatabase({ url: settings.DATABASE_URL, applicationName: NAME });
  const bus = await openBus(settings.NATS_URL, NAME);
  const log = createLogClient(settings.SUBGRAPH_URLS, settings.LOG_READ_SECRET, NAME);
  const hint = createLockHint(settings.REDIS_URL, `lock:${NAME}`, randomUUID());
  const { sql } = database;
  const guard = createLogGuard({ subgraph: NAME, sql, natsUrl: settings.NATS_URL, log, logger, registry });
  await guard.checkFirst();
  const worker = startWorker({
    subgraph: NAME,
    sql: database.sql,
    bus,
    log,
    hint,
    consumer: createStockConsumer(database.sql),
    logger,
    registry,
    guard,
    codeVersion: codeVersion(),
  });
  const commands = { sql: database.sql, poke: worker.poke };
  const handlers = {
    upsertProducts: createUpsertProducts(commands),
    receiveStock: createReceiveStock(commands),
  };
  const app = await createSubgraphServer({
    name: NAME,
    settings,
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, NAME, { ...queryResolvers, ...mutationResolvers }),
    sql: database.sql,
    logger,
    registry,
    context: (base) => createContext(base, { read: database.read, handlers }),
    ready: guard.mustBeOpen,
  });
  await serve(app, { host: settings.HOST, port: settings.PORT }, logger, async () => {
    await worker.stop();
    hint.close();
    await Promise.all([bus.close(), log.close()]);
    await database.close();
  });
}

const [, , command, ...args] = process.argv;
if (command === 'migrate') await migrate(readDatabaseUrl(), MIGRATIONS);
else if (command === 'restore-log') {
  const restore = { subgraph: NAME, settings: loadRestoreSettings(), args, fold: createOwnHistory } as const;
  process.exitCode = await runRestoreCommand(restore);
} else await run(readConfig());
