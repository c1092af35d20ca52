// What of a provider's words for why goes further than its adapter: into facts, and so to partners.

/**
 * Providers' codes are words of small letters with low lines between, such as card_velocity_exceeded; whatever else stands there is
 * not handed on. A token or an id has digits or a word longer than any of a language.
 */
const CODE = /^[a-z]{1,20}(?:_[a-z]{1,20}){0,11}$/;
const CODE_LENGTH_MAX = 64;
/** What tokens, ids and keys begin with, also those of letters alone; no code of a provider does. */
const NAMED_THING = /^(?:tok|pm|pi|seti|src|cus|ch|py|re|evt|cs|sk|pk|rk|whsec)_/;
const SECRET = /(?:^|_)secret(?:_|$)/;
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

function isCode(text: string): boolean {
  return text.length <= CODE_LENGTH_MAX && CODE.test(text) && !NAMED_THING.test(text) && !SECRET.test(text);
}

/** The first that is a code; never a message: that may quote what was asked. */
export function codeAmong(...codes: readonly (string | null | undefined)[]): string {
  return codes.find((code) => typeof code === 'string' && isCode(code)) ?? NO_CODE;
}

/** True for a code that only operators may see. */
export function isUntold(code: string): boolean {
  return UNTOLD.has(code);
}

/** A code as partners may read it. */
export function toldAs(code: string): string {
  return isUntold(code) ? TOLD_INSTEAD : code;
}
