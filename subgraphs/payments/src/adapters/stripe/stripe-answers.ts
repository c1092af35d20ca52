import { z } from 'zod';
import type { ProviderAnswer, ProviderAuthorisation, ProviderCapture, ProviderRefund } from '../../ports.ts';
import { codeAmong, toldAs } from '../told-reasons.ts';
import { amountFromStripe } from './stripe-amounts.ts';
import { capturesIn, type NamedCapture, referenceOf } from './stripe-metadata.ts';

const idOrObject = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);
const metadata = z.record(z.string(), z.string());
const card = z.object({ capture_before: z.int().nullish() });
const charge = z.object({
  status: z.string().nullish(),
  amount_refunded: z.int(),
  payment_method_details: z.object({ card: card.nullish() }).nullish(),
});

const intent = z.object({
  object: z.literal('payment_intent'),
  id: z.string().min(1),
  amount: z.int(),
  amount_received: z.int(),
  currency: z.string().length(3),
  status: z.string(),
  cancellation_reason: z.string().nullish(),
  customer: idOrObject.nullish(),
  payment_method: idOrObject.nullish(),
  metadata,
  last_payment_error: z.object({ code: z.string().nullish(), decline_code: z.string().nullish() }).nullish(),
  latest_charge: z.union([z.string(), charge]).nullish(),
});
const refund = z.object({ id: z.string().min(1), amount: z.int(), status: z.string().nullish(), metadata });

export type Intent = z.infer<typeof intent>;
export type Refund = z.infer<typeof refund>;

/** What the library gives is read before it is believed: it takes any JSON without `error` for what was asked. */
export const readIntent = (body: unknown): Intent => intent.parse(body);
export const readIntents = (bodies: readonly unknown[]): Intent[] => z.array(intent).parse(bodies);
export const readRefunds = (bodies: readonly unknown[]): Refund[] => z.array(refund).parse(bodies);

/** Cancelled by Stripe itself, because nobody captured it in time. */
const ENDED_BY_ITSELF = new Set(['automatic', 'expired']);
const NOT_GIVEN_BACK = new Set(['failed', 'canceled']);
const PROCESSING = 'processing';

/** False for a refund that came to nothing, though Stripe made it. */
export function isGivenBack({ status }: Refund): boolean {
  return !NOT_GIVEN_BACK.has(status ?? '');
}

/** False where Stripe may have given something back: only then are refunds asked for. */
export function hasNoRefunds({ amount_received, latest_charge: charge }: Intent): boolean {
  if (amount_received === 0) return true;
  return typeof charge === 'object' && charge !== null && charge.amount_refunded === 0;
}

function statusOf({ status, cancellation_reason, amount_received }: Intent): ProviderAuthorisation['status'] {
  switch (status) {
    case 'requires_capture':
      return 'AUTHORISED';
    case 'succeeded':
      return 'CAPTURED';
    case 'canceled':
      if (ENDED_BY_ITSELF.has(cancellation_reason ?? '')) return 'EXPIRED';
      return amount_received > 0 ? 'CAPTURED' : 'VOIDED';
    case 'requires_payment_method':
    // Nobody has the secret that would let the card's owner answer: it never comes to anything.
    case 'requires_action':
      return 'DECLINED';
    default:
      return 'REQUIRES_CONFIRMATION';
  }
}

/** Why a card declined, as Stripe has it; null where none did. Partners are told `toldAs` of it. */
export function declineCodeOf({ status, last_payment_error: error }: Intent): string | null {
  if (status === 'requires_action') return 'authentication_required';
  if (status !== 'requires_payment_method') return null;
  return codeAmong(error?.decline_code, error?.code, status);
}

function expiresAtOf({ latest_charge: charge }: Intent): string | null {
  const known = typeof charge === 'object' ? charge?.payment_method_details?.card?.capture_before : null;
  return known ? new Date(known * 1_000).toISOString() : null;
}

/** A decline leaves a charge too, which failed. */
function hasCharge({ latest_charge: charge }: Intent): boolean {
  return typeof charge === 'object' && charge?.status === 'succeeded';
}

const captureIdOf = (intentId: string, instance: string) => `${intentId}/${instance}`;

/** The intent and the instance that a capture's id names: at Stripe a capture has none. */
export function namedBy(captureId: string): Readonly<{ intentId: string; instance: string }> {
  const at = captureId.indexOf('/');
  return at < 0
    ? { intentId: captureId, instance: '' }
    : { intentId: captureId.slice(0, at), instance: captureId.slice(at + 1) };
}

/** True when the captures that the metadata names are all that was received. */
export function isAccountedFor({ metadata: given, amount_received: received }: Intent): boolean {
  return capturesIn(given).reduce((sum, { amount }) => sum + amount, 0) === received;
}

/** True where an intent names this capture, and received that much at least: the answer to a capture is about no other. */
export function namesCapture(
  { metadata: given, amount_received: received }: Intent,
  { instance, amount }: NamedCapture,
): boolean {
  const isNamed = capturesIn(given).some((each) => each.instance === instance && each.amount === amount);
  return isNamed && received >= amount;
}

function capturesOf(shown: Intent, currencyCode: string, refunds: readonly Refund[]): ProviderCapture[] {
  const received = { instance: '', amount: shown.amount_received };
  const captures = isAccountedFor(shown) ? capturesIn(shown.metadata) : received.amount > 0 ? [received] : [];
  const known = new Set(captures.map(({ instance }) => instance));
  const given = refunds.filter(isGivenBack);
  return captures.map(({ instance, amount }, index) => {
    // What was given back without our words is shown with the first capture, so that it is not overlooked.
    const isOfThis = ({ metadata: { capture } }: Refund) =>
      capture !== undefined && known.has(capture) ? capture === instance : index === 0;
    return {
      id: captureIdOf(shown.id, instance),
      instance,
      amountMinor: amountFromStripe(amount, currencyCode),
      refunds: given.filter(isOfThis).map((each): ProviderRefund => {
        const amountMinor = amountFromStripe(each.amount, currencyCode);
        return { id: each.id, instance: each.metadata.instance ?? '', amountMinor };
      }),
    };
  });
}

/** An intent in our words. What it received without naming it is one capture that is nobody's. */
export function authorisationOf(shown: Intent, refunds: readonly Refund[]): ProviderAuthorisation {
  const currencyCode = shown.currency.toUpperCase();
  const declineCode = declineCodeOf(shown);
  return {
    id: shown.id,
    status: statusOf(shown),
    amountMinor: amountFromStripe(shown.amount, currencyCode),
    currencyCode,
    declineReason: declineCode === null ? null : toldAs(declineCode),
    reference: referenceOf(shown.metadata),
    expiresAt: expiresAtOf(shown),
    ...(hasCharge(shown) ? { saidYes: true } : {}),
    captures: capturesOf(shown, currencyCode, refunds),
  };
}

/** An intent as the answer to a call. Where its captures cannot be told from each other, nothing is known, and a person looks. */
export function answerOf(shown: Intent, refunds: readonly Refund[]): ProviderAnswer<ProviderAuthorisation> {
  if (shown.status === PROCESSING) return { kind: 'unknown', reason: PROCESSING };
  if (!isAccountedFor(shown)) return { kind: 'unknown', reason: 'captures_disagree' };
  return { kind: 'done', value: authorisationOf(shown, refunds) };
}
