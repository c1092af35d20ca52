// A card payment provider as a real HTTP server: create, confirm, capture, void, refund, each key executed once, a
// journal that survives kill -9, and faults on demand. It sends no webhooks and knows no card but by its token.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PaymentProviderConfig } from '../config.ts';
import { HeldConnections } from '../faults/held-connections.ts';
import { openJournal } from '../journal/journal.ts';
import { requireBearer } from '../server/bearer.ts';
import type { Counters } from '../server/counters.ts';
import { createFrame } from '../server/http-server.ts';
import { badInput, type Problem, problem, sendProblem } from '../server/problem.ts';
import type { RunningServer } from '../server/run-process.ts';
import { PaymentFaults, paymentFaultMode } from './fault-modes.ts';
import { type PaymentEntry, parsePaymentLine } from './journal-lines.ts';
import { PaymentBook } from './payment-book.ts';
import { PaymentDesk } from './payment-desk.ts';
import { addPaymentRoutes } from './routes.ts';
import { addStripeRoutes } from './stripe/routes.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
const FAILED = problem(500, 'internal_error', 'The server failed.');
const TOO_MANY: Problem = { ...problem(429, 'rate_limited', 'Too many requests.'), retryAfterSeconds: 1 };

export async function startPaymentProvider(config: PaymentProviderConfig): Promise<RunningServer> {
  const book = new PaymentBook();
  const journal = await openJournal<PaymentEntry>(config.JOURNAL_FILE, parsePaymentLine, (line) =>
    book.apply(line),
  );
  const frame = createFrame({ logLevel: config.LOG_LEVEL, bodyLimitBytes: BODY_LIMIT_BYTES, journal });
  const faults = new PaymentFaults(paymentFaultMode.parse({ mode: config.MODE }));
  const held = new HeldConnections();
  const desk = new PaymentDesk(book, journal);
  await frame.app.register(async (scope) => {
    scope.addHook('onRequest', requireBearer(config.API_KEY));
    meetFaults(scope, faults, held, frame.counters);
    addPaymentRoutes(scope, { book, desk, journal, held });
    addStripeRoutes(scope, { book, desk, journal, held });
  });
  await frame.app.register(async (scope) => {
    scope.addHook('onRequest', requireBearer(config.API_KEY));
    scope.get('/v1/journal', (_request, reply) => reply.type('application/x-ndjson').send(journal.read()));
    addFaultControl(scope, faults);
  });
  frame.app.addHook('preClose', (done) => {
    held.releaseAll();
    done();
  });
  const stop = async () => {
    await frame.app.close();
    await journal.close();
  };
  return { frame, host: config.HOST, port: config.PORT, stop };
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
    const { fault, pauseMs } = faults.next();
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

function addFaultControl(scope: FastifyInstance, faults: PaymentFaults): void {
  scope.get('/control/mode', () => faults.mode);
  scope.put('/control/mode', (request, reply) => {
    const mode = paymentFaultMode.safeParse(request.body);
    if (!mode.success) return sendProblem(reply, badInput(mode.error));
    faults.set(mode.data);
    return reply.send(faults.mode);
  });
}
