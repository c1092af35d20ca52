// A card payment provider as a real HTTP server: create, renew, confirm, capture, void, refund, expire, report, each key
// executed once, webhooks, a journal that survives kill -9, and faults on demand. It knows no card but by its token.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PaymentProviderConfig } from '../config.ts';
import { HeldConnections } from '../faults/held-connections.ts';
import { openJournal } from '../journal/journal.ts';
import { requireBearer } from '../server/bearer.ts';
import type { Counters } from '../server/counters.ts';
import { createFrame } from '../server/http-server.ts';
import { type Problem, problem, sendProblem } from '../server/problem.ts';
import type { RunningServer } from '../server/run-process.ts';
import { addControlRoutes } from './control-routes.ts';
import { PaymentFaults, paymentFaultMode } from './fault-modes.ts';
import { Gate } from './gates.ts';
import { type PaymentEntry, parsePaymentLine } from './journal-lines.ts';
import { PaymentBook } from './payment-book.ts';
import { PaymentDesk } from './payment-desk.ts';
import { PaymentRecord } from './payment-record.ts';
import { addPaymentRoutes } from './routes.ts';
import { addStripeRoutes } from './stripe/routes.ts';
import { AuthorisationTerms } from './terms.ts';
import { receiverAt } from './webhooks/receiver.ts';
import { createSigner } from './webhooks/signing.ts';
import { WebhookDesk } from './webhooks/webhook-desk.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
const FAILED = problem(500, 'internal_error', 'The server failed.');
const TOO_MANY: Problem = { ...problem(429, 'rate_limited', 'Too many requests.'), retryAfterSeconds: 1 };

export async function startPaymentProvider(config: PaymentProviderConfig): Promise<RunningServer> {
  const book = new PaymentBook();
  const record = new PaymentRecord(book);
  const journal = await openJournal<PaymentEntry>(config.JOURNAL_FILE, parsePaymentLine, (line) =>
    record.fold(line),
  );
  const frame = createFrame({ logLevel: config.LOG_LEVEL, bodyLimitBytes: BODY_LIMIT_BYTES, journal });
  const webhooks = webhooksOf(config, frame.counters);
  record.open(journal, (line) => webhooks?.tell(line));
  const faults = new PaymentFaults(paymentFaultMode.parse({ mode: config.MODE }));
  const held = new HeldConnections();
  const gate = new Gate();
  const desk = new PaymentDesk(book, record);
  const terms = new AuthorisationTerms({
    validMs: config.AUTHORISATION_VALID_MS,
    capturesOnce: config.CAPTURES_ONCE,
  });
  await frame.app.register(async (scope) => {
    scope.addHook('onRequest', requireBearer(config.API_KEY));
    meetFaults(scope, faults, held, frame.counters);
    const routes = { book, desk, record, held, gate, terms };
    addPaymentRoutes(scope, routes);
    addStripeRoutes(scope, routes);
  });
  await frame.app.register(async (scope) => {
    scope.addHook('onRequest', requireBearer(config.API_KEY));
    scope.get('/v1/journal', (_request, reply) => reply.type('application/x-ndjson').send(journal.read()));
    addControlRoutes(scope, { faults, gate, terms, webhooks });
  });
  frame.app.addHook('preClose', (done) => {
    held.releaseAll();
    gate.release('drop');
    done();
  });
  const stop = async () => {
    await frame.app.close();
    record.stop();
    await webhooks?.close();
    await journal.close();
  };
  return { frame, host: config.HOST, port: config.PORT, stop };
}

function webhooksOf(config: PaymentProviderConfig, counters: Counters): WebhookDesk | undefined {
  const { WEBHOOK_URL: url, WEBHOOK_SECRET: secret, WEBHOOK_STYLE: style } = config;
  if (url === undefined || secret === undefined) return undefined;
  return new WebhookDesk({ receiver: receiverAt(url), signer: createSigner(secret, style), counters });
}

function meetFaults(
  scope: FastifyInstance,
  faults: PaymentFaults,
  held: HeldConnections,
  counters: Counters,
): void {
  counters.describe('faults_injected_total', 'Requests that met a fault, by mode.');
  scope.decorateRequest('drawnFault', 'none');
  scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const { fault, pauseMs } = faults.next(request.routeOptions.config.operation);
    if (fault === 'none') return;
    request.drawnFault = fault;
    counters.add('faults_injected_total', `mode="${fault}"`);
    if (fault === 'slow') await sleep(pauseMs);
    if (fault === 'error-500') return sendProblem(reply, FAILED);
    if (fault === 'error-429') return sendProblem(reply, TOO_MANY);
    if (fault === 'hang') held.hold(reply);
    if (fault === 'reset') held.reset(reply);
    if (reply.sent) return reply;
  });
}
