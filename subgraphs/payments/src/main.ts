// Starts payments: partners' credit, the money of orders, the ledger, the calls to card providers. It builds the parts and
// hands them to each other; it decides nothing.
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase, type ReadDatabase, type Sql } from '@crossdock/event-store';
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
import { createCardTokenOpener } from './adapters/card-token-opener.ts';
import { createProviders } from './adapters/providers.ts';
import { createSimulatorProvider } from './adapters/simulator.ts';
import { startCardDispatcher } from './command-handlers/dispatch-card-calls.ts';
import { startRenewer } from './command-handlers/renew-authorisations.ts';
import { createSetCreditLimits } from './command-handlers/set-credit-limits.ts';
import {
  loadDatabaseUrl,
  loadRebuildSettings,
  loadRestoreSettings,
  loadSettings,
  type Settings,
} from './config.ts';
import { FOLDED_TABLES } from './consumers/folded-tables.ts';
import { createPaymentsConsumer } from './consumers/payments-consumer.ts';
import { createContext, type Reads } from './graphql/context.ts';
import { resolvers } from './graphql/resolvers.ts';
import { loadAttemptViews, loadPaymentViews } from './read-models/order-payments.ts';
import { loadCreditViews } from './read-models/partner-credit.ts';

const NAME = 'payments';
/** Why `restore-log` does nothing here: repeating a call whose record is gone may charge somebody twice. */
const NOT_RESTORABLE =
  'The tables of payments cannot be folded from its log: what was asked of card providers stands in its tables alone, and a ' +
  'card could be charged twice. Restore its database to the last commit (a standby, or the archive up to its end).';
const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));

function createReads(read: ReadDatabase, { CALL_PATIENCE_S: patience_s }: Settings): Reads {
  return {
    payments: (ids) => loadPaymentViews(read, ids, patience_s * 1_000),
    attempts: (ids) => loadAttemptViews(read, ids),
    credit: (ids) => loadCreditViews(read, ids),
  };
}

type CardParts = Readonly<{
  settings: Settings;
  sql: Sql;
  logger: Logger;
  registry: Registry;
  worker: Worker;
}>;

function startCards({ settings, sql, logger, registry, worker }: CardParts) {
  const { PAYMENT_PROVIDER_URL: url, PAYMENT_PROVIDER_KEY: key } = settings;
  const provider = createSimulatorProvider({ name: 'simulator', url, key, logger, registry });
  const openCardToken = createCardTokenOpener(settings.CARD_TOKEN_PRIVATE_JWK);
  const { poke, leaseEpoch, noteParked: onParked } = worker;
  const providers = createProviders([provider]);
  const patienceMs = settings.CALL_PATIENCE_S * 1_000;
  const options = { sql, providers, openCardToken, logger, poke, leaseEpoch, onParked, patienceMs };
  const dispatcher = startCardDispatcher({ ...options, codeVersion: codeVersion() });
  const renewBeforeMs = settings.RENEW_BEFORE_S * 1_000;
  const renewer = startRenewer({
    sql,
    logger,
    poke,
    leaseEpoch,
    renewBeforeMs,
    onCallsQueued: dispatcher.wake,
  });
  return { provider, dispatcher, renewer };
}

async function run(): Promise<void> {
  const settings = loadSettings();
  const logger = createLogger(NAME, settings.LOG_LEVEL);
  const registry = createRegistry(NAME);
  const { sql, read, close } = openDatabase({ url: settings.DATABASE_URL, applicationName: NAME });
  const bus = await openBus(settings.NATS_URL, NAME, settings.NATS_STREAM_REPLICAS);
  const log = createLogClient(settings.SUBGRAPH_URLS, settings.LOG_READ_SECRET, NAME);
  const hint = createLockHint(settings.REDIS_URL, `crossdock:${NAME}:worker`, crypto.randomUUID());
  const card = { wake: () => undefined as void };
  const onParked = (keys: readonly string[]) => worker.noteParked(keys);
  const hearing = { sql, codeVersion: codeVersion(), onParked };
  const consumer = createPaymentsConsumer({ ...hearing, onCallsQueued: () => card.wake() });
  const guard = createLogGuard({ subgraph: NAME, sql, natsUrl: settings.NATS_URL, log, logger, registry });
  await guard.checkFirst();
  const worker = startWorker({
    subgraph: NAME,
    sql,
    bus,
    log,
    hint,
    consumer,
    logger,
    registry,
    guard,
    codeVersion: codeVersion(),
  });
  const { poke, rehearse } = worker;
  const { provider, dispatcher, renewer } = startCards({ settings, sql, logger, registry, worker });
  card.wake = dispatcher.wake;
  const reads = createReads(read, settings);
  const commands = { setCreditLimits: createSetCreditLimits({ sql, poke }) };
  const deadLetters = createDeadLetterDesk({ sql, consumer: NAME, rehearse });
  const app = await createSubgraphServer({
    name: NAME,
    settings,
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, NAME, resolvers),
    sql,
    logger,
    registry,
    context: (base) => createContext(base, reads, commands, deadLetters),
    ready: guard.mustBeOpen,
  });
  await serve(app, settings, logger, async () => {
    // What the provider answers during the stop is still ours to commit: the lease goes last.
    await renewer.stop();
    await dispatcher.stop();
    await worker.stop();
    hint.close();
    await Promise.all([provider.close(), bus.close(), log.close(), close()]);
  });
}

/** Folds a read model anew; without a name it lists them. */
async function rebuild(args: readonly string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  process.exitCode = await runRebuildCommand({
    args,
    models: FOLDED_TABLES,
    settings: loadRebuildSettings,
    say,
  });
}

const [command, ...args] = process.argv.slice(2);
if (command === 'migrate') await migrate(loadDatabaseUrl(), MIGRATIONS);
else if (command === 'rebuild') await rebuild(args);
else if (command === 'restore-log') {
  const restore = { subgraph: NAME, settings: loadRestoreSettings(), args, fold: NOT_RESTORABLE } as const;
  process.exitCode = await runRestoreCommand(restore);
} else await run();
