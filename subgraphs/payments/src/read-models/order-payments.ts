import type { ReadDatabase } from '@crossdock/event-store';
import { and, asc, inArray, isNotNull, sql } from 'drizzle-orm';
import { subjectOf } from '../domain/card-calls.ts';
import type { HeldCall } from '../domain/held-call.ts';
import type { PaymentMethod } from '../domain/payment.ts';
import { givenUpOf } from '../domain/shipment.ts';
import { rootOf } from '../domain/wave.ts';
import { paymentAttempts, paymentCalls, payments } from '../store/tables.ts';

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
  /** What no card is asked for any more. */
  givenUpMinor: number;
  shipmentIds: readonly string[];
  /** Whom the card's money is with. */
  provider: string | null;
  /** Until when an answer is waited for before a person must act; null while none is. */
  deadline: Date | null;
  held: readonly HeldCall[];
}>;

export type AttemptView = Readonly<{
  operation: string;
  /** Which of the order's reservations the call was for. */
  wave: number;
  outcome: string;
  at: Date;
  reason: string | null;
}>;

/** When the oldest call was first to be made that a status is waiting for; null while it waits for none. */
const WAITS_SINCE = sql<Date | null>`(
  SELECT min(${paymentCalls.since}) FROM ${paymentCalls}
  WHERE ${paymentCalls.orderId} = ${payments.orderId} AND ${paymentCalls.state} IN ('due', 'unknown')
    AND (${paymentCalls.operation} IN ('authorise', 'capture') OR ${payments.status} = 'UNKNOWN'))`.mapWith(
  paymentCalls.since,
);

const SHOWN = {
  ...{ orderId: payments.orderId, partnerId: payments.partnerId, status: payments.status },
  ...{
    method: payments.method,
    currencyCode: payments.currencyCode,
    authorisedMinor: payments.authorisedMinor,
  },
  ...{ capturedMinor: payments.capturedMinor, refundedMinor: payments.refundedMinor },
  shipments: payments.shipments,
  ...{ provider: payments.provider, inDepth: payments.inDepth, waitsSince: WAITS_SINCE },
};

/** The payments of the given orders, in their order; null for one whose order was not heard of yet. */
export async function loadPaymentViews(
  read: ReadDatabase,
  orderIds: readonly string[],
  patienceMs: number,
): Promise<(PaymentView | null)[]> {
  const rows = await read
    .select(SHOWN)
    .from(payments)
    .where(inArray(payments.orderId, [...orderIds]));
  const found = new Map(
    rows.flatMap(({ method, currencyCode, inDepth, waitsSince, shipments, ...row }) => {
      if (method === null || currencyCode === null) return [];
      const deadline = waitsSince === null ? null : new Date(waitsSince.getTime() + patienceMs);
      const held = inDepth?.held ?? [];
      const shipmentIds = shipments.map((each) => each.shipmentId);
      const givenUpMinor = shipments.reduce((sum, each) => sum + givenUpOf(each), 0);
      const view = { ...row, method, currencyCode, deadline, held, shipmentIds, givenUpMinor };
      return [[row.orderId, view] as const];
    }),
  );
  return orderIds.map((id) => found.get(id) ?? null);
}

type Row = typeof paymentAttempts.$inferSelect;

function attemptOf(
  { operation, instance, outcome, at, reason }: Row,
  waves: readonly Renewing[],
): AttemptView {
  const { wave } = subjectOf({ operation, instance });
  return { operation, wave: rootOf(waves, wave), outcome, at, reason };
}

type Renewing = Parameters<typeof rootOf>[0][number];

/** Every call to a provider for the given orders, oldest first; those of a renewal with the reservation that it is for. */
export async function loadAttemptViews(
  read: ReadDatabase,
  orderIds: readonly string[],
): Promise<AttemptView[][]> {
  const wanted = [...orderIds];
  const [rows, stored] = await Promise.all([
    read
      .select()
      .from(paymentAttempts)
      .where(inArray(paymentAttempts.orderId, wanted))
      .orderBy(asc(paymentAttempts.at), asc(paymentAttempts.attempt)),
    read
      .select({ orderId: payments.orderId, inDepth: payments.inDepth })
      .from(payments)
      .where(and(inArray(payments.orderId, wanted), isNotNull(payments.inDepth))),
  ]);
  const waves = new Map(
    stored.map(({ orderId, inDepth }) => [
      orderId,
      (inDepth?.waves ?? []).map(({ wave, renews = null }) => ({ wave, renews })),
    ]),
  );
  return orderIds.map((id) =>
    rows.filter((row) => row.orderId === id).map((row) => attemptOf(row, waves.get(id) ?? [])),
  );
}
