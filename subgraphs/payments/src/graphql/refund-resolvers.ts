import { forbidden, refuseIdempotencyKey, refuseKeyVerdict } from '@crossdock/subgraph-server';
import { moneyView, type Refusal } from '@crossdock/values';
import type { Context } from './context.ts';
import type { PaymentParent, RefundParent } from './parents.ts';
import type { MutationRefundPaymentArgs, RefundResolvers } from './schema.generated.ts';

type Payload = Readonly<{
  payment: PaymentParent | null;
  refund: RefundParent | null;
  replayed: boolean;
  userErrors: readonly Refusal[];
}>;

function refused(...userErrors: Refusal[]): Payload {
  return { payment: null, refund: null, replayed: false, userErrors };
}

export async function refundPayment(
  _parent: unknown,
  { input }: MutationRefundPaymentArgs,
  { caller, commands, forget, traceparent, payments, refunds }: Context,
): Promise<Payload> {
  if (caller.role !== 'erp') throw forbidden();
  const { idempotencyKey, orderId, amount, shipmentId, reason } = input;
  const keyRefusal = refuseIdempotencyKey(idempotencyKey);
  if (keyRefusal !== null) return refused(keyRefusal);
  const outcome = await commands.refundPayment({
    ...{ idempotencyKey, orderId, reason, traceparent },
    amount: amount ?? null,
    shipmentId: shipmentId ?? null,
    actor: caller.subject,
  });
  if (outcome.verdict === 'REFUSED') return refused(outcome.refusal);
  if (!('refundId' in outcome))
    return refused(...[refuseKeyVerdict(outcome.verdict)].filter((each) => each !== null));
  forget();
  const known = await refunds.load(outcome.orderId);
  return {
    payment: await payments.load(outcome.orderId),
    refund: known.find((each) => each.refundId === outcome.refundId) ?? null,
    replayed: outcome.verdict === 'REPLAYED',
    userErrors: [],
  };
}

export const refundFields: RefundResolvers<Context> = {
  id: ({ refundId }) => refundId,
  amount: ({ amountMinor, currencyCode }) => moneyView(amountMinor, currencyCode),
  givenUp: ({ givenUpMinor, currencyCode }) =>
    givenUpMinor === 0 ? null : moneyView(givenUpMinor, currencyCode),
};
