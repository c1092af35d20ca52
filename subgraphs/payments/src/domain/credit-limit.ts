import {
  CODE_LENGTH_MAX,
  isText,
  parseMoney,
  type Refusal,
  refusal,
  refuseCurrency,
} from '@crossdock/values';

/** A row of `setCreditLimits` as it came. */
export type LimitRow = Readonly<{
  partnerId: string;
  limit: Readonly<{ amount: string; currencyCode: string }>;
  /** Days from an invoice to its due date; as they are when absent. */
  termsDays?: number | null | undefined;
}>;

/** A partner's standing when the row is decided; `limitMinor` is null until a limit was set. */
export type LimitStanding = Readonly<{ currencyCode: string; limitMinor: number | null; termsDays: number }>;

export type LimitVerdict =
  | Readonly<{ type: 'refused'; refusal: Refusal }>
  | Readonly<{ type: 'unchanged' }>
  | Readonly<{ type: 'set'; limitMinor: number; termsDays: number; created: boolean }>;

/** Days from an invoice to its due date before the ERP sets any, and at most. */
export const TERMS_DAYS_DEFAULT = 30;
export const TERMS_DAYS_MAX = 365;

function isTermsDays(days: number): boolean {
  return Number.isInteger(days) && days >= 0 && days <= TERMS_DAYS_MAX;
}

function refuse(refused: Refusal): LimitVerdict {
  return { type: 'refused', refusal: refused };
}

/** Decides one row. A limit may be set below what the partner owes: that refuses what comes, nothing that stands. */
export function decideLimit(
  row: LimitRow,
  standing: LimitStanding | null,
  path: readonly string[],
): LimitVerdict {
  const field = [...path, 'limit'];
  const badCurrency = refuseCurrency(row.limit.currencyCode, field, standing?.currencyCode);
  if (badCurrency !== null) return refuse(badCurrency);
  const limit = parseMoney(row.limit.amount, row.limit.currencyCode);
  if (limit === null || limit.minor < 0n) {
    return refuse(
      refusal('INVALID_INPUT', {
        message: 'A limit is zero or more, in whole minor units.',
        field,
      }),
    );
  }
  if (row.termsDays != null && !isTermsDays(row.termsDays)) {
    const message = `termsDays is 0 to ${TERMS_DAYS_MAX}.`;
    return refuse(refusal('INVALID_INPUT', { message, field: [...path, 'termsDays'] }));
  }
  if (standing === null) return refuse(refusal('UNKNOWN_PARTNER', { field: [...path, 'partnerId'] }));
  if (standing.currencyCode !== limit.currencyCode) {
    return refuse(refusal('CURRENCY_MISMATCH', { field: [...field, 'currencyCode'] }));
  }
  const limitMinor = Number(limit.minor);
  const termsDays = row.termsDays ?? standing.termsDays;
  if (standing.limitMinor === limitMinor && standing.termsDays === termsDays) return { type: 'unchanged' };
  return { type: 'set', limitMinor, termsDays, created: standing.limitMinor === null };
}

/** True for a code that a partner may have. */
export function isPartnerCode(text: string): boolean {
  return isText(text, CODE_LENGTH_MAX);
}
