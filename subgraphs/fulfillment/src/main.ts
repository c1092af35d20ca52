// The fulfillment process: chooses warehouses for confirmed orders, releases shipments to their WMS, takes confirmations.
// It reserves nothing: whether a plan's units are there is inventory's answer.
import { randomUUID } from 'node:crypto';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Database, migrate, openDatabase } from '@crossdock/event-store';
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
import { createHttpWarehouseSystem } from './adapters/http-warehouse-system.ts';
import { createConfirmShipments } from './command-handlers/confirm-shipments.ts';
import { createDispatchMetrics } from './command-handlers/dispatch-metrics.ts';
import { startDispatcher } from './command-handlers/dispatch-releases.ts';
import { createUpsertWarehouses } from './command-handlers/upsert-warehouses.ts';
import {
  type FulfillmentSettings,
  loadRestoreSettings,
  readFulfillmentSettings,
  readRebuildSettings,
} from './config.ts';
import { createFulfillmentConsumer } from './consumers/fulfillment-consumer.ts';
import { createOwnHistory } from './consumers/own-history.ts';
import { startRetrying } from './consumers/retry-held-orders.ts';
import { createRoutingMetrics } from './consumers/routing-metrics.ts';
import { createContext, type Desk } from './graphql/context.ts';
import { resolvers } from './graphql/resolvers.ts';
import { COMPARED_TABLES } from './read-models/compared-tables.ts';
import { allWarehouses, latestPlans, partnersOfOrders, warehousesById } from './read-models/routing.ts';
import { listShipments, shipmentsById, shipmentsOfOrders } from './read-models/shipments.ts';

const NAME = 'fulfillment';
/** Unix niceness: on a full machine, steps that a client waits for (placing, reserving, paying) go before routing. */
const NICENESS = 10;
const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));

type Process = Readonly<{
  settings: FulfillmentSettings;
  logger: Logger;
  registry: Registry;
  database: Database;
}>;

function createDesk({ sql, read }: Database, { poke, rehearse }: Worker): Desk {
  return {
    deadLetters: createDeadLetterDesk({ sql, consumer: NAME, rehearse }),
    confirmShipment: createConfirmShipments({ sql, operation: 'confirmShipment', poke }),
    confirmShipments: createConfirmShipments({ sql, operation: 'confirmShipments', poke }),
    upsertWarehouses: createUpsertWarehouses(sql, poke),
    shipmentsById: (ids) => shipmentsById(read, ids),
    shipmentsOfOrders: (orderIds) => shipmentsOfOrders(read, orderIds),
    listShipments: (page) => listShipments(read, page),
    partnersOfOrders: (orderIds) => partnersOfOrders(read, orderIds),
    latestPlans: (orderIds) => latestPlans(read, orderIds),
    allWarehouses: () => allWarehouses(read),
    warehousesById: (ids) => warehousesById(read, ids),
  };
}

/** What runs beside the server: the worker (relay and consumer), and what works under its lease. */
async function startBackground({ settings, logger, registry, database }: Process) {
  const { sql } = database;
  const bus = await openBus(settings.NATS_URL, NAME, settings.NATS_STREAM_REPLICAS);
  const log = createLogClient(settings.SUBGRAPH_URLS, settings.LOG_READ_SECRET, NAME);
  const hint = createLockHint(settings.REDIS_URL, `crossdock:worker:${NAME}`, randomUUID());
  const wms = createHttpWarehouseSystem({ url: settings.WMS_URL, key: settings.WMS_KEY, logger, registry });
  const released = { wake: () => undefined as void };
  const metrics = createRoutingMetrics(registry);
  const consumer = createFulfillmentConsumer({ sql, logger, metrics, onReleased: () => released.wake() });
  const guard = createLogGuard({ subgraph: NAME, sql, natsUrl: settings.NATS_URL, log, logger, registry });
  await guard.checkFirst();
  const running = { sql, bus, log, hint, consumer, logger, registry, guard };
  const worker = startWorker({ subgraph: NAME, codeVersion: codeVersion(), ...running });
  const { holdsLease } = worker;
  const dispatcher = startDispatcher({
    sql,
    wms,
    holdsLease,
    logger,
    metrics: createDispatchMetrics(registry),
  });
  released.wake = dispatcher.wake;
  const retrying = startRetrying({ sql, logger, metrics, holdsLease, consumer: NAME, poke: worker.poke });
  const stop = async () => {
    await Promise.all([dispatcher.stop(), retrying.stop(), worker.stop()]);
    hint.close();
    await Promise.all([wms.close(), log.close(), bus.close()]);
  };
  return { worker, stop, ready: guard.mustBeOpen };
}

async function start(settings: FulfillmentSettings): Promise<void> {
  const logger = createLogger(NAME, settings.LOG_LEVEL);
  const registry = createRegistry(NAME);
  const database = openDatabase({ url: settings.DATABASE_URL, applicationName: NAME });
  const background = await startBackground({ settings, logger, registry, database });
  const desk = createDesk(database, background.worker);
  const app = await createSubgraphServer({
    ...{ name: NAME, settings, sql: database.sql, logger, registry },
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, NAME, resolvers),
    context: (base) => createContext(base, desk),
    ready: background.ready,
  });
  await serve(app, settings, logger, async () => {
    await background.stop();
    await database.close();
  });
}

/** Compares a read model with the log; without a name it lists them. */
async function rebuild(args: readonly string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  process.exitCode = await runRebuildCommand({
    args,
    models: COMPARED_TABLES,
    settings: readRebuildSettings,
    say,
  });
}

setPriority(NICENESS);
const [command, ...args] = process.argv.slice(2);
if (command === 'migrate') await migrate(readFulfillmentSettings().DATABASE_URL, MIGRATIONS);
else if (command === 'rebuild') await rebuild(args);
else if (command === 'restore-log') {
  const restore = { subgraph: NAME, settings: loadRestoreSettings(), args, fold: createOwnHistory } as const;
  process.exitCode = await runRestoreCommand(restore);
} else await start(readFulfillmentSettings());
