import type { ReadDatabase } from '@crossdock/event-store';
import { inArray } from 'drizzle-orm';
import { reservations } from '../store/tables.ts';

export type ReservationView = typeof reservations.$inferSelect;

/** The reservations of the given orders (UUIDs), in their order; null where none was heard of. */
export async function reservationsByOrder(
  read: ReadDatabase,
  orderIds: readonly string[],
): Promise<(ReservationView | null)[]> {
  const rows = await read
    .select()
    .from(reservations)
    .where(inArray(reservations.orderId, [...orderIds]));
  const byOrder = new Map(rows.map((row) => [row.orderId, row]));
  return orderIds.map((id) => byOrder.get(id.toLowerCase()) ?? null);
}
