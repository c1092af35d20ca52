import Stripe from 'stripe';
import type { ProviderAnswer } from '../../ports.ts';
import { isKeyRefused, ProviderFault } from '../provider-answers.ts';
import { codeAmong, isUntold, toldAs } from '../told-reasons.ts';
import { WayFault } from './stripe-http.ts';

/** The state is not what we think, or a twin is running: only a read tells what stands. */
const CONFLICTS = new Set(['payment_intent_unexpected_state', 'idempotency_key_in_use', 'lock_timeout']);
const CONFLICT_STATUS = 409;
function codeOf(error: Stripe.errors.StripeError): string {
  return codeAmong(error.decline_code, error.code, error.rawType);
}

/** The code of a refusal that only operators may see; null where there is none. */
export function untoldCodeOf(error: unknown): string | null {
  if (!(error instanceof Stripe.errors.StripeError)) return null;
  const code = codeOf(error);
  return isUntold(code) ? code : null;
}

function refusalOf(error: Stripe.errors.StripeError): ProviderAnswer<never> {
  const reason = toldAs(codeOf(error));
  const conflict = error.statusCode === CONFLICT_STATUS || CONFLICTS.has(reason);
  return { kind: conflict ? 'unknown' : 'refused', reason };
}

/** What a call of the library that threw means: a refusal is returned, a fault is thrown. */
export function answerOfStripeError(error: unknown): ProviderAnswer<never> {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const status = error.statusCode === undefined ? 'unreadable answer' : `HTTP ${error.statusCode}`;
  switch (error.type) {
    case 'StripeConnectionError':
      // The error underneath has the code that tells a connection that never was from one that broke.
      throw error.detail instanceof WayFault ? error.detail.cause : new ProviderFault('connection', true);
    case 'StripeRateLimitError':
    case 'StripeAuthenticationError':
    case 'StripePermissionError':
      throw new ProviderFault(status, false, isKeyRefused(error.statusCode));
    case 'StripeIdempotencyError':
      // Something else was executed under this key: what stands must be read.
      return { kind: 'unknown', reason: 'idempotency_error' };
    case 'StripeInvalidRequestError':
    case 'StripeCardError':
      return refusalOf(error);
    default:
      if (error.statusCode === CONFLICT_STATUS) return refusalOf(error);
      throw new ProviderFault(status, true);
  }
}
