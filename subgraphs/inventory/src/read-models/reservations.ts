import type { ReadDatabase } from '@crossdock/event-store';
import { inArray } from 'drizzle-orm';
import { unitsBySku } from '../domain/reservation/reservation.ts';
import { reservations } from '../store/tables.ts';

export type ReservationView = typeof reservations.$inferSelect;

export type ReservationLineView = Readonly<{ sku: string; quantity: number; backordered: number }>;

/** Units of each SKU that are claimed and that wait for receipts, one line for each SKU. */
export function linesOfReservation({
  lines,
  waiting,
}: Pick<ReservationView, 'lines' | 'waiting'>): ReservationLineView[] {
  const claimed = unitsBySku(lines);
  const backordered = unitsBySku(waiting);
  return [...new Set([...claimed.keys(), ...backordered.keys()])].map((sku) => ({
    sku,
    quantity: claimed.get(sku) ?? 0,
    backordered: backordered.get(sku) ?? 0,
  }));
}

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
