/** What a partner may owe and what it owes or has reserved, in minor units. `limitSet` is false until the ERP sets one. */
export type CreditAccount = Readonly<{
  currencyCode: string;
  limitMinor: number;
  exposureMinor: number;
  limitSet: boolean;
}>;

/** Why credit refuses, in the words of `PaymentDeclined`. */
export type CreditRefusal = 'CREDIT_LIMIT' | 'NO_CREDIT_ACCOUNT';

/** Null when the account may owe `more` in this currency; what already stands is never asked. */
export function refuseCredit(
  account: CreditAccount | null,
  currencyCode: string,
  more: number,
): CreditRefusal | null {
  if (more <= 0) return null;
  if (account === null || !account.limitSet || account.currencyCode !== currencyCode)
    return 'NO_CREDIT_ACCOUNT';
  return account.exposureMinor + more > account.limitMinor ? 'CREDIT_LIMIT' : null;
}
