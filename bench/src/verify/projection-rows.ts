// The read models and what the logs say of them, each as rows in the order of a key. The folds are written down a second
// time on purpose, see flow.ts. Tables that follow from the movement log are conservation's (9).
import type postgres from 'postgres';
import type { Sql } from 'postgres';
import type { Subgraph } from '../platform/run-file.ts';
import { FACT_DETAIL, STATUS_AFTER, TIMELINE_FACTS, type TimelineSource } from './flow.ts';
import { rowsOf } from './log-source.ts';
import type { KeyedRow, Projection } from './projection.ts';

type Databases = Readonly<Record<Subgraph, Sql>>;
type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** Every table, or part of one, that is folded from a log. */
export async function readProjections(databases: Databases): Promise<readonly Projection[]> {
  const { orders, inventory, payments, fulfillment } = databases;
  return [
    await timelineOf(orders, inventory, 'inventory'),
    await timelineOf(orders, payments, 'payments'),
    await timelineOf(orders, fulfillment, 'fulfillment'),
    await replicaOf(orders, inventory, PRODUCTS),
    await replicaOf(inventory, fulfillment, WAREHOUSES),
    await replicaOf(inventory, orders, PARTNERS_OF_INVENTORY),
    await replicaOf(payments, orders, PARTNERS),
    { name: 'orders.statuses', found: statusRows(orders), expected: statusesByLog(orders) },
    { name: 'orders.shipped', found: shippedRows(orders), expected: await shippedByLog(orders, fulfillment) },
  ];
}

const inOrder = (sql: Sql, rows: Fragment): AsyncGenerator<KeyedRow> =>
  rowsOf<KeyedRow>(sql`select * from (${rows}) r order by key collate "C"`);

/** Where a consumer stands in a source: nothing behind it has had its effect, nor has what became a dead letter. */
interface Reach {
  readonly partitions: number[];
  readonly positions: number[];
  readonly letters: string[];
}

async function reachOf(reader: Sql, consumer: Subgraph, source: Subgraph): Promise<Reach> {
  const offsets = await reader<{ partition: number; position: number }[]>`
    select partition, position::float8 as position from offsets where consumer = ${consumer} and source = ${source}`;
  const letters = await reader<{ place: string }[]>`
    select partition || '/' || position as place from dead_letters
    where consumer = ${consumer} and source = ${source} and status <> 'replayed'`;
  return {
    partitions: offsets.map((row) => row.partition),
    positions: offsets.map((row) => row.position),
    letters: letters.map((row) => row.place),
  };
}

/** The events that have had their effect, as `e`. */
const applied = (sql: Sql, { partitions, positions, letters }: Reach) => sql`
  events e join unnest(${partitions}::int[], ${positions}::bigint[]) as u (p, q)
    on e.partition = u.p and e.position <= u.q and e.partition || '/' || e.position <> all (${letters}::text[])`;

async function timelineOf(orders: Sql, sql: Sql, source: TimelineSource): Promise<Projection> {
  const reach = await reachOf(orders, 'orders', source);
  const found = orders`
    select coalesce(o.partition, 9) || '/' || lpad(t.position::text, 12, '0') || ' ' || t.order_id as key,
           jsonb_build_array(t.type, t.version, t.detail, extract(epoch from t.occurred_at))::text as content
    from timeline_entries t left join orders o using (order_id) where t.source = ${source}`;
  const expected = sql`
    select e.partition || '/' || lpad(e.position::text, 12, '0') || ' ' || (e.data ->> 'orderId') as key,
           jsonb_build_array(e.type, e.version, ${sql.unsafe(FACT_DETAIL)},
                             extract(epoch from date_trunc('milliseconds', e.recorded_at)))::text as content
    from ${applied(sql, reach)} where e.type = any (${[...TIMELINE_FACTS[source]]}::text[])`;
  return {
    name: `orders.timeline of ${source}`,
    found: inOrder(orders, found),
    expected: inOrder(sql, expected),
  };
}

/** A replica of what another registers and revises: the consumer's rows, and what its last fact says, as SQL. */
interface Replica {
  readonly name: string;
  readonly consumer: Subgraph;
  readonly source: Subgraph;
  readonly facts: readonly string[];
  readonly rows: string;
  readonly content: string;
}

