import type { Sql } from 'postgres';
import type { ClaimedUnits, MovedUnits, Shelf } from './conservation.ts';
import { rowsOf } from './log-source.ts';
import type { SkuTotal } from './no-oversell.ts';
import type { StockMovement } from './stock-ledger.ts';

/** The movement log in the order of its ids. `xmin` is the transaction that wrote a row, and a call is one transaction. */
export function readMovements(inventory: Sql): AsyncGenerator<StockMovement> {
  return rowsOf<StockMovement>(inventory`
    select xmin::text as call, sku, warehouse_id as "warehouseId", kind, quantity from movements order by id`);
}

/** The movement log summed up: a hundredth of its rows, which is all that the sums need. */
export function readMovedSums(inventory: Sql): Promise<readonly StockMovement[]> {
  return inventory<StockMovement[]>`
    select 'all' as call, sku, warehouse_id as "warehouseId", kind, sum(quantity)::float8 as quantity
    from movements group by sku, warehouse_id, kind`;
}

export function readShelves(inventory: Sql): Promise<readonly Shelf[]> {
  return inventory<Shelf[]>`
    select s.sku, s.warehouse_id as "warehouseId", s.on_hand as "onHand", s.allocated, s.safety,
           coalesce(w.status = 'OPEN', false) as open
    from stock s left join warehouses w using (warehouse_id)`;
}

export function readSkuTotals(inventory: Sql): Promise<readonly SkuTotal[]> {
  return inventory<SkuTotal[]>`select sku, sellable, reserved, held from sku_totals`;
}

/** Claimed lines of live reservations, less what has left, by order and SKU. */
const openClaims = (inventory: Sql) => inventory`
  select order_id, sku, quantity from (
    select r.order_id, l ->> 0 as sku, (l ->> 1)::int as quantity
    from reservations r cross join json_array_elements(r.lines) l
    where r.status in ('RESERVED', 'ALLOCATED', 'SHIPPED')
    union all
    select r.order_id, l ->> 0, -(l ->> 1)::int
    from reservations r cross join json_array_elements(r.shipments) s cross join json_array_elements(s -> 'lines') l
    where r.status in ('RESERVED', 'ALLOCATED', 'SHIPPED') and (s ->> 'left')::boolean
  ) claims`;

export function readClaims(inventory: Sql): Promise<readonly ClaimedUnits[]> {
  return inventory<ClaimedUnits[]>`
    select sku, sum(quantity)::float8 as quantity from (${openClaims(inventory)}) c group by sku having sum(quantity) <> 0`;
}

export interface HeldUnits {
  readonly orderId: string;
  readonly units: number;
}

export function readUnitsHeld(inventory: Sql): Promise<readonly HeldUnits[]> {
  return inventory<HeldUnits[]>`
    select order_id as "orderId", sum(quantity)::float8 as units from (${openClaims(inventory)}) c
    group by order_id having sum(quantity) <> 0`;
}

/** Units by SKU and warehouse that inventory's log says came in. */
export function readReceived(inventory: Sql): Promise<readonly MovedUnits[]> {
  return inventory<MovedUnits[]>`
    select l ->> 'sku' as sku, l ->> 'warehouseId' as "warehouseId", sum((l ->> 'quantity')::int)::float8 as quantity
    from events cross join jsonb_array_elements(data -> 'lines') l where type = 'StockReceived' group by 1, 2`;
}

/** Units by SKU and warehouse that fulfillment's log says left. */
export function readShipped(fulfillment: Sql): Promise<readonly MovedUnits[]> {
  return fulfillment<MovedUnits[]>`
    select l ->> 'sku' as sku, data ->> 'warehouseId' as "warehouseId", sum((l ->> 'quantity')::int)::float8 as quantity
    from events cross join jsonb_array_elements(data -> 'lines') l where type = 'ShipmentConfirmed' group by 1, 2`;
}
