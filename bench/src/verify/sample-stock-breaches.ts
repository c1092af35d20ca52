// What may go wrong with the stock of the sample run, see sample-breaches.ts.
import { idOf, type SampleBreach } from './sample-log.ts';

const [LIVE, OVER] = [idOf('hold live'), idOf('hold over')];
const LATE = idOf('late');
/** Says a fact once more, as the next version of its stream; what is told twice is taken back by its cause. */
const again = (type: string, change = '{}') => `
  insert into events select partition, position + 1000, category, stream_id, version + 1, gen_random_uuid(), type, schema_version,
    data || '${change}', metadata, recorded_at from events where type = '${type}'`;
const onceMore = 'delete from events where position > 1000';

export const STOCK_BREACHES: readonly SampleBreach[] = [
  [
    9,
    'goods without a movement',
    'inventory',
    'update stock set on_hand = on_hand + 1',
    'update stock set on_hand = on_hand - 1',
    'A in W1: 3 on hand, 2 by its movements',
  ],
  [
    9,
    'a reservation that claims what nobody counts',
    'inventory',
    `update reservations set status = 'ALLOCATED', shipments = '[]' where order_id = '${idOf('terms')}'`,
    `update reservations set status = 'SHIPPED',
       shipments = (select shipments from reservations where order_id = '${idOf('card')}') where order_id = '${idOf('terms')}'`,
    '4 by its open reservations',
  ],
  [
    10,
    'a claim that never fitted',
    'inventory',
    `insert into movements (sku, kind, quantity, cause) values ('A', 'reserve', 11, '${idOf('terms')}')`,
    'delete from movements where quantity = 11',
    '11 reserved, 0 held and 0 withdrawing of 2 sellable',
  ],
  [
    11,
    'stock that a shipped order still holds',
    'inventory',
    `update reservations set lines = '[["A", 9]]' where order_id = '${idOf('terms')}'`,
    `update reservations set lines = '[["A", 4]]' where order_id = '${idOf('terms')}'`,
    'yet 5 units are held',
  ],
  [
    9,
    'units that were adjusted and not told of',
    'inventory',
    `update movements set quantity = -2 where kind = 'adjust'`,
    `update movements set quantity = -1 where kind = 'adjust'`,
    'B in W1: -2 adjusted, -1 by the log of adjustments',
  ],
  [
    9,
    'safety that nobody set',
    'inventory',
    `update events set data = jsonb_set(data, '{lines,0,safety}', '3') where type = 'SafetyStockSet'`,
    `update events set data = jsonb_set(data, '{lines,0,safety}', '2') where type = 'SafetyStockSet'`,
    'B in W1: 2 kept back, 3 by the log of safety',
  ],
  [
    9,
    'a transfer of which more arrived than left',
    'inventory',
    again('TransferReceived'),
    onceMore,
    'B: 8 received of 5 sent by the log',
  ],
  [
    9,
    'a backorder without a waiting reservation',
    'inventory',
    `update reservations set waiting = '[]' where order_id = '${LATE}'`,
    `update reservations set waiting = '[["A", 4, 250]]' where order_id = '${LATE}'`,
    '4 backordered, 0 waiting by its reservation',
  ],
  [
    9,
    'held units that no hold holds',
    'inventory',
    `update holds set lines = '[["B", 2]]' where hold_id = '${LIVE}'`,
    `update holds set lines = '[["B", 3]]' where hold_id = '${LIVE}'`,
    'B: 3 held, 2 by its live holds',
  ],
  [
    10,
    'a break that nobody was told of',
    'inventory',
    // The table's own trigger refuses a break where nothing lacks: the breach has to get past it.
    `alter table movements disable trigger user;
     insert into movements (sku, kind, quantity, order_id, cause) values ('A', 'break', 77, '${LATE}', '${LATE}');
     alter table movements enable trigger user`,
    'delete from movements where quantity = 77',
    `claim of ${LATE}, A: 77 units broken by its movements, 0 by its facts`,
  ],
  [
    10,
    'a broken claim that orders never heard of',
    'inventory',
    `update events set type = 'ReservationBroken' where type = 'StockReserved' and stream_id = '${idOf('terms')}'`,
    `update events set type = 'StockReserved' where type = 'ReservationBroken'`,
    `order ${idOf('terms')}: its claim was broken`,
  ],
  [
    10,
    'goods of which more went out of sale than there were',
    'inventory',
    `update movements set sellable_delta = -4 where kind = 'transfer_out'`,
    `update movements set sellable_delta = -5 where kind = 'transfer_out'`,
    'B: transfer_out of 5 moved -4 for sale',
  ],
  [11, 'a hold that ended twice', 'inventory', again('HoldExpired'), onceMore, `hold ${OVER}: ended 2 times`],
  [
    11,
    'a hold that gave its units back twice',
    'inventory',
    `update movements set quantity = 4 where kind = 'expire'`,
    `update movements set quantity = 2 where kind = 'expire'`,
    `hold ${OVER}, B: 2 held and 4 given back or claimed, while 0 are held`,
  ],
  [
    11,
    'a rejected order that still waits',
    'orders',
    `update orders set status = 'REJECTED' where order_id = '${LATE}'`,
    `update orders set status = 'BACKORDERED' where order_id = '${LATE}'`,
    'REJECTED, yet it waits for 4 units',
  ],
];
