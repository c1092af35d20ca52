import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badInput, sendProblem } from '../server/problem.ts';
import { gated } from './gated.ts';
import type { About, Gate } from './gates.ts';
import type { PaymentBook } from './payment-book.ts';
import { UNKNOWN_AUTHORIZATION } from './payment-desk.ts';
import type { PaymentRecord } from './payment-record.ts';
import { ofOrder, ofReport } from './requests.ts';
import { authorizationView } from './views.ts';

export interface ReadingRoutes {
  readonly book: PaymentBook;
  readonly record: PaymentRecord;
  readonly gate: Gate;
}

type ById = FastifyRequest<{ Params: { id: string } }>;

/** What is shown is durable, and true at the moment it was read: what has expired is expired first. */
export function addReadingRoutes(app: FastifyInstance, routes: ReadingRoutes): void {
  const { book } = routes;
  const reading = { config: { operation: 'read' } } as const;
  const reporting = { config: { operation: 'report' } } as const;
  app.get('/v1/authorizations/:id', reading, (request: ById, reply) => {
    const { id } = request.params;
    const orderId = book.authorization(id)?.reference.orderId ?? null;
    return shown(routes, request, reply, { authorizationId: id, orderId }, () => {
      const found = book.authorization(id);
      return found === undefined ? undefined : authorizationView(found);
    });
  });
  app.get('/v1/authorizations', reading, (request, reply) => {
    const query = ofOrder.safeParse(request.query);
    if (!query.success) return sendProblem(reply, badInput(query.error));
    const { orderId } = query.data;
    return shown(routes, request, reply, { authorizationId: null, orderId }, () => ({
      authorizations: book.authorizationsOfOrder(orderId).map(authorizationView),
    }));
  });
  app.get('/v1/report', reporting, (request, reply) => {
    const query = ofReport.safeParse(request.query);
    if (!query.success) return sendProblem(reply, badInput(query.error));
    const { after, limit } = query.data;
    return shown(routes, request, reply, { authorizationId: null, orderId: null }, () => {
      const { authorizations, next } = book.page(after, limit);
      return {
        authorizations: authorizations.map(authorizationView),
        next: next === null ? null : String(next),
      };
    });
  });
}

function shown(
  { record, gate }: ReadingRoutes,
  request: FastifyRequest,
  reply: FastifyReply,
  about: About,
  read: () => object | undefined,
): Promise<unknown> {
  return gated(gate, request, reply, about, async () => {
    record.expire();
    const body = read();
    await record.durable();
    const answer = () => (body === undefined ? sendProblem(reply, UNKNOWN_AUTHORIZATION) : body);
    return { about, answer };
  });
}