const PRODUCTS: Replica = {
  name: 'orders.products',
  consumer: 'orders',
  source: 'inventory',
  facts: ['ProductRegistered', 'ProductRevised'],
  rows: 'select sku as key, jsonb_build_array(name, list_price_minor, currency_code)::text as content from products',
  content: `jsonb_build_array(e.data -> 'name', e.data -> 'listPriceMinor', e.data -> 'currencyCode')`,
};
const PARTNERS_OF_INVENTORY: Replica = {
  name: 'inventory.partners',
  consumer: 'inventory',
  source: 'orders',
  facts: ['PartnerRegistered', 'PartnerRevised'],
  rows: 'select partner_id as key, jsonb_build_array(partition)::text as content from partners',
  content: 'jsonb_build_array(e.partition)',
};
const WAREHOUSES: Replica = {
  name: 'inventory.warehouses',
  consumer: 'inventory',
  source: 'fulfillment',
  facts: ['WarehouseRegistered', 'WarehouseRevised'],
  rows: 'select warehouse_id as key, jsonb_build_array(status)::text as content from warehouses',
  content: `jsonb_build_array(e.data -> 'status')`,
};
const PARTNERS: Replica = {
  name: 'payments.partners',
  consumer: 'payments',
  source: 'orders',
  facts: ['PartnerRegistered', 'PartnerRevised'],
  rows: 'select partner_id as key, jsonb_build_array(partition, currency_code)::text as content from partners',
  content: `jsonb_build_array(e.partition, e.data -> 'currencyCode')`,
};

async function replicaOf(reader: Sql, sql: Sql, replica: Replica): Promise<Projection> {
  const { name, consumer, source, facts, rows, content } = replica;
  const reach = await reachOf(reader, consumer, source);
  const expected = sql`
    select distinct on (e.stream_id) e.stream_id as key, ${sql.unsafe(content)}::text as content
    from ${applied(sql, reach)} where e.type = any (${[...facts]}::text[]) order by e.stream_id, e.version desc`;
  return { name, found: inOrder(reader, reader`${reader.unsafe(rows)}`), expected: inOrder(sql, expected) };
}

function statusRows(orders: Sql): AsyncGenerator<KeyedRow> {
  return inOrder(
    orders,
    orders`
      select order_id::text as key,
             jsonb_build_array(status, status_reason, version, units_ordered, units_confirmed)::text as content
      from orders`,
  );
}

/** Status, version and units by the orders' own facts: what was confirmed, came later, and was lost. */
function statusesByLog(orders: Sql): AsyncGenerator<KeyedRow> {
  const [facts, statuses] = [Object.keys(STATUS_AFTER), Object.values(STATUS_AFTER)];
  return inOrder(
    orders,
    orders`
      select stream_id as key,
             jsonb_build_array(
               (array_agg(status order by version desc) filter (where status is not null))[1],
               max(data ->> 'reason') filter (where type in ('OrderRejected', 'OrderCancelled')),
               max(version),
               max(units) filter (where type = 'OrderPlaced'),
               sum(case type when 'OrderConfirmed' then coalesce(units, placed) when 'OrderReplenished' then units
                             when 'OrderLinesBroken' then -units end))::text as content
      from (
        select e.*, coalesce(s.status, case when s.fact is not null then e.data ->> 'status' end) as status, l.units,
               max(l.units) filter (where e.type = 'OrderPlaced') over (partition by e.stream_id) as placed
        from events e
        left join unnest(${facts}::text[], ${statuses}::text[]) as s (fact, status) on s.fact = e.type
        cross join lateral (
          select sum((line ->> 'quantity')::bigint)::bigint as units
          from jsonb_array_elements(case jsonb_typeof(e.data -> 'lines') when 'array' then e.data -> 'lines' else '[]' end) line
        ) l
        where e.category = 'order'
      ) f group by stream_id`,
  );
}

function shippedRows(orders: Sql): AsyncGenerator<KeyedRow> {
  return inOrder(
    orders,
    orders`select order_id::text as key, units_shipped::text as content from orders where units_shipped > 0`,
  );
}

/** Units that left, by what fulfillment said and orders has applied. */
async function shippedByLog(orders: Sql, fulfillment: Sql): Promise<AsyncGenerator<KeyedRow>> {
  const reach = await reachOf(orders, 'orders', 'fulfillment');
  return inOrder(
    fulfillment,
    fulfillment`
      select e.data ->> 'orderId' as key, sum((line ->> 'quantity')::bigint)::text as content
      from ${applied(fulfillment, reach)} cross join jsonb_array_elements(e.data -> 'lines') line
      where e.type = 'ShipmentConfirmed' group by 1`,
  );
}
