import type { Sql } from '@crossdock/event-store';
import type { MissingUnits } from '../domain/missing-shipments.ts';
import { loadNewestUnits } from './newest-units.ts';

/** An order with units of a shelf that are assigned to a shipment which has not left. */
export type AssignedOrder = Readonly<{ sku: string; warehouseId: string; orderId: string }>;

/**
 * The newest orders that the shelves assigned units to, of each shelf until their units are as many as are missing. Newest is by the
 * ledger, within each shelf.
 */
export async function loadNewestAssigned(
  sql: Sql,
  missing: readonly MissingUnits[],
): Promise<AssignedOrder[]> {
  const seeks = missing.map(({ sku, warehouseId, quantity }) => ({ sku, warehouseId, wanted: quantity }));
  const { owners } = await loadNewestUnits(sql, 'assigned', seeks);
  return missing.flatMap(({ sku, warehouseId }, index) =>
    (owners[index] ?? []).map(({ id }) => ({ sku, warehouseId, orderId: id })),
  );
}
