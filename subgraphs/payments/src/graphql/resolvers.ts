import {
  discardDeadLetters,
  groupDeadLetters,
  listDeadLetters,
  operationsHolder,
  replayDeadLetters,
  seesPartner,
} from '@crossdock/subgraph-server';
import { isStorable, isUuid, moneyView } from '@crossdock/values';
import { creditResolvers, recordPayment, setCreditLimits } from './credit.ts';
import { invoice, invoiceResolvers, invoices, invoicesOf } from './invoices.ts';
import {
  closePaymentBreak,
  paymentBreaks,
  paymentReconciliation,
  reconcilePayments,
} from './reconciliation-resolvers.ts';
import { refundFields, refundPayment } from './refund-resolvers.ts';
import type { PaymentStatus, Resolvers } from './schema.generated.ts';

// The column holds only what `statusOf` gives, all of which the API names.
const statusOf = (status: string) => status as PaymentStatus;

export const resolvers: Resolvers = {
  Query: { invoice, invoices, operations: operationsHolder },
  Mutation: {
    setCreditLimits,
    refundPayment,
    recordPayment,
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
    givenUp: ({ givenUpMinor, currencyCode }) =>
      givenUpMinor === 0 ? null : moneyView(givenUpMinor, currencyCode),
    deadline: ({ deadline }) => deadline?.toISOString() ?? null,
    refunds: ({ orderId }, _arguments, { refunds }) => refunds.load(orderId),
    entries: ({ orderId }, _arguments, { entries }) => entries.load(orderId),
    invoices: ({ shipmentIds }, _arguments, context) => invoicesOf(shipmentIds, context),
    attempts: async ({ orderId }, _arguments, { attempts }) =>
      (await attempts.load(orderId)).map(({ operation, wave, outcome, at, reason }) => ({
        operation,
        wave,
        outcome,
        at: at.toISOString(),
        reason,
      })),
  },
  Refund: refundFields,
  Partner: {
    __resolveReference: ({ id }) => ({ __typename: 'Partner', id }),
    credit: ({ id }, _arguments, { caller, credit }) =>
      seesPartner(caller, id) && isStorable(id) ? credit.load(id) : null,
  },
  ...creditResolvers,
  ...invoiceResolvers,
};
