// From a call that waits for a person to the dead letter by which the person finds it.
import { createHash } from 'node:crypto';
import type { CardCall } from '../domain/card-calls.ts';
import type { ClaimedCall } from '../store/card-calls.ts';
import type { CallLetter } from '../store/write-payments.ts';
import type { HeldNotice } from './payment-book.ts';

const FINGERPRINT_DIGITS = 16;

/** The key of a call's letters: never the order's, whose other facts flow. */
export function letterKeyOf({ orderId, operation, instance }: CardCall): string {
  return `${operation} ${orderId}/${instance}`;
}

/** Equal for calls that wait for the same reason, whatever the figures in it: what one repair will mend. */
function fingerprintOf(operation: string, reason: string): string {
  return createHash('sha256')
    .update(`PaymentHeld\u001f${operation}\u001f${reason.replace(/\d+/g, '#')}`)
    .digest('hex')
    .slice(0, FINGERPRINT_DIGITS);
}

/** The letters of calls that were left to a person, with the tries that were made of each. */
export function lettersOf(
  held: readonly HeldNotice[],
  tried: readonly ClaimedCall[],
  codeVersion: string,
): CallLetter[] {
  return held.map(({ eventId, orderId, call: { operation, instance, reason }, traceparent: trace }) => {
    const key = letterKeyOf({ orderId, operation, instance });
    const attempts = tried.find((call) => letterKeyOf(call) === key)?.attempt ?? 1;
    const fingerprint = fingerprintOf(operation, reason);
    return { eventId, key, error: reason, fingerprint, attempts, codeVersion, trace };
  });
}
