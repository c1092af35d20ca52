// Generated from schema/ by `npm run generate`; change the SDL instead.
// A type `<Name>Parent` exported by ./parents.ts is what resolvers of <Name> get as their parent.

import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { PaymentParent, RefundParent, CreditAccountParent, InvoiceParent, InvoiceLineParent, LedgerEntryParent } from './parents.ts';
import type { Context } from './context.ts';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant, RFC 3339 in UTC, such as 2026-03-01T09:30:00.000Z. */
  DateTime: { input: string; output: string; }
  /** A calendar day, ISO 8601, such as 2026-03-01. */
  Date: { input: string; output: string; }
  /** An exact decimal number as a string, such as "12.50". Never a float. */
  Decimal: { input: string; output: string; }
  /** A code of ISO 4217 in capitals that people pay with, such as GBP. */
  CurrencyCode: { input: string; output: string; }
};

/** An exact amount without tax. */
export type Money = {
  readonly __typename?: 'Money';
  /** Decimal string with the currency's own number of places. */
  readonly amount: Scalars['Decimal']['output'];
  /** The currency of the amount. */
  readonly currencyCode: Scalars['CurrencyCode']['output'];
};

/** An exact amount without tax. */
export type MoneyInput = {
  /** Decimal string; more places than the currency has are refused. */
  readonly amount: Scalars['Decimal']['input'];
  /** The currency of the amount. */
  readonly currencyCode: Scalars['CurrencyCode']['input'];
};

/** A business refusal: the request was understood and nothing was done. */
export type UserError = {
  readonly __typename?: 'UserError';
  /** What kind of refusal; stable, for programs. */
  readonly code: ErrorCode;
  /** What was wrong and what to do, for people. */
  readonly message: Scalars['String']['output'];
  /** Path into the input, such as ["lines", "2", "sku"]. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** With CONFLICT: the version that stands. */
  readonly currentVersion?: Maybe<Scalars['Int']['output']>;
  /** With DUPLICATE_PO_NUMBER: the order that holds the number. */
  readonly existingOrderId?: Maybe<Scalars['ID']['output']>;
  /** With REQUEST_IN_PROGRESS: wait this long before asking again. */
  readonly retryAfterMs?: Maybe<Scalars['Int']['output']>;
};

/** Every reason a mutation can be refused for. */
export type ErrorCode =
  /** A field is missing, malformed or outside its limits. */
  | 'INVALID_INPUT'
  /** The caller's role may not do this with this object. */
  | 'NOT_ALLOWED'
  /** No such order, or it is another partner's. */
  | 'UNKNOWN_ORDER'
  /** No such partner, or it is not the caller's. */
  | 'UNKNOWN_PARTNER'
  /** No such product. */
  | 'UNKNOWN_SKU'
  /** No such warehouse. */
  | 'UNKNOWN_WAREHOUSE'
  /** No such shipment, or it is another warehouse's. */
  | 'UNKNOWN_SHIPMENT'
  /** No such hold of stock, or it is another partner's. */
  | 'UNKNOWN_HOLD'
  /** The hold has ended: it expired, was released or claimed. */
  | 'HOLD_ENDED'
  /** No such transfer of stock. */
  | 'UNKNOWN_TRANSFER'
  /** A SKU stands on two lines. */
  | 'DUPLICATE_SKU'
  /** More lines than an order may have, or none. */
  | 'LINE_COUNT'
  /** A quantity outside 1 to 1,000,000. */
  | 'QUANTITY_OUT_OF_RANGE'
  /** The product has no price in the partner's currency. */
  | 'NO_PRICE'
  /** The total differs from the expected total. */
  | 'PRICE_CHANGED'
  /** The currency is not the partner's. */
  | 'CURRENCY_MISMATCH'
  /** A live order of the partner has this PO number. */
  | 'DUPLICATE_PO_NUMBER'
  /** The idempotency key came before with other input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The twin of this request is still running. */
  | 'REQUEST_IN_PROGRESS'
  /** The object changed meanwhile. */
  | 'CONFLICT'
  /** The payment method is not open to the partner, or its data are missing. */
  | 'PAYMENT_METHOD_NOT_AVAILABLE'
  /** The shipment was withdrawn from this warehouse: do not ship. */
  | 'SHIPMENT_WITHDRAWN'
  /** The shipment's state does not allow this. */
  | 'SHIPMENT_STATE'
  /** The lines differ from those of the shipment. */
  | 'SHIPMENT_LINES_DIFFER'
  /** The state of the order does not allow this. */
  | 'ORDER_STATE'
  /** The stock does not allow this. */
  | 'INSUFFICIENT_STOCK'
  /** The state of the payment does not allow this. */
  | 'PAYMENT_STATE'
  /** The amount exceeds what was taken and not given back. */
  | 'AMOUNT_EXCEEDS_CAPTURED'
  /** No such invoice, or it is another partner's. */
  | 'UNKNOWN_INVOICE'
  /** Reconciliation found no such difference. */
  | 'UNKNOWN_BREAK'
  /** No such dead letter, or none that is parked under the key or fingerprint. */
  | 'UNKNOWN_DEAD_LETTER';

