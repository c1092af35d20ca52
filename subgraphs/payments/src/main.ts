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
  addRawRoute,
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
import {
  createClosePaymentBreak,
  createReconcilePayments,
} from './command-handlers/ask-for-reconciliation.ts';
import { startCardDispatcher } from './command-handlers/dispatch-card-calls.ts';
import { createSetCreditLimits } from './command-handlers/set-credit-limits.ts';
import { type PaymentWatch, watchPayments } from './command-handlers/watch-payments.ts';
import {
  loadDatabaseUrl,
  loadRebuildSettings,
  loadRestoreSettings,
  loadSettings,
  type Settings,
} from './config.ts';
import { FOLDED_TABLES } from './consumers/folded-tables.ts';
import { createPaymentsConsumer } from './consumers/payments-consumer.ts';
import { type Commands, createContext, type Reads } from './graphql/context.ts';
import { resolvers } from './graphql/resolvers.ts';
import type { ReadNotice } from './ports.ts';
import { loadAttemptViews, loadPaymentViews } from './read-models/order-payments.ts';
import { loadCreditViews } from './read-models/partner-credit.ts';
import { listBreaks, loadBreak, loadReconciliation } from './read-models/reconciliations.ts';

const NAME = 'payments';
/** Why `restore-log` does nothing here: repeating a call whose record is gone may charge somebody twice. */
const NOT_RESTORABLE =
  'The tables of payments cannot be folded from its log: what was asked of card providers stands in its tables alone, and a ' +
  'card could be charged twice. Restore its database to the last commit (a standby, or the archive up to its end).';
/** More than any provider tells in one event; the gateway takes no more either. */
const WEBHOOK_BYTES_MAX = 256 * 1_024;
const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));

function createReads(read: ReadDatabase): Reads {
  return {
    payments: (ids) => loadPaymentViews(read, ids),
    attempts: (ids) => loadAttemptViews(read, ids),
    credit: (ids) => loadCreditViews(read, ids),
    reconciliations: {
      run: (id) => loadReconciliation(read, id),
      breaks: (state, after, limit) => listBreaks(read, state, after, limit),
      break: (id) => loadBreak(read, id),
    },
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
  const { poke, leaseEpoch } = worker;
  return {
    providers: createProviders([provider]),
    readers: new Map<string, ReadNotice>(),
    dispatcher: startCardDispatcher({ sql, provider, openCardToken, logger, poke, leaseEpoch }),
  };
}

function createCommands(sql: Sql, poke: () => void): Commands {
  return {
    setCreditLimits: createSetCreditLimits({ sql, poke }),
    reconcilePayments: createReconcilePayments({ sql }),
    closePaymentBreak: createClosePaymentBreak({ sql }),
  };
}

/** Providers tell of what they did at this route; the gateway passes it on unread. */
function addWebhookRoute(
  app: Parameters<typeof addRawRoute>[0],
  { takeWebhook }: PaymentWatch,
): Promise<void> {
  return addRawRoute(app, {
    path: '/webhooks/:name',
    bodyBytesMax: WEBHOOK_BYTES_MAX,
    handle: ({ name, headers, body }) => takeWebhook({ provider: name, headers, rawBody: body }),
  });
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
  const consumer = createPaymentsConsumer({ sql, onCallsQueued: () => card.wake() });
  const guard = createLogGuard({ subgraph: NAME, sql, natsUrl: settings.NATS_URL, log, logger, registry });
  await guard.checkFirst();
  const worker = startWorker({
    ...{ subgraph: NAME, sql, bus, log, hint, consumer, logger, registry, guard },
    codeVersion: codeVersion(),
  });
  const { poke, rehearse } = worker;
  const parts = { settings, sql, logger, registry, worker };
  const { providers, readers, dispatcher } = startCards(parts);
  card.wake = dispatcher.wake;
  const watch = watchPayments({
    ...{ ...parts, providers, readers, leaseEpoch: worker.leaseEpoch, wakeCalls: dispatcher.wake },
    reconcileEveryS: settings.RECONCILE_EVERY_S,
  });
  const reads = createReads(read);
  const commands = createCommands(sql, poke);
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
  await addWebhookRoute(app, watch);
  await serve(app, settings, logger, async () => {
    await watch.stop();
    // What the provider answers during the stop is still ours to commit: the lease goes last.
    await dispatcher.stop();
    await worker.stop();
    hint.close();
    await Promise.all([...providers.all.map((each) => each.close()), bus.close(), log.close(), close()]);
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
