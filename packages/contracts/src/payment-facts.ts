import { z } from 'zod';
import { amountMinor, currencyCode, id, uuid } from './fields.ts';
import { PAYMENT_METHODS } from './order-facts.ts';

/** Said by payments: credit limits and what became of an order's money. */
const money = { orderId: uuid, partnerId: id, amountMinor, currencyCode, method: z.enum(PAYMENT_METHODS) };

export const paymentFacts = {
  CreditLimitSet: z.object({ partnerId: id, limitMinor: amountMinor, currencyCode }),
  PaymentAuthorised: z.object(money),
  PaymentDeclined: z.object({ ...money, reason: z.string() }),
  PaymentVoided: z.object(money),
  /** With TERMS: the receivable arose. */
  PaymentCaptured: z.object({ ...money, shipmentId: uuid }),
};
