import type { ReadDatabase } from '@crossdock/event-store';
import { and, gt, inArray } from 'drizzle-orm';
import { creditAccounts } from '../store/tables.ts';

/** A credit account as it is shown; amounts are minor units. */
export type CreditView = Readonly<{
  partnerId: string;
  currencyCode: string;
  limitMinor: number;
  exposureMinor: number;
}>;

/** The credit accounts of the given partners, in their order; null where no limit was ever set. */
export async function loadCreditViews(
  read: ReadDatabase,
  partnerIds: readonly string[],
): Promise<(CreditView | null)[]> {
  const rows = await read
    .select()
    .from(creditAccounts)
    .where(and(inArray(creditAccounts.partnerId, [...partnerIds]), gt(creditAccounts.version, 0)));
  const found = new Map(rows.map((row) => [row.partnerId, row]));
  return partnerIds.map((id) => found.get(id) ?? null);
}
