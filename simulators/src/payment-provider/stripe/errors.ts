import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/** Stripe's error object, as its libraries read it. */
interface StripeError {
  readonly status: number;
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  readonly code?: string;
}

/** How Stripe says what the simulator's own routes say in problem+json; anything else keeps its status. */
const ERRORS: Readonly<Record<string, StripeError>> = {
  unexpected_state: {
    status: 400,
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
  },
  amount_exceeds_authorised: { status: 400, type: 'invalid_request_error', code: 'amount_too_large' },
  amount_exceeds_captured: { status: 400, type: 'invalid_request_error' },
  idempotency_error: { status: 400, type: 'idempotency_error' },
  request_in_progress: { status: 409, type: 'invalid_request_error', code: 'idempotency_key_in_use' },
  unknown_authorization: { status: 404, type: 'invalid_request_error', code: 'resource_missing' },
  unknown_capture: { status: 400, type: 'invalid_request_error', code: 'resource_missing' },
  invalid_card_token: { status: 400, type: 'invalid_request_error', code: 'resource_missing' },
  rate_limited: { status: 429, type: 'invalid_request_error', code: 'rate_limit' },
};
const SERVER_FAULT_FROM = 500;

const problem = z.object({ code: z.string(), title: z.string(), detail: z.string().optional() });

function errorOf(code: string, status: number): StripeError {
  const type = status >= SERVER_FAULT_FROM ? 'api_error' : 'invalid_request_error';
  return ERRORS[code] ?? { status, type };
}

/** Every problem+json of this scope leaves as Stripe's error object, whoever said it. */
export function answerStripeErrors(scope: FastifyInstance): void {
  scope.addHook('onSend', async (_request, reply, payload) => {
    const contentType = String(reply.getHeader('content-type') ?? '');
    if (!contentType.startsWith('application/problem+json') || typeof payload !== 'string') return payload;
    const { code, title, detail } = problem.parse(JSON.parse(payload));
    const { status, ...error } = errorOf(code, reply.statusCode);
    reply.code(status).type('application/json; charset=utf-8');
    return JSON.stringify({ error: { ...error, message: detail ?? title } });
  });
}
