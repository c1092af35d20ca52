import type { ReadDatabase } from '@crossdock/event-store';
import { eq } from 'drizzle-orm';
import { holds } from '../store/tables.ts';

export type HoldView = typeof holds.$inferSelect;

/** The hold of the given id (a UUID); null where there is none. */
export async function holdById(read: ReadDatabase, holdId: string): Promise<HoldView | null> {
  const [row] = await read.select().from(holds).where(eq(holds.holdId, holdId));
  return row ?? null;
}