/** Answer of a bulk mutation: one result for each row, in the order of the input. */
export type UpsertPayload = {
  readonly __typename?: 'UpsertPayload';
  /** One for each row. */
  readonly results: ReadonlyArray<UpsertResult>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Refusals of the request as a whole. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What happened to one row. */
export type UpsertResult = {
  readonly __typename?: 'UpsertResult';
  /** Place of the row in the input, from 0. */
  readonly index: Scalars['Int']['output'];
  /** The row's id, when it was stored. */
  readonly id?: Maybe<Scalars['ID']['output']>;
  /** True when the row was new. */
  readonly created: Scalars['Boolean']['output'];
  /** Why the row was refused; empty when it was stored. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What a refused row does to the others. */
export type ErrorPolicy =
  /** Every row is answered, nothing is stored. */
  | 'REJECT_ALL'
  /** Only the refused rows are left out. */
  | 'REJECT_ROWS';

/** Where a page of a list lies (Relay). */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** True when more follow. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** True when some come before. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first edge. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  /** Cursor of the last edge. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

/** An event that a subgraph could not apply, or that waits behind one of the same key. For operators. */
export type DeadLetter = {
  readonly __typename?: 'DeadLetter';
  /** `<source>:<partition>:<position>`: where the event stands in its source's log. */
  readonly id: Scalars['ID']['output'];
  /** The subgraph that said it. */
  readonly source: Scalars['String']['output'];
  /** The partition of the source's log. */
  readonly partition: Scalars['Int']['output'];
  /** The place in the partition, a whole number. */
  readonly position: Scalars['String']['output'];
  /** What its events stay in order for, such as an order; later events of the key wait behind. */
  readonly key: Scalars['String']['output'];
  /** The event's type, such as OrderPlaced. */
  readonly type: Scalars['String']['output'];
  /** The version of the event's shape. */
  readonly schemaVersion: Scalars['Int']['output'];
  /** What went wrong the last time, with the place in the code. */
  readonly error: Scalars['String']['output'];
  /** Equal for letters that failed for the same reason; `waits-behind` for those that merely wait. */
  readonly fingerprint: Scalars['String']['output'];
  /** How often it was tried; 0 when it merely waits behind another. */
  readonly attempts: Scalars['Int']['output'];
  /** The version of the code that tried it last. */
  readonly codeVersion: Scalars['String']['output'];
  /** The trace it belongs to (W3C trace context). */
  readonly trace?: Maybe<Scalars['String']['output']>;
  /** What became of it. */
  readonly status: DeadLetterStatus;
  /** True while something was asked about it and is not done yet. */
  readonly pending: Scalars['Boolean']['output'];
  /** When it was parked. */
  readonly parkedAt: Scalars['DateTime']['output'];
  /** The event as JSON, without secrets such as a card's token. */
  readonly event: Scalars['String']['output'];
  /** What happened to it, oldest first; the newest 100. */
  readonly actions: ReadonlyArray<DeadLetterAction>;
};

/** What can become of a dead letter. */
export type DeadLetterStatus =
  /** It waits for a person. */
  | 'PARKED'
  /** It was applied after all. */
  | 'REPLAYED'
  /** A person decided that it is never applied. */
  | 'DISCARDED';

/** One thing that happened to a dead letter. */
export type DeadLetterAction = {
  readonly __typename?: 'DeadLetterAction';
  /** What happened. */
  readonly action: DeadLetterActionType;
  /** Who wanted it: a person, the worker, or the watchdog. */
  readonly actor: Scalars['String']['output'];
  /** Why. */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** What went wrong. */
  readonly error?: Maybe<Scalars['String']['output']>;
  /** When. */
  readonly at: Scalars['DateTime']['output'];
};

/** What can happen to a dead letter. */
export type DeadLetterActionType =
  /** It could not be applied, or its key already waited. */
  | 'PARKED'
  /** Somebody asked to try it again. */
  | 'REPLAY_REQUESTED'
  /** It was applied. */
  | 'REPLAYED'
  /** It was tried and failed again. */
  | 'REPLAY_FAILED'
  /** It was not tried: a letter before it failed. */
  | 'REPLAY_STOPPED'
  /** Somebody asked to give it up. */
  | 'DISCARD_REQUESTED'
  /** It was given up. */
  | 'DISCARDED'
  /** It was to be given up, and what follows from that failed: it stays. */
  | 'DISCARD_FAILED';

/** A page of dead letters, in the order in which they were parked, which is the order of replay. */
export type DeadLetterConnection = {
  readonly __typename?: 'DeadLetterConnection';
  /** The letters with their cursors. */
  readonly edges: ReadonlyArray<DeadLetterEdge>;
  /** The letters. */
  readonly nodes: ReadonlyArray<DeadLetter>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** A dead letter in a page. */
export type DeadLetterEdge = {
  readonly __typename?: 'DeadLetterEdge';
  /** Where the page goes on behind it. */
  readonly cursor: Scalars['String']['output'];
  /** The letter. */
  readonly node: DeadLetter;
};

/** Parked letters of one type that failed for the same reason: what one repair will mend. */
export type DeadLetterGroup = {
  readonly __typename?: 'DeadLetterGroup';
  /** What the letters have in common. */
  readonly fingerprint: Scalars['String']['output'];
  /** The events' type. */
  readonly type: Scalars['String']['output'];
  /** How many there are. */
  readonly count: Scalars['Int']['output'];
  /** When the first of them was parked. */
  readonly oldest: Scalars['DateTime']['output'];
  /** The first of them. */
  readonly sample: DeadLetter;
};

/** Which dead letters to try again: exactly one of `ids`, `key` and `fingerprint`. */
export type ReplayDeadLettersInput = {
  /** 1 to 255 characters; a dry run does not use it up. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** 1 to 100 letters; what is parked before one of them is tried first. */
  readonly ids?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** All parked letters of this key; refused where there is none. */
  readonly key?: InputMaybe<Scalars['String']['input']>;
  /** All parked letters of every key that holds one of this group; refused where there is none. */
  readonly fingerprint?: InputMaybe<Scalars['String']['input']>;
  /** Decide for real and keep nothing: tells what a replay would do. */
  readonly dryRun?: Scalars['Boolean']['input'];
  /** Why, for the audit; at most 1,000 characters. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** Which dead letters to give up for good: exactly one of `ids`, `key` and `fingerprint`. */
export type DiscardDeadLettersInput = {
  /** 1 to 255 characters; a dry run does not use it up. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** 1 to 100 letters. */
  readonly ids?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** All parked letters of this key, those that merely wait included; refused where there is none. */
  readonly key?: InputMaybe<Scalars['String']['input']>;
  /** All parked letters of this group, and not those that wait behind them; refused where there is none. */
  readonly fingerprint?: InputMaybe<Scalars['String']['input']>;
  /** Only tell which letters it would be. */
  readonly dryRun?: Scalars['Boolean']['input'];
  /** Why, for the audit; 1 to 1,000 characters. */
  readonly reason: Scalars['String']['input'];
};

/** What was done about dead letters. */
export type DeadLettersPayload = {
  readonly __typename?: 'DeadLettersPayload';
  /** Every letter it was about, in the order of replay; at most 200. */
  readonly letters: ReadonlyArray<DeadLetterResult>;
  /** How many more are meant and were left for another request. */
  readonly remaining: Scalars['Int']['output'];
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What was done about one dead letter. */
export type DeadLetterResult = {
  readonly __typename?: 'DeadLetterResult';
  /** The letter as it stands now. */
  readonly letter: DeadLetter;
  /** What was done, or would be. */
  readonly outcome: DeadLetterOutcome;
  /** Why it failed, or would. */
  readonly error?: Maybe<Scalars['String']['output']>;
};

/** What a request about a dead letter can come to. */
export type DeadLetterOutcome =
  /** It is applied, now or before. A held call of payments is asked for again, no more: `Payment.held` shows afterwards what came of it. */
  | 'REPLAYED'
  /** It is given up, now or before. */
  | 'DISCARDED'
  /** It was tried and failed; it stays parked. */
  | 'FAILED'
  /** It was not tried, because a letter before it failed. */
  | 'NOT_REACHED'
  /** Not done within 5 seconds; it will be, and the same request tells. In a dry run: not tried for want of time. */
  | 'PENDING'
  /** Dry run: it would be done; of a held call, that it would be asked for again. */
  | 'WOULD_SUCCEED'
  /** Dry run: it would fail. */
  | 'WOULD_FAIL'
  /** Dry run: it would not be tried, because a letter before it would fail. */
  | 'WOULD_NOT_BE_REACHED';

export type Query = {
  readonly __typename?: 'Query';
  /** An invoice by its number; null when there is none or it is another partner's. */
  readonly invoice?: Maybe<Invoice>;
  /** Invoices, the newest first; those the caller may see. */
  readonly invoices?: Maybe<InvoiceConnection>;
  /** What operators look after. */
  readonly operations: Operations;
};


export type QueryInvoiceArgs = {
  number: Scalars['String']['input'];
};


export type QueryInvoicesArgs = {
  filter?: InputMaybe<InvoiceFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Sets partners' credit limits. For the ERP; lowering one refuses nothing that stands; at most 1,000 rows. */
  readonly setCreditLimits: UpsertPayload;
  /** Books money that came from a partner: open invoices are settled, the oldest due first. For the ERP. */
  readonly recordPayment: CreditPayload;
  /** Gives back what was taken for an order: to the card, or as a credit note on the partner's account. For the ERP. */
  readonly refundPayment: PaymentPayload;
  /** Compares ledger, provider and orders now. For operators. */
  readonly reconcilePayments: ReconciliationPayload;
  /** Closes a difference that a person has settled. For operators. */
  readonly closePaymentBreak: PaymentBreakPayload;
  /** Tries dead letters of payments again, in order. For operators. */
  readonly replayPaymentsDeadLetters: DeadLettersPayload;
  /** Gives dead letters of payments up for good. For operators. */
  readonly discardPaymentsDeadLetters: DeadLettersPayload;
};


export type MutationSetCreditLimitsArgs = {
  input: SetCreditLimitsInput;
};


export type MutationRecordPaymentArgs = {
  input: RecordPaymentInput;
};


export type MutationRefundPaymentArgs = {
  input: RefundPaymentInput;
};


export type MutationReconcilePaymentsArgs = {
  input: ReconcilePaymentsInput;
};


export type MutationClosePaymentBreakArgs = {
  input: ClosePaymentBreakInput;
};


export type MutationReplayPaymentsDeadLettersArgs = {
  input: ReplayDeadLettersInput;
};


export type MutationDiscardPaymentsDeadLettersArgs = {
  input: DiscardDeadLettersInput;
};

/** What operators look after; every subgraph adds its own. */
export type Operations = {
  readonly __typename?: 'Operations';
  /** Events that payments could not apply, in the order of parking; parked ones unless another status is asked for, null for all. */
  readonly paymentsDeadLetters?: Maybe<DeadLetterConnection>;
  /** What payments' parked letters failed for, the largest group first; at most 100. */
  readonly paymentsDeadLetterGroups?: Maybe<ReadonlyArray<DeadLetterGroup>>;
  /** The last comparison of ledger, provider and orders; null before the first. */
  readonly paymentReconciliation?: Maybe<Reconciliation>;
  /** Differences that comparisons found, the oldest first; open ones unless another state is asked for, null for all. */
  readonly paymentBreaks?: Maybe<PaymentBreakConnection>;
};


/** What operators look after; every subgraph adds its own. */
export type OperationsPaymentsDeadLettersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<DeadLetterStatus>;
  key?: InputMaybe<Scalars['String']['input']>;
  fingerprint?: InputMaybe<Scalars['String']['input']>;
};


/** What operators look after; every subgraph adds its own. */
export type OperationsPaymentBreaksArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  state?: InputMaybe<PaymentBreakState>;
};

/** Credit limits to set. */
export type SetCreditLimitsInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** What a refused row does to the others. */
  readonly errorPolicy?: ErrorPolicy;
  /** 1 to 1,000 rows. */
  readonly limits: ReadonlyArray<CreditLimitInput>;
};

/** The limit of one partner. */
export type CreditLimitInput = {
  /** The partner's code. */
  readonly partnerId: Scalars['ID']['input'];
  /** Zero or more, in the partner's currency. */
  readonly limit: MoneyInput;
  /** Days from an invoice to its due date, 0 to 365; stays as it is when absent, and is 30 before it was ever set. */
  readonly termsDays?: InputMaybe<Scalars['Int']['input']>;
};

/** Money that came from a partner. */
export type RecordPaymentInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The partner's code. */
  readonly partnerId: Scalars['ID']['input'];
  /** More than zero, in the partner's currency. What exceeds its open invoices stands to its credit, 2^52 minor units in all at most. */
  readonly amount: MoneyInput;
  /** The bank's or the ERP's name for it, 1 to 140 characters; it stands with the ledger entry. */
  readonly reference: Scalars['String']['input'];
  /** The day it came, of the last ten years and not to come; today when absent. */
  readonly receivedOn?: InputMaybe<Scalars['Date']['input']>;
  /** Invoices it is for, settled in this order before any other, which follow with the oldest due first; at most 1,000. */
  readonly invoiceNumbers?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** Answer of recordPayment. */
export type CreditPayload = {
  readonly __typename?: 'CreditPayload';
  /** The partner's account as it stands after, also where no limit was ever set; null when nothing was done. */
  readonly credit?: Maybe<CreditAccount>;
  /** What was settled of which invoice. */
  readonly settled: ReadonlyArray<InvoiceSettlement>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done; empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What of a payment went to one invoice. */
export type InvoiceSettlement = {
  readonly __typename?: 'InvoiceSettlement';
  /** The invoice's number. */
  readonly invoiceNumber: Scalars['String']['output'];
  /** How much of it was settled. */
  readonly amount: Money;
};

/** What to give back. */
export type RefundPaymentInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The order whose money it is. */
  readonly orderId: Scalars['ID']['input'];
  /** More than zero, at most what was taken and not given back; all of that when absent. */
  readonly amount?: InputMaybe<MoneyInput>;
  /** Only of what was taken for this shipment. */
  readonly shipmentId?: InputMaybe<Scalars['ID']['input']>;
  /** Why, 1 to 255 characters; it stands on the credit note. */
  readonly reason: Scalars['String']['input'];
};

/** Answer of refundPayment. */
export type PaymentPayload = {
  readonly __typename?: 'PaymentPayload';
  /** The payment as it stands after. */
  readonly payment?: Maybe<Payment>;
  /** The refund. */
  readonly refund?: Maybe<Refund>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done; empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What is compared. */
export type ReconcilePaymentsInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
};

/** Answer of reconcilePayments. */
export type ReconciliationPayload = {
  readonly __typename?: 'ReconciliationPayload';
  /** The comparison; it runs on, ask `operations.paymentReconciliation` for its progress. */
  readonly reconciliation?: Maybe<Reconciliation>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done; empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** One comparison of the ledger, the provider's report and what orders shipped. */
export type Reconciliation = {
  readonly __typename?: 'Reconciliation';
  /** UUID. */
  readonly id: Scalars['ID']['output'];
  /** When it began. */
  readonly startedAt: Scalars['DateTime']['output'];
  /** When it ended; null while it runs. */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Payments compared so far. */
  readonly payments: Scalars['Int']['output'];
  /** Authorisations of the provider's report compared so far. */
  readonly authorisations: Scalars['Int']['output'];
  /** Differences it found. */
  readonly breaksFound: Scalars['Int']['output'];
  /** Of them, those that were settled without a person. */
  readonly breaksHealed: Scalars['Int']['output'];
  /** Why it ended early; null when it did not. */
  readonly error?: Maybe<Scalars['String']['output']>;
};

/** Whether a difference still stands. */
export type PaymentBreakState =
  /** It stands, and its owner must act. */
  | 'OPEN'
  /** It was settled without a person. */
  | 'HEALED'
  /** A person settled it. */
  | 'CLOSED';

/** What kind of difference. */
export type PaymentBreakKind =
  /** The provider holds an authorisation that no payment of ours knows or needs. */
  | 'STRAY_AUTHORISATION'
  /** The provider took money that the ledger does not show. */
  | 'CAPTURE_NOT_IN_LEDGER'
  /** The ledger shows money that the provider did not take. */
  | 'CAPTURE_NOT_AT_PROVIDER'
  /** More was taken than was shipped. */
  | 'TAKEN_TWICE'
  /** Something was shipped, and nothing was taken for it. */
  | 'SHIPPED_NOT_TAKEN'
  /** The provider gave money back that the ledger does not show. */
  | 'REFUND_NOT_IN_LEDGER'
  /** The ledger shows a refund that the provider did not make. */
  | 'REFUND_NOT_AT_PROVIDER'
  /** Provider and ledger tell different amounts or currencies. */
  | 'AMOUNT_DIFFERS'
  /** The provider voided or let die an authorisation that an order needs. */
  | 'AUTHORISATION_LOST'
  /** The provider answers for others, and does not say what it holds and took of this authorisation. */
  | 'AUTHORISATION_UNREADABLE'
  /** The order could not be compared for a fault of ours. */
  | 'ORDER_NOT_COMPARED';

/** A difference between the ledger, the provider and what was shipped. */
export type PaymentBreak = {
  readonly __typename?: 'PaymentBreak';
  /** UUID. */
  readonly id: Scalars['ID']['output'];
  /** What kind. */
  readonly kind: PaymentBreakKind;
  /** Whether it still stands. */
  readonly state: PaymentBreakState;
  /** The order, where one is known. */
  readonly orderId?: Maybe<Scalars['ID']['output']>;
  /** The shipment or refund it is about, or the provider's id. */
  readonly subject: Scalars['String']['output'];
  /** What there should be. */
  readonly expected?: Maybe<Money>;
  /** What there is. */
  readonly found?: Maybe<Money>;
  /** What to do, for its owner. */
  readonly detail: Scalars['String']['output'];
  /** Who must act while it stands. */
  readonly owner: Scalars['String']['output'];
  /** When it was first found. */
  readonly foundAt: Scalars['DateTime']['output'];
  /** When a comparison last saw it. */
  readonly seenAt: Scalars['DateTime']['output'];
  /** When it was settled. */
  readonly settledAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who settled it: the subject of whoever closed it, or reconciliation where it was healed. */
  readonly settledBy?: Maybe<Scalars['String']['output']>;
  /** What they said. */
  readonly note?: Maybe<Scalars['String']['output']>;
};

/** Differences, page by page. */
export type PaymentBreakConnection = {
  readonly __typename?: 'PaymentBreakConnection';
  /** The differences with their cursors. */
  readonly edges: ReadonlyArray<PaymentBreakEdge>;
  /** The differences. */
  readonly nodes: ReadonlyArray<PaymentBreak>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** A difference in a page. */
export type PaymentBreakEdge = {
  readonly __typename?: 'PaymentBreakEdge';
  /** Where the page goes on behind it. */
  readonly cursor: Scalars['String']['output'];
  /** The difference. */
  readonly node: PaymentBreak;
};

/** A difference that a person has settled. */
export type ClosePaymentBreakInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The difference. */
  readonly breakId: Scalars['ID']['input'];
  /** What was done, 1 to 1,000 characters. */
  readonly note: Scalars['String']['input'];
};

/** Answer of closePaymentBreak. */
export type PaymentBreakPayload = {
  readonly __typename?: 'PaymentBreakPayload';
  /** The difference as it stands after. */
  readonly break?: Maybe<PaymentBreak>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done; empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An order as far as money goes. */
export type Order = {
  readonly __typename?: 'Order';
  /** UUIDv7. */
  readonly id: Scalars['ID']['output'];
  /** The order's payment; null until it is known here. */
  readonly payment?: Maybe<Payment>;
};

/** The payment of one order. */
export type Payment = {
  readonly __typename?: 'Payment';
  /** Where the payment is on its way. */
  readonly status: PaymentStatus;
  /** Terms or card. */
  readonly method: PaymentMethod;
  /** Amount secured, for all that was reserved so far; less by what was given back or lost before it left. */
  readonly authorised: Money;
  /** Amount taken; with TERMS the amount invoiced. */
  readonly captured: Money;
  /** Amount given back. */
  readonly refunded: Money;
  /** Amount of what left that no card is asked for any more, because a person gave it up; null when nothing was. */
  readonly givenUp?: Maybe<Money>;
  /** Until when an answer is waited for before a person must act; null while none is. */
  readonly deadline?: Maybe<Scalars['DateTime']['output']>;
  /** Which provider the card's money is with; null on terms and before any was asked. */
  readonly provider?: Maybe<Scalars['String']['output']>;
  /** What was given back, the oldest first. */
  readonly refunds: ReadonlyArray<Refund>;
  /** Calls that wait for a person. */
  readonly held: ReadonlyArray<HeldPaymentCall>;
  /** The order's money as entries of the ledger, in the order of posting. */
  readonly entries: ReadonlyArray<LedgerEntry>;
  /** One for each shipment that left. */
  readonly invoices: ReadonlyArray<Invoice>;
  /** Every call to a provider, without card data. */
  readonly attempts: ReadonlyArray<PaymentAttempt>;
};

/** A call to the provider that was refused for good or went unanswered too long. */
export type HeldPaymentCall = {
  readonly __typename?: 'HeldPaymentCall';
  /** Such as authorise or capture. */
  readonly operation: Scalars['String']['output'];
  /** What tells it from others of the operation, such as the shipment's id; that of a renewal is its number, from 1000001. */
  readonly instance: Scalars['String']['output'];
  /** What the provider said, or what is missing. */
  readonly reason: Scalars['String']['output'];
  /** Who must act: replay its dead letter when the cause is gone, or discard it to give the call up. */
  readonly owner: Scalars['String']['output'];
};

/** Where a refund is on its way. */
export type RefundStatus =
  /** The provider is asked. */
  | 'REQUESTED'
  /** Given back, but for what was given up. */
  | 'DONE'
  /** It waits for a person. */
  | 'HELD'
  /** A person gave all of it up: nothing was given back. */
  | 'GIVEN_UP';

/** Money given back. */
export type Refund = {
  readonly __typename?: 'Refund';
  /** UUID. */
  readonly id: Scalars['ID']['output'];
  /** Where it is on its way. */
  readonly status: RefundStatus;
  /** All of it, over all shipments. */
  readonly amount: Money;
  /** What of it is not given back any more, because a person gave it up; null when nothing was. */
  readonly givenUp?: Maybe<Money>;
  /** Why. */
  readonly reason: Scalars['String']['output'];
};

/** What an entry of the ledger books. */
export type LedgerEntryKind =
  /** Goods left: sales against the receivable or the card. */
  | 'SALE'
  /** Money or credit was given back. */
  | 'REFUND'
  /** A partner settled what it owed. */
  | 'SETTLEMENT';

/** One entry of the double-entry ledger: the same amount debited and credited. It is never changed; it is corrected by another. */
export type LedgerEntry = {
  readonly __typename?: 'LedgerEntry';
  /** UUID. */
  readonly id: Scalars['ID']['output'];
  /** What it books. */
  readonly kind: LedgerEntryKind;
  /** The account that is debited, such as receivable/17850. */
  readonly debit: Scalars['String']['output'];
  /** The account that is credited, such as sales. */
  readonly credit: Scalars['String']['output'];
  /** The amount of both sides. */
  readonly amount: Money;
  /** When it was posted. */
  readonly postedAt: Scalars['DateTime']['output'];
  /** The shipment it is about. */
  readonly shipmentId?: Maybe<Scalars['ID']['output']>;
  /** The refund it books. */
  readonly refundId?: Maybe<Scalars['ID']['output']>;
  /** The bank's or ERP's reference of a settlement. */
  readonly reference?: Maybe<Scalars['String']['output']>;
};

/** Whether an invoice is paid. */
export type InvoiceStatus =
  /** Nothing was paid yet. */
  | 'OPEN'
  /** A part was paid or credited. */
  | 'PARTIALLY_PAID'
  /** Nothing is owed any more. */
  | 'PAID';

/** What one shipment costs the partner. */
export type Invoice = {
  readonly __typename?: 'Invoice';
  /** The shipment's id. */
  readonly id: Scalars['ID']['output'];
  /** Such as INV-00001234; numbers have no gaps. */
  readonly number: Scalars['String']['output'];
  /** The day it was issued. */
  readonly issuedOn: Scalars['Date']['output'];
  /** The day it is due; with a card the day it was issued. */
  readonly dueOn: Scalars['Date']['output'];
  /** Days from issue to due date. */
  readonly termsDays: Scalars['Int']['output'];
  /** Terms or card. */
  readonly method: PaymentMethod;
  /** The partner's code. */
  readonly partnerId: Scalars['ID']['output'];
  /** The order. */
  readonly orderId: Scalars['ID']['output'];
  /** The order's number, as people read it. */
  readonly orderNumber?: Maybe<Scalars['String']['output']>;
  /** The partner's number of the order. */
  readonly poNumber?: Maybe<Scalars['String']['output']>;
  /** What left, at the order's prices. */
  readonly lines: ReadonlyArray<InvoiceLine>;
  /** Sum of the lines. */
  readonly total: Money;
  /** Paid so far, by the partner or its card. */
  readonly paid: Money;
  /** Credited by refunds. */
  readonly credited: Money;
  /** What is owed, not below zero: total less paid less credited; by card total less paid, as what is credited goes back to the card. */
  readonly open: Money;
  /** Whether it is paid. */
  readonly status: InvoiceStatus;
  /** Where its PDF can be fetched without a token, relative to the API's address; good for 15 minutes. */
  readonly pdfUrl: Scalars['String']['output'];
};

/** One line of an invoice. */
export type InvoiceLine = {
  readonly __typename?: 'InvoiceLine';
  /** The product's code. */
  readonly sku: Scalars['String']['output'];
  /** Units that left. */
  readonly quantity: Scalars['Int']['output'];
  /** Price of one; null on invoices of shipments whose prices were not told. */
  readonly unitPrice?: Maybe<Money>;
  /** quantity × unitPrice. */
  readonly lineTotal?: Maybe<Money>;
};

/** Which invoices. */
export type InvoiceFilter = {
  /** Only of these partners; at most 100. */
  readonly partnerIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Only in these states. */
  readonly statuses?: InputMaybe<ReadonlyArray<InvoiceStatus>>;
  /** Only those due before this day and not paid. */
  readonly overdueOn?: InputMaybe<Scalars['Date']['input']>;
};

/** Invoices, page by page. */
export type InvoiceConnection = {
  readonly __typename?: 'InvoiceConnection';
  /** The invoices with their cursors. */
  readonly edges: ReadonlyArray<InvoiceEdge>;
  /** The invoices. */
  readonly nodes: ReadonlyArray<Invoice>;
  /** Where this page lies. */
  readonly pageInfo: PageInfo;
};

/** An invoice in a page. */
export type InvoiceEdge = {
  readonly __typename?: 'InvoiceEdge';
  /** Where the page goes on behind it. */
  readonly cursor: Scalars['String']['output'];
  /** The invoice. */
  readonly node: Invoice;
};

/** A shipment as far as money goes. */
export type Shipment = {
  readonly __typename?: 'Shipment';
  /** UUID. */
  readonly id: Scalars['ID']['output'];
  /** Its invoice; null until it left and was invoiced, or for whoever may not see it. */
  readonly invoice?: Maybe<Invoice>;
};

/** One call to a provider. */
export type PaymentAttempt = {
  readonly __typename?: 'PaymentAttempt';
  /** Such as authorise or capture. */
  readonly operation: Scalars['String']['output'];
  /** Which of the order's reservations it was for, counted from 1; each is authorised by itself. */
  readonly wave: Scalars['Int']['output'];
  /** Such as succeeded, declined or unknown. */
  readonly outcome: Scalars['String']['output'];
  /** When it was made. */
  readonly at: Scalars['DateTime']['output'];
  /** The provider's reason for a decline. */
  readonly reason?: Maybe<Scalars['String']['output']>;
};

/** Ways to pay. */
export type PaymentMethod =
  /** Later, on the partner's credit account. */
  | 'TERMS'
  /** By card, authorised now and captured on shipment. */
  | 'CARD';

/** Where a payment is on its way. */
export type PaymentStatus =
  /** Not yet secured. */
  | 'PENDING'
  /** Secured. */
  | 'AUTHORISED'
  /** Refused by credit or provider. */
  | 'DECLINED'
  /** A call was made whose outcome is being found out. */
  | 'UNKNOWN'
  /** Taken in part. */
  | 'PARTIALLY_CAPTURED'
  /** Taken. */
  | 'CAPTURED'
  /** Given up before capture. */
  | 'VOIDED'
  /** Given back in part. */
  | 'PARTIALLY_REFUNDED'
  /** Given back. */
  | 'REFUNDED';

/** A partner as far as credit goes. */
export type Partner = {
  readonly __typename?: 'Partner';
  /** The ERP's code. */
  readonly id: Scalars['ID']['output'];
  /** Its credit account; null when no limit was ever set and no money ever moved. */
  readonly credit?: Maybe<CreditAccount>;
};

/** What a partner may owe. */
export type CreditAccount = {
  readonly __typename?: 'CreditAccount';
  /** The most it may owe; zero where no limit was ever set. */
  readonly limit: Money;
  /** What it owes and has reserved. */
  readonly exposure: Money;
  /** limit less exposure, not below zero; above the limit when it paid ahead. */
  readonly available: Money;
  /** What it owes for goods that left; below zero when it paid ahead. */
  readonly receivable: Money;
  /** Days from an invoice to its due date. */
  readonly termsDays: Scalars['Int']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Order: Order;
  Shipment: Shipment;
  Partner: Partner;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
  Shipment:
    ( { __typename: 'Shipment' }
    & GraphQLRecursivePick<FederationTypes['Shipment'], {"id":true}> );
  Partner:
    ( { __typename: 'Partner' }
    & GraphQLRecursivePick<FederationTypes['Partner'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  CurrencyCode: ResolverTypeWrapper<Scalars['CurrencyCode']['output']>;
  Money: ResolverTypeWrapper<Money>;
  MoneyInput: MoneyInput;
  UserError: ResolverTypeWrapper<UserError>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  ErrorCode: ErrorCode;
  UpsertPayload: ResolverTypeWrapper<UpsertPayload>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  UpsertResult: ResolverTypeWrapper<UpsertResult>;
  ErrorPolicy: ErrorPolicy;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  DeadLetter: ResolverTypeWrapper<DeadLetter>;
  DeadLetterStatus: DeadLetterStatus;
  DeadLetterAction: ResolverTypeWrapper<DeadLetterAction>;
  DeadLetterActionType: DeadLetterActionType;
  DeadLetterConnection: ResolverTypeWrapper<DeadLetterConnection>;
  DeadLetterEdge: ResolverTypeWrapper<DeadLetterEdge>;
  DeadLetterGroup: ResolverTypeWrapper<DeadLetterGroup>;
  ReplayDeadLettersInput: ReplayDeadLettersInput;
  DiscardDeadLettersInput: DiscardDeadLettersInput;
  DeadLettersPayload: ResolverTypeWrapper<DeadLettersPayload>;
  DeadLetterResult: ResolverTypeWrapper<DeadLetterResult>;
  DeadLetterOutcome: DeadLetterOutcome;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Operations: ResolverTypeWrapper<Operations>;
  SetCreditLimitsInput: SetCreditLimitsInput;
  CreditLimitInput: CreditLimitInput;
  RecordPaymentInput: RecordPaymentInput;
  CreditPayload: ResolverTypeWrapper<Omit<CreditPayload, 'credit'> & { credit?: Maybe<ResolversTypes['CreditAccount']> }>;
  InvoiceSettlement: ResolverTypeWrapper<InvoiceSettlement>;
  RefundPaymentInput: RefundPaymentInput;
  PaymentPayload: ResolverTypeWrapper<Omit<PaymentPayload, 'payment' | 'refund'> & { payment?: Maybe<ResolversTypes['Payment']>, refund?: Maybe<ResolversTypes['Refund']> }>;
  ReconcilePaymentsInput: ReconcilePaymentsInput;
  ReconciliationPayload: ResolverTypeWrapper<ReconciliationPayload>;
  Reconciliation: ResolverTypeWrapper<Reconciliation>;
  PaymentBreakState: PaymentBreakState;
  PaymentBreakKind: PaymentBreakKind;
  PaymentBreak: ResolverTypeWrapper<PaymentBreak>;
  PaymentBreakConnection: ResolverTypeWrapper<PaymentBreakConnection>;
  PaymentBreakEdge: ResolverTypeWrapper<PaymentBreakEdge>;
  ClosePaymentBreakInput: ClosePaymentBreakInput;
  PaymentBreakPayload: ResolverTypeWrapper<PaymentBreakPayload>;
  Order: ResolverTypeWrapper<Omit<Order, 'payment'> & { payment?: Maybe<ResolversTypes['Payment']> }>;
  Payment: ResolverTypeWrapper<PaymentParent>;
  HeldPaymentCall: ResolverTypeWrapper<HeldPaymentCall>;
  RefundStatus: RefundStatus;
  Refund: ResolverTypeWrapper<RefundParent>;
  LedgerEntryKind: LedgerEntryKind;
  LedgerEntry: ResolverTypeWrapper<LedgerEntryParent>;
  InvoiceStatus: InvoiceStatus;
  Invoice: ResolverTypeWrapper<InvoiceParent>;
  InvoiceLine: ResolverTypeWrapper<InvoiceLineParent>;
  InvoiceFilter: InvoiceFilter;
  InvoiceConnection: ResolverTypeWrapper<Omit<InvoiceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['InvoiceEdge']>, nodes: ReadonlyArray<ResolversTypes['Invoice']> }>;
  InvoiceEdge: ResolverTypeWrapper<Omit<InvoiceEdge, 'node'> & { node: ResolversTypes['Invoice'] }>;
  Shipment: ResolverTypeWrapper<Omit<Shipment, 'invoice'> & { invoice?: Maybe<ResolversTypes['Invoice']> }>;
  PaymentAttempt: ResolverTypeWrapper<PaymentAttempt>;
  PaymentMethod: PaymentMethod;
  PaymentStatus: PaymentStatus;
  Partner: ResolverTypeWrapper<Omit<Partner, 'credit'> & { credit?: Maybe<ResolversTypes['CreditAccount']> }>;
  CreditAccount: ResolverTypeWrapper<CreditAccountParent>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  Decimal: Scalars['Decimal']['output'];
  CurrencyCode: Scalars['CurrencyCode']['output'];
  Money: Money;
  MoneyInput: MoneyInput;
  UserError: UserError;
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  ID: Scalars['ID']['output'];
  UpsertPayload: UpsertPayload;
  Boolean: Scalars['Boolean']['output'];
  UpsertResult: UpsertResult;
  PageInfo: PageInfo;
  DeadLetter: DeadLetter;
  DeadLetterAction: DeadLetterAction;
  DeadLetterConnection: DeadLetterConnection;
  DeadLetterEdge: DeadLetterEdge;
  DeadLetterGroup: DeadLetterGroup;
  ReplayDeadLettersInput: ReplayDeadLettersInput;
  DiscardDeadLettersInput: DiscardDeadLettersInput;
  DeadLettersPayload: DeadLettersPayload;
  DeadLetterResult: DeadLetterResult;
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
  Operations: Operations;
  SetCreditLimitsInput: SetCreditLimitsInput;
  CreditLimitInput: CreditLimitInput;
  RecordPaymentInput: RecordPaymentInput;
  CreditPayload: Omit<CreditPayload, 'credit'> & { credit?: Maybe<ResolversParentTypes['CreditAccount']> };
  InvoiceSettlement: InvoiceSettlement;
  RefundPaymentInput: RefundPaymentInput;
  PaymentPayload: Omit<PaymentPayload, 'payment' | 'refund'> & { payment?: Maybe<ResolversParentTypes['Payment']>, refund?: Maybe<ResolversParentTypes['Refund']> };
  ReconcilePaymentsInput: ReconcilePaymentsInput;
  ReconciliationPayload: ReconciliationPayload;
  Reconciliation: Reconciliation;
  PaymentBreak: PaymentBreak;
  PaymentBreakConnection: PaymentBreakConnection;
  PaymentBreakEdge: PaymentBreakEdge;
  ClosePaymentBreakInput: ClosePaymentBreakInput;
  PaymentBreakPayload: PaymentBreakPayload;
  Order: Omit<Order, 'payment'> & { payment?: Maybe<ResolversParentTypes['Payment']> } | FederationReferenceTypes['Order'];
  Payment: PaymentParent;
  HeldPaymentCall: HeldPaymentCall;
  Refund: RefundParent;
  LedgerEntry: LedgerEntryParent;
  Invoice: InvoiceParent;
  InvoiceLine: InvoiceLineParent;
  InvoiceFilter: InvoiceFilter;
  InvoiceConnection: Omit<InvoiceConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['InvoiceEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Invoice']> };
  InvoiceEdge: Omit<InvoiceEdge, 'node'> & { node: ResolversParentTypes['Invoice'] };
  Shipment: Omit<Shipment, 'invoice'> & { invoice?: Maybe<ResolversParentTypes['Invoice']> } | FederationReferenceTypes['Shipment'];
  PaymentAttempt: PaymentAttempt;
  Partner: Omit<Partner, 'credit'> & { credit?: Maybe<ResolversParentTypes['CreditAccount']> } | FederationReferenceTypes['Partner'];
  CreditAccount: CreditAccountParent;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DecimalScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Decimal'], any> {
  name: 'Decimal';
}

export interface CurrencyCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CurrencyCode'], any> {
  name: 'CurrencyCode';
}

export type MoneyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  currencyCode?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code?: Resolver<ResolversTypes['ErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  currentVersion?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  existingOrderId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  retryAfterMs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type UpsertPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpsertPayload'] = ResolversParentTypes['UpsertPayload']> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['UpsertResult']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UpsertResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpsertResult'] = ResolversParentTypes['UpsertResult']> = {
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  id?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  created?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DeadLetterResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetter'] = ResolversParentTypes['DeadLetter']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  partition?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  position?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  schemaVersion?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  error?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  fingerprint?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  codeVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  trace?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DeadLetterStatus'], ParentType, ContextType>;
  pending?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  parkedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  event?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actions?: Resolver<ReadonlyArray<ResolversTypes['DeadLetterAction']>, ParentType, ContextType>;
};

export type DeadLetterActionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetterAction'] = ResolversParentTypes['DeadLetterAction']> = {
  action?: Resolver<ResolversTypes['DeadLetterActionType'], ParentType, ContextType>;
  actor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type DeadLetterConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetterConnection'] = ResolversParentTypes['DeadLetterConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DeadLetterEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['DeadLetter']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DeadLetterEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetterEdge'] = ResolversParentTypes['DeadLetterEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DeadLetter'], ParentType, ContextType>;
};

