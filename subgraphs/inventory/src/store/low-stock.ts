import { appendArrays, type NewEvent, type Sql } from '@crossdock/event-store';
import type { LowStockLook, WatchedSku } from '../domain/low-stock.ts';
import { bareArray, textArray } from './array-literals.ts';

/**
 * Products behind the SKU that have a threshold, in the order of SKUs; beside them some that were low and have none any more. Two
 * short walks along indexes, whatever the number of products.
 */
export async function loadWatched(sql: Sql, after: string, limit: number): Promise<WatchedSku[]> {
  return sql<WatchedSku[]>`
    (SELECT p.sku, greatest(t.sellable - t.reserved - t.held - t.withdrawing, 0) AS available, p.low_stock_threshold AS threshold,
            t.is_low AS "isLow", t.alerts
     FROM products p JOIN sku_totals t ON t.sku = p.sku
     WHERE p.low_stock_threshold > 0 AND p.sku > ${after} AND t.sku > ${after} ORDER BY p.sku LIMIT ${limit})
    UNION ALL
    (SELECT t.sku, 0, 0, t.is_low, t.alerts FROM sku_totals t JOIN products p ON p.sku = t.sku
     WHERE t.is_low AND p.low_stock_threshold = 0 LIMIT ${limit})`;
}

/** Writes what looks came to under the worker's lease; rejects with LEASE_LOST under an old epoch, and then nothing was written. */
export async function writeLooks(
  sql: Sql,
  epoch: number,
  looks: readonly LowStockLook[],
  events: readonly NewEvent[],
): Promise<void> {
  const event = appendArrays(events);
  await sql`SELECT low_stock_write(${epoch},
    ${textArray(looks.map(({ watched }) => watched.sku))}::text[], ${bareArray(looks.map(({ isLow }) => Number(isLow)))}::int[],
    ${bareArray(looks.map(({ watched }) => watched.alerts))}::int[],
    ${event.partition}::int[], ${event.category}::text[], ${event.streamId}::text[], ${event.version}::int[],
    ${event.id}::uuid[], ${event.type}::text[], ${event.schemaVersion}::int[], ${event.data}::text[],
    ${event.metadata}::text[])`;
}
