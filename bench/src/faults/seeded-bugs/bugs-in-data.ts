import type { BugInData } from './bug.ts';
import { BUGS_IN_MONEY_DATA } from './bugs-in-money-data.ts';
import { BUGS_IN_STOCK_DATA } from './bugs-in-stock-data.ts';

/** The last event of a partition of the log that holds orders. */
const LAST = `(partition, position) = (select partition, position from partitions
  where partition = (select partition from events where category = 'order' limit 1))`;
const IN_ORDERS_PARTITION = `partition = (select partition from events where category = 'order' limit 1)`;

/** Says an event of the given name once more, as its own version, under an id of its own. */
const again = (type: string) => `
  select log_append(array[e.partition], array[e.category], array[e.stream_id],
    array[(select max(version) + 1 from events where stream_id = e.stream_id and category = e.category)],
    array[gen_random_uuid()], array[e.type], array[1], array[e.data::text], array[e.metadata::text])
  from (select * from events where type = '${type}' limit 1) e`;

export const BUGS_IN_DATA: readonly BugInData[] = [
  ...BUGS_IN_STOCK_DATA,
  ...BUGS_IN_MONEY_DATA,
  {
    name: 'an acknowledged order is gone',
    breaks: [1, 2],
    statements: { orders: `delete from orders where po_number like '%plain-1'` },
  },
  {
    name: 'a subgraph works on an order that was never placed',
    breaks: [2],
    statements: {
      fulfillment: `update orders set order_id = gen_random_uuid() where order_id = (select order_id from orders limit 1)`,
    },
  },
  {
    name: 'an order stops half way',
    breaks: [4],
    statements: { orders: `update orders set status = 'CONFIRMED' where po_number like '%plain-1'` },
  },
  {
    name: 'the tail of a log is dropped',
    breaks: [6],
    statements: { orders: `delete from events where ${LAST}` },
  },
  {
    name: 'two events share a position',
    breaks: [6],
    statements: {
      orders: `alter table events drop constraint events_position_taken; update events set position = position - 1 where ${LAST}`,
    },
  },
  {
    name: 'a log is put back to an earlier point',
    breaks: [7, 17],
    statements: {
      orders: `
        delete from events where ${IN_ORDERS_PARTITION} and position > 2;
        update partitions p set position = 2, event_id = e.event_id from events e
          where p.${IN_ORDERS_PARTITION} and e.partition = p.partition and e.position = 2;
        update intents i set position = p.position, event_id = p.event_id from partitions p where p.partition = i.partition`,
    },
  },
  {
    name: 'a consumer passes over an event',
    breaks: [7],
    statements: {
      payments: `update offsets set event_id = gen_random_uuid() where source = 'orders' and position > 0`,
    },
  },
  {
    name: 'the timeline misses a fact',
    breaks: [8],
    statements: {
      orders: `delete from timeline_entries where (order_id, source, position) =
        (select order_id, source, position from timeline_entries where source = 'inventory' limit 1)`,
    },
  },
  {
    name: 'a replica missed a change of price',
    breaks: [8],
    statements: {
      orders: `update products set list_price_minor = list_price_minor + 1 where sku = (select min(sku) from products)`,
    },
  },
  {
    name: 'a reservation is released twice',
    breaks: [5, 11],
    statements: { inventory: again('ReservationReleased') },
  },
  {
    name: 'an effect is brought about twice by one cause',
    breaks: [7, 17],
    statements: { payments: again('PaymentCaptured') },
  },
  {
    name: 'more is promised than there ever was',
    breaks: [9, 10],
    statements: {
      inventory: `insert into movements (sku, kind, quantity, cause) values ('RARE', 'reserve', 6, gen_random_uuid())`,
    },
  },
  {
    name: 'an entry is out of balance',
    breaks: [13],
    statements: {
      payments: `
        create or replace view ledger_lines as
        select entry_id, order_id, shipment_id, debit_account as account, currency_code, amount_minor, posted_at from ledger_entries
        union all
        select entry_id, order_id, shipment_id, credit_account, currency_code, 1 - amount_minor, posted_at from ledger_entries`,
    },
  },
  {
    name: 'an offset carries an epoch that is over',
    breaks: [17],
    statements: { fulfillment: `update offsets set epoch = epoch - 1 where source = 'inventory'` },
  },
];
