import type { Sql } from 'postgres';
import type { CreditFact } from './credit-limits.ts';
import type { HeldCallRow } from './held-calls.ts';
import type { InvoicedShipment, InvoiceRow } from './invoices.ts';
import type { LedgerLine, SettlementFact, Taking } from './ledger.ts';
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

/**
 * Parts that are done while another of their shipment, or of what a refund gives back of one, is out: booked, and told once that one
 * has ended.
 */
const DONE_PARTS = `(
  select p.order_id, p.partner_id, p.currency_code, s ->> 'shipmentId' as shipment_id, null as refund_id,
         (part ->> 'amountMinor')::float8 as amount
  from payments p, jsonb_array_elements(p.shipments) s, jsonb_array_elements(coalesce(s -> 'parts', '[]')) part
  where p.method = 'CARD' and s ->> 'state' = 'REQUESTED' and (part ->> 'captured')::boolean
  union all
  select p.order_id, p.partner_id, p.currency_code, part ->> 'shipmentId', r ->> 'refundId', (part ->> 'amountMinor')::float8
  from payments p, jsonb_array_elements(coalesce(to_jsonb(p) -> 'in_depth' -> 'refunds', '[]')) r, jsonb_array_elements(r -> 'parts') part
  where p.method = 'CARD' and (part ->> 'done')::boolean and exists (
    select 1 from jsonb_array_elements(r -> 'parts') other where other ->> 'shipmentId' = part ->> 'shipmentId'
      and not (other ->> 'done')::boolean and other -> 'givenUp' is null)
)`;

/** What payments said it took, and the parts it did not tell yet. */
export function readCaptured(payments: Sql): Promise<readonly OrderMoney[]> {
  return payments<OrderMoney[]>`
    select data ->> 'orderId' as "orderId", (data ->> 'amountMinor')::float8 as "amountMinor"
    from events where type = 'PaymentCaptured'
    union all
    select order_id::text, amount from ${payments.unsafe(DONE_PARTS)} d where refund_id is null`;
}

/** What payments said it gave back, and the parts it did not tell yet. */
export function readRefunded(payments: Sql): Promise<readonly OrderMoney[]> {
  return payments<OrderMoney[]>`
    select data ->> 'orderId' as "orderId", (data ->> 'amountMinor')::float8 as "amountMinor"
    from events where type = 'PaymentRefunded'
    union all
    select order_id::text, amount from ${payments.unsafe(DONE_PARTS)} d where refund_id is not null`;
}

