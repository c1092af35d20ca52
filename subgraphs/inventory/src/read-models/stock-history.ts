import type { ReadDatabase } from '@crossdock/event-store';
import { sql } from 'drizzle-orm';
import type { MovementKind } from '../domain/ledger.ts';
import { type HistoryFigure, isOfWarehouses, kindsOf, withBalances } from '../domain/stock-history.ts';

/** Where a page begins: behind the movement `id`, before which the figure was `balance`. */
export type HistoryPlace = Readonly<{ id: number; balance: number }>;
export type HistoryPage = Readonly<{
  sku: string;
  figure: HistoryFigure;
  /** Null: over all warehouses. */
  warehouseId: string | null;
  after: HistoryPlace | null;
  limit: number;
}>;

/** A line of the ledger, how far it moved the figure that was asked for, and the figure after it. */
export type StockMovementView = Readonly<{
  id: number;
  kind: MovementKind;
  quantity: number;
  sellableDelta: number;
  delta: number;
  balance: number;
  warehouseId: string | null;
  orderId: string | null;
  holdId: string | null;
  reason: string | null;
  causeId: string;
  at: string;
}>;
type Line = Omit<StockMovementView, 'delta' | 'balance'>;

const COLUMNS = {
  ON_HAND: sql`on_hand`,
  ALLOCATED: sql`allocated`,
  SAFETY: sql`safety`,
  SELLABLE: sql`sellable`,
  RESERVED: sql`reserved`,
  HELD: sql`held`,
  WITHDRAWING: sql`withdrawing`,
} as const;

/**
 * Movements behind a figure from the newest on, in one query, so that the present figure and the movements are of one instant. A
 * later page goes on from the balance that its cursor carries.
 */
export async function stockHistory(read: ReadDatabase, page: HistoryPage): Promise<StockMovementView[]> {
  const { sku, figure, warehouseId, after, limit } = page;
  const ofWarehouse = warehouseId === null ? sql`` : sql` AND warehouse_id = ${warehouseId}`;
  const kinds = kindsOf(figure);
  const moving = kinds === null ? sql`sellable_delta <> 0` : sql`kind = ANY (${sql.param(kinds)}::text[])`;
  const table = isOfWarehouses(figure) ? sql`stock` : sql`sku_totals`;
  const rows = await read.execute<Line & { figure: number }>(sql`
    SELECT m.id::float8 AS id, m.kind, m.quantity, m.sellable_delta AS "sellableDelta", m.warehouse_id AS "warehouseId",
           m.order_id AS "orderId", m.hold_id AS "holdId", m.reason, m.cause AS "causeId",
           to_char(m.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
           (SELECT coalesce(sum(${COLUMNS[figure]}), 0)::int FROM ${table} WHERE sku = ${sku}${ofWarehouse}) AS figure
    FROM (
      SELECT * FROM movements WHERE sku = ${sku}${ofWarehouse} AND ${moving} AND id < ${after?.id ?? Number.MAX_SAFE_INTEGER}
      ORDER BY id DESC LIMIT ${limit}
    ) m ORDER BY m.id DESC`);
  const lines = [...rows];
  return withBalances(lines, figure, after?.balance ?? lines[0]?.figure ?? 0);
}
