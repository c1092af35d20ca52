import type { Sql } from '@crossdock/event-store';
import type { StoredReservation } from '../domain/batch.ts';
import type { Reservation } from '../domain/reservation/reservation.ts';
import type { StockFigure, TotalFigure } from '../domain/shelves.ts';
import { bareArray, textArray } from './array-literals.ts';

type ReservationRow = Readonly<{
  order_id: string;
  partner_id: string;
  partition: number;
  status: Reservation['status'];
  closed: boolean;
  lines: Reservation['lines'];
  shipments: Reservation['shipments'];
  facts: number;
  version: number;
}>;

/** The reservations of the given orders, by order; an order never heard of is absent. */
export async function loadReservations(
  sql: Sql,
  orderIds: readonly string[],
): Promise<Map<string, StoredReservation>> {
  if (orderIds.length === 0) return new Map();
  const rows = await sql<ReservationRow[]>`
    SELECT order_id, partner_id, partition, status, closed, lines, shipments, facts, version
    FROM reservations WHERE order_id = ANY (${bareArray(orderIds)}::uuid[])`;
  return new Map(
    rows.map((row) => [
      row.order_id,
      {
        orderId: row.order_id,
        partnerId: row.partner_id,
        partition: row.partition,
        state: { status: row.status, closed: row.closed, lines: row.lines, shipments: row.shipments },
        facts: row.facts,
        version: row.version,
      },
    ]),
  );
}

/** Units without a claim of each SKU, over all OPEN warehouses. */
export async function loadTotals(sql: Sql, skus: readonly string[]): Promise<TotalFigure[]> {
  if (skus.length === 0) return [];
  return sql<TotalFigure[]>`
    SELECT sku, sellable - reserved - held AS available FROM sku_totals WHERE sku = ANY (${textArray(skus)}::text[])`;
}

/** Units of each SKU that the warehouse beside it has and has not assigned. */
export async function loadStock(
  sql: Sql,
  skus: readonly string[],
  warehouseIds: readonly string[],
): Promise<StockFigure[]> {
  if (skus.length === 0) return [];
  return sql<StockFigure[]>`
    SELECT s.sku, s.warehouse_id AS "warehouseId", s.on_hand - s.allocated AS assignable
    FROM unnest(${textArray(skus)}::text[], ${textArray(warehouseIds)}::text[]) AS u (k, w)
    JOIN stock s ON s.sku = u.k AND s.warehouse_id = u.w`;
}

/** Every warehouse known so far, and whether its goods may be sold. */
export async function loadWarehouses(sql: Sql): Promise<Map<string, boolean>> {
  const rows = await sql<{ warehouse_id: string; open: boolean }[]>`
    SELECT warehouse_id, status = 'OPEN' AS open FROM warehouses`;
  return new Map(rows.map((row) => [row.warehouse_id, row.open]));
}
