import {
  type Authorization,
  type AuthorizationStatus,
  type Capture,
  capturedMinor,
  type Refund,
  refundedMinor,
} from '../authorization.ts';
import { type CardBehaviour, LATE_CARD_MS } from '../card-tokens.ts';
import type { IntentSide } from './stripe-book.ts';
import type { Metadata } from './stripe-side.ts';

/** One and the same authorisation is `auth_x` to the simulator's own routes and `pi_x` to Stripe's. */
export const intentIdOf = (authorizationId: string) => authorizationId.replace(/^auth_/, 'pi_');
export const authorizationIdOf = (intentId: string) => intentId.replace(/^pi_/, 'auth_');
const chargeIdOf = (authorizationId: string) => authorizationId.replace(/^auth_/, 'ch_');
const refundIdOf = (refundId: string) => refundId.replace(/^ref_/, 're_');

/** Stripe's words for a status, by ours; an authorisation that ended by itself was cancelled by Stripe. */
const STATUS: Readonly<Record<AuthorizationStatus, string>> = {
  requires_confirmation: 'requires_confirmation',
  authorised: 'requires_capture',
  declined: 'requires_payment_method',
  voided: 'canceled',
  expired: 'canceled',
  captured: 'succeeded',
};
const ASKED = new Set<AuthorizationStatus>(['authorised', 'expired', 'captured']);

const PAYMENT_METHODS = new Map<CardBehaviour, string>([
  ['card_declined', 'pm_card_visa_chargeDeclined'],
  ['insufficient_funds', 'pm_card_visa_chargeDeclinedInsufficientFunds'],
  // Not one of Stripe's: a card that takes its time.
  ['approves_late', `pm_card_visa_${LATE_CARD_MS}ms`],
]);
const APPROVES = 'pm_card_visa';

/** How the test card of that name behaves, as Stripe documents it; undefined for what is no payment method. */
export function behaviourOfPaymentMethod(paymentMethod: string): CardBehaviour | undefined {
  if (!/^pm_\w+$/.test(paymentMethod)) return undefined;
  for (const [behaviour, name] of PAYMENT_METHODS) if (name === paymentMethod) return behaviour;
  return 'approves';
}

const seconds = (at: string) => Math.floor(Date.parse(at) / 1_000);

function chargeView(authorization: Authorization) {
  const { id, amountMinor, currencyCode, captures, expiresAt } = authorization;
  const refunded = captures.reduce((sum, capture) => sum + refundedMinor(capture), 0);
  return {
    id: chargeIdOf(id),
    object: 'charge',
    amount: amountMinor,
    amount_captured: capturedMinor(authorization),
    amount_refunded: refunded,
    currency: currencyCode.toLowerCase(),
    payment_intent: intentIdOf(id),
    payment_method_details: {
      type: 'card',
      card: { capture_before: expiresAt === null ? null : seconds(expiresAt) },
    },
  };
}

/** What a declined card is answered with; Stripe calls a decline without a cause generic. */
export function declineOf({ declineCode }: Authorization) {
  const cause = declineCode === 'card_declined' ? 'generic_decline' : declineCode;
  return {
    type: 'card_error',
    code: 'card_declined',
    decline_code: cause,
    message: 'The card was declined.',
  };
}

/** A payment intent; `latest_charge` is its id, or all of it where the request expands it. */
export function intentView(authorization: Authorization, side: IntentSide | undefined, withCharge: boolean) {
  const { id, status, amountMinor, currencyCode, card } = authorization;
  const received = capturedMinor(authorization);
  const charge = withCharge ? chargeView(authorization) : chargeIdOf(id);
  return {
    id: intentIdOf(id),
    object: 'payment_intent',
    amount: amountMinor,
    amount_capturable: status === 'authorised' ? amountMinor - received : 0,
    amount_received: received,
    cancellation_reason: status === 'expired' ? 'automatic' : null,
    capture_method: 'manual',
    created: seconds(side?.createdAt ?? ''),
    currency: currencyCode.toLowerCase(),
    customer: side?.customer ?? null,
    last_payment_error: status === 'declined' ? declineOf(authorization) : null,
    latest_charge: ASKED.has(status) || received > 0 ? charge : null,
    livemode: false,
    metadata: side?.metadata ?? {},
    payment_method: status === 'declined' ? null : (PAYMENT_METHODS.get(card) ?? APPROVES),
    status: STATUS[status],
  };
}

export function refundView(authorization: Authorization, refund: Refund, metadata: Metadata) {
  const { id: authorizationId, currencyCode } = authorization;
  return {
    id: refundIdOf(refund.id),
    object: 'refund',
    amount: refund.amountMinor,
    charge: chargeIdOf(authorizationId),
    currency: currencyCode.toLowerCase(),
    metadata,
    payment_intent: intentIdOf(authorizationId),
    status: 'succeeded',
  };
}

/** All refunds of an authorisation's captures, the newest capture's first, as Stripe lists them. */
export function refundsOf({ captures }: Authorization): Refund[] {
  return captures.flatMap(({ refunds }: Capture) => refunds).reverse();
}

export function listView(url: string, data: readonly object[], hasMore: boolean) {
  return { object: 'list', url, has_more: hasMore, data };
}
