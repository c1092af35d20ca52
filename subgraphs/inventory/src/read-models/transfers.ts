import type { ReadDatabase } from '@crossdock/event-store';
import { eq } from 'drizzle-orm';
import { transfers } from '../store/tables.ts';

export type TransferView = typeof transfers.$inferSelect;

/** The transfer (a UUID), or null. */
export async function transferById(read: ReadDatabase, id: string): Promise<TransferView | null> {
  const [row] = await read.select().from(transfers).where(eq(transfers.transferId, id));
  return row ?? null;
}
