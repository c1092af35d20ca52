// What fulfillment keeps of warehouses follows from its own log, but plans are decided on it: compared, never replaced.
// `stock_view` is no fold: plans and refusals change it in an order that no log holds.
import type { ComparedReadModel, Sql } from '@crossdock/event-store';

async function fillWarehouses(sql: Sql, into: string): Promise<void> {
  await sql`
    INSERT INTO ${sql(into)} (warehouse_id, name, status, version)
    SELECT DISTINCT ON (stream_id) stream_id, data ->> 'name', data ->> 'status', version
    FROM events WHERE category = 'warehouse' ORDER BY stream_id, version DESC`;
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
];
