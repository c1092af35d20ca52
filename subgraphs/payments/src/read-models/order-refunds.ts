import type { ReadDatabase } from '@crossdock/event-store';
import { and, eq, inArray } from 'drizzle-orm';
import { sumOfParts } from '../domain/refund.ts';
import { type RefundStatus, refundStatusOf } from '../domain/refunds.ts';
import { paymentCalls, payments } from '../store/tables.ts';

/** A refund as it is shown; the amount is minor units. */
export type RefundView = Readonly<{
  refundId: string;
  status: RefundStatus;
  amountMinor: number;
  /** What of it nobody is asked for any more. */
  givenUpMinor: number;
  currencyCode: string;
  reason: string;
}>;

/** The refunds of the given orders, the oldest first, in the order of the ids. */
export async function loadRefundViews(
  read: ReadDatabase,
  orderIds: readonly string[],
): Promise<RefundView[][]> {
  const { orderId, currencyCode, inDepth } = payments;
  const ids = [...orderIds];
  const rows = await read
    .select({ orderId, currencyCode, inDepth })
    .from(payments)
    .where(inArray(orderId, ids));
  const held = await read
    .select({ orderId: paymentCalls.orderId, instance: paymentCalls.instance })
    .from(paymentCalls)
    .where(
      and(
        inArray(paymentCalls.orderId, ids),
        eq(paymentCalls.operation, 'refund'),
        eq(paymentCalls.state, 'held'),
      ),
    );
  const found = new Map(rows.map((row) => [row.orderId, row]));
  return orderIds.map((id) => {
    const row = found.get(id);
    const heldInstances = new Set(held.filter((call) => call.orderId === id).map(({ instance }) => instance));
    return (row?.inDepth?.refunds ?? []).map((refund) => ({
      refundId: refund.refundId,
      status: refundStatusOf(refund, heldInstances),
      amountMinor: sumOfParts(refund.parts),
      givenUpMinor: sumOfParts(refund.parts.filter(({ givenUp }) => givenUp === true)),
      currencyCode: row?.currencyCode ?? '',
      reason: refund.reason,
    }));
  });
}
