import type { Inbox, Sql } from '@crossdock/event-store';
import type { RoutedOrder } from '../domain/routed-order.ts';
import { readOrders } from './load-batch.ts';

/** Orders on hold since before the last fact of a warehouse, while one is open; those on hold longest first. */
export async function loadOrdersToRetry(sql: Sql, limit: number): Promise<RoutedOrder[]> {
  return await readOrders(
    sql,
    sql`state = 'ON_HOLD' AND held_under < (SELECT sum(version) FROM warehouses)
      AND EXISTS (SELECT 1 FROM warehouses WHERE status = 'OPEN') ORDER BY held_under, order_id LIMIT ${limit}`,
  );
}

/** An inbox that moves nothing: its call fails where the consumer's offsets are no longer as they were read. */
export async function loadInbox(sql: Sql, consumer: string): Promise<Inbox> {
  const rows = await sql<
    { source: string; partition: number; position: string; event_id: string | null; epoch: string }[]
  >`
    SELECT source, partition, position::text, event_id, epoch::text FROM offsets WHERE consumer = ${consumer}`;
  const offsets = rows.map(({ source, partition, position, event_id: eventId }) => ({
    ...{ source, partition, from: Number(position), to: Number(position), eventId },
  }));
  return { consumer, epoch: Number(rows[0]?.epoch ?? 0), offsets, parked: [] };
}

/** How often held orders were planned again beside the consumer; to be read before the view of stock. */
export async function loadRetries(sql: Sql): Promise<number> {
  const [row] = await sql<{ retries: string }[]>`SELECT retries::text FROM held_retries`;
  return Number(row?.retries ?? 0);
}
