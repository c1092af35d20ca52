import type { DeadLetterDesk, RequestContext } from '@crossdock/subgraph-server';
import DataLoader from 'dataloader';
import type { RefundOutcome, RefundPayment } from '../command-handlers/refund-payment.ts';
import type { LimitsOutcome, SetCreditLimits } from '../command-handlers/set-credit-limits.ts';
import type { AttemptView, PaymentView } from '../read-models/order-payments.ts';
import type { RefundView } from '../read-models/order-refunds.ts';
import type { CreditView } from '../read-models/partner-credit.ts';

/** Batched reads by id, in the order of the ids. */
export type Reads = Readonly<{
  payments: (orderIds: readonly string[]) => Promise<(PaymentView | null)[]>;
  attempts: (orderIds: readonly string[]) => Promise<AttemptView[][]>;
  refunds: (orderIds: readonly string[]) => Promise<RefundView[][]>;
  credit: (partnerIds: readonly string[]) => Promise<(CreditView | null)[]>;
}>;

export type Commands = Readonly<{
  setCreditLimits: (command: SetCreditLimits) => Promise<LimitsOutcome>;
  refundPayment: (command: RefundPayment) => Promise<RefundOutcome>;
}>;

/** What every resolver of payments has at hand; the loaders live for one request. */
export type Context = RequestContext &
  Readonly<{
    commands: Commands;
    deadLetters: DeadLetterDesk;
    payments: DataLoader<string, PaymentView | null>;
    attempts: DataLoader<string, AttemptView[]>;
    refunds: DataLoader<string, RefundView[]>;
    credit: DataLoader<string, CreditView | null>;
  }>;

export function createContext(
  base: RequestContext,
  reads: Reads,
  commands: Commands,
  deadLetters: DeadLetterDesk,
): Context {
  return {
    ...base,
    commands,
    deadLetters,
    payments: new DataLoader(reads.payments),
    attempts: new DataLoader(reads.attempts),
    refunds: new DataLoader(reads.refunds),
    credit: new DataLoader(reads.credit),
  };
}
