// The orders subgraph: partners, prices, orders. `node src/main.ts` serves, `migrate` behind it makes the tables, `rebuild` folds a
// read model anew, and `restore-log` takes back what was published since the point its database was restored to.
import { fileURLToPath } from 'node:url';
import { createLogTail, migrate, openDatabase, type Sql } from '@crossdock/event-store';
import {
  createLogClient,
  createLogGuard,
  openBus,
  runRebuildCommand,
  runRestoreCommand,
  startWorker,
} from '@crossdock/messaging';
import { createLockHint } from '@crossdock/resilience';
import {
  codeVersion,
  createDeadLetterDesk,
  createSubgraphServer,
  loadSubgraphSchema,
  serve,
} from '@crossdock/subgraph-server';
import { createLogger, createRegistry, type Logger, type Registry } from '@crossdock/telemetry';
import { createCardSealer } from './adapters/card-sealer.ts';
import { createCancelOrder } from './command-handlers/cancel-order.ts';
import { createPlaceOrder } from './command-handlers/place-order.ts';
import { createUpsertPartners } from './command-handlers/upsert-partners.ts';
import { createWatchMetrics } from './command-handlers/watch-metrics.ts';
import { startWatchdog } from './command-handlers/watchdog.ts';
import {
  loadDatabaseUrl,
  loadRebuildSettings,
  loadRestoreSettings,
  loadSettings,
  type Settings,
} from './config.ts';
import { FOLDED_TABLES } from './consumers/folded-tables.ts';
import { createOthersFactsConsumer } from './consumers/others-facts.ts';
import { createOwnHistory } from './consumers/own-history.ts';
import { deadlinesWith } from './domain/deadline.ts';
import type { Context } from './graphql/context.ts';
import { createLoaders } from './graphql/loaders.ts';
import { resolvers } from './graphql/resolvers.ts';
import { COMPARED_TABLES } from './read-models/compared-tables.ts';
import { knownOrders } from './store/history.ts';

const NAME = 'orders';
const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));
const READ_MODELS = [...FOLDED_TABLES, ...COMPARED_TABLES];

type Process = Readonly<{ settings: Settings; logger: Logger; registry: Registry; sql: Sql }>;

/** What runs beside the server: the worker (relay and consumer), and the watchdog, which works under its lease. */
async function startBackground({ settings, logger, registry, sql }: Process) {
  const bus = await openBus(settings.NATS_URL, NAME, settings.NATS_STREAM_REPLICAS);
  const log = createLogClient(settings.SUBGRAPH_URLS, settings.LOG_READ_SECRET, NAME);
  const hint = createLockHint(settings.REDIS_URL, `crossdock:${NAME}:worker`, crypto.randomUUID());
  const metrics = createWatchMetrics(registry);
  const consumer = createOthersFactsConsumer({ sql, onHeld: (owner) => metrics.held.inc({ owner }) });
  const guard = createLogGuard({ subgraph: NAME, sql, natsUrl: settings.NATS_URL, log, logger, registry });
  await guard.checkFirst();
  const running = { sql, bus, log, hint, logger, registry, consumer, guard };
  const worker = startWorker({ subgraph: NAME, codeVersion: codeVersion(), ...running });
  const { poke, leaseEpoch, rehearse } = worker;
  const deadlines = deadlinesWith(settings.ORDER_DEADLINES_S);
  const watchdog = startWatchdog({ sql, logger, metrics, deadlines, poke, leaseEpoch });
  const stop = async () => {
    await watchdog.stop();
    await worker.stop();
    await Promise.all([bus.close(), log.close()]);
    hint.close();
  };
  return { poke, rehearse, stop, ready: guard.mustBeOpen };
}

async function start(): Promise<void> {
  const settings = loadSettings();
  const logger = createLogger(NAME, settings.LOG_LEVEL);
  const registry = createRegistry(NAME);
  const database = openDatabase({ url: settings.DATABASE_URL, applicationName: NAME });
  const { sql, read } = database;
  const background = await startBackground({ settings, logger, registry, sql });
  const tail = createLogTail(sql);
  const handlers = createHandlers(settings, sql, background.poke);
  const deadLetters = createDeadLetterDesk({ sql, consumer: NAME, rehearse: background.rehearse });
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
      deadLetters,
      sql,
      read,
      tail,
      loaders: createLoaders(read),
      cursorSecret: settings.CURSOR_SECRET,
    }),
    ready: background.ready,
  });
  await serve(app, settings, logger, async () => {
    tail.close();
    await background.stop();
    await database.close();
  });
}

function createHandlers(settings: Settings, sql: Sql, poke: () => void) {
  const seal = createCardSealer(settings.CARD_TOKEN_PUBLIC_JWK);
  return {
    placeOrder: createPlaceOrder({ sql, seal, poke }),
    cancelOrder: createCancelOrder({ sql, poke }),
    upsertPartners: createUpsertPartners({ sql, poke }),
  };
}

/** Folds a read model anew, or compares it; without a name it lists them. */
async function rebuild(args: readonly string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  process.exitCode = await runRebuildCommand({
    args,
    models: READ_MODELS,
    settings: loadRebuildSettings,
    say,
  });
}

const [command, ...args] = process.argv.slice(2);
if (command === 'migrate') await migrate(loadDatabaseUrl(), MIGRATIONS);
else if (command === 'rebuild') await rebuild(args);
else if (command === 'restore-log') {
  const settings = loadRestoreSettings();
  const restore = { subgraph: NAME, settings, args, fold: createOwnHistory, knownOrders } as const;
  process.exitCode = await runRestoreCommand(restore);
} else await start();
