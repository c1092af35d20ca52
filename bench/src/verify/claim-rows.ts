// What inventory's tables and its log say of claims on goods: reserved, waiting, held, and lost.
import type { Sql } from 'postgres';
import type { WaitingUnits } from './backorders.ts';
import type { BrokenUnits } from './broken-claims.ts';
import type { ClaimedUnits, HeldUnits } from './conservation.ts';
import type { HoldHistory, HoldUnits } from './holds-ended.ts';

/**
 * Claimed units by order and SKU, less what has left. Those of a warehouse that is not open, and those found missing where
 * they were assigned, are withdrawing.
 */
const openClaims = (inventory: Sql) => inventory`
  with live as (
    select order_id, lines, shipments from reservations where status in ('RESERVED', 'BACKORDERED', 'ALLOCATED', 'SHIPPED')
  ), assigned as (
    select live.order_id, s, (s ->> 'left')::boolean as has_left, coalesce(w.status = 'OPEN', false) as is_open
    from live cross join json_array_elements(live.shipments) s left join warehouses w on w.warehouse_id = s ->> 'warehouseId'
  )
  select order_id, l ->> 0 as sku, (l ->> 1)::int as reserved, 0 as withdrawing from live cross join json_array_elements(lines) l
  union all
  select order_id, l ->> 0, -(l ->> 1)::int, case when has_left then 0 else (l ->> 1)::int end
  from assigned cross join json_array_elements(s -> 'lines') l where has_left or not is_open
  union all
  select order_id, l ->> 0, -(l ->> 1)::int, (l ->> 1)::int
  from assigned cross join json_array_elements(coalesce(s -> 'missing', '[]')) l where not has_left and is_open`;

export function readClaims(inventory: Sql): Promise<readonly ClaimedUnits[]> {
  return inventory<ClaimedUnits[]>`
    select sku, sum(reserved)::float8 as reserved, sum(withdrawing)::float8 as withdrawing
    from (${openClaims(inventory)}) c group by sku having sum(reserved) <> 0 or sum(withdrawing) <> 0`;
}

export interface OrderUnits {
  readonly orderId: string;
  readonly units: number;
}

export function readUnitsClaimed(inventory: Sql): Promise<readonly OrderUnits[]> {
  return inventory<OrderUnits[]>`
    select order_id as "orderId", sum(reserved + withdrawing)::float8 as units
    from (${openClaims(inventory)}) c group by order_id having sum(reserved + withdrawing) <> 0`;
}

/** What waits by the reservations. */
export function readWaiting(inventory: Sql): Promise<readonly WaitingUnits[]> {
  return inventory<WaitingUnits[]>`
    select r.order_id as "orderId", l ->> 0 as sku, sum((l ->> 1)::int)::float8 as quantity
    from reservations r cross join json_array_elements(r.waiting) l group by 1, 2`;
}

export function readBackorders(inventory: Sql): Promise<readonly WaitingUnits[]> {
  return inventory<WaitingUnits[]>`select order_id as "orderId", sku, quantity from backorders`;
}

/** Lines of live holds. */
export function readHeld(inventory: Sql): Promise<readonly HeldUnits[]> {
  return inventory<HeldUnits[]>`
    select l ->> 0 as sku, sum((l ->> 1)::int)::float8 as quantity
    from holds h cross join json_array_elements(h.lines) l where h.status = 'ACTIVE' group by 1`;
}

export function readHoldHistories(inventory: Sql): Promise<readonly HoldHistory[]> {
  return inventory<HoldHistory[]>`
    with told as (
      select data ->> 'holdId' as id, count(*) filter (where type = 'HoldPlaced') as placed,
             count(*) filter (where type = 'HoldReleased') as released, count(*) filter (where type = 'HoldExpired') as expired,
             count(*) filter (where type = 'HoldClaimed') as claimed,
             max(data ->> 'orderId') filter (where type = 'HoldClaimed') as claimed_by
      from events where category = 'hold' group by 1
    )
    select id as "holdId", h.status, h.order_id as "orderId", coalesce(placed, 0)::int as placed,
           coalesce(released, 0)::int as released, coalesce(expired, 0)::int as expired, coalesce(claimed, 0)::int as claimed,
           claimed_by as "claimedBy"
    from (select hold_id::text as id, status, order_id from holds) h full join told using (id)`;
}

export function readHoldUnits(inventory: Sql): Promise<readonly HoldUnits[]> {
  return inventory<HoldUnits[]>`
    select id as "holdId", sku, sum(live)::float8 as live, sum(taken)::float8 as "takenIn", sum(given)::float8 as "givenBack" from (
      select h.hold_id as id, l ->> 0 as sku, (l ->> 1)::int as live, 0 as taken, 0 as given
      from holds h cross join json_array_elements(h.lines) l where h.status = 'ACTIVE'
      union all
      select hold_id, sku, 0, case kind when 'hold' then quantity else 0 end,
             case when kind in ('unhold', 'expire', 'claim', 'break_hold') then quantity else 0 end
      from movements where hold_id is not null
    ) u group by 1, 2`;
}

/** Units that were broken, by movements and by facts: of claims and allocations by order, of holds by hold. */
export function readBroken(inventory: Sql): Promise<readonly BrokenUnits[]> {
  return inventory<BrokenUnits[]>`
    select thing, id, sku, sum(moved)::float8 as moved, sum(told)::float8 as told from (
      select case kind when 'break' then 'claim' when 'break_hold' then 'hold' else 'allocation' end as thing,
             coalesce(case when kind = 'break_hold' then hold_id else order_id end::text, 'nobody') as id, sku,
             quantity as moved, 0 as told
      from movements where kind in ('break', 'break_hold', 'withdraw', 'withdraw_shut')
      union all
      select case e.type when 'ReservationBroken' then 'claim' else 'hold' end,
             coalesce(e.data ->> 'orderId', e.data ->> 'holdId'), l ->> 'sku', 0, (l ->> 'quantity')::int
      from events e cross join jsonb_array_elements(e.data -> 'lines') l where e.type in ('ReservationBroken', 'HoldBroken')
      union all
      select 'allocation', e.data ->> 'orderId', l ->> 'sku', 0, (l ->> 'quantity')::int
      from events e cross join jsonb_array_elements(e.data -> 'shipments') s cross join jsonb_array_elements(s -> 'lines') l
      -- What lies in a warehouse that is down was suspended with all that lies there.
      where e.type = 'AllocationBroken' and e.data ->> 'cause' <> 'WAREHOUSE_DOWN'
    ) u group by 1, 2, 3`;
}

const orderIdsOf = async (inventory: Sql, types: readonly string[]): Promise<readonly string[]> => {
  const rows = await inventory<{ id: string }[]>`
    select distinct data ->> 'orderId' as id from events where type = any(${[...types]}::text[])`;
  return rows.map(({ id }) => id);
};

/** Orders whose claim was broken. */
export const readBrokenOrders = (inventory: Sql) => orderIdsOf(inventory, ['ReservationBroken']);

/** Orders that lost claimed units, or gave some back. */
export const readLessenedOrders = (inventory: Sql) =>
  orderIdsOf(inventory, ['ReservationBroken', 'ReservationReduced', 'AllocationBroken']);
