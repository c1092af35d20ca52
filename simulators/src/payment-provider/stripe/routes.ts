// Part of Stripe's API on the simulator's own server: the same journal, book, faults and key. A stand-in for tests and
// local runs; docs/stripe-stand-in.md says what it answers. What it refuses, it refuses before anything is written.
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { badInput, problem, sendProblem } from '../../server/problem.ts';
import {
  type Authorization,
  type Capture,
  decideCapture,
  decideConfirm,
  decideRefund,
  decideVoid,
  refundedMinor,
} from '../authorization.ts';
import { LATE_CARD_MS } from '../card-tokens.ts';
import { gated } from '../gated.ts';
import type { About } from '../gates.ts';
import type { ProviderOperation } from '../operations.ts';
import { type Operation, problemOf } from '../payment-desk.ts';
import { fingerprintOf, idempotencyKey } from '../requests.ts';
import type { PaymentRoutes } from '../routes.ts';
import { answerStripeErrors } from './errors.ts';
import { type Form, readForm } from './form.ts';
import { addStripeReadingRoutes, NO_INTENT, wantsCharge } from './reading-routes.ts';
import { bodyOf, captureInstanceOf, REQUESTS, referenceOf } from './requests.ts';
import { authorizationIdOf, behaviourOfPaymentMethod, declineOf, intentView, refundView } from './views.ts';

type ById = FastifyRequest<{ Params: { id: string } }>;
type Decided = ReturnType<Operation['decide']>;
type Prepared = Pick<Operation, 'decide' | 'delayMs'> & { readonly about: About };
interface Keyed {
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

const BAD_KEY = problem(400, 'invalid_request', 'The header Idempotency-Key needs 1 to 255 characters.');
const NO_PAYMENT_METHOD = problem(400, 'invalid_card_token', 'No such PaymentMethod.');
const NOTHING_TO_REFUND = problem(400, 'unknown_capture', 'Nothing of it was captured.');

/** Adds them under the hooks of `app`: its bearer key and its faults. */
export function addStripeRoutes(app: FastifyInstance, routes: PaymentRoutes): void {
  app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => done(null, readForm(body.toString())),
    );
    answerStripeErrors(scope);
    const as = (operation: ProviderOperation) => ({ config: { operation } });
    scope.post('/v1/payment_intents', as('create'), (request, reply) => create(routes, request, reply));
    scope.post('/v1/payment_intents/:id/confirm', as('confirm'), (request: ById, reply) =>
      confirm(routes, request, reply),
    );
    scope.post('/v1/payment_intents/:id/capture', as('capture'), (request: ById, reply) =>
      capture(routes, request, reply),
    );
    scope.post('/v1/payment_intents/:id/cancel', as('void'), (request: ById, reply) =>
      cancel(routes, request, reply),
    );
    scope.post('/v1/refunds', as('refund'), (request, reply) => refund(routes, request, reply));
    addStripeReadingRoutes(scope, routes);
  });
}

function create(routes: PaymentRoutes, request: FastifyRequest, reply: FastifyReply) {
  return answerOnce(routes, request, reply, REQUESTS.createIntent, (body, keyed) => {
    const decide = (): Decided => {
      const card = behaviourOfPaymentMethod(body.payment_method);
      if (card === undefined) return { problem: NO_PAYMENT_METHOD };
      const authorizationId = `auth_${randomUUID()}`;
      const { amount: amountMinor, customer, metadata } = body;
      const currencyCode = body.currency.toUpperCase();
      const capturesMany = body['payment_method_options[card][request_multicapture]'] === 'if_available';
      const stripe = { metadata, capturesMany, ...(customer === undefined ? {} : { customer }) };
      const reference = referenceOf(metadata, authorizationId);
      const entry = { authorizationId, amountMinor, currencyCode, reference, ...keyed, card, stripe };
      return { entry: { kind: 'created', ...entry } };
    };
    const { order_id: orderId = null } = body.metadata;
    return { decide, delayMs: 0, about: { authorizationId: null, orderId } };
  });
}

function confirm(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, REQUESTS.confirmIntent, ({ metadata }, keyed) =>
    onIntent(routes, request.params.id, (authorization) => {
      const decision = decideConfirm(authorization);
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      const part = { ...linePart(authorization, authorization.amountMinor, keyed), stripe: { metadata } };
      if (decision.outcome.kind === 'declined') return { entry: { ...decision.outcome, ...part } };
      const expiresAt = new Date(Date.now() + routes.terms.now.validMs).toISOString();
      return { entry: { ...decision.outcome, ...part, expiresAt } };
    }),
  );
}

function capture(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, REQUESTS.captureIntent, (body, keyed) =>
    onIntent(routes, request.params.id, (authorization) => {
      const taken = authorization.captures.reduce((sum, each) => sum + each.amountMinor, 0);
      const asked = body.amount_to_capture ?? authorization.amountMinor - taken;
      const many =
        !routes.terms.now.capturesOnce && routes.book.stripe.intent(authorization.id)?.capturesMany === true;
      const decision = decideCapture(authorization, asked, !many || body.final_capture);
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      const { amountMinor, final } = decision.outcome;
      const captureId = `cap_${randomUUID()}`;
      const instance = captureInstanceOf(body.metadata);
      const reference = { ...authorization.reference, purpose: 'shipment', instance: instance ?? captureId };
      const part = { ...linePart(authorization, amountMinor, keyed), reference };
      return {
        entry: { kind: 'captured', ...part, captureId, final, stripe: { metadata: body.metadata } },
      };
    }),
  );
}

