import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { HeldConnections } from '../faults/held-connections.ts';
import type { Journal } from '../journal/journal.ts';
import { badInput, problem, sendProblem } from '../server/problem.ts';
import {
  type Authorization,
  decideCapture,
  decideConfirm,
  decideRefund,
  decideVoid,
} from './authorization.ts';
import { behaviourOf, LATE_CARD_MS } from './card-tokens.ts';
import type { PaymentFault } from './fault-modes.ts';
import type { PaymentEntry, Reference } from './journal-lines.ts';
import type { PaymentBook } from './payment-book.ts';
import { type Operation, type PaymentDesk, problemOf } from './payment-desk.ts';
import {
  capture,
  createAuthorization,
  fingerprintOf,
  idempotencyKey,
  noBody,
  ofOrder,
  refund,
} from './requests.ts';
import { authorizationView } from './views.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The fate this request met; set before its route runs. */
    drawnFault: PaymentFault;
  }
}

export interface PaymentRoutes {
  readonly book: PaymentBook;
  readonly desk: PaymentDesk;
  readonly journal: Journal<PaymentEntry>;
  readonly held: HeldConnections;
}

type ById = FastifyRequest<{ Params: { id: string } }>;
type Decided = ReturnType<Operation['decide']>;
type Prepared = Pick<Operation, 'decide'> & Partial<Pick<Operation, 'delayMs'>>;
interface Keyed {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

const KEY_NEEDED = problem(
  400,
  'idempotency_key_required',
  'The header Idempotency-Key needs 1 to 255 characters.',
);
const INVALID_TOKEN = problem(400, 'invalid_card_token', 'The card token is unknown.');
const UNKNOWN_AUTHORIZATION = problem(404, 'unknown_authorization', 'There is no such authorisation.');
const UNKNOWN_CAPTURE = problem(404, 'unknown_capture', 'There is no such capture.');

export function addPaymentRoutes(app: FastifyInstance, routes: PaymentRoutes): void {
  const { book, journal } = routes;
  app.post('/v1/authorizations', (request, reply) => create(routes, request, reply));
  app.post('/v1/authorizations/:id/confirm', (request: ById, reply) => confirm(routes, request, reply));
  app.post('/v1/authorizations/:id/captures', (request: ById, reply) =>
    captureAmount(routes, request, reply),
  );
  app.post('/v1/authorizations/:id/void', (request: ById, reply) =>
    voidAuthorization(routes, request, reply),
  );
  app.post('/v1/captures/:id/refunds', (request: ById, reply) => refundAmount(routes, request, reply));
  app.get('/v1/authorizations/:id', async (request: ById, reply) => {
    const found = book.authorization(request.params.id);
    await journal.durable();
    return found === undefined ? sendProblem(reply, UNKNOWN_AUTHORIZATION) : authorizationView(found);
  });
  app.get('/v1/authorizations', async (request, reply) => {
    const query = ofOrder.safeParse(request.query);
    if (!query.success) return sendProblem(reply, badInput(query.error));
    const found = book.authorizationsOfOrder(query.data.orderId);
    await journal.durable();
    return { authorizations: found.map(authorizationView) };
  });
}

function create(routes: PaymentRoutes, request: FastifyRequest, reply: FastifyReply) {
  return answerOnce(routes, request, reply, createAuthorization, (body, keyed) => {
    const { amountMinor, currencyCode, cardToken, reference } = body;
    const decide = (): Decided => {
      const card = behaviourOf(cardToken);
      if (card === undefined) return { problem: INVALID_TOKEN };
      const authorizationId = `auth_${randomUUID()}`;
      return {
        entry: { kind: 'created', authorizationId, amountMinor, currencyCode, reference, ...keyed, card },
      };
    };
    return { decide };
  });
}

function confirm(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, noBody, (_body, keyed) => {
    const { id } = request.params;
    const decide = onAuthorization(routes.book, id, (authorization) => {
      const decision = decideConfirm(authorization);
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      return { entry: { ...decision.outcome, ...linePart(authorization, authorization.amountMinor, keyed) } };
    });
    return { decide, delayMs: routes.book.authorization(id)?.card === 'approves_late' ? LATE_CARD_MS : 0 };
  });
}

function captureAmount(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, capture, (body, keyed) => ({
    decide: onAuthorization(routes.book, request.params.id, (authorization) => {
      const decision = decideCapture(authorization, body.amountMinor, body.final);
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      const { amountMinor, final } = decision.outcome;
      const captureId = `cap_${randomUUID()}`;
      const part = linePart(authorization, amountMinor, keyed, body.reference);
      return { entry: { kind: 'captured', ...part, captureId, final } };
    }),
  }));
}

function voidAuthorization(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, noBody, (_body, keyed) => ({
    decide: onAuthorization(routes.book, request.params.id, (authorization) => {
      const decision = decideVoid(authorization);
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      return { entry: { kind: 'voided', ...linePart(authorization, decision.outcome.releasedMinor, keyed) } };
    }),
  }));
}

function refundAmount(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, refund, (body, keyed) => {
    const captureId = request.params.id;
    const decide = (): Decided => {
      const authorization = routes.book.authorizationOfCapture(captureId);
      const captured = authorization?.captures.find(({ id }) => id === captureId);
      if (authorization === undefined || captured === undefined) return { problem: UNKNOWN_CAPTURE };
      const decision = decideRefund(captured, body.amountMinor);
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      const part = linePart(authorization, decision.outcome.amountMinor, keyed, body.reference);
      return { entry: { kind: 'refunded', ...part, captureId, refundId: `ref_${randomUUID()}` } };
    };
    return { decide };
  });
}

/** Reads key and body, executes once, and answers; a request whose fate is charge-then-timeout is left unanswered. */
async function answerOnce<Body>(
  { desk, held }: PaymentRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  schema: z.ZodType<Body>,
  prepare: (body: Body, keyed: Keyed) => Prepared,
): Promise<FastifyReply> {
  const key = idempotencyKey.safeParse(request.headers['idempotency-key']);
  if (!key.success) return sendProblem(reply, KEY_NEEDED);
  const body = schema.safeParse(request.body);
  if (!body.success) return sendProblem(reply, badInput(body.error));
  const keyed = { idempotencyKey: key.data, fingerprint: fingerprintOf(request.url, body.data) };
  const operation = { delayMs: 0, ...keyed, ...prepare(body.data, keyed) };
  const answer = await desk.execute(operation, request.drawnFault === 'forget-keys');
  if (request.drawnFault === 'charge-then-timeout') {
    held.hold(reply);
    return reply;
  }
  if ('problem' in answer) return sendProblem(reply, answer.problem);
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  return reply.code(answer.status).send(answer.body);
}

function onAuthorization(
  book: PaymentBook,
  id: string,
  decide: (found: Authorization) => Decided,
): () => Decided {
  return () => {
    const found = book.authorization(id);
    return found === undefined ? { problem: UNKNOWN_AUTHORIZATION } : decide(found);
  };
}

function linePart(authorization: Authorization, amountMinor: number, keyed: Keyed, reference?: Reference) {
  const { id: authorizationId, currencyCode } = authorization;
  return {
    authorizationId,
    amountMinor,
    currencyCode,
    reference: reference ?? authorization.reference,
    ...keyed,
  };
}
