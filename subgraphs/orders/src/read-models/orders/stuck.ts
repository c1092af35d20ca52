// Orders that need an operator's eye: reminded and not moved since, or on hold. Decides nothing.
import type { ReadDatabase } from '@crossdock/event-store';
import { and, asc, eq, gt, or } from 'drizzle-orm';
import { orders, orderWatches } from '../../store/tables.ts';
import { type OrderRecord, orderColumns } from './queries.ts';

/** Oldest first: ids are UUIDv7, so the id's order is the order of placing. `after`: only orders younger than this id. */
export async function stuckOrders(
  database: ReadDatabase,
  after: string | null,
  limit: number,
): Promise<OrderRecord[]> {
  const reminded = and(eq(orderWatches.version, orders.version), gt(orderWatches.reminders, 0));
  return database
    .select(orderColumns)
    .from(orderWatches)
    .innerJoin(orders, eq(orders.orderId, orderWatches.orderId))
    .where(
      and(
        // The bare column, no parameter: the index of the stuck ones is found by it.
        orderWatches.stuck,
        or(eq(orders.status, 'ON_HOLD'), reminded),
        after === null ? undefined : gt(orderWatches.orderId, after),
      ),
    )
    .orderBy(asc(orderWatches.orderId))
    .limit(limit);
}
