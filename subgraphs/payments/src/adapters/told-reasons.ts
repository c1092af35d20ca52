// What of a provider's words for why goes further than its adapter: into facts, and so to partners.

/** Providers' codes are words; whatever else stands there is not handed on. */
const CODE = /^[a-z][a-z0-9_]{0,63}$/;
const NO_CODE = 'invalid_request';

/** What a card issuer tells the merchant alone (docs.stripe.com/declines/codes): whoever holds the card must not learn it. */
const UNTOLD = new Set([
  ...['stolen_card', 'lost_card', 'pickup_card', 'fraudulent'],
  ...['restricted_card', 'security_violation', 'merchant_blacklist'],
]);
const TOLD_INSTEAD = 'generic_decline';

/** Says a true code to operators alone. */
export type NoteUntold = (
  code: string,
  about: Readonly<{ authorisationId?: string; orderId?: string }>,
) => void;

/** The first that is a code; never a message: that may quote what was asked. */
export function codeAmong(...codes: readonly (string | null | undefined)[]): string {
  return codes.find((code) => typeof code === 'string' && CODE.test(code)) ?? NO_CODE;
}

/** True for a code that only operators may see. */
export function isUntold(code: string): boolean {
  return UNTOLD.has(code);
}

/** A code as partners may read it. */
export function toldAs(code: string): string {
  return isUntold(code) ? TOLD_INSTEAD : code;
}
