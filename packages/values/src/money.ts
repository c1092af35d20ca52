/** An exact amount: whole minor units (pence, cents) of an ISO 4217 currency, without tax. */
export type Money = Readonly<{ minor: bigint; currencyCode: string }>;

/** Amounts that fit a Postgres bigint and a JSON integer; a larger one is refused as input. */
export const AMOUNT_MINOR_MAX = BigInt(Number.MAX_SAFE_INTEGER);

// Places after the point by ISO 4217, where they are not 2.
const PLACES: Readonly<Record<string, number>> = {
  BHD: 3,
  CLP: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  TND: 3,
  UGX: 0,
  VND: 0,
  XAF: 0,
  XOF: 0,
};

const CURRENCY_CODE = /^[A-Z]{3}$/;
const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/;

export function isCurrencyCode(text: string): boolean {
  return CURRENCY_CODE.test(text);
}

/** Places after the point of a currency's amounts. */
export function placesOf(currencyCode: string): number {
  return PLACES[currencyCode] ?? 2;
}

/** Reads a decimal string such as "12.50"; null when malformed, too large, or finer than the currency. */
export function parseMoney(amount: string, currencyCode: string): Money | null {
  const match = DECIMAL.exec(amount);
  if (match === null || !isCurrencyCode(currencyCode)) return null;
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
