import type { ReadDatabase } from '@crossdock/event-store';
import { asc, inArray } from 'drizzle-orm';
import { ledgerEntries } from '../store/tables.ts';

export type LedgerEntryView = typeof ledgerEntries.$inferSelect;

/** The entries about the given orders, each order's in the order of posting. */
export async function loadLedgerEntries(
  read: ReadDatabase,
  orderIds: readonly string[],
): Promise<LedgerEntryView[][]> {
  const rows = await read
    .select()
    .from(ledgerEntries)
    .where(inArray(ledgerEntries.orderId, [...orderIds]))
    .orderBy(asc(ledgerEntries.postedAt), asc(ledgerEntries.entryId));
  return orderIds.map((id) => rows.filter((row) => row.orderId === id));
}
