// GET /documents/invoices/<file>: a signed link is all it asks for, and payments checks that. No token is read or handed on.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createAddressLimit } from './address-limit.ts';
import { sendError } from './error-replies.ts';
import type { Answer, PassOn, PassOnLimits } from './pass-on.ts';
import { clientAddressOf } from './trusted-proxies.ts';

const PREFIX = '/documents/invoices';
const FILE = /^INV-\d{8,15}\.pdf$/;
/** A link's query is some 80 characters. */
const QUERY_LENGTH_MAX = 256;
const PDF = 'application/pdf';

/** Of one address in a window: an office behind one address that opens its month's invoices. */
export const DOCUMENTS_OF_ADDRESS_MAX = 100;
const RETRY_AFTER_WINDOW_S = '10';
/** Payments draws them one after another. */
export const DOCUMENT_LIMITS: PassOnLimits = {
  connections: 16,
  waitingMax: 48,
  deadline_ms: 30_000,
  answerBytesMax: 16 * 1_024 * 1_024,
};

const NOT_FOUND = 404;
const FORBIDDEN = 403;
const UNAVAILABLE = 503;

type Route = Readonly<{ Params: Readonly<{ file: string }> }>;

const notFound = (reply: FastifyReply) =>
  sendError(reply, 'BAD_REQUEST', 'There is no such document.', NOT_FOUND);

/** What payments says besides documents stays inside: the client learns the status in our words. */
function replyTo(answer: Answer, reply: FastifyReply, file: string, payments: PassOn): FastifyReply {
  const { status, contentType, body } = answer;
  if (status !== 200 || contentType !== PDF) {
    body.resume();
    if (status === FORBIDDEN)
      return sendError(reply, 'FORBIDDEN', 'The link has expired or was changed; ask for another.');
    if (status === NOT_FOUND) return notFound(reply);
    if (status === UNAVAILABLE) {
      reply.header('retry-after', '1');
      return sendError(reply, 'OVERLOADED', 'The document cannot be drawn now; try again later.');
    }
    payments.onBadAnswer(answer);
    return sendError(reply, 'INTERNAL_SERVER_ERROR', '');
  }
  return reply
    .header('content-type', PDF)
    .header('content-disposition', `inline; filename="${file}"`)
    .header('cache-control', 'private, no-store')
    .header('x-content-type-options', 'nosniff')
    .send(body);
}

export function registerDocumentRoute(app: FastifyInstance, payments: PassOn): void {
  const mayCome = createAddressLimit(DOCUMENTS_OF_ADDRESS_MAX);
  app.get<Route>(`${PREFIX}/:file`, async (request: FastifyRequest<Route>, reply) => {
    if (!mayCome(clientAddressOf(request), Date.now())) {
      return sendError(
        reply.header('retry-after', RETRY_AFTER_WINDOW_S),
        'RATE_LIMITED',
        'Come again later.',
      );
    }
    const { file } = request.params;
    const at = request.url.indexOf('?');
    const search = at === -1 ? '' : request.url.slice(at);
    if (!FILE.test(file) || search.length > QUERY_LENGTH_MAX) {
      return notFound(reply);
    }
    const passedOn = { method: 'GET', path: `${PREFIX}/${file}${search}`, headers: {} } as const;
    return payments.pass(passedOn, reply, (answer) => replyTo(answer, reply, file, payments));
  });
}
