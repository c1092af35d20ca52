// Generated from schema/ by `npm run generate`; change the SDL instead.
// A type `<Name>Parent` exported by ./parents.ts is what resolvers of <Name> get as their parent.

import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { OrderParent, OrderLineParent, PartnerParent, ProductParent, OrderChangeParent } from './parents.ts';
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
  /** One order by its id. Null when there is none or it is another partner's. */
  readonly order?: Maybe<Order>;
  /** One order by the number people read, such as SO-100042. */
  readonly orderByNumber?: Maybe<Order>;
  /** The live order that holds a partner's PO number. */
  readonly orderByPoNumber?: Maybe<Order>;
  /** Orders the caller may see, newest first. */
  readonly orders: OrderConnection;
  /** Every change of every order, each once and without gaps, oldest first. For the ERP. Take `pageInfo.endCursor` as the next `after`. */
  readonly orderChanges: OrderChangeConnection;
  /** A cursor for `orderFeed`: take it before a query and no change between the two is missed. */
  readonly orderFeedCursor: Scalars['String']['output'];
  /** One partner. Null when there is none or the caller may not see it. */
  readonly partner?: Maybe<Partner>;
  /** Partners the caller may see, by id. */
  readonly partners: PartnerConnection;
  /** Who is asking. */
  readonly viewer: Viewer;
  /** What operators look after. */
  readonly operations: Operations;
};


export type QueryOrderArgs = {
  id: Scalars['ID']['input'];
};


export type QueryOrderByNumberArgs = {
  number: Scalars['String']['input'];
};


export type QueryOrderByPoNumberArgs = {
  partnerId: Scalars['ID']['input'];
  poNumber: Scalars['String']['input'];
};


export type QueryOrdersArgs = {
  filter?: InputMaybe<OrderFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryOrderChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryPartnerArgs = {
  id: Scalars['ID']['input'];
};


export type QueryPartnersArgs = {
  search?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Submits one order. Once answered it is durable; stock and payment follow and show in its status. */
  readonly placeOrder: PlaceOrderPayload;
  /**
   * Cancels an order, or units of its lines. Before it is confirmed, and for units that wait for receipts, at once; refused with
   * ORDER_STATE for what is confirmed.
   */
  readonly cancelOrder: OrderPayload;
  /** Creates or changes partners. For the ERP; at most 1,000 rows. */
  readonly upsertPartners: UpsertPayload;
  /** Tries dead letters of orders again, in order. For operators. */
  readonly replayOrdersDeadLetters: DeadLettersPayload;
  /** Gives dead letters of orders up for good. For operators. */
  readonly discardOrdersDeadLetters: DeadLettersPayload;
};


export type MutationPlaceOrderArgs = {
  input: PlaceOrderInput;
};


export type MutationCancelOrderArgs = {
  input: CancelOrderInput;
};


export type MutationUpsertPartnersArgs = {
  input: UpsertPartnersInput;
};


export type MutationReplayOrdersDeadLettersArgs = {
  input: ReplayDeadLettersInput;
};


export type MutationDiscardOrdersDeadLettersArgs = {
  input: DiscardDeadLettersInput;
};

/** What operators look after; every subgraph adds its own. */
export type Operations = {
  readonly __typename?: 'Operations';
  /** Events that orders could not apply, in the order of parking; parked ones unless another status is asked for, null for all. */
  readonly ordersDeadLetters?: Maybe<DeadLetterConnection>;
  /** What orders' parked letters failed for, the largest group first; at most 100. */
  readonly ordersDeadLetterGroups?: Maybe<ReadonlyArray<DeadLetterGroup>>;
  /** Orders that were reminded because they wait longer in their status than they may, and orders on hold; the oldest first. */
  readonly stuckOrders?: Maybe<OrderConnection>;
};


/** What operators look after; every subgraph adds its own. */
export type OperationsOrdersDeadLettersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<DeadLetterStatus>;
  key?: InputMaybe<Scalars['String']['input']>;
  fingerprint?: InputMaybe<Scalars['String']['input']>;
};


