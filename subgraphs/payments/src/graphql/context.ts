import type { DeadLetterDesk, RequestContext } from '@crossdock/subgraph-server';
import DataLoader from 'dataloader';
import type { AskedRun, ClosedBreak, ClosePaymentBreak } from '../command-handlers/ask-for-reconciliation.ts';
import type { PaymentOutcome, RecordPayment } from '../command-handlers/record-payment.ts';
import type { RefundOutcome, RefundPayment } from '../command-handlers/refund-payment.ts';
import type { LimitsOutcome, SetCreditLimits } from '../command-handlers/set-credit-limits.ts';
import type { LinkToInvoice } from '../ports.ts';
import type { InvoicePage, InvoiceView } from '../read-models/invoices.ts';
import type { LedgerEntryView } from '../read-models/ledger.ts';
import type { AttemptView, PaymentView } from '../read-models/order-payments.ts';
import type { RefundView } from '../read-models/order-refunds.ts';
import type { CreditView } from '../read-models/partner-credit.ts';
import type { BreakState, PaymentBreakView, ReconciliationView } from '../read-models/reconciliations.ts';

/** Batched reads by id, in the order of the ids; pages, and the comparisons. */
export type Reads = Readonly<{
  payments: (orderIds: readonly string[]) => Promise<(PaymentView | null)[]>;
  attempts: (orderIds: readonly string[]) => Promise<AttemptView[][]>;
  refunds: (orderIds: readonly string[]) => Promise<RefundView[][]>;
  credit: (partnerIds: readonly string[]) => Promise<(CreditView | null)[]>;
  openOnTerms: (partnerIds: readonly string[]) => Promise<number[]>;
  entries: (orderIds: readonly string[]) => Promise<LedgerEntryView[][]>;
  invoices: (shipmentIds: readonly string[]) => Promise<(InvoiceView | null)[]>;
  invoicesNumbered: (numbers: readonly number[]) => Promise<(InvoiceView | null)[]>;
  listInvoices: (page: InvoicePage) => Promise<InvoiceView[]>;
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
  refundPayment: (command: RefundPayment) => Promise<RefundOutcome>;
  recordPayment: (command: RecordPayment) => Promise<PaymentOutcome>;
  reconcilePayments: (idempotencyKey: string) => Promise<AskedRun>;
  closePaymentBreak: (command: ClosePaymentBreak) => Promise<ClosedBreak>;
}>;

type Loaders = Readonly<{
  payments: DataLoader<string, PaymentView | null>;
  attempts: DataLoader<string, AttemptView[]>;
  refunds: DataLoader<string, RefundView[]>;
  credit: DataLoader<string, CreditView | null>;
  openOnTerms: DataLoader<string, number>;
  entries: DataLoader<string, LedgerEntryView[]>;
  invoices: DataLoader<string, InvoiceView | null>;
  invoicesNumbered: DataLoader<number, InvoiceView | null>;
}>;

/** What every resolver of payments has at hand; the loaders live for one request. */
export type Context = RequestContext &
  Loaders &
  Readonly<{
    commands: Commands;
    deadLetters: DeadLetterDesk;
    reconciliations: ReconciliationReads;
    /**
     * Lets everything be read anew. Whoever moved money calls it before reading: an earlier mutation of the same request may have
     * loaded what has changed since, of the order, its shipments, its partner and its partner's other orders.
     */
    forget: () => void;
    listInvoices: Reads['listInvoices'];
    linkToInvoice: LinkToInvoice;
  }>;

export function createContext(
  base: RequestContext,
  reads: Reads,
  commands: Commands,
  deadLetters: DeadLetterDesk,
  linkToInvoice: LinkToInvoice,
): Context {
  const loaders: Loaders = {
    payments: new DataLoader(reads.payments),
    attempts: new DataLoader(reads.attempts),
    refunds: new DataLoader(reads.refunds),
    credit: new DataLoader(reads.credit),
    openOnTerms: new DataLoader(reads.openOnTerms),
    entries: new DataLoader(reads.entries),
    invoices: new DataLoader(reads.invoices),
    invoicesNumbered: new DataLoader(reads.invoicesNumbered),
  };
  return {
    ...base,
    ...loaders,
    commands,
    deadLetters,
    reconciliations: reads.reconciliations,
    forget: () => {
      for (const loader of Object.values(loaders)) loader.clearAll();
    },
    listInvoices: reads.listInvoices,
    linkToInvoice,
  };
}
