import type { Sql } from 'postgres';
import type { CreditFact } from './credit-limits.ts';
import type { LedgerLine, Taking } from './ledger.ts';
import { rowsOf } from './log-source.ts';
import type { OrderMethod, OrderMoney } from './one-charge.ts';
import type { CreditExposure } from './resolved-once.ts';

export function readMethods(payments: Sql): Promise<readonly OrderMethod[]> {
  return payments<OrderMethod[]>`select order_id as "orderId", method from payments where method is not null`;
}

export function readShippedValues(fulfillment: Sql): Promise<readonly OrderMoney[]> {
  return fulfillment<OrderMoney[]>`
    select data ->> 'orderId' as "orderId", (data ->> 'valueMinor')::float8 as "amountMinor"
    from events where type = 'ShipmentConfirmed'`;
}

export function readCaptured(payments: Sql): Promise<readonly OrderMoney[]> {
  return payments<OrderMoney[]>`
    select data ->> 'orderId' as "orderId", (data ->> 'amountMinor')::float8 as "amountMinor"
    from events where type = 'PaymentCaptured'`;
}

/** Sales booked to each order: what was credited to sales less what was taken back from them. */
export function readLedger(payments: Sql): Promise<readonly OrderMoney[]> {
  return payments<OrderMoney[]>`
    select l.order_id as "orderId", -sum(l.amount_minor)::float8 as "amountMinor"
    from ledger_lines l join ledger_accounts a using (account, currency_code)
    where a.kind = 'sales' group by l.order_id`;
}

/** Of an order that is paid for wave by wave: each wave's stage and amounts. The columns of any other order say it all. */
const WAVES = `jsonb_array_elements(to_jsonb(p) -> 'in_depth' -> 'waves') w`;
const LEFT_OF_WAVE = `(w ->> 'authorisedMinor')::bigint - (w ->> 'reducedMinor')::bigint`;

/** A renewal that is asked for promises what the authorisation promises whose place it takes: counted once. */
const ASKED_OF_WAVE = `case when jsonb_typeof(w -> 'renews') = 'number' then 0 else (w ->> 'reservedMinor')::bigint end`;
/** What was taken of a card's authorisation: a shipment without parts is taken from the first. On terms takings are the order's. */
const TAKEN_OF_WAVE = `case when method = 'CARD' then (
  select coalesce(sum((t ->> 'amountMinor')::bigint), 0) from jsonb_array_elements(shipments) s, jsonb_array_elements(
    coalesce(s -> 'parts', jsonb_build_array(jsonb_build_object(
      'wave', 1, 'amountMinor', s -> 'valueMinor', 'captured', s ->> 'state' = 'CAPTURED')))) t
  where (t ->> 'captured')::boolean and t ->> 'wave' = w ->> 'wave') else 0 end`;

/** Money promised to an order and not taken: credit reserved, or a card's authorisation asked for or standing. */
export function readMoneyHeld(payments: Sql): Promise<readonly OrderMoney[]> {
  const standing = payments.unsafe(`${LEFT_OF_WAVE} - ${TAKEN_OF_WAVE}`);
  return payments<OrderMoney[]>`
    select order_id as "orderId", coalesce(
      (select sum(case when w ->> 'stage' = 'REQUESTED' then ${payments.unsafe(ASKED_OF_WAVE)}
                       when w ->> 'stage' in ('AUTHORISED', 'VOIDING') then ${standing} else 0 end)
              - case when method = 'CARD' then 0 else captured_minor end
       from ${payments.unsafe(WAVES)}),
      case when stage = 'REQUESTED' then reserved_minor else authorised_minor - captured_minor end)::float8 as "amountMinor"
    from payments p where stage in ('REQUESTED', 'AUTHORISED', 'VOIDING')`;
}

/** Each partner's exposure beside what its orders on terms weigh: credit reserved, at least what was taken. */
export function readExposures(payments: Sql): Promise<readonly CreditExposure[]> {
  return payments<CreditExposure[]>`
    select partner_id as "partnerId", coalesce(a.exposure_minor, 0)::float8 as exposure, coalesce(c.claims, 0)::float8 as claims
    from credit_accounts a
    full join (
      select partner_id, sum(greatest(
        case when stage = 'AUTHORISED' then coalesce(
          (select sum(${payments.unsafe(LEFT_OF_WAVE)}) from ${payments.unsafe(WAVES)} where w ->> 'stage' = 'AUTHORISED'),
          authorised_minor) else 0 end, captured_minor)) as claims
      from payments p where method = 'TERMS' group by partner_id
    ) c using (partner_id)`;
}

/** Calls to the card provider that still have to be made or whose outcome is still sought. */
export async function countOpenCalls(payments: Sql): Promise<number> {
  const [row] = await payments<{ count: number }[]>`
    select count(*)::int as count from payment_calls where state in ('due', 'unknown')`;
  return row?.count ?? 0;
}

/** The ledger's lines, each beside its account. */
export function readLedgerLines(payments: Sql): AsyncGenerator<LedgerLine> {
  return rowsOf<LedgerLine>(payments`
    select l.entry_id as "entryId", l.order_id as "orderId", l.shipment_id as "shipmentId", l.account, a.kind,
           l.currency_code as "currencyCode", l.amount_minor::float8 as "amountMinor"
    from ledger_lines l left join ledger_accounts a using (account, currency_code)`);
}

export function readTakings(payments: Sql): Promise<readonly Taking[]> {
  return payments<Taking[]>`
    select data ->> 'orderId' as "orderId", data ->> 'shipmentId' as "shipmentId", data ->> 'method' as method,
           data ->> 'currencyCode' as "currencyCode", (data ->> 'amountMinor')::float8 as "amountMinor"
    from events where type = 'PaymentCaptured'`;
}

/** Limits set, and what orders on terms reserved, took and gave back, in the order of the log. */
export function readCreditFacts(payments: Sql): AsyncGenerator<CreditFact> {
  return rowsOf<CreditFact>(payments`
    select data ->> 'partnerId' as "partnerId", partition, position::float8 as position, type,
           case when category = 'payment' then stream_id end as "orderId",
           coalesce(data ->> 'limitMinor', data ->> 'amountMinor')::float8 as "amountMinor"
    from events
    where type = 'CreditLimitSet'
       or (type in ('PaymentAuthorised', 'PaymentReduced', 'PaymentCaptured', 'PaymentVoided') and data ->> 'method' = 'TERMS')
    order by partition, position`);
}