export type DeadLetterGroupResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetterGroup'] = ResolversParentTypes['DeadLetterGroup']> = {
  fingerprint?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  oldest?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sample?: Resolver<ResolversTypes['DeadLetter'], ParentType, ContextType>;
};

export type DeadLettersPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLettersPayload'] = ResolversParentTypes['DeadLettersPayload']> = {
  letters?: Resolver<ReadonlyArray<ResolversTypes['DeadLetterResult']>, ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DeadLetterResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeadLetterResult'] = ResolversParentTypes['DeadLetterResult']> = {
  letter?: Resolver<ResolversTypes['DeadLetter'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['DeadLetterOutcome'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  invoice?: Resolver<Maybe<ResolversTypes['Invoice']>, ParentType, ContextType, RequireFields<QueryInvoiceArgs, 'number'>>;
  invoices?: Resolver<Maybe<ResolversTypes['InvoiceConnection']>, ParentType, ContextType, RequireFields<QueryInvoicesArgs, 'first'>>;
  operations?: Resolver<ResolversTypes['Operations'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  setCreditLimits?: Resolver<ResolversTypes['UpsertPayload'], ParentType, ContextType, RequireFields<MutationSetCreditLimitsArgs, 'input'>>;
  recordPayment?: Resolver<ResolversTypes['CreditPayload'], ParentType, ContextType, RequireFields<MutationRecordPaymentArgs, 'input'>>;
  refundPayment?: Resolver<ResolversTypes['PaymentPayload'], ParentType, ContextType, RequireFields<MutationRefundPaymentArgs, 'input'>>;
  reconcilePayments?: Resolver<ResolversTypes['ReconciliationPayload'], ParentType, ContextType, RequireFields<MutationReconcilePaymentsArgs, 'input'>>;
  closePaymentBreak?: Resolver<ResolversTypes['PaymentBreakPayload'], ParentType, ContextType, RequireFields<MutationClosePaymentBreakArgs, 'input'>>;
  replayPaymentsDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, RequireFields<MutationReplayPaymentsDeadLettersArgs, 'input'>>;
  discardPaymentsDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, RequireFields<MutationDiscardPaymentsDeadLettersArgs, 'input'>>;
};

export type OperationsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Operations'] = ResolversParentTypes['Operations']> = {
  paymentsDeadLetters?: Resolver<Maybe<ResolversTypes['DeadLetterConnection']>, ParentType, ContextType, RequireFields<OperationsPaymentsDeadLettersArgs, 'first' | 'status'>>;
  paymentsDeadLetterGroups?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DeadLetterGroup']>>, ParentType, ContextType>;
  paymentReconciliation?: Resolver<Maybe<ResolversTypes['Reconciliation']>, ParentType, ContextType>;
  paymentBreaks?: Resolver<Maybe<ResolversTypes['PaymentBreakConnection']>, ParentType, ContextType, RequireFields<OperationsPaymentBreaksArgs, 'first' | 'state'>>;
};

export type CreditPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreditPayload'] = ResolversParentTypes['CreditPayload']> = {
  credit?: Resolver<Maybe<ResolversTypes['CreditAccount']>, ParentType, ContextType>;
  settled?: Resolver<ReadonlyArray<ResolversTypes['InvoiceSettlement']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type InvoiceSettlementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvoiceSettlement'] = ResolversParentTypes['InvoiceSettlement']> = {
  invoiceNumber?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type PaymentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentPayload'] = ResolversParentTypes['PaymentPayload']> = {
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType>;
  refund?: Resolver<Maybe<ResolversTypes['Refund']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReconciliationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReconciliationPayload'] = ResolversParentTypes['ReconciliationPayload']> = {
  reconciliation?: Resolver<Maybe<ResolversTypes['Reconciliation']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReconciliationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Reconciliation'] = ResolversParentTypes['Reconciliation']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  payments?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  authorisations?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  breaksFound?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  breaksHealed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PaymentBreakResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentBreak'] = ResolversParentTypes['PaymentBreak']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['PaymentBreakKind'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['PaymentBreakState'], ParentType, ContextType>;
  orderId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expected?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  found?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  detail?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  owner?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  foundAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  seenAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  settledAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  settledBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PaymentBreakConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentBreakConnection'] = ResolversParentTypes['PaymentBreakConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PaymentBreakEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PaymentBreak']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PaymentBreakEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentBreakEdge'] = ResolversParentTypes['PaymentBreakEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PaymentBreak'], ParentType, ContextType>;
};

