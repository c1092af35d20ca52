import {
  discardDeadLetters,
  forbidden,
  groupDeadLetters,
  listDeadLetters,
  operationsHolder,
  refuseIdempotencyKey,
  refuseKeyVerdict,
  replayDeadLetters,
  seesPartner,
} from '@crossdock/subgraph-server';
import { isStorable, isUuid, moneyView, type Refusal, refusal } from '@crossdock/values';
import { LIMIT_ROWS_MAX } from '../command-handlers/set-credit-limits.ts';
import type { Context } from './context.ts';
import {
  closePaymentBreak,
  paymentBreaks,
  paymentReconciliation,
  reconcilePayments,
} from './reconciliation-resolvers.ts';
import type {
  MutationSetCreditLimitsArgs,
  PaymentStatus,
  Resolvers,
  UpsertPayload,
} from './schema.generated.ts';

function refusedPayload(...userErrors: Refusal[]): UpsertPayload {
  return { results: [], replayed: false, userErrors };
}

async function setCreditLimits(
  _parent: unknown,
  { input }: MutationSetCreditLimitsArgs,
  context: Context,
): Promise<UpsertPayload> {
  const { caller, commands, traceparent } = context;
  if (caller.role !== 'erp') throw forbidden();
  const { idempotencyKey, errorPolicy, limits } = input;
  const keyRefusal = refuseIdempotencyKey(idempotencyKey);
  if (keyRefusal !== null) return refusedPayload(keyRefusal);
  if (limits.length === 0 || limits.length > LIMIT_ROWS_MAX) {
    return refusedPayload(
      refusal('INVALID_INPUT', { message: `limits has 1 to ${LIMIT_ROWS_MAX} rows.`, field: ['limits'] }),
    );
  }
  const policy = errorPolicy ?? 'REJECT_ALL';
  const outcome = await commands.setCreditLimits({
    idempotencyKey,
    errorPolicy: policy,
    limits,
    actor: caller.subject,
    traceparent,
  });
  const refused = refuseKeyVerdict(outcome.verdict);
  if (refused !== null) return refusedPayload(refused);
  return { results: outcome.results, replayed: outcome.verdict === 'REPLAYED', userErrors: [] };
}

// The column holds only what `statusOf` gives, all of which the API names.
const statusOf = (status: string) => status as PaymentStatus;

export const resolvers: Resolvers = {
  Query: { operations: operationsHolder },
  Mutation: {
    setCreditLimits,
    reconcilePayments,
    closePaymentBreak,
    replayPaymentsDeadLetters: replayDeadLetters,
    discardPaymentsDeadLetters: discardDeadLetters,
  },
  Operations: {
    paymentsDeadLetters: listDeadLetters,
    paymentsDeadLetterGroups: groupDeadLetters,
    paymentReconciliation,
    paymentBreaks,
  },
  Order: {
    __resolveReference: ({ id }) => ({ __typename: 'Order', id }),
    payment: async ({ id }, _arguments, { caller, payments }) => {
      const payment = isUuid(id) ? await payments.load(id.toLowerCase()) : null;
      return payment !== null && seesPartner(caller, payment.partnerId) ? payment : null;
    },
  },
  Payment: {
    status: ({ status }) => statusOf(status),
    authorised: ({ authorisedMinor, currencyCode }) => moneyView(authorisedMinor, currencyCode),
    captured: ({ capturedMinor, currencyCode }) => moneyView(capturedMinor, currencyCode),
    refunded: ({ refundedMinor, currencyCode }) => moneyView(refundedMinor, currencyCode),
    attempts: async ({ orderId }, _arguments, { attempts }) =>
      (await attempts.load(orderId)).map(({ operation, wave, outcome, at, reason }) => ({
        operation,
        wave,
        outcome,
        at: at.toISOString(),
        reason,
      })),
  },
  Partner: {
    __resolveReference: ({ id }) => ({ __typename: 'Partner', id }),
    credit: ({ id }, _arguments, { caller, credit }) =>
      seesPartner(caller, id) && isStorable(id) ? credit.load(id) : null,
  },
  CreditAccount: {
    limit: ({ limitMinor, currencyCode }) => moneyView(limitMinor, currencyCode),
    exposure: ({ exposureMinor, currencyCode }) => moneyView(exposureMinor, currencyCode),
    available: ({ limitMinor, exposureMinor, currencyCode }) =>
      moneyView(Math.max(0, limitMinor - exposureMinor), currencyCode),
  },
};