/** What operators look after; every subgraph adds its own. */
export type OperationsStuckOrdersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** One order to submit. */
export type PlaceOrderInput = {
  /** 1 to 255 characters, chosen by the client; the same key never makes a second order. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The buying partner: implied by a buyer's token, needed from a rep or the ERP. */
  readonly partnerId?: InputMaybe<Scalars['ID']['input']>;
  /** The partner's own number for the order, at most 64 characters; one live order per number. */
  readonly poNumber?: InputMaybe<Scalars['String']['input']>;
  /** Where to ship; the partner's address when absent. */
  readonly shipTo?: InputMaybe<AddressInput>;
  /** The day the partner would like it to leave. */
  readonly requestedShipDate?: InputMaybe<Scalars['Date']['input']>;
  /** What to do when stock is short. */
  readonly shortagePolicy?: ShortagePolicy;
  /** How to pay; the partner's terms when absent. */
  readonly payment?: InputMaybe<PaymentInput>;
  /** 1 to 1,000 lines of distinct SKUs. */
  readonly lines: ReadonlyArray<OrderLineInput>;
  /** A hold of stock to claim. */
  readonly holdId?: InputMaybe<Scalars['ID']['input']>;
  /** Refuse with PRICE_CHANGED when the total differs. */
  readonly expectedTotal?: InputMaybe<MoneyInput>;
  /** Free text, at most 2,000 characters. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
  /** Answer when this is reached or refused, or at waitMs with the state so far. */
  readonly waitFor?: InputMaybe<OrderMilestone>;
  /** At most 10,000 milliseconds. */
  readonly waitMs?: InputMaybe<Scalars['Int']['input']>;
};

/** One SKU of an order. */
export type OrderLineInput = {
  /** The product's code. */
  readonly sku: Scalars['String']['input'];
  /** 1 to 1,000,000 units. */
  readonly quantity: Scalars['Int']['input'];
};

/** How an order is paid. */
export type PaymentInput = {
  /** Terms or card. */
  readonly method: PaymentMethod;
  /** The provider's token of a card, 1 to 255 characters; with CARD only. It appears in no log, event view or timeline. */
  readonly cardToken?: InputMaybe<Scalars['String']['input']>;
};

/** Ways to pay. */
export type PaymentMethod =
  /** Later, on the partner's credit account. */
  | 'TERMS'
  /** By card, authorised now and captured on shipment. */
  | 'CARD';

/** What to do when stock is short. */
export type ShortagePolicy =
  /** Refuse the whole order. */
  | 'REJECT'
  /** Ship what there is and cancel the rest. */
  | 'SHIP_AVAILABLE'
  /** Ship what there is and wait for the rest. */
  | 'BACKORDER';

/** Points of an order's way that `placeOrder` can wait for. */
export type OrderMilestone =
  /** Durably accepted. */
  | 'PLACED'
  /** Stock reserved and payment secured. */
  | 'CONFIRMED'
  /** Handed to a warehouse. */
  | 'RELEASED';

/** A postal address. */
export type AddressInput = {
  /** Company or person. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** Street, building, door. */
  readonly lines?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Town. */
  readonly city?: InputMaybe<Scalars['String']['input']>;
  /** Post code. */
  readonly postalCode?: InputMaybe<Scalars['String']['input']>;
  /** Country name or ISO 3166 code, at most 64 characters. */
  readonly country: Scalars['String']['input'];
};

/** A postal address. */
export type Address = {
  readonly __typename?: 'Address';
  /** Company or person. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** Street, building, door. */
  readonly lines: ReadonlyArray<Scalars['String']['output']>;
  /** Town. */
  readonly city?: Maybe<Scalars['String']['output']>;
  /** Post code. */
  readonly postalCode?: Maybe<Scalars['String']['output']>;
  /** Country. */
  readonly country: Scalars['String']['output'];
};

