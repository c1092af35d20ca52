import { z } from 'zod';
import { lineParser, type Recorded } from '../journal/recorded.ts';
import { CARD_BEHAVIOURS } from './card-tokens.ts';
import { stripeSide } from './stripe/stripe-side.ts';

/** What the money is for, in the merchant's words; an operation is found again by it. */
export const reference = z.object({
  orderId: z.string().min(1).max(64),
  purpose: z.string().min(1).max(32),
  epoch: z.int().min(0).optional(),
  instance: z.string().min(1).max(128).optional(),
});
export type Reference = z.infer<typeof reference>;

/** Zero is written only for what had nothing to release. */
const amountMinor = z.int().min(0);

const everyLine = { authorizationId: z.string(), amountMinor, currencyCode: z.string(), reference };

const askedFor = {
  ...everyLine,
  idempotencyKey: z.string(),
  /** Hash of the request that the key came with. */
  fingerprint: z.string(),
  /** Only where the request came in Stripe's shape. */
  stripe: stripeSide.optional(),
};

const keyedEntry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('created'),
    ...askedFor,
    card: z.enum(CARD_BEHAVIOURS),
    renews: z.string().optional(),
  }),
  /** Without `expiresAt` in what was written before authorisations ended by themselves: those last for ever. */
  z.object({ kind: z.literal('authorised'), ...askedFor, expiresAt: z.string().optional() }),
  z.object({ kind: z.literal('declined'), ...askedFor, declineCode: z.string() }),
  z.object({ kind: z.literal('captured'), ...askedFor, captureId: z.string(), final: z.boolean() }),
  z.object({ kind: z.literal('voided'), ...askedFor }),
  z.object({ kind: z.literal('refunded'), ...askedFor, captureId: z.string(), refundId: z.string() }),
]);

/** Nobody asked for it: it has no key. */
const expired = z.object({ kind: z.literal('expired'), ...everyLine });
const entry = z.discriminatedUnion('kind', [keyedEntry, expired]);

/** What a request brought about. */
export type KeyedEntry = z.infer<typeof keyedEntry>;
export type PaymentEntry = z.infer<typeof entry>;
export type PaymentLine = Recorded<PaymentEntry>;

/** Throws when the line is none of ours. */
export const parsePaymentLine = lineParser(entry);
