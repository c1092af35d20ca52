// What fulfillment keeps of warehouses and plans follows from its own log, but plans are decided on it, or were: compared,
// never replaced.
// `stock_view` is no fold: plans and refusals change it in an order that no log holds.
import type { ComparedReadModel, Sql } from '@crossdock/event-store';

async function fillWarehouses(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)} (warehouse_id, name, status, version)
    SELECT DISTINCT ON (stream_id) stream_id, data ->> 'name', data ->> 'status', version
    FROM events WHERE category = 'warehouse' ORDER BY stream_id, version DESC`;
}

async function fillPlans(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)} (order_id, attempt, wave, plan_id)
    SELECT stream_id::uuid, (data ->> 'attempt')::int, coalesce((data ->> 'wave')::int, 1), (data ->> 'planId')::uuid
    FROM events WHERE category = 'fulfillment' AND type = 'ShipmentsPlanned'`;
}

export const COMPARED_TABLES: readonly ComparedReadModel[] = [
  {
    kind: 'compared',
    name: 'fulfillment.warehouses',
    about: 'name and status of each warehouse, as its own facts tell',
    table: 'warehouses',
    columns: ['warehouse_id', 'name', 'status', 'version'],
    fill: fillWarehouses,
  },
  {
    kind: 'compared',
    name: 'fulfillment.plans',
    about: 'the plans of each order and their waves, as its own facts tell',
    table: 'plans',
    columns: ['order_id', 'attempt', 'wave', 'plan_id'],
    fill: fillPlans,
  },
];
