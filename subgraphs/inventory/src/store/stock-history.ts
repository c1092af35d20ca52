// What the restore of a log reads and writes of transfers, safety stock and alerts.
import type { Sql } from '@crossdock/event-store';
import type { Transfer } from '../domain/transfer.ts';
import { bareArray, textArray } from './array-literals.ts';

export type ShelfPlace = Readonly<{ sku: string; warehouseId: string }>;
/** A transfer as folded; `sentAt` is null where the table has it already. */
export type HistoricTransfer = Transfer & Readonly<{ sentAt: string | null }>;
/** A product that ran low, and how often that was said. */
export type HistoricAlert = Readonly<{ sku: string; alerts: number }>;

/** Units kept back on the shelves and the transfers, as the tables and the pages of the restore have them so far. */
export async function loadRestored(
  sql: Sql,
  places: readonly ShelfPlace[],
  transferIds: readonly string[],
): Promise<
  Readonly<{ safety: readonly (ShelfPlace & Readonly<{ safety: number }>)[]; transfers: readonly Transfer[] }>
> {
  const [safety, transfers] = await Promise.all([
    sql<(ShelfPlace & Readonly<{ safety: number }>)[]>`
      SELECT u.sku, u.warehouse_id AS "warehouseId", coalesce(s.safety, 0) + coalesce(m.safety, 0) AS safety
      FROM unnest(${textArray(places.map((each) => each.sku))}::text[], ${textArray(places.map((each) => each.warehouseId))}::text[])
           AS u (sku, warehouse_id)
      LEFT JOIN stock s ON s.sku = u.sku AND s.warehouse_id = u.warehouse_id
      LEFT JOIN restored_moves m ON m.sku = u.sku AND m.warehouse_id = u.warehouse_id`,
    sql<Transfer[]>`
      SELECT transfer_id AS "transferId", from_warehouse_id AS "fromWarehouseId", to_warehouse_id AS "toWarehouseId", status, lines,
             version
      FROM transfers WHERE transfer_id = ANY (${bareArray(transferIds)}::uuid[])`,
  ]);
  return { safety, transfers };
}
