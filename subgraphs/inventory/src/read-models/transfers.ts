import type { ReadDatabase } from '@crossdock/event-store';
import { inArray } from 'drizzle-orm';
import { transfers } from '../store/tables.ts';

export type TransferView = typeof transfers.$inferSelect;

/** The transfers with the given ids (UUIDs), in their order; null where there is none. */
export async function transfersById(
  read: ReadDatabase,
  ids: readonly string[],
): Promise<(TransferView | null)[]> {
  const rows = await read
    .select()
    .from(transfers)
    .where(inArray(transfers.transferId, [...ids]));
  const byId = new Map(rows.map((row) => [row.transferId, row]));
  return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
}
