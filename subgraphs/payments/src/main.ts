// Starts payments: partners' credit, the money of orders, the ledger, the calls to card providers. It builds the parts and
// hands them to each other; it decides nothing.
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase } from '@crossdock/event-store';
import { createLogClient, openBus, startWorker } from '@crossdock/messaging';
import { createLockHint } from '@crossdock/resilience';
import { codeVersion, createSubgraphServer, loadSubgraphSchema, serve } from '@crossdock/subgraph-server';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { createSetCreditLimits } from './command-handlers/set-credit-limits.ts';
import { loadDatabaseUrl, loadSettings } from './config.ts';
import { createPaymentsConsumer } from './consumers/payments-consumer.ts';
import { createContext, type Reads } from './graphql/context.ts';
import { resolvers } from './graphql/resolvers.ts';
import { loadAttemptViews, loadPaymentViews } from './read-models/order-payments.ts';
import { loadCreditViews } from './read-models/partner-credit.ts';

const NAME = 'payments';
const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));

async function run(): Promise<void> {
  const settings = loadSettings();
  const logger = createLogger(NAME, settings.LOG_LEVEL);
  const registry = createRegistry(NAME);
  const { sql, read, close } = openDatabase({ url: settings.DATABASE_URL, applicationName: NAME });
  const bus = await openBus(settings.NATS_URL, NAME);
  const log = createLogClient(settings.SUBGRAPH_URLS, settings.LOG_READ_SECRET);
  const hint = createLockHint(settings.REDIS_URL, `crossdock:${NAME}:worker`, crypto.randomUUID());
  const consumer = createPaymentsConsumer({ sql, onCallsQueued: () => undefined });
  const worker = startWorker({
    subgraph: NAME,
    sql,
    bus,
    log,
    hint,
    consumer,
    logger,
    registry,
    codeVersion: codeVersion(),
  });
  const reads: Reads = {
    payments: (ids) => loadPaymentViews(read, ids),
    attempts: (ids) => loadAttemptViews(read, ids),
    credit: (ids) => loadCreditViews(read, ids),
  };
  const commands = { setCreditLimits: createSetCreditLimits({ sql, poke: worker.poke }) };
  const app = await createSubgraphServer({
    name: NAME,
    settings,
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, NAME, resolvers),
    sql,
    logger,
    registry,
    context: (base) => createContext(base, reads, commands),
    ready: async () => {
      await sql`SELECT 1`;
    },
  });
  await serve(app, { host: settings.HOST, port: settings.PORT }, logger, async () => {
    await worker.stop();
    hint.close();
    await Promise.all([bus.close(), log.close(), close()]);
  });
}

if (process.argv[2] === 'migrate') await migrate(loadDatabaseUrl(), MIGRATIONS);
else await run();
