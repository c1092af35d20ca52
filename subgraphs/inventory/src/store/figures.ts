import type { Sql } from '@crossdock/event-store';
import type { StoredHold, StoredReservation } from '../domain/batch.ts';
import type { Hold } from '../domain/hold/hold.ts';
import type { Reservation } from '../domain/reservation/reservation.ts';
import type { StockFigure, TotalFigure } from '../domain/shelves.ts';
import { bareArray, textArray } from './array-literals.ts';
import type { WarehouseStatus } from './stock-write.ts';

export type ReservationRow = Readonly<{
  order_id: string;
  partner_id: string;
  partition: number;
  status: Reservation['status'];
  closed: boolean;
  policy: Reservation['policy'];
  currency_code: string | null;
  lines: Reservation['lines'];
  waiting: Reservation['waiting'];
  short: Reservation['short'];
  shipments: Reservation['shipments'];
  wave: number;
  facts: number;
  version: number;
}>;

export function reservationOf(row: ReservationRow): StoredReservation {
  const { status, closed, policy, lines, waiting, short, shipments, wave } = row;
  return {
    orderId: row.order_id,
    partnerId: row.partner_id,
    partition: row.partition,
    state: {
      status,
      closed,
      policy,
      currencyCode: row.currency_code,
      lines,
      waiting,
      short,
      shipments,
      wave,
    },
    facts: row.facts,
    version: row.version,
  };
}

/** The reservations of the given orders, by order; an order never heard of is absent. */
export async function loadReservations(
  sql: Sql,
  orderIds: readonly string[],
): Promise<Map<string, StoredReservation>> {
  if (orderIds.length === 0) return new Map();
  const rows = await sql<ReservationRow[]>`
    SELECT order_id, partner_id, partition, status, closed, policy, currency_code, lines, waiting, short, shipments, wave, facts,
           version
    FROM reservations WHERE order_id = ANY (${bareArray(orderIds)}::uuid[])`;
  return new Map(rows.map((row) => [row.order_id, reservationOf(row)]));
}

export type HoldRow = Readonly<{
  hold_id: string;
  partner_id: string;
  partition: number;
  status: Hold['status'];
  lines: Hold['lines'];
  expires_at: Date;
  order_id: string | null;
  version: number;
  is_over: boolean;
}>;

/** A hold, and whether its time is over by the database's clock. */
export type ReadHold = StoredHold & Readonly<{ isOver: boolean }>;

export function holdOf(row: HoldRow): ReadHold {
  const { status, lines, order_id: orderId } = row;
  return {
    holdId: row.hold_id,
    partnerId: row.partner_id,
    partition: row.partition,
    state: { status, lines, expiresAt: row.expires_at.toISOString(), orderId },
    version: row.version,
    isOver: row.is_over,
  };
}

/** The given holds (UUIDs); one never heard of is absent. */
export async function loadHolds(sql: Sql, holdIds: readonly string[]): Promise<Map<string, ReadHold>> {
  if (holdIds.length === 0) return new Map();
  const rows = await sql<HoldRow[]>`
    SELECT hold_id, partner_id, partition, status, lines, expires_at, order_id, version,
           expires_at <= clock_timestamp() AS is_over
    FROM holds WHERE hold_id = ANY (${bareArray(holdIds)}::uuid[])`;
  return new Map(rows.map((row) => [row.hold_id, holdOf(row)]));
}

/** The database's clock, by which holds expire. */
export async function databaseNow(sql: Sql): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (row === undefined) throw new Error('the database has no clock');
  return row.now;
}

export type Totals = Readonly<{
  /** A SKU never heard of is absent. */
  totals: readonly TotalFigure[];
  /** Units that orders wait for; a SKU that nobody waits for is absent. */
  waiting: ReadonlyMap<string, number>;
}>;

/**
 * The network-wide figures of each SKU. One statement, so that what is reserved and what is waited for are of one moment: units on
 * their way from the one to the other would else be missing from both, or count twice and be refused to who asks now.
 */
export async function loadTotals(sql: Sql, skus: readonly string[]): Promise<Totals> {
  if (skus.length === 0) return { totals: [], waiting: new Map() };
  const rows = await sql<(TotalFigure & Readonly<{ waiting: number }>)[]>`
    SELECT t.sku, t.sellable, t.reserved, t.held, t.withdrawing, coalesce(b.units, 0) AS waiting
    FROM sku_totals t LEFT JOIN backorder_totals b USING (sku) WHERE t.sku = ANY (${textArray(skus)}::text[])`;
  const waiting = rows.flatMap(({ sku, waiting: units }) => (units > 0 ? [[sku, units] as const] : []));
  return { totals: rows, waiting: new Map(waiting) };
}

/** The figures of each SKU at the warehouse beside it; a shelf that nothing ever came to is absent. */
export async function loadStock(
  sql: Sql,
  skus: readonly string[],
  warehouseIds: readonly string[],
): Promise<StockFigure[]> {
  if (skus.length === 0) return [];
  return sql<StockFigure[]>`
    SELECT s.sku, s.warehouse_id AS "warehouseId", s.on_hand AS "onHand", s.allocated, s.safety
    FROM unnest(${textArray(skus)}::text[], ${textArray(warehouseIds)}::text[]) AS u (k, w)
    JOIN stock s ON s.sku = u.k AND s.warehouse_id = u.w`;
}

/** All that lies in the given warehouses. */
export async function loadShelvesOf(sql: Sql, warehouseIds: readonly string[]): Promise<StockFigure[]> {
  if (warehouseIds.length === 0) return [];
  return sql<StockFigure[]>`
    SELECT sku, warehouse_id AS "warehouseId", on_hand AS "onHand", allocated, safety
    FROM stock WHERE warehouse_id = ANY (${textArray(warehouseIds)}::text[])`;
}

/** Every warehouse known so far, and its status; only what lies in an OPEN one may be sold. */
export async function loadWarehouses(sql: Sql): Promise<Map<string, WarehouseStatus>> {
  const rows = await sql<{ warehouse_id: string; status: WarehouseStatus }[]>`
    SELECT warehouse_id, status FROM warehouses`;
  return new Map(rows.map((row) => [row.warehouse_id, row.status]));
}
