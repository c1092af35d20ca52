// What inventory's tables and the logs say of goods: on shelves, on their way, and moved.
import type { Sql } from 'postgres';
import type { LoggedSafety, LoggedUnits, Shelf } from './conservation.ts';
import { rowsOf } from './log-source.ts';
import type { SkuTotal } from './no-oversell.ts';
import type { StockMovement } from './stock-ledger.ts';
import type { TransferUnits } from './transfers.ts';

/** The movement log in the order of its ids. `xmin` is the transaction that wrote a row, and a call is one transaction. */
export function readMovements(inventory: Sql): AsyncGenerator<StockMovement> {
  return rowsOf<StockMovement>(inventory`
    select xmin::text as call, sku, warehouse_id as "warehouseId", kind, quantity, sellable_delta as "sellableDelta"
    from movements order by id`);
}

/** The movement log summed up: a hundredth of its rows, which is all that the sums need. */
export function readMovedSums(inventory: Sql): Promise<readonly StockMovement[]> {
  return inventory<StockMovement[]>`
    select 'all' as call, sku, warehouse_id as "warehouseId", kind, sum(quantity)::float8 as quantity,
           sum(sellable_delta)::float8 as "sellableDelta"
    from movements group by sku, warehouse_id, kind`;
}

export function readShelves(inventory: Sql): Promise<readonly Shelf[]> {
  return inventory<Shelf[]>`
    select s.sku, s.warehouse_id as "warehouseId", s.on_hand as "onHand", s.allocated, s.safety,
           coalesce(w.status = 'OPEN', false) as open
    from stock s left join warehouses w using (warehouse_id)`;
}

export function readSkuTotals(inventory: Sql): Promise<readonly SkuTotal[]> {
  return inventory<SkuTotal[]>`select sku, sellable, reserved, held, withdrawing from sku_totals`;
}

/** Units by SKU and warehouse that came in or went, as inventory's log and fulfillment's tell. */
export async function readLoggedUnits(inventory: Sql, fulfillment: Sql): Promise<readonly LoggedUnits[]> {
  const own = await inventory<LoggedUnits[]>`
    select case e.type when 'StockReceived' then 'received' when 'StockAdjusted' then 'adjusted'
                       when 'TransferSent' then 'sent' else 'arrived' end as flow,
           l ->> 'sku' as sku,
           coalesce(l ->> 'warehouseId', e.data ->> case e.type when 'TransferSent' then 'fromWarehouseId' else 'toWarehouseId' end)
             as "warehouseId",
           sum((coalesce(l ->> 'delta', l ->> 'quantity'))::int)::float8 as quantity
    from events e cross join jsonb_array_elements(e.data -> 'lines') l
    where e.type in ('StockReceived', 'StockAdjusted', 'TransferSent', 'TransferReceived') group by 1, 2, 3`;
  const left = await fulfillment<LoggedUnits[]>`
    select 'shipped' as flow, l ->> 'sku' as sku, data ->> 'warehouseId' as "warehouseId",
           sum((l ->> 'quantity')::int)::float8 as quantity
    from events cross join jsonb_array_elements(data -> 'lines') l where type = 'ShipmentConfirmed' group by 2, 3`;
  return [...own, ...left];
}

/** Units kept back on each shelf, as the last fact about it says. A shelf's facts stand in the order of their instants. */
export function readLoggedSafety(inventory: Sql): Promise<readonly LoggedSafety[]> {
  return inventory<LoggedSafety[]>`
    select distinct on (1, 2) l ->> 'sku' as sku, l ->> 'warehouseId' as "warehouseId", (l ->> 'safety')::int as safety
    from events cross join jsonb_array_elements(data -> 'lines') with ordinality as x (l, n)
    where type = 'SafetyStockSet' order by 1, 2, recorded_at desc, n desc`;
}

/** Every SKU of every transfer, by its table and by the log. */
export function readTransfers(inventory: Sql): Promise<readonly TransferUnits[]> {
  return inventory<TransferUnits[]>`
    with told as (
      select e.data ->> 'transferId' as id, l ->> 'sku' as sku,
             coalesce(sum((l ->> 'quantity')::int) filter (where e.type = 'TransferSent'), 0) as sent,
             coalesce(sum((l ->> 'quantity')::int) filter (where e.type = 'TransferReceived'), 0) as received
      from events e cross join jsonb_array_elements(e.data -> 'lines') l
      where e.type in ('TransferSent', 'TransferReceived') group by 1, 2
    ), ended as (
      select data ->> 'transferId' as id, count(*) as ends from events
      where type = 'TransferReceived' and (data ->> 'isLast')::boolean group by 1
    ), kept as (
      select t.transfer_id::text as id, t.status, l ->> 0 as sku, (l ->> 1)::int as sent, (l ->> 2)::int as received
      from transfers t cross join json_array_elements(t.lines) l
    )
    select id as "transferId", sku, k.status, coalesce(k.sent, 0)::float8 as sent, coalesce(k.received, 0)::float8 as received,
           coalesce(t.sent, 0)::float8 as "sentByLog", coalesce(t.received, 0)::float8 as "receivedByLog",
           coalesce(e.ends, 0)::int as ends
    from kept k full join told t using (id, sku) left join ended e using (id)`;
}
