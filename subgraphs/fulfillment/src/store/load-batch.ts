import type { Sql } from '@crossdock/event-store';
import type { RoutedOrder } from '../domain/routed-order.ts';
import type { PlannedShipment } from '../domain/routing-desk.ts';
import type { ShipmentHead } from '../domain/shipment.ts';
import type { UnitsByWarehouse } from '../domain/stock-view.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import { readPlannedShipments } from './shipments.ts';

/** The orders with these ids, as they stand. */
export async function loadOrders(sql: Sql, orderIds: readonly string[]): Promise<RoutedOrder[]> {
  if (orderIds.length === 0) return [];
  return await readOrders(sql, sql`order_id = ANY (${[...orderIds]}::uuid[])`);
}

/** The orders of a condition. */
export async function readOrders(sql: Sql, condition: ReturnType<Sql>): Promise<RoutedOrder[]> {
  return await sql<RoutedOrder[]>`
    SELECT order_id AS "orderId", partner_id AS "partnerId", partition, number, currency_code AS "currencyCode", lines,
           waves, held_shipments AS "heldShipments", ended AS "isEnded", state, plan_attempts AS "planAttempts", facts, hold_reason AS "holdReason", hold_owner AS "holdOwner",
           held_under AS "heldUnder", version
    FROM orders WHERE ${condition}`;
}

/** The shipments with these ids, without what is in them. */
export async function loadShipmentHeads(sql: Sql, shipmentIds: readonly string[]): Promise<ShipmentHead[]> {
  if (shipmentIds.length === 0) return [];
  return await sql<ShipmentHead[]>`
    SELECT shipment_id AS "shipmentId", order_id AS "orderId", partner_id AS "partnerId", partition,
           warehouse_id AS "warehouseId", status, version, release_epoch AS "releaseEpoch"
    FROM shipments WHERE shipment_id = ANY (${[...shipmentIds]}::uuid[])`;
}

/** The shipments of these orders that are planned or released and have not left. */
export async function loadStandingShipments(
  sql: Sql,
  orderIds: readonly string[],
): Promise<PlannedShipment[]> {
  if (orderIds.length === 0) return [];
  return readPlannedShipments(
    await sql`
      SELECT * FROM shipments
      WHERE order_id = ANY (${[...orderIds]}::uuid[]) AND status IN ('PLANNED', 'RELEASED', 'PICKING')`,
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
    SELECT json_object_agg(sku, available) AS stock FROM stock_view WHERE sku = ANY (${[...skus]}::text[])`;
  return row?.stock ?? {};
}
