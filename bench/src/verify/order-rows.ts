import type { Sql } from 'postgres';
import { digestOfLines } from '../journal/client-journal.ts';
import type { OrderFact } from './live.ts';
import { rowsOf } from './log-source.ts';
import type { HeldOrder } from './no-lost-order.ts';
import type { HeldNumber } from './no-phantom.ts';
import type { StoredKey } from './once.ts';
import type { OrderUnitsFact } from './order-units.ts';

/** An order as its table tells; the instants in seconds before now. */
export interface OrderRow {
  readonly id: string;
  readonly number: string;
  readonly partnerId: string;
  readonly poNumber: string | null;
  readonly status: string;
  readonly totalMinor: number;
  /** Who has to act, where the order is on hold. */
  readonly owner: string | null;
  readonly ageSeconds: number;
}

export function readOrderRows(orders: Sql): Promise<readonly OrderRow[]> {
  return orders<OrderRow[]>`
    select order_id as id, number, partner_id as "partnerId", po_number as "poNumber", status, hold_owner as owner,
           total_minor::float8 as "totalMinor",
           extract(epoch from clock_timestamp() - placed_at)::float8 as "ageSeconds"
    from orders order by order_id`;
}

/** What moved units of the orders that shipped in part: of these alone it has to be known whether they go on. */
export function readPartlyShipped(orders: Sql): AsyncGenerator<OrderUnitsFact> {
  return rowsOf<OrderUnitsFact>(orders`
    select stream_id as "orderId", type, data -> 'lines' as lines, data -> 'backordered' as backordered, data ->> 'rest' as rest
    from events where category = 'order'
      and stream_id in (select order_id::text from orders where status = 'PARTIALLY_SHIPPED')
    order by stream_id, version`);
}

/**
 * Orders that ever said what became of units they had lost: they wait, are cancelled, or a person owns them. Of what was lost
 * before an order was confirmed its confirmation tells, by the lines that it lists.
 */
export async function readAnswered(orders: Sql): Promise<readonly string[]> {
  const rows = await orders<{ id: string }[]>`
    select distinct stream_id as id from events where category = 'order' and (type in
      ('OrderBackordered', 'OrderLinesBroken', 'OrderLinesCancelled', 'OrderCancelled', 'OrderHeld', 'OrderRejected')
      or (type = 'OrderConfirmed' and jsonb_typeof(data -> 'lines') = 'array'))`;
  return rows.map(({ id }) => id);
}

interface PlacedRow extends Omit<HeldOrder, 'linesDigest'> {
  readonly lines: readonly { sku: string; quantity: number }[];
}

/** Orders as the log holds them: the only place of their lines. */
export async function* readPlacedOrders(orders: Sql): AsyncGenerator<HeldOrder> {
  const rows = rowsOf<PlacedRow>(orders`
    select stream_id as id, data ->> 'number' as number, data ->> 'partnerId' as "partnerId",
           data ->> 'poNumber' as "poNumber", (data ->> 'totalMinor')::float8 as "totalMinor", data -> 'lines' as lines
    from events where category = 'order' and type = 'OrderPlaced'`);
  for await (const { lines, ...order } of rows) yield { ...order, linesDigest: digestOfLines(lines) };
}

export function readStoredKeys(orders: Sql): Promise<readonly StoredKey[]> {
  return orders<StoredKey[]>`
    select scope, key, result as "orderId",
           case when created_at < (select max(opened_at) from log_closings) then null else replays end as replays
    from idempotency_keys where operation = 'placeOrder'`;
}

export function readHeldNumbers(orders: Sql): Promise<readonly HeldNumber[]> {
  return orders<HeldNumber[]>`
    select partner_id as "partnerId", po_number as "poNumber", order_id as "orderId" from po_numbers`;
}

/** The orders that a table of another subgraph keeps rows of. */
export async function readOrderIds(sql: Sql, table: string): Promise<readonly string[]> {
  const rows = await sql<{ id: string }[]>`select distinct order_id as id from ${sql(table)}`;
  return rows.map(({ id }) => id);
}

/** The order of each OrderPlaced. */
export async function readPlacedIds(orders: Sql): Promise<readonly string[]> {
  const rows = await orders<{ id: string }[]>`
    select stream_id as id from events where category = 'order' and type = 'OrderPlaced'`;
  return rows.map(({ id }) => id);
}

/** Every fact of every order, as a subscriber of the live feed sees them, by order and version. */
export function readOrderFacts(orders: Sql): AsyncGenerator<OrderFact> {
  return rowsOf<OrderFact>(orders`
    select stream_id as "orderId", data ->> 'partnerId' as "partnerId", version, type,
           extract(epoch from recorded_at)::float8 * 1000 as "recordedAt"
    from events where category = 'order' order by stream_id, version`);
}

export interface OwnedOrder {
  readonly orderId: string;
  readonly owner: string;
}

/** Orders that wait for a person, by what fulfillment's own tables say of them. */
export function readOwnedOrders(fulfillment: Sql): Promise<readonly OwnedOrder[]> {
  return fulfillment<OwnedOrder[]>`
    select order_id as "orderId", hold_owner as owner from orders where hold_owner is not null
    union all
    select s.order_id, r.owner from outgoing_releases r join shipments s using (shipment_id) where r.owner is not null`;
}