/** An order, or units of it, that shall not come. */
export type CancelOrderInput = {
  /** 1 to 255 characters, chosen by the client. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The order. */
  readonly orderId: Scalars['ID']['input'];
  /** Units to cancel; absent for the whole order. */
  readonly lines?: InputMaybe<ReadonlyArray<OrderLineInput>>;
  /** At most 500 characters, shown as the order's statusReason. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** Refuse with CONFLICT when the order's version differs. */
  readonly expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** Answer of the mutations that change an order. */
export type OrderPayload = {
  readonly __typename?: 'OrderPayload';
  /** The order in its present state; null when there is none. */
  readonly order?: Maybe<Order>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done; empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Answer of `placeOrder`. */
export type PlaceOrderPayload = {
  readonly __typename?: 'PlaceOrderPayload';
  /** The order in its present state; null when refused. */
  readonly order?: Maybe<Order>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done; empty when the order was accepted. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Partners to create or change. */
export type UpsertPartnersInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** What a refused row does to the others. */
  readonly errorPolicy?: ErrorPolicy;
  /** 1 to 1,000 rows. */
  readonly partners: ReadonlyArray<PartnerInput>;
};

/** One partner, in the ERP's own codes. */
export type PartnerInput = {
  /** The ERP's code, at most 64 characters. */
  readonly id: Scalars['ID']['input'];
  /** At most 200 characters. */
  readonly name: Scalars['String']['input'];
  /** The currency of its orders; it cannot change later. */
  readonly currencyCode: Scalars['CurrencyCode']['input'];
  /** Where its orders go by default. */
  readonly shipTo?: InputMaybe<AddressInput>;
  /** How it may pay. */
  readonly paymentMethods?: ReadonlyArray<PaymentMethod>;
};

/** Which orders to list; all conditions hold together. */
export type OrderFilter = {
  /** Of these partners. */
  readonly partnerIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** In these states. */
  readonly statuses?: InputMaybe<ReadonlyArray<OrderStatus>>;
  /** Placed at or after. */
  readonly placedFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Placed before. */
  readonly placedTo?: InputMaybe<Scalars['DateTime']['input']>;
  /** With a line of this SKU. */
  readonly sku?: InputMaybe<Scalars['String']['input']>;
  /** With exactly this PO number. */
  readonly poNumber?: InputMaybe<Scalars['String']['input']>;
};

/** Where an order is on its way. */
export type OrderStatus =
  /** Waits for the partner's approver. */
  | 'AWAITING_APPROVAL'
  /** Durably accepted; stock and payment are being secured. */
  | 'PLACED'
  /** Stock reserved, payment secured. */
  | 'CONFIRMED'
  /** Handed to at least one warehouse. */
  | 'RELEASED'
  /** Some of it has left. */
  | 'PARTIALLY_SHIPPED'
  /** All of it has left. */
  | 'SHIPPED'
  /** Nothing reserved yet, waiting for receipts. */
  | 'BACKORDERED'
  /** Needs a person. */
  | 'ON_HOLD'
  /** Refused after acceptance; see statusReason. */
  | 'REJECTED'
  /** Cancelled by a person. */
  | 'CANCELLED';

/** An order of a partner. Seen by that partner, its reps, the ERP and operators. */
export type Order = {
  readonly __typename?: 'Order';
  /** UUIDv7. */
  readonly id: Scalars['ID']['output'];
  /** The number people read. */
  readonly number: Scalars['String']['output'];
  /** Grows by one with every fact of the order's own stream. */
  readonly version: Scalars['Int']['output'];
  /** Where the order is on its way. */
  readonly status: OrderStatus;
  /** Why, when the status is REJECTED, ON_HOLD or CANCELLED. */
  readonly statusReason?: Maybe<Scalars['String']['output']>;
  /** While the status is ON_HOLD: why nothing more happens by itself. */
  readonly holdReason?: Maybe<Scalars['String']['output']>;
  /** While the status is ON_HOLD: who must act. */
  readonly holdOwner?: Maybe<Scalars['String']['output']>;
  /** When a cancellation was asked for that is not yet decided. */
  readonly cancellationRequestedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The buying partner. */
  readonly partner: Partner;
  /** The partner's own number. */
  readonly poNumber?: Maybe<Scalars['String']['output']>;
  /** When it was accepted. */
  readonly placedAt: Scalars['DateTime']['output'];
  /** The subject of the token that placed it. */
  readonly placedBy: Scalars['String']['output'];
  /** Where it goes. */
  readonly shipTo?: Maybe<Address>;
  /** The day the partner would like it to leave. */
  readonly requestedShipDate?: Maybe<Scalars['Date']['output']>;
  /** What to do when stock is short. */
  readonly shortagePolicy: ShortagePolicy;
  /** Free text of the partner. */
  readonly note?: Maybe<Scalars['String']['output']>;
  /** One for each SKU, as submitted. */
  readonly lines: ReadonlyArray<OrderLine>;
  /** Sum of the lines. */
  readonly subtotal: Money;
  /** What the order costs, without tax. */
  readonly total: Money;
  /** Every fact of every subgraph about the order, in the order it became known. */
  readonly timeline: ReadonlyArray<TimelineEntry>;
};

/** One SKU of an order; quantities in units. */
export type OrderLine = {
  readonly __typename?: 'OrderLine';
  /** Stable within the order. */
  readonly id: Scalars['ID']['output'];
  /** The product's code. */
  readonly sku: Scalars['String']['output'];
  /** The product's present name. */
  readonly name: Scalars['String']['output'];
  /** The product. */
  readonly product?: Maybe<Product>;
  /** Units ordered. */
  readonly quantity: Scalars['Int']['output'];
  /** Price of one unit when placed. */
  readonly unitPrice: Money;
  /** Unit price times quantity. */
  readonly lineTotal: Money;
  /** Units claimed and not yet shipped. */
  readonly reserved: Scalars['Int']['output'];
  /** Units waiting for receipts. */
  readonly backordered: Scalars['Int']['output'];
  /** Units that left. */
  readonly shipped: Scalars['Int']['output'];
  /** Units that will not come. */
  readonly cancelled: Scalars['Int']['output'];
};

/** One fact about an order. */
export type TimelineEntry = {
  readonly __typename?: 'TimelineEntry';
  /** The fact, such as StockReserved. */
  readonly type: Scalars['String']['output'];
  /** When it was recorded at its source. */
  readonly occurredAt: Scalars['DateTime']['output'];
  /** Version of the fact's own stream. */
  readonly version: Scalars['Int']['output'];
  /** The fact in a sentence, for people. */
  readonly summary: Scalars['String']['output'];
  /** The subgraph that said it. */
  readonly source: Scalars['String']['output'];
};

/** A company that buys. Seen by itself, its reps, the ERP and operators. */
export type Partner = {
  readonly __typename?: 'Partner';
  /** The ERP's code. */
  readonly id: Scalars['ID']['output'];
  /** The company's name. */
  readonly name: Scalars['String']['output'];
  /** The currency of its orders. */
  readonly currencyCode: Scalars['CurrencyCode']['output'];
};

/** A product as far as prices go. */
export type Product = {
  readonly __typename?: 'Product';
  /** The product's code. */
  readonly sku: Scalars['String']['output'];
  /** Price of one unit for everybody. */
  readonly listPrice?: Maybe<Money>;
  /** Price of one unit for a partner at a quantity; the viewer's own partner when absent. */
  readonly price?: Maybe<Money>;
};


/** A product as far as prices go. */
export type ProductPriceArgs = {
  partnerId?: InputMaybe<Scalars['ID']['input']>;
  quantity?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of orders. */
export type OrderConnection = {
  readonly __typename?: 'OrderConnection';
  /** The page with cursors. */
  readonly edges: ReadonlyArray<OrderEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Order>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** An order and its place in the list. */
export type OrderEdge = {
  readonly __typename?: 'OrderEdge';
  /** Place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The order. */
  readonly node: Order;
};

/** A page of changes. */
export type OrderChangeConnection = {
  readonly __typename?: 'OrderChangeConnection';
  /** The page with cursors. */
  readonly edges: ReadonlyArray<OrderChangeEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<OrderChange>;
  /** Where the page lies; `endCursor` is set even on an empty page. */
  readonly pageInfo: PageInfo;
};

/** A change and its place. */
export type OrderChangeEdge = {
  readonly __typename?: 'OrderChangeEdge';
  /** Place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The change. */
  readonly node: OrderChange;
};

/** One fact of an order's own stream. */
export type OrderChange = {
  readonly __typename?: 'OrderChange';
  /** The order in its present state. */
  readonly order: Order;
  /** The order's version after this change. */
  readonly version: Scalars['Int']['output'];
  /** The fact, such as OrderConfirmed. */
  readonly type: Scalars['String']['output'];
  /** When it was recorded. */
  readonly occurredAt: Scalars['DateTime']['output'];
};

/** A page of partners. */
export type PartnerConnection = {
  readonly __typename?: 'PartnerConnection';
  /** The page with cursors. */
  readonly edges: ReadonlyArray<PartnerEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Partner>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** A partner and its place in the list. */
export type PartnerEdge = {
  readonly __typename?: 'PartnerEdge';
  /** Place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The partner. */
  readonly node: Partner;
};

/** Who is asking, by the token. */
export type Viewer = {
  readonly __typename?: 'Viewer';
  /** The token's subject. */
  readonly subject: Scalars['String']['output'];
  /** The token's role. */
  readonly role: Role;
  /** The partners the token speaks for; empty for roles that see all. */
  readonly partners: ReadonlyArray<Partner>;
};

/** Roles a token can have. */
export type Role =
  /** Buys for one partner. */
  | 'BUYER'
  /** Approves for one partner. */
  | 'APPROVER'
  /** Sells to the partners assigned. */
  | 'REP'
  /** The ERP system. */
  | 'ERP'
  /** The system of one warehouse. */
  | 'WMS'
  /** Runs the platform. */
  | 'OPERATOR';



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
  Partner: Partner;
  Product: Product;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
  Partner:
    ( { __typename: 'Partner' }
    & GraphQLRecursivePick<FederationTypes['Partner'], {"id":true}> );
  Product:
    ( { __typename: 'Product' }
    & GraphQLRecursivePick<FederationTypes['Product'], {"sku":true}> );
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
  Operations: ResolverTypeWrapper<Omit<Operations, 'stuckOrders'> & { stuckOrders?: Maybe<ResolversTypes['OrderConnection']> }>;
  PlaceOrderInput: PlaceOrderInput;
  OrderLineInput: OrderLineInput;
  PaymentInput: PaymentInput;
  PaymentMethod: PaymentMethod;
  ShortagePolicy: ShortagePolicy;
  OrderMilestone: OrderMilestone;
  AddressInput: AddressInput;
  Address: ResolverTypeWrapper<Address>;
  CancelOrderInput: CancelOrderInput;
  OrderPayload: ResolverTypeWrapper<Omit<OrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }>;
  PlaceOrderPayload: ResolverTypeWrapper<Omit<PlaceOrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }>;
  UpsertPartnersInput: UpsertPartnersInput;
  PartnerInput: PartnerInput;
  OrderFilter: OrderFilter;
  OrderStatus: OrderStatus;
  Order: ResolverTypeWrapper<OrderParent>;
  OrderLine: ResolverTypeWrapper<OrderLineParent>;
  TimelineEntry: ResolverTypeWrapper<TimelineEntry>;
  Partner: ResolverTypeWrapper<PartnerParent>;
  Product: ResolverTypeWrapper<ProductParent>;
  OrderConnection: ResolverTypeWrapper<Omit<OrderConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['OrderEdge']>, nodes: ReadonlyArray<ResolversTypes['Order']> }>;
  OrderEdge: ResolverTypeWrapper<Omit<OrderEdge, 'node'> & { node: ResolversTypes['Order'] }>;
  OrderChangeConnection: ResolverTypeWrapper<Omit<OrderChangeConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['OrderChangeEdge']>, nodes: ReadonlyArray<ResolversTypes['OrderChange']> }>;
  OrderChangeEdge: ResolverTypeWrapper<Omit<OrderChangeEdge, 'node'> & { node: ResolversTypes['OrderChange'] }>;
  OrderChange: ResolverTypeWrapper<OrderChangeParent>;
  PartnerConnection: ResolverTypeWrapper<Omit<PartnerConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PartnerEdge']>, nodes: ReadonlyArray<ResolversTypes['Partner']> }>;
  PartnerEdge: ResolverTypeWrapper<Omit<PartnerEdge, 'node'> & { node: ResolversTypes['Partner'] }>;
  Viewer: ResolverTypeWrapper<Omit<Viewer, 'partners'> & { partners: ReadonlyArray<ResolversTypes['Partner']> }>;
  Role: Role;
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
  Operations: Omit<Operations, 'stuckOrders'> & { stuckOrders?: Maybe<ResolversParentTypes['OrderConnection']> };
  PlaceOrderInput: PlaceOrderInput;
  OrderLineInput: OrderLineInput;
  PaymentInput: PaymentInput;
  AddressInput: AddressInput;
  Address: Address;
  CancelOrderInput: CancelOrderInput;
  OrderPayload: Omit<OrderPayload, 'order'> & { order?: Maybe<ResolversParentTypes['Order']> };
  PlaceOrderPayload: Omit<PlaceOrderPayload, 'order'> & { order?: Maybe<ResolversParentTypes['Order']> };
  UpsertPartnersInput: UpsertPartnersInput;
  PartnerInput: PartnerInput;
  OrderFilter: OrderFilter;
  Order: OrderParent;
  OrderLine: OrderLineParent;
  TimelineEntry: TimelineEntry;
  Partner: PartnerParent;
  Product: ProductParent;
  OrderConnection: Omit<OrderConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['OrderEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Order']> };
  OrderEdge: Omit<OrderEdge, 'node'> & { node: ResolversParentTypes['Order'] };
  OrderChangeConnection: Omit<OrderChangeConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['OrderChangeEdge']>, nodes: ReadonlyArray<ResolversParentTypes['OrderChange']> };
  OrderChangeEdge: Omit<OrderChangeEdge, 'node'> & { node: ResolversParentTypes['OrderChange'] };
  OrderChange: OrderChangeParent;
  PartnerConnection: Omit<PartnerConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PartnerEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Partner']> };
  PartnerEdge: Omit<PartnerEdge, 'node'> & { node: ResolversParentTypes['Partner'] };
  Viewer: Omit<Viewer, 'partners'> & { partners: ReadonlyArray<ResolversParentTypes['Partner']> };
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
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, RequireFields<QueryOrderArgs, 'id'>>;
  orderByNumber?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, RequireFields<QueryOrderByNumberArgs, 'number'>>;
  orderByPoNumber?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType, RequireFields<QueryOrderByPoNumberArgs, 'partnerId' | 'poNumber'>>;
  orders?: Resolver<ResolversTypes['OrderConnection'], ParentType, ContextType, RequireFields<QueryOrdersArgs, 'first'>>;
  orderChanges?: Resolver<ResolversTypes['OrderChangeConnection'], ParentType, ContextType, RequireFields<QueryOrderChangesArgs, 'first'>>;
  orderFeedCursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  partner?: Resolver<Maybe<ResolversTypes['Partner']>, ParentType, ContextType, RequireFields<QueryPartnerArgs, 'id'>>;
  partners?: Resolver<ResolversTypes['PartnerConnection'], ParentType, ContextType, RequireFields<QueryPartnersArgs, 'first'>>;
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
  operations?: Resolver<ResolversTypes['Operations'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  placeOrder?: Resolver<ResolversTypes['PlaceOrderPayload'], ParentType, ContextType, RequireFields<MutationPlaceOrderArgs, 'input'>>;
  cancelOrder?: Resolver<ResolversTypes['OrderPayload'], ParentType, ContextType, RequireFields<MutationCancelOrderArgs, 'input'>>;
  upsertPartners?: Resolver<ResolversTypes['UpsertPayload'], ParentType, ContextType, RequireFields<MutationUpsertPartnersArgs, 'input'>>;
  replayOrdersDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, RequireFields<MutationReplayOrdersDeadLettersArgs, 'input'>>;
  discardOrdersDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, RequireFields<MutationDiscardOrdersDeadLettersArgs, 'input'>>;
};