export type PaymentBreakPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentBreakPayload'] = ResolversParentTypes['PaymentBreakPayload']> = {
  break?: Resolver<Maybe<ResolversTypes['PaymentBreak']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  payment?: Resolver<Maybe<ResolversTypes['Payment']>, ParentType, ContextType>;
};

export type PaymentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Payment'] = ResolversParentTypes['Payment']> = {
  status?: Resolver<ResolversTypes['PaymentStatus'], ParentType, ContextType>;
  method?: Resolver<ResolversTypes['PaymentMethod'], ParentType, ContextType>;
  authorised?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  captured?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  refunded?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  givenUp?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  deadline?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  provider?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  refunds?: Resolver<ReadonlyArray<ResolversTypes['Refund']>, ParentType, ContextType>;
  held?: Resolver<ReadonlyArray<ResolversTypes['HeldPaymentCall']>, ParentType, ContextType>;
  entries?: Resolver<ReadonlyArray<ResolversTypes['LedgerEntry']>, ParentType, ContextType>;
  invoices?: Resolver<ReadonlyArray<ResolversTypes['Invoice']>, ParentType, ContextType>;
  attempts?: Resolver<ReadonlyArray<ResolversTypes['PaymentAttempt']>, ParentType, ContextType>;
};

export type HeldPaymentCallResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HeldPaymentCall'] = ResolversParentTypes['HeldPaymentCall']> = {
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  instance?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  owner?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RefundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Refund'] = ResolversParentTypes['Refund']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['RefundStatus'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  givenUp?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type LedgerEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LedgerEntry'] = ResolversParentTypes['LedgerEntry']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['LedgerEntryKind'], ParentType, ContextType>;
  debit?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  credit?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  postedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  shipmentId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  refundId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  reference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type InvoiceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Invoice'] = ResolversParentTypes['Invoice']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  number?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issuedOn?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  dueOn?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  termsDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  method?: Resolver<ResolversTypes['PaymentMethod'], ParentType, ContextType>;
  partnerId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  orderId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  orderNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  poNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['InvoiceLine']>, ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  paid?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  credited?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  open?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['InvoiceStatus'], ParentType, ContextType>;
  pdfUrl?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type InvoiceLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvoiceLine'] = ResolversParentTypes['InvoiceLine']> = {
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unitPrice?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  lineTotal?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
};

