import Stripe from 'stripe';
import { z } from 'zod';
import type { ReadNotice } from '../../ports.ts';
import { isOfNow, understood } from '../notices.ts';

/** The library looks at no time: it forgives any in the future, and reads numbers out of words. */
const ANY_AGE = 0;
const TIME = 't=';

const id = z.string().min(1).max(255);
const ofIntent = z.union([id, z.object({ id }).transform((intent) => intent.id)]);
const event = z.object({
  id,
  type: id,
  data: z.object({
    object: z.object({ object: z.string(), id: id.nullish(), payment_intent: ofIntent.nullish() }),
  }),
});

/** True where the one time that the header gives is now. */
function isSignedNow(header: string): boolean {
  const times = header.split(',').filter((each) => each.startsWith(TIME));
  return times.length === 1 && times.every((each) => isOfNow(each.slice(TIME.length)));
}

/** The library throws at a wrong signature; why is nobody's business: its error might quote the secret. */
function isSignedWith(secret: string, header: string, rawBody: string): boolean {
  try {
    return Stripe.webhooks.signature?.verifyHeader(rawBody, header, secret, ANY_AGE) === true;
  } catch {
    return false;
  }
}

/** Webhooks that Stripe signed over timestamp and raw body; several secrets are good at once, so that one can be replaced. */
export function createStripeNotices(secrets: readonly string[]): ReadNotice {
  return (headers, rawBody) => {
    const header = headers['stripe-signature'] ?? '';
    if (!isSignedNow(header)) return null;
    if (!secrets.some((secret) => isSignedWith(secret, header, rawBody))) return null;
    return understood(() => {
      const said = event.parse(JSON.parse(rawBody));
      const { object, payment_intent: intent = null, ...about } = said.data.object;
      const authorisationId = object === 'payment_intent' ? (about.id ?? null) : intent;
      return { eventId: said.id, type: said.type, authorisationId };
    });
  };
}
