import type { DeadLetterDesk, RequestContext } from '@crossdock/subgraph-server';
import DataLoader from 'dataloader';
import type { AskedRun, ClosePaymentBreak } from '../command-handlers/ask-for-reconciliation.ts';
import type { LimitsOutcome, SetCreditLimits } from '../command-handlers/set-credit-limits.ts';
import type { AttemptView, PaymentView } from '../read-models/order-payments.ts';
import type { CreditView } from '../read-models/partner-credit.ts';
import type { BreakState, PaymentBreakView, ReconciliationView } from '../read-models/reconciliations.ts';

/** Batched reads by id, in the order of the ids, and the comparisons. */
export type Reads = Readonly<{
  payments: (orderIds: readonly string[]) => Promise<(PaymentView | null)[]>;
  attempts: (orderIds: readonly string[]) => Promise<AttemptView[][]>;
  credit: (partnerIds: readonly string[]) => Promise<(CreditView | null)[]>;
  reconciliations: ReconciliationReads;
}>;

/** Comparisons of the three sides of the money, and what they found. */
export type ReconciliationReads = Readonly<{
  /** The newest one without an id. */
  run: (id: string | null) => Promise<ReconciliationView | null>;
  breaks: (state: BreakState | null, after: string | null, limit: number) => Promise<PaymentBreakView[]>;
  break: (id: string) => Promise<PaymentBreakView | null>;
}>;

export type Commands = Readonly<{
  setCreditLimits: (command: SetCreditLimits) => Promise<LimitsOutcome>;
  reconcilePayments: (idempotencyKey: string) => Promise<AskedRun>;
  closePaymentBreak: (command: ClosePaymentBreak) => Promise<AskedRun['verdict'] | 'UNKNOWN' | 'SETTLED'>;
}>;

/** What every resolver of payments has at hand; the loaders live for one request. */
export type Context = RequestContext &
  Readonly<{
    commands: Commands;
    deadLetters: DeadLetterDesk;
    reconciliations: ReconciliationReads;
    payments: DataLoader<string, PaymentView | null>;
    attempts: DataLoader<string, AttemptView[]>;
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
    reconciliations: reads.reconciliations,
    payments: new DataLoader(reads.payments),
    attempts: new DataLoader(reads.attempts),
    credit: new DataLoader(reads.credit),
  };
}