export type InvoiceConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvoiceConnection'] = ResolversParentTypes['InvoiceConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['InvoiceEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Invoice']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type InvoiceEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvoiceEdge'] = ResolversParentTypes['InvoiceEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Invoice'], ParentType, ContextType>;
};

export type ShipmentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Shipment'] = ResolversParentTypes['Shipment'], FederationReferenceType extends FederationReferenceTypes['Shipment'] = FederationReferenceTypes['Shipment']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Shipment']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  invoice?: Resolver<Maybe<ResolversTypes['Invoice']>, ParentType, ContextType>;
};

export type PaymentAttemptResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PaymentAttempt'] = ResolversParentTypes['PaymentAttempt']> = {
  operation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  wave?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PartnerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Partner'] = ResolversParentTypes['Partner'], FederationReferenceType extends FederationReferenceTypes['Partner'] = FederationReferenceTypes['Partner']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Partner']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  credit?: Resolver<Maybe<ResolversTypes['CreditAccount']>, ParentType, ContextType>;
};

export type CreditAccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreditAccount'] = ResolversParentTypes['CreditAccount']> = {
  limit?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  exposure?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  receivable?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  termsDays?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  Decimal?: GraphQLScalarType;
  CurrencyCode?: GraphQLScalarType;
  Money?: MoneyResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  UpsertPayload?: UpsertPayloadResolvers<ContextType>;
  UpsertResult?: UpsertResultResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  DeadLetter?: DeadLetterResolvers<ContextType>;
  DeadLetterAction?: DeadLetterActionResolvers<ContextType>;
  DeadLetterConnection?: DeadLetterConnectionResolvers<ContextType>;
  DeadLetterEdge?: DeadLetterEdgeResolvers<ContextType>;
  DeadLetterGroup?: DeadLetterGroupResolvers<ContextType>;
  DeadLettersPayload?: DeadLettersPayloadResolvers<ContextType>;
  DeadLetterResult?: DeadLetterResultResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Operations?: OperationsResolvers<ContextType>;
  CreditPayload?: CreditPayloadResolvers<ContextType>;
  InvoiceSettlement?: InvoiceSettlementResolvers<ContextType>;
  PaymentPayload?: PaymentPayloadResolvers<ContextType>;
  ReconciliationPayload?: ReconciliationPayloadResolvers<ContextType>;
  Reconciliation?: ReconciliationResolvers<ContextType>;
  PaymentBreak?: PaymentBreakResolvers<ContextType>;
  PaymentBreakConnection?: PaymentBreakConnectionResolvers<ContextType>;
  PaymentBreakEdge?: PaymentBreakEdgeResolvers<ContextType>;
  PaymentBreakPayload?: PaymentBreakPayloadResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  Payment?: PaymentResolvers<ContextType>;
  HeldPaymentCall?: HeldPaymentCallResolvers<ContextType>;
  Refund?: RefundResolvers<ContextType>;
  LedgerEntry?: LedgerEntryResolvers<ContextType>;
  Invoice?: InvoiceResolvers<ContextType>;
  InvoiceLine?: InvoiceLineResolvers<ContextType>;
  InvoiceConnection?: InvoiceConnectionResolvers<ContextType>;
  InvoiceEdge?: InvoiceEdgeResolvers<ContextType>;
  Shipment?: ShipmentResolvers<ContextType>;
  PaymentAttempt?: PaymentAttemptResolvers<ContextType>;
  Partner?: PartnerResolvers<ContextType>;
  CreditAccount?: CreditAccountResolvers<ContextType>;
};
