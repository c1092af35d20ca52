import { createHash } from 'node:crypto';
import { z } from 'zod';
import { reference } from './journal-lines.ts';

/** A page of the report is answered from memory at once: so many take few milliseconds. */
const MAX_REPORT_PAGE = 500;
const DEFAULT_REPORT_PAGE = 100;

/** Minor units of the currency. */
const amountMinor = z.int().min(1);

export const createAuthorization = z
  .object({
    amountMinor,
    currencyCode: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code'),
    cardToken: z.string().min(1).max(255).optional(),
    /** The authorisation whose card is asked again. */
    renews: z.string().min(1).max(255).optional(),
    reference,
    /** Creating and confirming are two calls, so that the id can be stored between them. */
    confirm: z.literal(false).default(false),
  })
  .refine(({ cardToken, renews }) => (cardToken === undefined) !== (renews === undefined), {
    message: 'needs either cardToken or renews',
  });

export const capture = z.object({ amountMinor, reference, final: z.boolean().default(false) });
export const refund = z.object({ amountMinor, reference });
export const noBody = z.object({}).optional();
export const idempotencyKey = z.string().min(1).max(255);
export const ofOrder = z.object({ orderId: z.string().min(1).max(64) });
export const ofReport = z.object({
  /** How many authorisations came before the page; opaque to whoever pages. */
  after: z
    .string()
    .regex(/^\d{1,12}$/, 'must be a cursor of this report')
    .default('0')
    .transform(Number),
  limit: z.coerce.number().int().min(1).max(MAX_REPORT_PAGE).default(DEFAULT_REPORT_PAGE),
});

/** The same for requests that mean the same: address and body with sorted keys. */
export function fingerprintOf(url: string, body: unknown): string {
  return createHash('sha256')
    .update(`${url}\n${canonical(body)}`)
    .digest('base64url');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
