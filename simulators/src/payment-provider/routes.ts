import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { HeldConnections } from '../faults/held-connections.ts';
import { badInput, problem, sendProblem } from '../server/problem.ts';
import {
  type Authorization,
  decideCapture,
  decideConfirm,
  decideRefund,
  decideVoid,
} from './authorization.ts';
import { behaviourOf, behaviourOnRenewal, type CardBehaviour, LATE_CARD_MS } from './card-tokens.ts';
import type { PaymentFault } from './fault-modes.ts';
import { gated } from './gated.ts';
import type { About, Gate } from './gates.ts';
import type { Reference } from './journal-lines.ts';
import type { ProviderOperation } from './operations.ts';
import type { PaymentBook } from './payment-book.ts';
import { type Operation, type PaymentDesk, problemOf, UNKNOWN_AUTHORIZATION } from './payment-desk.ts';
import type { PaymentRecord } from './payment-record.ts';
import { addReadingRoutes } from './reading-routes.ts';
import { capture, createAuthorization, fingerprintOf, idempotencyKey, noBody, refund } from './requests.ts';
import type { AuthorisationTerms } from './terms.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The fate this request met; set before its route runs. */
    drawnFault: PaymentFault;
  }
}

export interface PaymentRoutes {
  readonly book: PaymentBook;
  readonly desk: PaymentDesk;
  readonly record: PaymentRecord;
  readonly held: HeldConnections;
  readonly gate: Gate;
  readonly terms: AuthorisationTerms;
}

type ById = FastifyRequest<{ Params: { id: string } }>;
type Decided = ReturnType<Operation['decide']>;
type Prepared = Pick<Operation, 'decide'> & Partial<Pick<Operation, 'delayMs'>> & { readonly about: About };
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
const UNKNOWN_CAPTURE = problem(404, 'unknown_capture', 'There is no such capture.');

export function addPaymentRoutes(app: FastifyInstance, routes: PaymentRoutes): void {
  const as = (operation: ProviderOperation) => ({ config: { operation } });
  app.post('/v1/authorizations', as('create'), (request, reply) => create(routes, request, reply));
  app.post('/v1/authorizations/:id/confirm', as('confirm'), (request: ById, reply) =>
    confirm(routes, request, reply),
  );
  app.post('/v1/authorizations/:id/captures', as('capture'), (request: ById, reply) =>
    captureAmount(routes, request, reply),
  );
  app.post('/v1/authorizations/:id/void', as('void'), (request: ById, reply) =>
    voidAuthorization(routes, request, reply),
  );
  app.post('/v1/captures/:id/refunds', as('refund'), (request: ById, reply) =>
    refundAmount(routes, request, reply),
  );
  addReadingRoutes(app, routes);
}

function create(routes: PaymentRoutes, request: FastifyRequest, reply: FastifyReply) {
  return answerOnce(routes, request, reply, createAuthorization, (body, keyed) => {
    const { amountMinor, currencyCode, cardToken, renews, reference } = body;
    const decide = (): Decided => {
      const card =
        renews === undefined ? behaviourOf(cardToken ?? '') : renewedCard(routes.book.authorization(renews));
      if (card === undefined)
        return { problem: renews === undefined ? INVALID_TOKEN : UNKNOWN_AUTHORIZATION };
      const part = { authorizationId: `auth_${randomUUID()}`, amountMinor, currencyCode, reference };
      const renewal = renews === undefined ? {} : { renews };
      return { entry: { kind: 'created', ...part, ...keyed, card, ...renewal } };
    };
    return { decide, about: { authorizationId: null, orderId: reference.orderId } };
  });
}

function renewedCard(renewed: Authorization | undefined): CardBehaviour | undefined {
  return renewed === undefined ? undefined : behaviourOnRenewal(renewed.card);
}

function confirm(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, noBody, (_body, keyed) => {
    const { id } = request.params;
    const decide = onAuthorization(routes.book, id, (authorization) => {
      const decision = decideConfirm(authorization);
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      const part = linePart(authorization, authorization.amountMinor, keyed);
      if (decision.outcome.kind === 'declined') return { entry: { ...decision.outcome, ...part } };
      const expiresAt = new Date(Date.now() + routes.terms.now.validMs).toISOString();
      return { entry: { ...decision.outcome, ...part, expiresAt } };
    });
    const found = routes.book.authorization(id);
    return { decide, delayMs: found?.card === 'approves_late' ? LATE_CARD_MS : 0, about: aboutOf(id, found) };
  });
}

function captureAmount(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, capture, (body, keyed) => {
    const { id } = request.params;
    const decide = onAuthorization(routes.book, id, (authorization) => {
      const decision = decideCapture(
        authorization,
        body.amountMinor,
        body.final || routes.terms.now.capturesOnce,
      );
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      const { amountMinor, final } = decision.outcome;
      const captureId = `cap_${randomUUID()}`;
      const part = linePart(authorization, amountMinor, keyed, body.reference);
      return { entry: { kind: 'captured', ...part, captureId, final } };
    });
    return { decide, about: aboutOf(id, routes.book.authorization(id)) };
  });
}

function voidAuthorization(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, noBody, (_body, keyed) => {
    const { id } = request.params;
    const decide = onAuthorization(routes.book, id, (authorization) => {
      const decision = decideVoid(authorization);
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      return { entry: { kind: 'voided', ...linePart(authorization, decision.outcome.releasedMinor, keyed) } };
    });
    return { decide, about: aboutOf(id, routes.book.authorization(id)) };
  });
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
    const found = routes.book.authorizationOfCapture(captureId);
    return { decide, about: aboutOf(found?.id ?? null, found) };
  });
}

function aboutOf(authorizationId: string | null, found: Authorization | undefined): About {
  return { authorizationId, orderId: found?.reference.orderId ?? null };
}

/** Reads key and body, executes once, and answers; a request whose fate is charge-then-timeout is left unanswered. */
async function answerOnce<Body>(
  { desk, held, gate }: Pick<PaymentRoutes, 'desk' | 'held' | 'gate'>,
  request: FastifyRequest,
  reply: FastifyReply,
  schema: z.ZodType<Body>,
  prepare: (body: Body, keyed: Keyed) => Prepared,
): Promise<unknown> {
  const key = idempotencyKey.safeParse(request.headers['idempotency-key']);
  if (!key.success) return sendProblem(reply, KEY_NEEDED);
  const body = schema.safeParse(request.body);
  if (!body.success) return sendProblem(reply, badInput(body.error));
  const keyed = { idempotencyKey: key.data, fingerprint: fingerprintOf(request.url, body.data) };
  const { about, ...prepared } = prepare(body.data, keyed);
  return gated(gate, request, reply, about, async () => {
    const operation = { delayMs: 0, ...keyed, ...prepared };
    const answer = await desk.execute(operation, request.drawnFault === 'forget-keys');
    const authorizationId = 'problem' in answer ? about.authorizationId : answer.authorizationId;
    return {
      about: { ...about, authorizationId },
      answer: () => {
        if (request.drawnFault === 'charge-then-timeout') {
          held.hold(reply);
          return reply;
        }
        if ('problem' in answer) return sendProblem(reply, answer.problem);
        if (answer.replayed) reply.header('idempotent-replayed', 'true');
        return reply.code(answer.status).send(answer.body);
      },
    };
  });
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