export type OperationsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Operations'] = ResolversParentTypes['Operations']> = {
  ordersDeadLetters?: Resolver<Maybe<ResolversTypes['DeadLetterConnection']>, ParentType, ContextType, RequireFields<OperationsOrdersDeadLettersArgs, 'first' | 'status'>>;
  ordersDeadLetterGroups?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DeadLetterGroup']>>, ParentType, ContextType>;
  stuckOrders?: Resolver<Maybe<ResolversTypes['OrderConnection']>, ParentType, ContextType, RequireFields<OperationsStuckOrdersArgs, 'first'>>;
};

export type AddressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Address'] = ResolversParentTypes['Address']> = {
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  city?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  postalCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  country?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OrderPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderPayload'] = ResolversParentTypes['OrderPayload']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PlaceOrderPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlaceOrderPayload'] = ResolversParentTypes['PlaceOrderPayload']> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  number?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  statusReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  holdReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  holdOwner?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  cancellationRequestedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  partner?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
  poNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  placedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  placedBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  shipTo?: Resolver<Maybe<ResolversTypes['Address']>, ParentType, ContextType>;
  requestedShipDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  shortagePolicy?: Resolver<ResolversTypes['ShortagePolicy'], ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['OrderLine']>, ParentType, ContextType>;
  subtotal?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  timeline?: Resolver<ReadonlyArray<ResolversTypes['TimelineEntry']>, ParentType, ContextType>;
};

