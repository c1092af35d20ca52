import type { Sql } from '@crossdock/event-store';
import type { BookedEntry, PendingCall } from '../domain/order-money.ts';
import { loadPayments, type StoredPayment } from './payment-rows.ts';

/** Our two sides of an order's money. `payment` null: it was never heard of here. */
export type OwnMoney = Readonly<{
  payment: StoredPayment | null;
  ledger: readonly BookedEntry[];
  calls: readonly PendingCall[];
}>;

type OfOrder = Readonly<{ orderId: string }>;

async function loadEntries(sql: Sql, orderIds: readonly string[]) {
  return sql<(BookedEntry & OfOrder)[]>`
    SELECT order_id AS "orderId", kind, shipment_id AS "shipmentId", refund_id AS "refundId", amount_minor::float8 AS "amountMinor",
           currency_code AS "currencyCode"
    FROM ledger_entries WHERE order_id = ANY (${[...orderIds]}::uuid[]) AND kind IN ('SALE', 'REFUND') ORDER BY posted_at, entry_id`;
}

async function loadPendingCalls(sql: Sql, orderIds: readonly string[]) {
  return sql<(PendingCall & OfOrder)[]>`
    SELECT order_id AS "orderId", operation, instance, state FROM payment_calls
    WHERE order_id = ANY (${[...orderIds]}::uuid[]) AND state <> 'done' ORDER BY operation, instance`;
}

/**
 * Reads what we know of the given orders. The queries do not share a moment: whoever relies on them compares the payment's version
 * before and after.
 */
export async function loadOwnMoney(sql: Sql, orderIds: readonly string[]): Promise<Map<string, OwnMoney>> {
  const payments = await loadPayments(sql, orderIds);
  const [entries, calls] = await Promise.all([loadEntries(sql, orderIds), loadPendingCalls(sql, orderIds)]);
  const byOrder = new Map(payments.map((payment) => [payment.orderId, payment]));
  const entriesOf = Map.groupBy(entries, ({ orderId }) => orderId);
  const callsOf = Map.groupBy(calls, ({ orderId }) => orderId);
  return new Map(
    orderIds.map((id) => [
      id,
      { payment: byOrder.get(id) ?? null, ledger: entriesOf.get(id) ?? [], calls: callsOf.get(id) ?? [] },
    ]),
  );
}
