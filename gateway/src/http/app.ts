// The Fastify instance all routes hang on: limits, JSON, error replies. It knows no GraphQL.
import type { IncomingMessage } from 'node:http';
import type { Logger } from '@crossdock/telemetry';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { registerErrorReplies, sendError } from './error-replies.ts';
import { readJsonBody } from './request-body.ts';
import { createTrust } from './trusted-proxies.ts';

/** Load balancers keep idle connections for a minute; ours must outlive theirs. */
const KEEP_ALIVE_MS = 65_000;
/** A client that trickles its request holds no connection longer. */
const REQUEST_TIMEOUT_MS = 30_000;

/** `trustedProxies`: whose word on a client's address is taken; of anybody else's connection the address is its own. */
export function createApp(logger: Logger, trustedProxies: readonly string[]): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = logger;
  const app = Fastify({
    loggerInstance,
    // A line for each request would cost as much as the request; metrics count them.
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: (_, __, reply) => void sendError(reply, 'BAD_REQUEST', 'The address is malformed.'),
    // request-body.ts has the limit that counts.
    bodyLimit: Number.MAX_SAFE_INTEGER,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: trustedProxies.length > 0 ? createTrust(trustedProxies) : false,
    exposeHeadRoutes: false,
    // A request that came on an open connection while we stop is answered like any other.
    return503OnClosing: false,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', (_: FastifyRequest, body: IncomingMessage) =>
    readJsonBody(body),
  );
  registerErrorReplies(app);
  return app;
}
