import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

/** A refusal as RFC 9457 problem+json; `code` is what programs read. No value of the request is ever repeated in it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
}

/** A bad request lists at most so many of its faults. */
const MAX_FAULTS = 5;

export function problem(status: number, code: string, title: string, detail?: string): Problem {
  return detail === undefined ? { status, code, title } : { status, code, title, detail };
}

export function sendProblem(reply: FastifyReply, refusal: Problem): FastifyReply {
  const { status, code, title, detail, retryAfterSeconds } = refusal;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: `urn:problem:${code}`, title, status, code, ...(detail === undefined ? {} : { detail }) });
}

export function badInput(error: z.ZodError): Problem {
  const faults = error.issues
    .slice(0, MAX_FAULTS)
    .map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  return problem(400, 'invalid_request', 'The request is malformed.', faults.join('; '));
}
