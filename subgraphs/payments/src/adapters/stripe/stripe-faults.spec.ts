import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { answerOfFault } from '../provider-answers.ts';
import { answerOfStripeError } from './stripe-faults.ts';
import { WayFault } from './stripe-http.ts';

const NOT_SERVED = 'the provider takes no requests at the moment';
const SECRET = 'sk_test_123 and pm_card_visa';

/** The answer to what Stripe says with a status, by the way every call takes. */
async function answerTo(statusCode: number, error: object) {
  // The library builds its errors from the raw object of an answer, with the status beside.
  const thrown = Stripe.errors.StripeError.generate({ message: SECRET, statusCode, ...error } as never);
  return Promise.reject(thrown).catch(answerOfStripeError).catch(answerOfFault);
}

describe('what an error of Stripe means', () => {
  it.each([
    [
      'too many requests',
      429,
      { type: 'invalid_request_error', code: 'rate_limit' },
      'turned-away',
      'HTTP 429',
    ],
    ['no such key', 401, { type: 'invalid_request_error' }, 'turned-away', NOT_SERVED],
    ['a key that may not', 403, { type: 'invalid_request_error' }, 'turned-away', NOT_SERVED],
    ['a fault of theirs', 500, { type: 'api_error' }, 'unknown', 'HTTP 500'],
    ['no answer on the way to them', 408, { type: 'invalid_request_error' }, 'unknown', 'HTTP 408'],
    ['a fault on the way to them', 502, { type: 'api_error' }, 'unknown', 'HTTP 502'],
    [
      'a running twin',
      409,
      { type: 'invalid_request_error', code: 'idempotency_key_in_use' },
      'unknown',
      'idempotency_key_in_use',
    ],
    ['another request under the key', 400, { type: 'idempotency_error' }, 'unknown', 'idempotency_error'],
    [
      'another state',
      400,
      { type: 'invalid_request_error', code: 'payment_intent_unexpected_state' },
      'unknown',
      'payment_intent_unexpected_state',
    ],
    [
      'too much',
      400,
      { type: 'invalid_request_error', code: 'amount_too_large' },
      'refused',
      'amount_too_large',
    ],
    [
      'nothing of that name',
      404,
      { type: 'invalid_request_error', code: 'resource_missing' },
      'refused',
      'resource_missing',
    ],
    ['no code', 400, { type: 'invalid_request_error' }, 'refused', 'invalid_request_error'],
    [
      'a card',
      402,
      { type: 'card_error', code: 'card_declined', decline_code: 'lost_card' },
      'refused',
      'generic_decline',
    ],
    [
      'a code that is no word',
      400,
      { type: SECRET, code: SECRET, decline_code: SECRET },
      'refused',
      'invalid_request',
    ],
  ])('%s', async (_what, status, error, kind, reason) => {
    expect(await answerTo(status, error)).toEqual({ kind, reason });
  });

  it.each([
    ['ECONNREFUSED', 'not-sent'],
    ['UND_ERR_CONNECT_TIMEOUT', 'not-sent'],
    ['ECONNRESET', 'unknown'],
    ['UND_ERR_SOCKET', 'unknown'],
  ])('a way that failed with %s is %s', async (code, kind) => {
    const detail = new WayFault('', { cause: Object.assign(new Error(SECRET), { code }) });
    // The type asks for a whole raw error; the library makes this one of a message and a detail.
    const thrown = new Stripe.errors.StripeConnectionError({ message: SECRET, detail } as never);
    const answer = Promise.reject(thrown).catch(answerOfStripeError).catch(answerOfFault);
    expect(await answer).toEqual({ kind, reason: code });
  });

  it('an answer that is no JSON may be one of success', async () => {
    // The type asks for a whole raw error; the library makes this one of a message alone.
    const thrown = new Stripe.errors.StripeAPIError({ message: SECRET } as never);
    const answer = Promise.reject(thrown).catch(answerOfStripeError).catch(answerOfFault);
    expect(await answer).toEqual({ kind: 'unknown', reason: 'unreadable answer' });
  });

  it('anything else may have happened', async () => {
    const answer = Promise.reject(new TypeError(SECRET)).catch(answerOfStripeError).catch(answerOfFault);
    expect(await answer).toEqual({ kind: 'unknown', reason: 'TypeError' });
  });
});
