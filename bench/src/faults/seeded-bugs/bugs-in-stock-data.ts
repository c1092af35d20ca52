// Bugs of stock that show in what a run left behind: each statement leaves what the bug would have left, and nothing else.
import type { BugInData } from './bug.ts';

const HOLD = '00000000-0000-7000-8000-00000000a0a0';
const TRANSFER = '00000000-0000-7000-8000-00000000b0b0';

/** Appends facts of one stream, from its first version on. `data` is SQL. */
const say = (
  category: string,
  stream: string,
  ...facts: readonly (readonly [type: string, data: string])[]
) =>
  facts
    .map(
      ([type, data], index) => `
  select log_append(array[0], array['${category}'], array['${stream}'], array[${index + 1}], array[gen_random_uuid()],
    array['${type}'], array[1], array[(${data})::text], array['{}']);`,
    )
    .join('');

/** An order whose goods have all left. */
const LEFT = `(select order_id from reservations where status = 'SHIPPED' order by order_id limit 1)`;

const hold = `jsonb_build_object('holdId', '${HOLD}', 'partnerId', '10001'`;
const way = `jsonb_build_object('transferId', '${TRANSFER}', 'fromWarehouseId', 'LON', 'toWarehouseId', 'MAN',
  'lines', '[{"sku": "RARE", "quantity": 1}]'::jsonb`;

export const BUGS_IN_STOCK_DATA: readonly BugInData[] = [
  {
    name: 'a claim is broken and no movement says so',
    breaks: [10],
    statements: {
      inventory: `
        select log_append(array[e.partition], array[e.category], array[e.stream_id],
          array[(select max(version) + 1 from events where category = 'reservation' and stream_id = e.stream_id)],
          array[gen_random_uuid()], array['ReservationBroken'], array[1],
          array[jsonb_build_object('orderId', e.stream_id, 'partnerId', e.data ->> 'partnerId', 'valueMinor', 0,
            'currencyCode', 'GBP', 'cause', 'COUNT', 'rest', 'CANCELLED', 'lines', '[{"sku": "RARE", "quantity": 1}]'::jsonb)::text],
          array[e.metadata::text])
        from (select * from events where type = 'StockReserved' limit 1) e`,
    },
  },
  {
    name: 'a hold is claimed twice',
    breaks: [5, 11],
    statements: {
      inventory: `${say(
        'hold',
        HOLD,
        ['HoldPlaced', `${hold}, 'expiresAt', now(), 'lines', '[{"sku": "RARE", "quantity": 1}]'::jsonb)`],
        ['HoldClaimed', `${hold}, 'orderId', ${LEFT})`],
        ['HoldClaimed', `${hold}, 'orderId', ${LEFT})`],
      )}
        insert into holds (hold_id, partner_id, partition, status, lines, expires_at, order_id, version)
        values ('${HOLD}', '10001', 0, 'CLAIMED', '[["RARE", 1]]', now(), ${LEFT}, 3);
        insert into movements (sku, kind, quantity, hold_id, cause)
        select 'RARE', k, 1, '${HOLD}', gen_random_uuid() from unnest(array['hold', 'claim', 'claim']) k`,
    },
  },
  {
    name: 'a cancelled order keeps its claim',
    breaks: [9, 11],
    statements: {
      orders: `update orders set status = 'CANCELLED' where status = 'SHIPPED'`,
      inventory: `update reservations set status = 'ALLOCATED', shipments = '[]' where order_id = ${LEFT}`,
    },
  },
  {
    name: 'units are backordered that nobody waits for',
    breaks: [9],
    statements: {
      inventory: `insert into backorders (sku, order_id, partner_id, partition, quantity)
        select 'RARE', order_id, partner_id, partition, 1 from reservations where order_id = ${LEFT}`,
    },
  },
  {
    name: 'a transfer is received twice',
    breaks: [9],
    statements: {
      inventory: `${say(
        'transfer',
        TRANSFER,
        ['TransferSent', `${way})`],
        ['TransferReceived', `${way}, 'isLast', false)`],
        ['TransferReceived', `${way}, 'isLast', true)`],
      )}
        insert into transfers (transfer_id, from_warehouse_id, to_warehouse_id, status, lines, version)
        values ('${TRANSFER}', 'LON', 'MAN', 'RECEIVED', '[["RARE", 1, 1]]', 3);
        insert into movements (sku, warehouse_id, kind, quantity, cause)
        select 'RARE', w, k, 1, gen_random_uuid() from (values
          ('LON', 'transfer_out'), ('MAN', 'transfer_in'), ('MAN', 'transfer_in')) v (w, k)`,
    },
  },
];
