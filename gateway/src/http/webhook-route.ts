// POST /webhooks/<provider>: passes what a payment provider signed on to payments, unread. It checks no signature: only payments
// knows the secrets. Anybody may call it, so that it costs little: a small body, few requests from one address, a deadline.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Pool } from 'undici';
import { createAddressLimit } from './address-limit.ts';

/** More than any provider tells in one event. */
const BODY_BYTES_MAX = 256 * 1_024;
/** Payments writes one row. Providers give up after some seconds and send again. */
const DEADLINE_MS = 4_000;
const CONNECTIONS = 32;
/** Requests that wait for payments at once; the rest is told to come again. */
const IN_FLIGHT_MAX = 256;
/** All that a signature is checked by. */
const HEADERS_PASSED = [
  'content-type',
  'stripe-signature',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
];
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

const NOT_FOUND = 404;
const TOO_LARGE = 413;
const TOO_MANY = 429;
const UNAVAILABLE = 503;

export type WebhookRouteOptions = Readonly<{
  /** Where payments is; undefined where this installation has none. */
  paymentsOrigin: string | undefined;
  /** Hears of every webhook that payments did not answer. */
  onFault: (error: unknown) => void;
}>;

/** Adds the route; the answered function closes its connections. */
export function registerWebhookRoute(
  app: FastifyInstance,
  { paymentsOrigin, onFault }: WebhookRouteOptions,
): () => Promise<void> {
  if (paymentsOrigin === undefined) return async () => undefined;
  const pool = new Pool(new URL(paymentsOrigin).origin, { connections: CONNECTIONS });
  const mayCome = createAddressLimit();
  let inFlight = 0;

  const handle = async (request: FastifyRequest<{ Params: { provider: string } }>, reply: FastifyReply) => {
    const { provider } = request.params;
    if (!NAME.test(provider)) return reply.code(NOT_FOUND).send();
    if (inFlight >= IN_FLIGHT_MAX) return reply.code(UNAVAILABLE).header('retry-after', '1').send();
    // The parser below gives nothing else.
    const body = request.body as Buffer | null;
    if (body === null) return reply.code(TOO_LARGE).send();
    inFlight += 1;
    try {
      return reply.code(await passOn(pool, provider, request, body)).send();
    } catch (error) {
      onFault(error);
      return reply.code(UNAVAILABLE).header('retry-after', '1').send();
    } finally {
      inFlight -= 1;
    }
  };

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request: FastifyRequest, body: IncomingMessage) => readWhole(body));
    scope.addHook('onRequest', async (request, reply) =>
      mayCome(request.ip, Date.now()) ? undefined : reply.code(TOO_MANY).header('retry-after', '10').send(),
    );
    scope.post('/webhooks/:provider', handle);
  });
  return () => pool.destroy();
}

async function passOn(pool: Pool, provider: string, request: FastifyRequest, body: Buffer): Promise<number> {
  const headers = Object.fromEntries(
    HEADERS_PASSED.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  const timing = { headersTimeout: DEADLINE_MS, bodyTimeout: DEADLINE_MS };
  const path = `/webhooks/${provider}`;
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const answer = await pool.request({ method: 'POST', path, headers, body, signal, ...timing });
  await answer.body.dump();
  return answer.statusCode;
}

/** The body byte for byte; null for one beyond the limit, which is taken off the wire without being kept. */
async function readWhole(body: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > 2 * BODY_BYTES_MAX) break;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return bytes <= BODY_BYTES_MAX ? Buffer.concat(chunks, bytes) : null;
}
