/** Characters of a code of the ERP (partner, SKU, warehouse) at most. */
export const CODE_LENGTH_MAX = 64;
/** Characters of an idempotency key at most. */
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True when Postgres can hold the text as UTF-8: no NUL, no lone surrogate. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && !LONE_SURROGATE.test(text);
}

/** True for a storable text of 1 to `max` UTF-16 units that is not only blanks. */
export function isText(text: string, max: number): boolean {
  return text.length <= max && text.trim() !== '' && isStorable(text);
}

/** True for the canonical text form of a UUID. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** An id in the form in which the API tells it: UUIDs in small letters, all else as it came. */
export function canonicalId(text: string): string {
  return isUuid(text) ? text.toLowerCase() : text;
}
