import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badInput, problem, sendProblem } from '../../server/problem.ts';
import { gated } from '../gated.ts';
import type { ReadingRoutes } from '../reading-routes.ts';
import { type Form, queryOf, readForm } from './form.ts';
import { REQUESTS } from './requests.ts';
import { authorizationIdOf, intentView, listView, refundsOf, refundView } from './views.ts';

type ById = FastifyRequest<{ Params: { id: string } }>;

export const NO_INTENT = problem(404, 'unknown_authorization', 'No such payment_intent.');
const WITH_CHARGE = new Set(['latest_charge', 'data.latest_charge']);

/** The routes of Stripe's shapes that change nothing. */
export function addStripeReadingRoutes(scope: FastifyInstance, routes: ReadingRoutes): void {
  const reading = { config: { operation: 'read' } } as const;
  const reporting = { config: { operation: 'report' } } as const;
  scope.get('/v1/payment_intents/:id', reading, (request: ById, reply) => showIntent(routes, request, reply));
  scope.get('/v1/payment_intents', reporting, (request, reply) => listIntents(routes, request, reply));
  scope.get('/v1/refunds', reading, (request, reply) => listRefunds(routes, request, reply));
}

function showIntent(routes: ReadingRoutes, request: ById, reply: FastifyReply) {
  const { book } = routes;
  const id = authorizationIdOf(request.params.id);
  return shown(routes, request, reply, id, () => {
    const found = book.authorization(id);
    if (found === undefined) return undefined;
    return intentView(found, book.stripe.intent(id), wantsCharge(readForm(queryOf(request.url))));
  });
}

/** What is shown is durable, and true at the moment it was read: what has expired is expired first. */
function shown(
  { book, record, gate }: ReadingRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  authorizationId: string | null,
  read: () => object | undefined,
): Promise<unknown> {
  const found = authorizationId === null ? undefined : book.authorization(authorizationId);
  const about = { authorizationId, orderId: found?.reference.orderId ?? null };
  return gated(gate, request, reply, about, async () => {
    record.expire();
    const body = read();
    await record.durable();
    return { about, answer: () => (body === undefined ? sendProblem(reply, NO_INTENT) : body) };
  });
}

function listIntents(routes: ReadingRoutes, request: FastifyRequest, reply: FastifyReply) {
  const { book } = routes;
  const form = readForm(queryOf(request.url));
  const query = REQUESTS.listIntents.safeParse(form.fields);
  if (!query.success) return sendProblem(reply, badInput(query.error));
  const { limit, starting_after: after } = query.data;
  return shown(routes, request, reply, null, () => {
    const page = book.stripe.newestFirst(limit, after === undefined ? undefined : authorizationIdOf(after));
    if (page === undefined) return undefined;
    const data = page.ids.flatMap((id) => {
      const found = book.authorization(id);
      return found === undefined ? [] : [intentView(found, book.stripe.intent(id), wantsCharge(form))];
    });
    return listView('/v1/payment_intents', data, page.hasMore);
  });
}

function listRefunds(routes: ReadingRoutes, request: FastifyRequest, reply: FastifyReply) {
  const { book } = routes;
  const query = REQUESTS.listRefunds.safeParse(readForm(queryOf(request.url)).fields);
  if (!query.success) return sendProblem(reply, badInput(query.error));
  const { limit, payment_intent: intentId } = query.data;
  const id = authorizationIdOf(intentId);
  return shown(routes, request, reply, id, () => {
    const found = book.authorization(id);
    if (found === undefined) return undefined;
    const refunds = refundsOf(found);
    const data = refunds
      .slice(0, limit)
      .map((each) => refundView(found, each, book.stripe.refundMetadata(each.id)));
    return listView('/v1/refunds', data, refunds.length > data.length);
  });
}

/** True where the charge is asked for beside its intent. */
export const wantsCharge = ({ expand }: Form) => expand.some((each) => WITH_CHARGE.has(each));
