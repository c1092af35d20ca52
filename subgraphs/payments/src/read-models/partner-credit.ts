import type { ReadDatabase } from '@crossdock/event-store';
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { creditAccounts, invoices } from '../store/tables.ts';

/** A credit account as it is shown; amounts are minor units. */
export type CreditView = Readonly<{
  partnerId: string;
  currencyCode: string;
  limitSet: boolean;
  limitMinor: number;
  exposureMinor: number;
  termsDays: number;
  /** Money of the partner that settled no invoice yet. */
  unappliedMinor: number;
}>;

/** The credit accounts of the given partners, in their order; null where no limit was ever set and no money ever moved. */
export async function loadCreditViews(
  read: ReadDatabase,
  partnerIds: readonly string[],
): Promise<(CreditView | null)[]> {
  const rows = await read
    .select()
    .from(creditAccounts)
    .where(inArray(creditAccounts.partnerId, [...partnerIds]));
  const found = new Map(rows.map((row) => [row.partnerId, row]));
  return partnerIds.map((id) => found.get(id) ?? null);
}

/** What is open on terms of the given partners, in their order. With what was not applied taken off it is the receivable. */
export async function loadOpenOnTerms(read: ReadDatabase, partnerIds: readonly string[]): Promise<number[]> {
  const open = sql<number>`sum(${invoices.totalMinor} - ${invoices.paidMinor} - ${invoices.creditedMinor})::float8`;
  const rows = await read
    .select({ partnerId: invoices.partnerId, open })
    .from(invoices)
    .where(
      and(
        inArray(invoices.partnerId, [...partnerIds]),
        eq(invoices.method, 'TERMS'),
        isNotNull(invoices.number),
        sql`${invoices.paidMinor} + ${invoices.creditedMinor} < ${invoices.totalMinor}`,
      ),
    )
    .groupBy(invoices.partnerId);
  const found = new Map(rows.map((row) => [row.partnerId, row.open]));
  return partnerIds.map((id) => found.get(id) ?? 0);
}
