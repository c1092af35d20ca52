// What an event says, in either style. It is only a hint: whoever hears it reads the provider for the truth.
import type { PaymentEntry } from '../journal-lines.ts';

export const WEBHOOK_STYLES = ['standard', 'stripe'] as const;
export type WebhookStyle = (typeof WEBHOOK_STYLES)[number];

/** A durable line that is told of; nobody is told of what was only created. */
export interface PaymentEvent {
  readonly id: string;
  readonly kind: Exclude<PaymentEntry['kind'], 'created'>;
  readonly authorizationId: string;
  readonly orderId: string;
  /** RFC 3339: when the line was written. */
  readonly at: string;
}

const STRIPE_TYPES: Readonly<Record<PaymentEvent['kind'], string>> = {
  authorised: 'payment_intent.amount_capturable_updated',
  declined: 'payment_intent.payment_failed',
  voided: 'payment_intent.canceled',
  expired: 'payment_intent.canceled',
  captured: 'payment_intent.succeeded',
  refunded: 'charge.refunded',
};

export function bodyOf(event: PaymentEvent, style: WebhookStyle): string {
  const { id, kind, authorizationId, orderId, at } = event;
  if (style === 'standard') {
    const data = { authorizationId, orderId };
    return JSON.stringify({ type: `authorization.${kind}`, timestamp: at, data });
  }
  const created = Math.floor(Date.parse(at) / 1_000);
  const object = { id: stripeIdOf(authorizationId), object: 'payment_intent' };
  return JSON.stringify({ id, object: 'event', type: STRIPE_TYPES[kind], created, data: { object } });
}

/** The name that Stripe's style shows an authorisation by. */
export function stripeIdOf(authorizationId: string): string {
  return authorizationId.replace(/^auth_/, 'pi_');
}
