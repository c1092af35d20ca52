// Replies that never reached GraphQL are GraphQL error objects all the same.
import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import {
  formatPublicError,
  type PublicCode,
  publicCodeOf,
  publicError,
  STATUS_OF_CODE,
} from './public-errors.ts';
import { BodyMalformed, BodyTooLarge, BodyTooSlow } from './request-body.ts';

const NOT_FOUND = 404;
const REQUEST_TIMEOUT = 408;
const UNSUPPORTED_MEDIA_TYPE = 415;
const FIRST_SERVER_ERROR = 500;

/** Sends one error with the status of its code, or another. */
export function sendError(
  reply: FastifyReply,
  code: PublicCode,
  message: string,
  status?: number,
): FastifyReply {
  const requestId = code === 'INTERNAL_SERVER_ERROR' ? randomUUID() : undefined;
  const errors = [formatPublicError(publicError(code, message), requestId)];
  return sendFormatted(reply, status ?? STATUS_OF_CODE[code], errors);
}

/** Sends errors of the contract with the status of the first. */
export function sendErrors(reply: FastifyReply, errors: readonly GraphQLError[]): FastifyReply {
  const [first] = errors;
  const code = first === undefined ? 'INTERNAL_SERVER_ERROR' : publicCodeOf(first);
  return sendFormatted(
    reply,
    STATUS_OF_CODE[code],
    errors.map((error) => formatPublicError(error)),
  );
}

function sendFormatted(
  reply: FastifyReply,
  status: number,
  errors: readonly GraphQLFormattedError[],
): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ errors }));
}

/** Puts Fastify's own refusals into the contract's words. */
export function registerErrorReplies(app: FastifyInstance): void {
  app.setNotFoundHandler((_, reply) => sendError(reply, 'BAD_REQUEST', 'There is nothing here.', NOT_FOUND));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof BodyTooLarge) {
      if (error.isCutOff) reply.header('connection', 'close');
      return sendError(reply, 'PAYLOAD_TOO_LARGE', error.message);
    }
    if (error instanceof BodyTooSlow) {
      return sendError(reply.header('connection', 'close'), 'BAD_REQUEST', error.message, REQUEST_TIMEOUT);
    }
    if (error instanceof BodyMalformed) return sendError(reply, 'BAD_REQUEST', error.message);
    if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
      return sendError(reply, 'BAD_REQUEST', 'Send the request as application/json.', UNSUPPORTED_MEDIA_TYPE);
    }
    if (error.statusCode !== undefined && error.statusCode < FIRST_SERVER_ERROR) {
      return sendError(reply, 'BAD_REQUEST', 'The request is malformed.', error.statusCode);
    }
    request.log.error({ err: error }, 'a request broke');
    return sendError(reply, 'INTERNAL_SERVER_ERROR', '');
  });
}
