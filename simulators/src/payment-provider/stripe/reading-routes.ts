import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badInput, type Problem, problem, sendProblem } from '../../server/problem.ts';
import { gated } from '../gated.ts';
import type { PaymentRoutes } from '../routes.ts';
import { type Form, queryOf, readForm } from './form.ts';
import { REQUESTS } from './requests.ts';
import { authorizationIdOf, intentView, listView, refundsOf, refundView } from './views.ts';

type ById = FastifyRequest<{ Params: { id: string } }>;
type Shown = { readonly body: object } | { readonly problem: Problem };

export const NO_INTENT = problem(404, 'unknown_authorization', 'No such payment_intent.');
const WITH_CHARGE = new Set(['latest_charge', 'data.latest_charge']);

export const wantsCharge = ({ expand }: Form) => expand.some((each) => WITH_CHARGE.has(each));

/** What is shown is durable, and true at the moment it was read: what has expired is expired first. */
export function addStripeReadingRoutes(scope: FastifyInstance, routes: PaymentRoutes): void {
  const reading = { config: { operation: 'read' } } as const;
  const reporting = { config: { operation: 'report' } } as const;
  scope.get('/v1/payment_intents/:id', reading, (request: ById, reply) =>
    show(routes, request, reply, request.params.id, () => intentOf(routes, request)),
  );
  scope.get('/v1/payment_intents', reporting, (request, reply) =>
    show(routes, request, reply, null, () => listIntents(routes, request)),
  );
  scope.get('/v1/refunds', reading, (request, reply) =>
    show(routes, request, reply, null, () => listRefunds(routes, request)),
  );
}

function intentOf({ book }: PaymentRoutes, request: ById): Shown {
  const found = book.authorization(authorizationIdOf(request.params.id));
  if (found === undefined) return { problem: NO_INTENT };
  const withCharge = wantsCharge(readForm(queryOf(request.url)));
  return { body: intentView(found, book.stripe.intent(found.id), withCharge) };
}

function listIntents({ book }: PaymentRoutes, request: FastifyRequest): Shown {
  const form = readForm(queryOf(request.url));
  const query = REQUESTS.listIntents.safeParse(form.fields);
  if (!query.success) return { problem: badInput(query.error) };
  const { limit, starting_after: after } = query.data;
  const page = book.stripe.newestFirst(limit, after === undefined ? undefined : authorizationIdOf(after));
  if (page === undefined) return { problem: NO_INTENT };
  const data = page.ids.flatMap((id) => {
    const found = book.authorization(id);
    return found === undefined ? [] : [intentView(found, book.stripe.intent(id), wantsCharge(form))];
  });
  return { body: listView('/v1/payment_intents', data, page.hasMore) };
}

function listRefunds({ book }: PaymentRoutes, request: FastifyRequest): Shown {
  const query = REQUESTS.listRefunds.safeParse(readForm(queryOf(request.url)).fields);
  if (!query.success) return { problem: badInput(query.error) };
  const found = book.authorization(authorizationIdOf(query.data.payment_intent));
  if (found === undefined) return { problem: NO_INTENT };
  const refunds = refundsOf(found);
  const data = refunds
    .slice(0, query.data.limit)
    .map((each) => refundView(found, each, book.stripe.refundMetadata(each.id)));
  return { body: listView('/v1/refunds', data, refunds.length > data.length) };
}

function show(
  { book, record, gate }: PaymentRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  intentId: string | null,
  read: () => Shown,
): Promise<unknown> {
  const authorizationId = intentId === null ? null : authorizationIdOf(intentId);
  const orderId = book.authorization(authorizationId ?? '')?.reference.orderId ?? null;
  const about = { authorizationId, orderId };
  return gated(gate, request, reply, about, async () => {
    record.expire();
    const shown = read();
    await record.durable();
    const answer = () => ('problem' in shown ? sendProblem(reply, shown.problem) : shown.body);
    return { about, answer };
  });
}
