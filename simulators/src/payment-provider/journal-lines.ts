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

const everyLine = {
  authorizationId: z.string(),
  amountMinor,
  currencyCode: z.string(),
  reference,
  idempotencyKey: z.string(),
  /** Hash of the request that the key came with. */
  fingerprint: z.string(),
  /** Only where the request came in Stripe's shape. */
  stripe: stripeSide.optional(),
};

const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created'), ...everyLine, card: z.enum(CARD_BEHAVIOURS) }),
  z.object({ kind: z.literal('authorised'), ...everyLine }),
  z.object({ kind: z.literal('declined'), ...everyLine, declineCode: z.string() }),
  z.object({ kind: z.literal('captured'), ...everyLine, captureId: z.string(), final: z.boolean() }),
  z.object({ kind: z.literal('voided'), ...everyLine }),
  z.object({ kind: z.literal('refunded'), ...everyLine, captureId: z.string(), refundId: z.string() }),
]);

export type PaymentEntry = z.infer<typeof entry>;
export type PaymentLine = Recorded<PaymentEntry>;

/** Throws when the line is none of ours. */
export const parsePaymentLine = lineParser(entry);
