// POST /webhooks/<provider>: passes what a payment provider signed on to payments, unread. It checks no signature: only payments
// knows the secrets. Anybody may call it, so that it costs little: a small body that comes soon, few at once, few of one address.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createAddressLimit } from './address-limit.ts';
import { createBodiesOfAddress } from './bodies-of-address.ts';
import { sendError } from './error-replies.ts';
import type { Answer, PassOn, PassOnLimits } from './pass-on.ts';
import { type BodyLimits, readBody } from './request-body.ts';
import { clientAddressOf } from './trusted-proxies.ts';

/** Of one address in a window: a provider sends a burst, and repeats what is refused. */
const REQUESTS_OF_ADDRESS_MAX = 5_000;
const RETRY_AFTER_WINDOW_S = '10';
/** Requests whose bodies are here, whole or in part: 16 MiB of them. The rest is told to come again. */
const BODIES_AT_ONCE_MAX = 256;
/** Of them still under way from one address: a provider's bodies come with their headers, and are no longer under way then. */
const BODIES_OF_ADDRESS_MAX = 32;
const RETRY_AFTER_S = '1';
const BODY_LIMITS: BodyLimits = {
  // More than any provider tells in one event; payments takes no more either.
  bytesMax: 64 * 1_024,
  discardedBytesMax: 512 * 1_024,
  // Providers send from data centres.
  within_ms: 3_000,
};
/** All that a signature is checked by. */
const HEADERS_PASSED = [
  'content-type',
  'stripe-signature',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
];
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

const CONNECTIONS = 32;
/** Payments writes one row for each. Providers give up after some seconds and send again. */
export const WEBHOOK_LIMITS: PassOnLimits = {
  connections: CONNECTIONS,
  waitingMax: BODIES_AT_ONCE_MAX - CONNECTIONS,
  deadline_ms: 4_000,
  answerBytesMax: 16 * 1_024,
};

/** What payments answers on purpose: stored, malformed, without a signature, no such provider, too large, not now. */
const EXPECTED: ReadonlySet<number> = new Set([204, 400, 401, 404, 413, 503]);
const NOT_FOUND = 404;

type Route = Readonly<{ Params: Readonly<{ provider: string }> }>;

/** Turns away before anything of a body is read; counts the others until their reply is over, whatever becomes of it. */
function createDoor(): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  const mayCome = createAddressLimit(REQUESTS_OF_ADDRESS_MAX);
  const bodyMayCome = createBodiesOfAddress(BODIES_OF_ADDRESS_MAX);
  let bodies = 0;
  return async (request, reply) => {
    const address = clientAddressOf(request);
    if (!mayCome(address, Date.now())) {
      return sendError(
        reply.header('retry-after', RETRY_AFTER_WINDOW_S),
        'RATE_LIMITED',
        'Come again later.',
      );
    }
    if (bodies >= BODIES_AT_ONCE_MAX) {
      return sendError(reply.header('retry-after', RETRY_AFTER_S), 'OVERLOADED', 'Try again later.');
    }
    // Whoever holds back what it announced takes places of its own network, and not of everybody.
    if (!bodyMayCome(address, request.raw)) {
      return sendError(reply.header('retry-after', RETRY_AFTER_S), 'RATE_LIMITED', 'Send fewer at once.');
    }
    bodies += 1;
    reply.raw.once('close', () => {
      bodies -= 1;
    });
    return undefined;
  };
}

/** Of a header that came again nobody could say which its sender signed: it is left out, and payments refuses the rest. */
function signedHeaders(request: FastifyRequest<Route>): Record<string, string> {
  return Object.fromEntries(
    HEADERS_PASSED.flatMap((name) => {
      const [value, ...others] = request.raw.headersDistinct[name] ?? [];
      return value === undefined || others.length > 0 ? [] : [[name, value]];
    }),
  );
}

/** The status alone: what payments says besides stays inside. */
function replyTo(answer: Answer, reply: FastifyReply, payments: PassOn): FastifyReply {
  answer.body.resume();
  if (!EXPECTED.has(answer.status)) payments.onBadAnswer(answer);
  return reply.code(answer.status).send();
}

export function registerWebhookRoute(app: FastifyInstance, payments: PassOn): void {
  const handle = async (request: FastifyRequest<Route>, reply: FastifyReply) => {
    const { provider } = request.params;
    if (!NAME.test(provider)) return sendError(reply, 'BAD_REQUEST', 'There is nothing here.', NOT_FOUND);
    // The parser below gives nothing else; without a body there is nothing to parse.
    const body = request.body instanceof Buffer ? request.body : '';
    const path = `/webhooks/${provider}`;
    const passedOn = { method: 'POST', path, headers: signedHeaders(request), body } as const;
    return payments.pass(passedOn, reply, (answer) => replyTo(answer, reply, payments));
  };

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request: FastifyRequest, body: IncomingMessage) =>
      readBody(body, BODY_LIMITS),
    );
    scope.addHook('onRequest', createDoor());
    scope.post<Route>('/webhooks/:provider', handle);
  });
}
