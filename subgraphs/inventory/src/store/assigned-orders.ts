import type { Sql } from '@crossdock/event-store';
import type { MissingUnits } from '../domain/missing-shipments.ts';
import { bareArray, textArray } from './array-literals.ts';

/** An order with units of a shelf that are assigned to a shipment which has not left. */
export type AssignedOrder = Readonly<{ sku: string; warehouseId: string; orderId: string }>;

/**
 * The newest orders that the shelves assigned units to, of each shelf as many as units are missing: each has one at least, so that
 * they suffice. Newest is by the ledger, within each shelf.
 */
export async function loadNewestAssigned(
  sql: Sql,
  missing: readonly MissingUnits[],
): Promise<AssignedOrder[]> {
  if (missing.length === 0) return [];
  return sql<AssignedOrder[]>`
    SELECT u.sku, u.warehouse_id AS "warehouseId", a.order_id AS "orderId"
    FROM unnest(${textArray(missing.map((each) => each.sku))}::text[],
                ${textArray(missing.map((each) => each.warehouseId))}::text[],
                ${bareArray(missing.map((each) => each.quantity))}::int[]) WITH ORDINALITY AS u (sku, warehouse_id, quantity, n)
    CROSS JOIN LATERAL (
      SELECT m.order_id, max(m.id) AS id FROM movements m JOIN reservations r ON r.order_id = m.order_id
      WHERE m.sku = u.sku AND m.kind = 'allocate' AND m.warehouse_id = u.warehouse_id AND r.status IN ('RESERVED', 'ALLOCATED')
        AND EXISTS (
          SELECT 1 FROM json_array_elements(r.shipments) s, json_array_elements(s -> 'lines') l
          WHERE s ->> 'warehouseId' = u.warehouse_id AND NOT (s ->> 'left')::boolean AND l ->> 0 = u.sku
            AND (l ->> 1)::int > coalesce((
              SELECT sum((x ->> 1)::int) FROM json_array_elements(coalesce(s -> 'missing', '[]')) x WHERE x ->> 0 = u.sku), 0))
      GROUP BY m.order_id ORDER BY 2 DESC LIMIT u.quantity
    ) a ORDER BY u.n, a.id DESC`;
}
