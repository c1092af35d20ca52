import { z } from 'zod';
import { amountMinor, currencyCode, id, uuid } from './fields.ts';
import { PAYMENT_METHODS } from './order-facts.ts';

/** Said by payments: credit limits and what became of an order's money. */
const money = { orderId: uuid, partnerId: id, amountMinor, currencyCode, method: z.enum(PAYMENT_METHODS) };
/** Which of the order's reservations the money is for; absent for the first. */
const forWave = { wave: z.int().min(1).nullish() };

export const paymentFacts = {
  CreditLimitSet: z.object({ partnerId: id, limitMinor: amountMinor, currencyCode }),
  PaymentAuthorised: z.object({ ...money, ...forWave }),
  /** Units were given back or lost before they left: that much less will be taken. */
  PaymentReduced: z.object({ ...money, cause: z.string() }),
  PaymentDeclined: z.object({ ...money, ...forWave, reason: z.string() }),
  /** With TERMS, of all waves together. */
  PaymentVoided: z.object({ ...money, ...forWave }),
  /** With TERMS: the receivable arose. */
  PaymentCaptured: z.object({ ...money, shipmentId: uuid }),
};
