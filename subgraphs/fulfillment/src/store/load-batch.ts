import type { Sql } from '@crossdock/event-store';
import type { RoutedOrder } from '../domain/routed-order.ts';
import type { UnitsByWarehouse } from '../domain/stock-view.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import { readShipments } from './shipments.ts';

/** The orders with these ids, as they stand. */
export async function loadOrders(sql: Sql, orderIds: readonly string[]): Promise<RoutedOrder[]> {
  if (orderIds.length === 0) return [];
  return await sql<RoutedOrder[]>`
    SELECT order_id AS "orderId", partner_id AS "partnerId", partition, number, currency_code AS "currencyCode", lines,
           confirmed_lines AS "confirmedLines", state, plan_id AS "planId", plan_attempts AS "planAttempts",
           hold_reason AS "holdReason", hold_owner AS "holdOwner", version
    FROM orders WHERE order_id = ANY (${[...orderIds]}::uuid[])`;
}

/** The shipments with these ids, and all of these orders. */
export async function loadShipments(sql: Sql, shipmentIds: readonly string[], orderIds: readonly string[]) {
  if (shipmentIds.length + orderIds.length === 0) return [];
  return readShipments(
    await sql`SELECT * FROM shipments WHERE shipment_id = ANY (${[...shipmentIds]}::uuid[])
      UNION ALL SELECT * FROM shipments
      WHERE order_id = ANY (${[...orderIds]}::uuid[]) AND NOT shipment_id = ANY (${[...shipmentIds]}::uuid[])`,
  );
}

/** All warehouses. */
export async function loadWarehouses(sql: Sql): Promise<Warehouse[]> {
  return await sql<Warehouse[]>`
    SELECT warehouse_id AS "warehouseId", name, country, priority, status, version FROM warehouses`;
}

/** The stock view of these SKUs; a SKU nobody has is absent. One row and one parse, however many SKUs. */
export async function loadStock(
  sql: Sql,
  skus: readonly string[],
): Promise<Record<string, UnitsByWarehouse>> {
  if (skus.length === 0) return {};
  const [row] = await sql<{ stock: Record<string, UnitsByWarehouse> | null }[]>`
    SELECT jsonb_object_agg(sku, available) AS stock FROM stock_view WHERE sku = ANY (${[...skus]}::text[])`;
  return row?.stock ?? {};
}
