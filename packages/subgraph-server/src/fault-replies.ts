import { faultKind } from '@crossdock/event-store';
import type { Logger } from '@crossdock/telemetry';
import type { FastifyError, FastifyInstance } from 'fastify';

const FIRST_SERVER_ERROR = 500;
const UNAVAILABLE = 503;
const RETRY_AFTER_S = '1';

/**
 * Logs what breaks in a route that is no GraphQL, once, and answers its status alone: what a database says of its tables is nobody
 * else's business. A fault of infrastructure is 503, to be tried again; any other is 500.
 */
export function addFaultReplies(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler<FastifyError>((error, { method, routeOptions: { url: route } }, reply) => {
    const { statusCode = FIRST_SERVER_ERROR } = error;
    // Fastify refuses a request, such as a body beyond the limit. Its sentence may quote the body; its code does not.
    if (statusCode < FIRST_SERVER_ERROR) return reply.code(statusCode).send({ code: error.code });
    if (faultKind(error) === 'infrastructure') {
      logger.warn({ err: error, method, route }, 'a route met a fault of infrastructure');
      return reply.code(UNAVAILABLE).header('retry-after', RETRY_AFTER_S).send();
    }
    logger.error({ err: error, method, route }, 'a route failed');
    return reply.code(FIRST_SERVER_ERROR).send();
  });
}