/** What of shipments a person gave up to take: no card is asked for it any more. */
export function readGivenUp(
  payments: Sql,
): Promise<readonly (OrderMoney & Readonly<{ shipmentId: string; isWhole: boolean }>)[]> {
  return payments<(OrderMoney & Readonly<{ shipmentId: string; isWhole: boolean }>)[]>`
    select p.order_id as "orderId", s ->> 'shipmentId' as "shipmentId", s ->> 'state' = 'GIVEN_UP' as "isWhole",
           (given ->> 'amountMinor')::float8 as "amountMinor"
    from payments p, jsonb_array_elements(p.shipments) s, jsonb_array_elements(coalesce(s -> 'givenUp', '[]')) given`;
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
/** What was taken from a wave's own authorisation: what names no part is taken from the first whole. */
const TAKEN_FROM_WAVE = `(
  select coalesce(sum((part ->> 'amountMinor')::bigint), 0) from jsonb_array_elements(p.shipments) s
  cross join jsonb_array_elements(coalesce(s -> 'parts', jsonb_build_array(jsonb_build_object(
    'wave', 1, 'amountMinor', s -> 'valueMinor', 'captured', s ->> 'state' = 'CAPTURED')))) part
  where part ->> 'wave' = w ->> 'wave' and (part ->> 'captured')::boolean)`;
/** On terms takings are the order's, and weigh on no wave. */
const STANDS_OF_WAVE = `${LEFT_OF_WAVE} - case when p.method = 'CARD' then ${TAKEN_FROM_WAVE} else 0 end`;

/** A renewal that is asked for promises what the authorisation promises whose place it takes: counted once. */
const ASKED_OF_WAVE = `case when jsonb_typeof(w -> 'renews') = 'number' then 0 else (w ->> 'reservedMinor')::bigint end`;
/** Money promised to an order and not taken: credit reserved, or a card's authorisation asked for or standing. */
export function readMoneyHeld(payments: Sql): Promise<readonly OrderMoney[]> {
  return payments<OrderMoney[]>`
    select order_id as "orderId", coalesce(
      (select sum(case when w ->> 'stage' = 'REQUESTED' then ${payments.unsafe(ASKED_OF_WAVE)}
                       when w ->> 'stage' in ('AUTHORISED', 'VOIDING') then ${payments.unsafe(STANDS_OF_WAVE)} else 0 end)
              - case when p.method = 'CARD' then 0 else captured_minor end
       from ${payments.unsafe(WAVES)}),
      case when stage = 'REQUESTED' then reserved_minor else authorised_minor - captured_minor end)::float8 as "amountMinor"
    from payments p where stage in ('REQUESTED', 'AUTHORISED', 'VOIDING')`;
}

/**
 * Each partner's exposure beside what its orders on terms weigh, credit reserved and at least what was taken, less what was given
 * back, and less what the partner settled.
 */
export function readExposures(payments: Sql): Promise<readonly CreditExposure[]> {
  return payments<CreditExposure[]>`
    select partner_id as "partnerId", coalesce(a.exposure_minor, 0)::float8 as exposure,
           (coalesce(c.claims, 0) - coalesce(s.settled, 0))::float8 as claims
    from credit_accounts a
    full join (
      select partner_id, sum(greatest(
        case when stage = 'AUTHORISED' then coalesce(
          (select sum(${payments.unsafe(LEFT_OF_WAVE)}) from ${payments.unsafe(WAVES)} where w ->> 'stage' = 'AUTHORISED'),
          authorised_minor) else 0 end, captured_minor) - refunded_minor) as claims
      from payments p where method = 'TERMS' group by partner_id
    ) c using (partner_id)
    full join (
      select data ->> 'partnerId' as partner_id, sum((data ->> 'amountMinor')::bigint) as settled
      from events where type = 'PaymentReceived' group by 1
    ) s using (partner_id)`;
}

/** Calls to the card provider that still have to be made or whose outcome is still sought. */
export async function countOpenCalls(payments: Sql): Promise<number> {
  const [row] = await payments<{ count: number }[]>`
    select count(*)::int as count from payment_calls where state in ('due', 'unknown')`;
  return row?.count ?? 0;
}

/**
 * By its row or by its payment alone: the call of a declined renewal is done with its answer. What is tried again waits for nobody.
 */
const HELD_CALLS = `(
  select order_id, operation, instance from payment_calls where state = 'held'
  union
  select p.order_id, held ->> 'operation', held ->> 'instance'
  from payments p, jsonb_array_elements(coalesce(to_jsonb(p) -> 'in_depth' -> 'held', '[]')) held
  where held -> 'again' is null
)`;

/** Calls that wait for a person, each with the last that the log said of it and its letters in payments' own queue. */
export function readHeldCalls(payments: Sql): Promise<readonly HeldCallRow[]> {
  return payments<HeldCallRow[]>`
    select c.order_id as "orderId", c.operation, c.instance, f.type as "lastFact", f.owner,
           (select count(*)::int from dead_letters l
            where l.consumer = 'payments' and l.source = 'payments' and l.event -> 'data' ->> 'orderId' = c.order_id::text
              and l.event -> 'data' ->> 'operation' = c.operation and l.event -> 'data' ->> 'instance' = c.instance) as letters
    from ${payments.unsafe(HELD_CALLS)} c
    left join lateral (
      select e.type, e.data ->> 'owner' as owner from events e
      where e.category = 'payment' and e.stream_id = c.order_id::text and e.type in ('PaymentHeld', 'PaymentResumed')
        and e.data ->> 'operation' = c.operation and e.data ->> 'instance' = c.instance
      order by e.version desc limit 1
    ) f on true`;
}

/** The ledger's lines, each beside its entry and its account. */
export function readLedgerLines(payments: Sql): AsyncGenerator<LedgerLine> {
  return rowsOf<LedgerLine>(payments`
    select l.entry_id as "entryId", e.kind as "entryKind", e.order_id as "orderId", e.shipment_id as "shipmentId",
           e.refund_id as "refundId", e.settlement_id as "settlementId", l.account, a.kind, l.currency_code as "currencyCode",
           l.amount_minor::float8 as "amountMinor"
    from ledger_lines l join ledger_entries e using (entry_id)
    left join ledger_accounts a on a.account = l.account and a.currency_code = l.currency_code`);
}

/** What payments said it took, and gave back of that; and the parts it did not tell yet. */
export function readTakings(payments: Sql): Promise<readonly Taking[]> {
  return payments<Taking[]>`
    select data ->> 'orderId' as "orderId", data ->> 'partnerId' as "partnerId", data ->> 'shipmentId' as "shipmentId",
           data ->> 'refundId' as "refundId", data ->> 'method' as method, data ->> 'currencyCode' as "currencyCode",
           (data ->> 'amountMinor')::float8 as "amountMinor"
    from events where type in ('PaymentCaptured', 'PaymentRefunded')
    union all
    select order_id::text, partner_id, shipment_id, refund_id, 'CARD', currency_code, amount from ${payments.unsafe(DONE_PARTS)} d`;
}

export function readSettlements(payments: Sql): Promise<readonly SettlementFact[]> {
  return payments<SettlementFact[]>`
    select data ->> 'settlementId' as "settlementId", data ->> 'partnerId' as "partnerId", data ->> 'currencyCode' as "currencyCode",
           (data ->> 'amountMinor')::float8 as "amountMinor"
    from events where type = 'PaymentReceived'`;
}

/** Limits set, what orders on terms reserved, took and gave back, and what partners settled, in the order of the log. */
export function readCreditFacts(payments: Sql): AsyncGenerator<CreditFact> {
  return rowsOf<CreditFact>(payments`
    select data ->> 'partnerId' as "partnerId", partition, position::float8 as position, type,
           case when category = 'payment' then stream_id end as "orderId",
           coalesce(data ->> 'limitMinor', data ->> 'amountMinor')::float8 as "amountMinor"
    from events
    where type in ('CreditLimitSet', 'PaymentReceived')
       or (type in ('PaymentAuthorised', 'PaymentReduced', 'PaymentCaptured', 'PaymentVoided', 'PaymentRefunded')
           and data ->> 'method' = 'TERMS')
    order by partition, position`);
}

/** Invoices that were issued; the others wait for their price or their money. */
export function readInvoices(payments: Sql): Promise<readonly InvoiceRow[]> {
  return payments<InvoiceRow[]>`
    select shipment_id as "shipmentId", order_id as "orderId", number::float8 as number, total_minor::float8 as "totalMinor"
    from invoices where number is not null`;
}

/** Shipments that left (fulfillment's log), each with whether payments said that it was taken. */
export async function readInvoicedShipments(
  payments: Sql,
  fulfillment: Sql,
): Promise<readonly InvoicedShipment[]> {
  const taken = new Set((await readTakings(payments)).map(({ shipmentId }) => shipmentId));
  const left = await fulfillment<Omit<InvoicedShipment, 'isTaken'>[]>`
    select data ->> 'shipmentId' as "shipmentId", data ->> 'orderId' as "orderId", (data ->> 'valueMinor')::float8 as "valueMinor"
    from events where type = 'ShipmentConfirmed'`;
  return left.map((shipment) => ({ ...shipment, isTaken: taken.has(shipment.shipmentId) }));
}