export type OrderLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderLine'] = ResolversParentTypes['OrderLine']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  lineTotal?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  reserved?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  backordered?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  shipped?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cancelled?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TimelineEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TimelineEntry'] = ResolversParentTypes['TimelineEntry']> = {
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PartnerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Partner'] = ResolversParentTypes['Partner'], FederationReferenceType extends FederationReferenceTypes['Partner'] = FederationReferenceTypes['Partner']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Partner']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  currencyCode?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
};

export type ProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'], FederationReferenceType extends FederationReferenceTypes['Product'] = FederationReferenceTypes['Product']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Product']> | FederationReferenceType, FederationReferenceType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  listPrice?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  price?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType, RequireFields<ProductPriceArgs, 'quantity'>>;
};

export type OrderConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderConnection'] = ResolversParentTypes['OrderConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['OrderEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Order']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OrderEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderEdge'] = ResolversParentTypes['OrderEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
};

export type OrderChangeConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderChangeConnection'] = ResolversParentTypes['OrderChangeConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['OrderChangeEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['OrderChange']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OrderChangeEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderChangeEdge'] = ResolversParentTypes['OrderChangeEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['OrderChange'], ParentType, ContextType>;
};

export type OrderChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OrderChange'] = ResolversParentTypes['OrderChange']> = {
  order?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  occurredAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type PartnerConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PartnerConnection'] = ResolversParentTypes['PartnerConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PartnerEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Partner']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PartnerEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PartnerEdge'] = ResolversParentTypes['PartnerEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Partner'], ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
  partners?: Resolver<ReadonlyArray<ResolversTypes['Partner']>, ParentType, ContextType>;
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
  Address?: AddressResolvers<ContextType>;
  OrderPayload?: OrderPayloadResolvers<ContextType>;
  PlaceOrderPayload?: PlaceOrderPayloadResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  OrderLine?: OrderLineResolvers<ContextType>;
  TimelineEntry?: TimelineEntryResolvers<ContextType>;
  Partner?: PartnerResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  OrderConnection?: OrderConnectionResolvers<ContextType>;
  OrderEdge?: OrderEdgeResolvers<ContextType>;
  OrderChangeConnection?: OrderChangeConnectionResolvers<ContextType>;
  OrderChangeEdge?: OrderChangeEdgeResolvers<ContextType>;
  OrderChange?: OrderChangeResolvers<ContextType>;
  PartnerConnection?: PartnerConnectionResolvers<ContextType>;
  PartnerEdge?: PartnerEdgeResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
};
