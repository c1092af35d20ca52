import Stripe from 'stripe';
import { z } from 'zod';
import type { ProviderNotice, ReadNotice } from '../../ports.ts';
import { firstRead } from '../notices.ts';

/** Seconds a signature is good for, against a copy that is sent again later. */
const TOLERANCE_S = 300;

const id = z.string().min(1).max(255);
const ofIntent = z.union([id, z.object({ id }).transform((intent) => intent.id)]);
const event = z.object({
  id,
  type: id,
  data: z.object({
    object: z.object({ object: z.string(), id: id.nullish(), payment_intent: ofIntent.nullish() }),
  }),
});

/** Webhooks that Stripe signed over timestamp and raw body; several secrets are good at once, so that one can be replaced. */
export function createStripeNotices(secrets: readonly string[]): ReadNotice {
  return (headers, rawBody) => {
    const read = (secret: string) => (): ProviderNotice => {
      const signature = headers['stripe-signature'] ?? '';
      const said = event.parse(Stripe.webhooks.constructEvent(rawBody, signature, secret, TOLERANCE_S));
      const { object, payment_intent: intent = null, ...about } = said.data.object;
      const authorisationId = object === 'payment_intent' ? (about.id ?? null) : intent;
      return { eventId: said.id, type: said.type, authorisationId };
    };
    return firstRead(secrets.map(read));
  };
}
