import { placesOf } from './currencies.ts';

/** An exact amount: whole minor units (pence, cents) of an ISO 4217 currency, without tax. */
export type Money = Readonly<{ minor: bigint; currencyCode: string }>;

/** Amounts that fit a Postgres bigint and a JSON integer; a larger one is refused as input. */
export const AMOUNT_MINOR_MAX = BigInt(Number.MAX_SAFE_INTEGER);

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/;

/**
 * Reads a decimal string such as "12.50"; null when malformed, too large, or finer than the currency. Whether that may be paid with
 * is asked where it comes in (`refuseCurrency`, `isCurrencyCode`): amounts that stand are read when it was withdrawn, too.
 */
export function parseMoney(amount: string, currencyCode: string): Money | null {
  const match = DECIMAL.exec(amount);
  if (match === null) return null;
  const [, sign, whole = '', fraction = ''] = match;
  const places = placesOf(currencyCode);
  if (/[1-9]/.test(fraction.slice(places))) return null;
  const minor = BigInt(whole + fraction.slice(0, places).padEnd(places, '0'));
  if (minor > AMOUNT_MINOR_MAX) return null;
  return { minor: sign === '-' ? -minor : minor, currencyCode };
}

/** The decimal string of an amount, with the currency's own places: 1250n GBP is "12.50". */
export function formatMoney({ minor, currencyCode }: Money): string {
  const places = placesOf(currencyCode);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, '0');
  const sign = minor < 0n ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Divides an amount by a whole number, half to even (IEEE 754 roundTiesToEven). The divisor is positive. */
export function divideHalfEven(minor: bigint, divisor: bigint): bigint {
  const quotient = minor / divisor;
  const twice = 2n * (minor % divisor);
  const distance = twice < 0n ? -twice : twice;
  const away = minor < 0n ? -1n : 1n;
  if (distance < divisor) return quotient;
  if (distance > divisor) return quotient + away;
  return quotient % 2n === 0n ? quotient : quotient + away;
}

/** The API's shape of an amount in minor units. */
export function moneyView(
  minor: bigint | number,
  currencyCode: string,
): { amount: string; currencyCode: string } {
  return { amount: formatMoney({ minor: BigInt(minor), currencyCode }), currencyCode };
}

/** An amount as the API takes it, before it is parsed. */
export type MoneyText = Readonly<{ amount: string; currencyCode: string }>;

/** An amount in the form in which the API tells it, so that "5" and "5.00" are the same; as it came where it is none. */
export function canonicalMoney({ amount, currencyCode }: MoneyText): MoneyText {
  const parsed = parseMoney(amount, currencyCode);
  return { amount: parsed === null ? amount : formatMoney(parsed), currencyCode };
}
