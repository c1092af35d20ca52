import { appendArrays, type NewEvent, type Sql } from '@crossdock/event-store';
import type { Warehouse } from '../domain/warehouse.ts';

/** The warehouses with these ids, by id. */
export async function loadWarehousesById(
  sql: Sql,
  warehouseIds: readonly string[],
): Promise<Map<string, Warehouse>> {
  const rows = await sql<Warehouse[]>`
    SELECT warehouse_id AS "warehouseId", name, country, priority, status, version
    FROM warehouses WHERE warehouse_id = ANY (${[...warehouseIds]}::text[])`;
  return new Map(rows.map((row) => [row.warehouseId, row]));
}

export type UpsertRequest = Readonly<{
  scope: string;
  operation: string;
  key: string;
  fingerprint: string;
  result: string;
  /** Warehouses as they are after their facts. */
  changed: readonly Warehouse[];
  facts: readonly NewEvent[];
}>;

/** Commits one request; rejects with CD002 when a warehouse changed since it was read. */
export async function commitWarehouses(
  sql: Sql,
  { scope, operation, key, fingerprint, result, changed, facts }: UpsertRequest,
): Promise<{ verdict: string; result: string | null }> {
  const events = appendArrays(facts);
  const [row] = await sql<{ verdict: string; result: string | null }[]>`
    SELECT verdict, result FROM fulfillment_upsert_warehouses(
      ${scope}, ${operation}, ${key}, ${fingerprint}, ${result},
      ${changed.map(({ warehouseId }) => warehouseId)}::text[], ${changed.map(({ name }) => name)}::text[],
      ${changed.map(({ country }) => country)}::text[], ${changed.map(({ priority }) => priority)}::int[],
      ${changed.map(({ version }) => version - 1)}::int[],
      ${events.partition}::int[], ${events.category}::text[], ${events.streamId}::text[], ${events.version}::int[],
      ${events.id}::uuid[], ${events.type}::text[], ${events.schemaVersion}::int[], ${events.data}::text[],
      ${events.metadata}::text[])`;
  return row ?? { verdict: 'IN_FLIGHT', result: null };
}
