import { IDEMPOTENCY_KEY_LENGTH_MAX, isText, type Refusal, refusal } from '@crossdock/values';

/** Milliseconds a client should wait before it asks again for a request that is still running. */
const RETRY_AFTER_MS = 1_000;

/** Why an idempotency key cannot be used, or null. */
export function refuseIdempotencyKey(key: string): Refusal | null {
  if (isText(key, IDEMPOTENCY_KEY_LENGTH_MAX)) return null;
  return refusal('INVALID_INPUT', {
    message: 'idempotencyKey has 1 to 255 characters.',
    field: ['idempotencyKey'],
  });
}

/** The refusal for a verdict on a key that lets nothing be done, or null for NEW and REPLAYED. */
export function refuseKeyVerdict(verdict: string): Refusal | null {
  if (verdict === 'KEY_REUSED') return refusal('IDEMPOTENCY_KEY_REUSED', { field: ['idempotencyKey'] });
  if (verdict === 'IN_FLIGHT') return refusal('REQUEST_IN_PROGRESS', { retryAfterMs: RETRY_AFTER_MS });
  return null;
}
