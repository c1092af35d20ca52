import type { ReadDatabase } from '@crossdock/event-store';
import { asc, getTableColumns, inArray } from 'drizzle-orm';
import { subjectOf } from '../domain/card-calls.ts';
import type { PaymentMethod } from '../domain/payment.ts';
import { paymentAttempts, payments } from '../store/tables.ts';

/** A payment as it is shown; amounts are minor units. */
export type PaymentView = Readonly<{
  orderId: string;
  partnerId: string;
  status: string;
  method: PaymentMethod;
  currencyCode: string;
  authorisedMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  shipmentIds: readonly string[];
}>;

export type AttemptView = Readonly<{
  operation: string;
  /** Which of the order's reservations the call was for. */
  wave: number;
  outcome: string;
  at: Date;
  reason: string | null;
}>;

/** The rest of a payment is read by what shows it. */
const { inDepth: _inDepth, ...COLUMNS } = getTableColumns(payments);

/** The payments of the given orders, in their order; null for one whose order was not heard of yet. */
export async function loadPaymentViews(
  read: ReadDatabase,
  orderIds: readonly string[],
): Promise<(PaymentView | null)[]> {
  const rows = await read
    .select(COLUMNS)
    .from(payments)
    .where(inArray(payments.orderId, [...orderIds]));
  const found = new Map(
    rows.flatMap(({ method, currencyCode, shipments, ...row }) => {
      if (method === null || currencyCode === null) return [];
      const shipmentIds = shipments.map((each) => each.shipmentId);
      return [[row.orderId, { ...row, method, currencyCode, shipmentIds }] as const];
    }),
  );
  return orderIds.map((id) => found.get(id) ?? null);
}

type Row = typeof paymentAttempts.$inferSelect;

function attemptOf({ operation, instance, outcome, at, reason }: Row): AttemptView {
  return { operation, wave: subjectOf({ operation, instance }).wave, outcome, at, reason };
}

/** Every call to a provider for the given orders, oldest first. */
export async function loadAttemptViews(
  read: ReadDatabase,
  orderIds: readonly string[],
): Promise<AttemptView[][]> {
  const rows = await read
    .select()
    .from(paymentAttempts)
    .where(inArray(paymentAttempts.orderId, [...orderIds]))
    .orderBy(asc(paymentAttempts.at), asc(paymentAttempts.attempt));
  return orderIds.map((id) => rows.filter((row) => row.orderId === id).map(attemptOf));
}
