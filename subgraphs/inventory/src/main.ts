// The inventory process: what exists, where it lies, and who has a claim on it. It knows no prices of partners, no money
// and no routes; `migrate` as the first argument brings its database up to date and ends, `rebuild` folds a read model anew,
// `restore-log` takes back what was published since the point its database was restored to.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase, type Sql } from '@crossdock/event-store';
import {
  createLogClient,
  createLogGuard,
  openBus,
  runRebuildCommand,
  runRestoreCommand,
  startWorker,
  type Worker,
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
import { createAdjustStock } from './command-handlers/adjust-stock.ts';
import { createBackorderMetrics } from './command-handlers/backorder-metrics.ts';
import { startBackorderReleaser } from './command-handlers/backorder-releaser.ts';
import { createExtendHold } from './command-handlers/extend-hold.ts';
import { createHoldMetrics } from './command-handlers/hold-metrics.ts';
import { createHoldStock } from './command-handlers/hold-stock.ts';
import { startHoldSweeper } from './command-handlers/hold-sweeper.ts';
import { startLowStockWatch } from './command-handlers/low-stock-watch.ts';
import { createReceiveStock } from './command-handlers/receive-stock.ts';
import { createReceiveTransfer } from './command-handlers/receive-transfer.ts';
import { createReleaseHold } from './command-handlers/release-hold.ts';
import type { HandlerDependencies } from './command-handlers/request.ts';
import { createSetSafetyStock } from './command-handlers/set-safety-stock.ts';
import { createTransferStock } from './command-handlers/transfer-stock.ts';
import { createUpsertProducts } from './command-handlers/upsert-products.ts';
import {
  type InventorySettings,
  loadRestoreSettings,
  readConfig,
  readDatabaseUrl,
  readRebuildSettings,
} from './config.ts';
import { FOLDED_TABLES } from './consumers/folded-tables.ts';
import { createOwnHistory } from './consumers/own-history.ts';
import { createStockConsumer } from './consumers/stock-consumer.ts';
import { createContext } from './graphql/context.ts';
import { mutationResolvers } from './graphql/mutations.ts';
import { queryResolvers } from './graphql/queries.ts';
import { COMPARED_TABLES } from './read-models/compared-tables.ts';

const NAME = 'inventory';
const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));
const READ_MODELS = [...FOLDED_TABLES, ...COMPARED_TABLES];

const createHandlers = (commands: HandlerDependencies) => ({
  upsertProducts: createUpsertProducts(commands),
  receiveStock: createReceiveStock(commands),
  adjustStock: createAdjustStock(commands),
  transferStock: createTransferStock(commands),
  receiveTransfer: createReceiveTransfer(commands),
  setSafetyStock: createSetSafetyStock(commands),
  holdStock: createHoldStock(commands),
  extendHold: createExtendHold(commands),
  releaseHold: createReleaseHold(commands),
});

type Watched = Readonly<{ sql: Sql; logger: Logger; registry: Registry; worker: Worker }>;

/** What looks at stock by itself, under the worker's lease: for those who wait, for holds that are over, for what runs low. */
function startWatches({ sql, logger, registry, worker }: Watched) {
  const { leaseEpoch } = worker;
  const parts = { sql, logger, leaseEpoch };
  const backorders = startBackorderReleaser({
    ...parts,
    metrics: createBackorderMetrics(registry),
    poke: worker.poke,
  });
  // Whatever a client or the clock did to stock may have freed some.
  const poke = () => {
    worker.poke();
    backorders.wake();
  };
  const holds = startHoldSweeper({ ...parts, metrics: createHoldMetrics(registry), poke });
  const lowStock = startLowStockWatch({ ...parts, poke: worker.poke });
  return {
    wake: backorders.wake,
    poke,
    stop: async () => {
      await Promise.all([backorders.stop(), holds.stop(), lowStock.stop()]);
    },
  };
}

async function run(settings: InventorySettings): Promise<void> {
  const logger = createLogger(NAME, settings.LOG_LEVEL);
  const registry = createRegistry(NAME);
  const database = openDatabase({ url: settings.DATABASE_URL, applicationName: NAME });
  const bus = await openBus(settings.NATS_URL, NAME, settings.NATS_STREAM_REPLICAS);
  const log = createLogClient(settings.SUBGRAPH_URLS, settings.LOG_READ_SECRET, NAME);
  const hint = createLockHint(settings.REDIS_URL, `lock:${NAME}`, randomUUID());
  const { sql, read } = database;
  const guard = createLogGuard({ subgraph: NAME, sql, natsUrl: settings.NATS_URL, log, logger, registry });
  await guard.checkFirst();
  const freed = { wake: () => undefined as void };
  const worker = startWorker({
    subgraph: NAME,
    sql,
    bus,
    log,
    hint,
    consumer: createStockConsumer(sql, () => freed.wake()),
    logger,
    registry,
    guard,
    codeVersion: codeVersion(),
  });
  const watches = startWatches({ sql, logger, registry, worker });
  freed.wake = watches.wake;
  const handlers = createHandlers({ sql, poke: watches.poke });
  const deadLetters = createDeadLetterDesk({ sql, consumer: NAME, rehearse: worker.rehearse });
  const app = await createSubgraphServer({
    name: NAME,
    settings,
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, NAME, { ...queryResolvers, ...mutationResolvers }),
    sql,
    logger,
    registry,
    context: (base) => createContext(base, { read, handlers, deadLetters }),
    ready: guard.mustBeOpen,
  });
  await serve(app, settings, logger, async () => {
    await watches.stop();
    await worker.stop();
    hint.close();
    await Promise.all([bus.close(), log.close()]);
    await database.close();
  });
}

/** Folds a read model anew, or compares it; without a name it lists them. */
async function rebuild(args: readonly string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  process.exitCode = await runRebuildCommand({
    args,
    models: READ_MODELS,
    settings: readRebuildSettings,
    say,
  });
}

const [command, ...args] = process.argv.slice(2);
if (command === 'migrate') await migrate(readDatabaseUrl(), MIGRATIONS);
else if (command === 'rebuild') await rebuild(args);
else if (command === 'restore-log') {
  const restore = { subgraph: NAME, settings: loadRestoreSettings(), args, fold: createOwnHistory } as const;
  process.exitCode = await runRestoreCommand(restore);
} else await run(readConfig());
