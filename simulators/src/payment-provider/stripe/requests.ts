import { z } from 'zod';
import type { Reference } from '../journal-lines.ts';
import type { Form } from './form.ts';
import { type Metadata, metadata } from './stripe-side.ts';

/** Stripe's pages, in objects. */
const PAGE = 10;
const PAGE_MAX = 100;

const amount = z.coerce.number().int().min(1);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const onlyMetadata = z.object({ metadata });

const createIntent = z.object({
  amount,
  currency: z.string().regex(/^[a-z]{3}$/, 'must be a lower-case ISO 4217 code'),
  payment_method: z.string().min(1).max(255),
  /** Creating and confirming are two calls, so that the id can be stored between them. */
  confirm: z.literal('false').optional(),
  capture_method: z.literal('manual'),
  customer: z.string().min(1).max(255).optional(),
  'payment_method_options[card][request_multicapture]': z.enum(['if_available', 'never']).optional(),
  metadata,
});
const captureIntent = z.object({
  amount_to_capture: amount.optional(),
  final_capture: flag.default(true),
  metadata,
});
const createRefund = z.object({
  payment_intent: z.string().min(1).max(255),
  amount: amount.optional(),
  metadata,
});
const page = {
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE),
  starting_after: z.string().min(1).max(255).optional(),
};

/** What each operation takes; other parameters are accepted and not looked at, but for their place in the fingerprint. */
export const REQUESTS = {
  createIntent,
  confirmIntent: onlyMetadata,
  captureIntent,
  cancelIntent: onlyMetadata,
  createRefund,
  listIntents: z.object(page),
  listRefunds: z.object({ payment_intent: z.string().min(1).max(255), limit: page.limit }),
} as const;

export function bodyOf<Body>(schema: z.ZodType<Body>, form: Form) {
  return schema.safeParse({ ...form.fields, metadata: form.metadata });
}

const epoch = z.coerce.number().int().min(0);

/** What the money is for, by the metadata that Crossdock sends; whoever sends none is filed under its own name. */
export function referenceOf(given: Metadata, otherwise: string): Reference {
  const read = epoch.safeParse(given.epoch);
  return {
    orderId: given.order_id || otherwise,
    purpose: given.purpose || 'stripe',
    ...(read.success ? { epoch: read.data } : {}),
    ...(given.instance ? { instance: given.instance } : {}),
  };
}

/** A capture has no metadata of its own at Stripe: Crossdock names it on the intent, as `<amount> <instance>`. */
export function captureInstanceOf(given: Metadata): string | undefined {
  const [named] = Object.values(given);
  return /^\d+ (.+)$/.exec(named ?? '')?.[1];
}