function cancel(routes: PaymentRoutes, request: ById, reply: FastifyReply) {
  return answerOnce(routes, request, reply, REQUESTS.cancelIntent, (_body, keyed) =>
    onIntent(routes, request.params.id, (authorization) => {
      const decision = decideVoid(authorization);
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      return { entry: { kind: 'voided', ...linePart(authorization, decision.outcome.releasedMinor, keyed) } };
    }),
  );
}

function refund(routes: PaymentRoutes, request: FastifyRequest, reply: FastifyReply) {
  return answerOnce(routes, request, reply, REQUESTS.createRefund, ({ amount, metadata, ...body }, keyed) =>
    onIntent(routes, body.payment_intent, (authorization) => {
      const from = captureToRefund(authorization, metadata.capture, amount ?? 1);
      if (from === undefined) return { problem: NOTHING_TO_REFUND };
      const decision = decideRefund(from, amount ?? from.amountMinor - refundedMinor(from));
      if ('refused' in decision) return { problem: problemOf(decision.refused) };
      const refundId = `ref_${randomUUID()}`;
      const reference = referenceOf(metadata, authorization.reference.orderId);
      const part = { ...linePart(authorization, decision.outcome.amountMinor, keyed), reference };
      return { entry: { kind: 'refunded', ...part, captureId: from.id, refundId, stripe: { metadata } } };
    }),
  );
}

/** The capture that the metadata names, else the first with room: one refund comes from one capture here. */
function captureToRefund(
  { captures }: Authorization,
  named: string | undefined,
  amountMinor: number,
): Capture | undefined {
  return (
    captures.find(({ reference }) => named !== undefined && reference.instance === named) ??
    captures.find((each) => each.amountMinor - refundedMinor(each) >= amountMinor) ??
    captures[0]
  );
}

/** Reads key and form, executes once, and answers; a request without a key gets one of its own, as Stripe allows. */
async function answerOnce<Body>(
  routes: PaymentRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  schema: z.ZodType<Body>,
  prepare: (body: Body, keyed: Keyed) => Prepared,
): Promise<unknown> {
  const key = idempotencyKey.safeParse(request.headers['idempotency-key'] ?? randomUUID());
  if (!key.success) return sendProblem(reply, BAD_KEY);
  // The only parser of this scope gives a form; a POST without a body has none.
  const form = (request.body ?? readForm('')) as Form;
  const body = bodyOf(schema, form);
  if (!body.success) return sendProblem(reply, badInput(body.error));
  const keyed = { idempotencyKey: key.data, fingerprint: fingerprintOf(request.url, form) };
  const { about, ...prepared } = prepare(body.data, keyed);
  return gated(routes.gate, request, reply, about, async () => {
    const forgets = request.drawnFault === 'forget-keys';
    const answer = await routes.desk.execute({ ...keyed, ...prepared }, forgets);
    const authorizationId = 'problem' in answer ? about.authorizationId : answer.authorizationId;
    return {
      about: { ...about, authorizationId },
      answer: () => {
        if (request.drawnFault === 'charge-then-timeout') {
          routes.held.hold(reply);
          return reply;
        }
        if ('problem' in answer) return sendProblem(reply, answer.problem);
        if (answer.replayed) reply.header('idempotent-replayed', 'true');
        return sendAnswer(routes, key.data, wantsCharge(form), reply);
      },
    };
  });
}

/** Shows what the key's line left behind, as it stood then; a decline is an error object that holds its intent. */
function sendAnswer(
  { book }: PaymentRoutes,
  key: string,
  withCharge: boolean,
  reply: FastifyReply,
): FastifyReply {
  const answer = book.answer(key);
  if (answer === undefined) throw new Error('A key that was executed has no answer.');
  const { entry, authorization } = answer;
  if (entry.kind === 'refunded') {
    const { refundId: id, amountMinor, reference } = entry;
    return reply.send(
      refundView(authorization, { id, amountMinor, reference }, book.stripe.refundMetadata(id)),
    );
  }
  const intent = intentView(authorization, book.stripe.asAnswered(key), withCharge);
  if (entry.kind !== 'declined') return reply.send(intent);
  return reply.code(402).send({ error: { ...declineOf(authorization), payment_intent: intent } });
}

/** Decides on the intent as it stands when the card has answered; a card that was asked may be late. */
function onIntent(
  { book }: PaymentRoutes,
  intentId: string,
  decide: (found: Authorization) => Decided,
): Prepared {
  const id = authorizationIdOf(intentId);
  const found = book.authorization(id);
  const isAsked = found?.status === 'requires_confirmation' && found.card === 'approves_late';
  return {
    decide: () => {
      const now = book.authorization(id);
      return now === undefined ? { problem: NO_INTENT } : decide(now);
    },
    delayMs: isAsked ? LATE_CARD_MS : 0,
    about: { authorizationId: id, orderId: found?.reference.orderId ?? null },
  };
}

function linePart({ id, currencyCode, reference }: Authorization, amountMinor: number, keyed: Keyed) {
  return { authorizationId: id, amountMinor, currencyCode, reference, ...keyed };
}
