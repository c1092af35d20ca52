import type { ReadDatabase } from '@crossdock/event-store';
import { desc, inArray } from 'drizzle-orm';
import type { WarehouseStatus } from '../domain/warehouse.ts';
import { orders, plans, warehouses } from '../store/tables.ts';

export type RoutingView = Readonly<{
  orderId: string;
  rule: string;
  attempt: number;
  decidedAt: Date;
  explanation: readonly string[];
}>;

export type WarehouseView = Readonly<{ id: string; name: string; status: WarehouseStatus }>;

/** Whose the orders are; an order that is not known here is absent. */
export async function partnersOfOrders(read: ReadDatabase, orderIds: readonly string[]) {
  if (orderIds.length === 0) return [];
  return read
    .select({ orderId: orders.orderId, partnerId: orders.partnerId })
    .from(orders)
    .where(inArray(orders.orderId, [...orderIds]));
}

/**
 * The latest plan of each order that has one. An order that was planned in waves is explained by the last plan of each of
 * them, in their order.
 */
export async function latestPlans(read: ReadDatabase, orderIds: readonly string[]): Promise<RoutingView[]> {
  if (orderIds.length === 0) return [];
  const { orderId, wave, rule, attempt, decidedAt, explanation } = plans;
  const lastOfWaves = await read
    .selectDistinctOn([orderId, wave], { orderId, wave, rule, attempt, decidedAt, explanation })
    .from(plans)
    .where(inArray(orderId, [...orderIds]))
    .orderBy(orderId, wave, desc(attempt));
  return [...Map.groupBy(lastOfWaves, (each) => each.orderId).values()].flatMap(asOneRouting);
}

function asOneRouting(waves: readonly (RoutingView & Readonly<{ wave: number }>)[]): RoutingView[] {
  const latest = waves.toSorted((left, right) => right.attempt - left.attempt)[0];
  if (latest === undefined) return [];
  const { orderId, rule, attempt, decidedAt } = latest;
  const explanation =
    waves.length === 1
      ? latest.explanation
      : waves.flatMap((each) => each.explanation.map((sentence) => `Wave ${each.wave}: ${sentence}`));
  return [{ orderId, rule, attempt, decidedAt, explanation }];
}

const { warehouseId, name, status } = warehouses;

/** All warehouses, by id. */
export async function allWarehouses(read: ReadDatabase): Promise<WarehouseView[]> {
  return read.select({ id: warehouseId, name, status }).from(warehouses).orderBy(warehouseId);
}

/** Warehouses by their ids. */
export async function warehousesById(read: ReadDatabase, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return read
    .select({ id: warehouseId, name, status })
    .from(warehouses)
    .where(inArray(warehouseId, [...ids]));
}
