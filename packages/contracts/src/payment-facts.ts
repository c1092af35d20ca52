import { z } from 'zod';
import { amountMinor, currencyCode, id, uuid } from './fields.ts';
import { PAYMENT_METHODS } from './order-facts.ts';

/** Said by payments: credit limits and what became of an order's money. */
const money = { orderId: uuid, partnerId: id, amountMinor, currencyCode, method: z.enum(PAYMENT_METHODS) };
/** Which of the order's reservations the money is for; absent for the first. */
const forWave = { wave: z.int().min(1).nullish() };

export const CARD_OPERATIONS = ['authorise', 'capture', 'void', 'refund'] as const;
/** Which of the order's calls to its provider: `instance` tells those of one operation apart; renewals count from 1000001. */
const ofCall = { operation: z.enum(CARD_OPERATIONS), instance: z.string().min(1) };

export const paymentFacts = {
  /** `termsDays`: days from invoice to due date, where they were set with it. */
  CreditLimitSet: z.object({
    partnerId: id,
    limitMinor: amountMinor,
    currencyCode,
    termsDays: z.int().min(0).nullish(),
  }),
  /** The partner settled what it owes; said in its stream of credit. */
  PaymentReceived: z.object({
    partnerId: id,
    settlementId: uuid,
    amountMinor,
    currencyCode,
    /** The bank's, or the ERP's. */
    reference: z.string(),
  }),
  PaymentAuthorised: z.object({ ...money, ...forWave }),
  /** Units were given back or lost before they left: that much less will be taken. */
  PaymentReduced: z.object({ ...money, cause: z.string() }),
  PaymentDeclined: z.object({ ...money, ...forWave, reason: z.string() }),
  /** With TERMS, of all waves together. */
  PaymentVoided: z.object({ ...money, ...forWave }),
  /** With TERMS: the receivable arose. By card, all of the shipment that nobody gave up to take. */
  PaymentCaptured: z.object({ ...money, shipmentId: uuid }),
  /** Of what was taken for a shipment, this much was given back; a refund over several shipments is said for each. */
  PaymentRefunded: z.object({ ...money, refundId: uuid, shipmentId: uuid, reason: z.string() }),
  /** A call to the provider was refused for good, or went unanswered too long: `owner` must act. */
  PaymentHeld: z.object({ ...money, ...ofCall, reason: z.string().min(1), owner: z.string().min(1) }),
  /** A call that had been held was done after all, is not needed any more, or was given up. */
  PaymentResumed: z.object({ ...money, ...ofCall }),
};
