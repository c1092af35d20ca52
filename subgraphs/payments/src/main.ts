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
import { configureProviders } from './adapters/configured-providers.ts';
import { createDocumentLinks, type DocumentLinks } from './adapters/document-links.ts';
import { addDocumentRoute } from './adapters/document-route.ts';
import { createInvoiceDrawer } from './adapters/invoice-drawer.ts';
import {
  createClosePaymentBreak,
  createReconcilePayments,
} from './command-handlers/ask-for-reconciliation.ts';
import { startCardDispatcher } from './command-handlers/dispatch-card-calls.ts';
import { createRecordPayment } from './command-handlers/record-payment.ts';
import { createRefundPayment } from './command-handlers/refund-payment.ts';
import { startRenewer } from './command-handlers/renew-authorisations.ts';
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
import { parseInvoiceNumber } from './domain/invoice.ts';
import { type Commands, createContext, type Reads } from './graphql/context.ts';
import { resolvers } from './graphql/resolvers.ts';
import { listInvoices, loadInvoices, loadInvoicesNumbered } from './read-models/invoices.ts';
import { loadLedgerEntries } from './read-models/ledger.ts';
import { loadAttemptViews, loadPaymentViews } from './read-models/order-payments.ts';
import { loadRefundViews } from './read-models/order-refunds.ts';
import { loadCreditViews, loadOpenOnTerms } from './read-models/partner-credit.ts';
import { listBreaks, loadBreak, loadReconciliation } from './read-models/reconciliations.ts';

const NAME = 'payments';
/** Why `restore-log` does nothing here: repeating a call whose record is gone may charge somebody twice. */
const NOT_RESTORABLE =
  'The tables of payments cannot be folded from its log: what was asked of card providers stands in its tables alone, and a ' +
  'card could be charged twice. Restore its database to the last commit (a standby, or the archive up to its end).';
/** More than any provider tells in one event; the gateway takes no more either. */
const WEBHOOK_BYTES_MAX = 64 * 1_024;
const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));

function createReads(read: ReadDatabase, { CALL_PATIENCE_S: patience_s }: Settings): Reads {
  return {
    payments: (ids) => loadPaymentViews(read, ids, patience_s * 1_000),
    attempts: (ids) => loadAttemptViews(read, ids),
    refunds: (ids) => loadRefundViews(read, ids),
    credit: (ids) => loadCreditViews(read, ids),
    openOnTerms: (ids) => loadOpenOnTerms(read, ids),
    entries: (ids) => loadLedgerEntries(read, ids),
    invoices: (ids) => loadInvoices(read, ids),
    invoicesNumbered: (numbers) => loadInvoicesNumbered(read, numbers),
    listInvoices: (page) => listInvoices(read, page),
    reconciliations: {
      run: (id) => loadReconciliation(read, id),
      breaks: (state, after, limit) => listBreaks(read, state, after, limit),
      break: (id) => loadBreak(read, id),
    },
  };
}

function createCommands(
  parts: Readonly<{ sql: Sql; poke: Worker['poke']; onCallsQueued: () => void }>,
): Commands {
  return {
    setCreditLimits: createSetCreditLimits(parts),
    recordPayment: createRecordPayment(parts),
    refundPayment: createRefundPayment({ ...parts, draw: Math.random }),
    reconcilePayments: createReconcilePayments(parts),
    closePaymentBreak: createClosePaymentBreak(parts),
  };
}

/** Serves invoices to whoever has a link; the answered function stops that. */
function offerDocuments(
  app: Parameters<typeof addDocumentRoute>[0],
  { SELLER_NAME: name, SELLER_ADDRESS: address }: Settings,
  links: DocumentLinks,
  read: ReadDatabase,
): () => Promise<void> {
  const { draw, close } = createInvoiceDrawer({ name, address: address ?? null });
  const load = async (text: string) => {
    const number = parseInvoiceNumber(text);
    const [invoice = null] = number === null ? [] : await loadInvoicesNumbered(read, [number]);
    return invoice === null ? null : { ...invoice, number: text };
  };
  addDocumentRoute(app, { links, draw, load });
  return close;
}

type CardParts = Readonly<{
  settings: Settings;
  sql: Sql;
  logger: Logger;
  registry: Registry;
  worker: Worker;
}>;

async function startCards({ settings, sql, logger, registry, worker }: CardParts) {
  const { providers, notices } = await configureProviders(settings.providers, { logger, registry });
  const openCardToken = createCardTokenOpener(settings.CARD_TOKEN_PRIVATE_JWK);
  const { poke, leaseEpoch, noteParked: onParked } = worker;
  const patienceMs = settings.CALL_PATIENCE_S * 1_000;
  const options = { sql, providers, openCardToken, logger, poke, leaseEpoch, onParked, patienceMs };
  const dispatcher = startCardDispatcher({ ...options, codeVersion: codeVersion() });
  const renewBeforeMs = settings.RENEW_BEFORE_S * 1_000;
  const onCallsQueued = dispatcher.wake;
  const renewer = startRenewer({ sql, logger, poke, leaseEpoch, renewBeforeMs, onCallsQueued });
  const watch = watchPayments({
    ...{ sql, logger, registry, providers, readers: notices, leaseEpoch, wakeCalls: onCallsQueued },
    ...{ reconcileEveryS: settings.RECONCILE_EVERY_S, codeVersion: codeVersion() },
  });
  const stop = async () => {
    await watch.stop();
    await renewer.stop();
    await dispatcher.stop();
  };
  return { providers, onCallsQueued, takeWebhook: watch.takeWebhook, stop };
}

/** Providers tell of what they did at this route; the gateway passes it on unread. */
function addWebhookRoute(
  app: Parameters<typeof addRawRoute>[0],
  takeWebhook: PaymentWatch['takeWebhook'],
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
  const onParked = (keys: readonly string[]) => worker.noteParked(keys);
  const hearing = { sql, codeVersion: codeVersion(), onParked };
  const consumer = createPaymentsConsumer({ ...hearing, onCallsQueued: () => card.wake() });
  const guard = createLogGuard({ subgraph: NAME, sql, natsUrl: settings.NATS_URL, log, logger, registry });
  await guard.checkFirst();
  const worker = startWorker({
    ...{ subgraph: NAME, sql, bus, log, hint, consumer, logger, registry, guard },
    codeVersion: codeVersion(),
  });
  const { poke, rehearse } = worker;
  const cards = await startCards({ settings, sql, logger, registry, worker });
  const { providers, onCallsQueued } = cards;
  card.wake = onCallsQueued;
  const reads = createReads(read, settings);
  const commands = createCommands({ sql, poke, onCallsQueued });
  const links = createDocumentLinks(settings.DOCUMENT_SECRET);
  const deadLetters = createDeadLetterDesk({ sql, consumer: NAME, rehearse });
  const app = await createSubgraphServer({
    name: NAME,
    settings,
    schema: loadSubgraphSchema(settings.SCHEMA_DIR, NAME, resolvers),
    sql,
    logger,
    registry,
    context: (base) => createContext(base, reads, commands, deadLetters, links.linkToInvoice),
    ready: guard.mustBeOpen,
  });
  const closeDocuments = offerDocuments(app, settings, links, read);
  await addWebhookRoute(app, cards.takeWebhook);
  await serve(app, settings, logger, async () => {
    // What the provider answers during the stop is still ours to commit: the lease goes last.
    await cards.stop();
    await worker.stop();
    await closeDocuments();
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
