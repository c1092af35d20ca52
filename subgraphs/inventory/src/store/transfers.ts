import type { Sql } from '@crossdock/event-store';
import type { Transfer } from '../domain/transfer.ts';

/** The transfer (a UUID) as it was decided so far; null when there is none. */
export async function loadTransfer(sql: Sql, transferId: string): Promise<Transfer | null> {
  const [row] = await sql<Transfer[]>`
    SELECT transfer_id AS "transferId", from_warehouse_id AS "fromWarehouseId", to_warehouse_id AS "toWarehouseId", status, lines,
           version
    FROM transfers WHERE transfer_id = ${transferId}`;
  return row ?? null;
}
