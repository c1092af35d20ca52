// What the restore of a log writes: whole rows, while nobody else writes.
import type { LogImport, Sql } from '@crossdock/event-store';
import type { RoutedOrder } from '../domain/routed-order.ts';
import type { Delivery, PlannedShipment } from '../domain/routing-desk.ts';
import type { StockChange } from '../domain/stock-view.ts';
import type { Warehouse } from '../domain/warehouse.ts';

/** A plan as it stands in the log: why it was chosen is not in it. */
export type HistoricPlan = Readonly<{
  orderId: string;
  attempt: number;
  wave: number;
  planId: string;
  rule: string;
  explanation: readonly string[];
  decidedAt: string;
}>;

/** `at` is the instant of its last fact in the page, RFC 3339. */
export type HistoricShipment = PlannedShipment & Readonly<{ at: string }>;

/** `version` is that of the row as it was read; 0 where there was none. The delivery only where the row is new. */
export type HistoricOrder = RoutedOrder & Partial<Delivery>;

export type HistoricRows = Readonly<{
  warehouses: readonly Warehouse[];
  orders: readonly HistoricOrder[];
  plans: readonly HistoricPlan[];
  shipments: readonly HistoricShipment[];
  stock: readonly StockChange[];
}>;

/** Takes events and the rows folded from them in one call. */
export async function importHistory(sql: Sql, log: LogImport, rows: HistoricRows): Promise<void> {
  await sql`SELECT fulfillment_import(${JSON.stringify(log)}::text::jsonb, ${JSON.stringify(rows.warehouses)}::text::json,
    ${JSON.stringify(rows.orders)}::text::json, ${JSON.stringify(rows.plans)}::text::json,
    ${JSON.stringify(rows.shipments)}::text::json, ${JSON.stringify(rows.stock)}::text::json)`;
}
