// Generated from schema/ by `npm run generate`; change the SDL instead.
// A type `<Name>Parent` exported by ./parents.ts is what resolvers of <Name> get as their parent.

import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { OrderParent, ShipmentParent } from './parents.ts';
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
  /** All warehouses, by id. */
  readonly warehouses: ReadonlyArray<Warehouse>;
  /** One shipment. Null when there is none or it is another partner's or warehouse's. */
  readonly shipment?: Maybe<Shipment>;
  /** Shipments the caller may see, newest first. */
  readonly shipments: ShipmentConnection;
  /** What operators look after. */
  readonly operations: Operations;
};


export type QueryShipmentArgs = {
  id: Scalars['ID']['input'];
};


export type QueryShipmentsArgs = {
  warehouseId?: InputMaybe<Scalars['ID']['input']>;
  statuses?: InputMaybe<ReadonlyArray<ShipmentStatus>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Says that a shipment leaves now: the commit point before goods leave. For the WMS of its warehouse. */
  readonly confirmShipment: ShipmentPayload;
  /** The same for up to 100 shipments of one warehouse, each with its own verdict. */
  readonly confirmShipments: ConfirmShipmentsPayload;
  /** Creates or changes warehouses. For the ERP; at most 1,000 rows. */
  readonly upsertWarehouses: UpsertPayload;
  /** Tries dead letters of fulfillment again, in order. For operators. */
  readonly replayFulfillmentDeadLetters: DeadLettersPayload;
  /** Gives dead letters of fulfillment up for good. For operators. */
  readonly discardFulfillmentDeadLetters: DeadLettersPayload;
};


export type MutationConfirmShipmentArgs = {
  input: ConfirmShipmentInput;
};


export type MutationConfirmShipmentsArgs = {
  input: ConfirmShipmentsInput;
};


export type MutationUpsertWarehousesArgs = {
  input: UpsertWarehousesInput;
};


export type MutationReplayFulfillmentDeadLettersArgs = {
  input: ReplayDeadLettersInput;
};


export type MutationDiscardFulfillmentDeadLettersArgs = {
  input: DiscardDeadLettersInput;
};

/** What operators look after; every subgraph adds its own. */
export type Operations = {
  readonly __typename?: 'Operations';
  /** Events that fulfillment could not apply, in the order of parking; parked ones unless another status is asked for, null for all. */
  readonly fulfillmentDeadLetters?: Maybe<DeadLetterConnection>;
  /** What fulfillment's parked letters failed for, the largest group first; at most 100. */
  readonly fulfillmentDeadLetterGroups?: Maybe<ReadonlyArray<DeadLetterGroup>>;
};


/** What operators look after; every subgraph adds its own. */
export type OperationsFulfillmentDeadLettersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<DeadLetterStatus>;
  key?: InputMaybe<Scalars['String']['input']>;
  fingerprint?: InputMaybe<Scalars['String']['input']>;
};

/** A shipment that leaves. */
export type ConfirmShipmentInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The shipment. */
  readonly shipmentId: Scalars['ID']['input'];
  /** The release it was told with; an older one is refused. */
  readonly releaseEpoch: Scalars['Int']['input'];
  /** What leaves; exactly the shipment's lines. */
  readonly lines: ReadonlyArray<ShipmentLineInput>;
  /** Who carries it, at most 64 characters. */
  readonly carrier?: InputMaybe<Scalars['String']['input']>;
  /** The carrier's number, at most 128 characters. */
  readonly trackingNumber?: InputMaybe<Scalars['String']['input']>;
};

/** Shipments that leave. */
export type ConfirmShipmentsInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** 1 to 100 rows. */
  readonly shipments: ReadonlyArray<ConfirmShipmentRowInput>;
};

/** One shipment that leaves. */
export type ConfirmShipmentRowInput = {
  /** The shipment. */
  readonly shipmentId: Scalars['ID']['input'];
  /** The release it was told with; an older one is refused. */
  readonly releaseEpoch: Scalars['Int']['input'];
  /** What leaves; exactly the shipment's lines. */
  readonly lines: ReadonlyArray<ShipmentLineInput>;
  /** Who carries it, at most 64 characters. */
  readonly carrier?: InputMaybe<Scalars['String']['input']>;
  /** The carrier's number, at most 128 characters. */
  readonly trackingNumber?: InputMaybe<Scalars['String']['input']>;
};

/** Units of one SKU in a shipment. */
export type ShipmentLineInput = {
  /** The product's code. */
  readonly sku: Scalars['String']['input'];
  /** 1 to 1,000,000 units. */
  readonly quantity: Scalars['Int']['input'];
};

/** Answer of the shipment mutations. */
export type ShipmentPayload = {
  readonly __typename?: 'ShipmentPayload';
  /** The shipment in its present state; null when refused as unknown. */
  readonly shipment?: Maybe<Shipment>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done; empty when it was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Answer of `confirmShipments`. */
export type ConfirmShipmentsPayload = {
  readonly __typename?: 'ConfirmShipmentsPayload';
  /** One for each row. */
  readonly results: ReadonlyArray<ConfirmShipmentResult>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Refusals of the request as a whole. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What happened to one row. */
export type ConfirmShipmentResult = {
  readonly __typename?: 'ConfirmShipmentResult';
  /** Place of the row in the input, from 0. */
  readonly index: Scalars['Int']['output'];
  /** The shipment in its present state; null when refused as unknown. */
  readonly shipment?: Maybe<Shipment>;
  /** Why the row was refused; empty when it was confirmed. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Warehouses to create or change. */
export type UpsertWarehousesInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** What a refused row does to the others. */
  readonly errorPolicy?: ErrorPolicy;
  /** 1 to 1,000 rows. */
  readonly warehouses: ReadonlyArray<WarehouseInput>;
};

/** One warehouse, in the ERP's own codes. */
export type WarehouseInput = {
  /** The ERP's code, at most 64 characters. */
  readonly id: Scalars['ID']['input'];
  /** At most 200 characters. */
  readonly name: Scalars['String']['input'];
  /** Country it stands in, at most 64 characters. */
  readonly country?: InputMaybe<Scalars['String']['input']>;
  /** Lower is tried first. */
  readonly priority?: Scalars['Int']['input'];
};

/** A place that ships. */
export type Warehouse = {
  readonly __typename?: 'Warehouse';
  /** The ERP's code. */
  readonly id: Scalars['ID']['output'];
  /** The warehouse's name. */
  readonly name: Scalars['String']['output'];
  /** Whether it takes work. */
  readonly status: WarehouseStatus;
};

/** Whether a warehouse takes work. */
export type WarehouseStatus =
  /** Takes work. */
  | 'OPEN'
  /** Finishes what it has, takes nothing new. */
  | 'PAUSED'
  /** Cannot work. */
  | 'DOWN';

/** An order as far as shipping goes. */
export type Order = {
  readonly __typename?: 'Order';
  /** UUIDv7. */
  readonly id: Scalars['ID']['output'];
  /** What warehouses were told to pick for it. */
  readonly shipments?: Maybe<ReadonlyArray<Shipment>>;
  /** How the warehouses were chosen; null until planned. */
  readonly routing?: Maybe<RoutingDecision>;
};

/** How an order's warehouses were chosen. */
export type RoutingDecision = {
  readonly __typename?: 'RoutingDecision';
  /** The rule that decided; of an order in waves, that of the latest plan. */
  readonly rule: Scalars['String']['output'];
  /** Counts the order's plans, of all its waves, from 1. */
  readonly attempt: Scalars['Int']['output'];
  /** When it was decided. */
  readonly decidedAt: Scalars['DateTime']['output'];
  /** The decision in sentences; of an order in waves, that on each wave's last plan. */
  readonly explanation: ReadonlyArray<Scalars['String']['output']>;
};

/** What one warehouse is told to pick for one order. */
export type Shipment = {
  readonly __typename?: 'Shipment';
  /** UUID. */
  readonly id: Scalars['ID']['output'];
  /** The order it is for. */
  readonly order?: Maybe<Order>;
  /** The warehouse that ships it. */
  readonly warehouse: Warehouse;
  /** Where it is on its way. */
  readonly status: ShipmentStatus;
  /** Grows by one with every fact of the shipment. */
  readonly version: Scalars['Int']['output'];
  /** Grows by one with every release; a confirmation must name it. */
  readonly releaseEpoch: Scalars['Int']['output'];
  /** Units for each SKU. */
  readonly lines: ReadonlyArray<ShipmentLine>;
  /** Who carries it. */
  readonly carrier?: Maybe<Scalars['String']['output']>;
  /** The carrier's number. */
  readonly trackingNumber?: Maybe<Scalars['String']['output']>;
};

/** One SKU of a shipment. */
export type ShipmentLine = {
  readonly __typename?: 'ShipmentLine';
  /** The product's code. */
  readonly sku: Scalars['String']['output'];
  /** Units to pick. */
  readonly quantity: Scalars['Int']['output'];
};

/** Where a shipment is on its way. */
export type ShipmentStatus =
  /** Chosen; stock not yet assigned. */
  | 'PLANNED'
  /** Told to the warehouse. */
  | 'RELEASED'
  /** Being picked. */
  | 'PICKING'
  /** Left. */
  | 'SHIPPED'
  /** Given up. */
  | 'CANCELLED'
  /** Replaced by another. */
  | 'REROUTED';

/** A page of shipments. */
export type ShipmentConnection = {
  readonly __typename?: 'ShipmentConnection';
  /** The page with cursors. */
  readonly edges: ReadonlyArray<ShipmentEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Shipment>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** A shipment and its place in the list. */
export type ShipmentEdge = {
  readonly __typename?: 'ShipmentEdge';
  /** Place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The shipment. */
  readonly node: Shipment;
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
  Warehouse: Warehouse;
  Order: Order;
  Shipment: Shipment;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Warehouse:
    ( { __typename: 'Warehouse' }
    & GraphQLRecursivePick<FederationTypes['Warehouse'], {"id":true}> );
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
  Shipment:
    ( { __typename: 'Shipment' }
    & GraphQLRecursivePick<FederationTypes['Shipment'], {"id":true}> );
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
  ConfirmShipmentInput: ConfirmShipmentInput;
  ConfirmShipmentsInput: ConfirmShipmentsInput;
  ConfirmShipmentRowInput: ConfirmShipmentRowInput;
  ShipmentLineInput: ShipmentLineInput;
  ShipmentPayload: ResolverTypeWrapper<Omit<ShipmentPayload, 'shipment'> & { shipment?: Maybe<ResolversTypes['Shipment']> }>;
  ConfirmShipmentsPayload: ResolverTypeWrapper<Omit<ConfirmShipmentsPayload, 'results'> & { results: ReadonlyArray<ResolversTypes['ConfirmShipmentResult']> }>;
  ConfirmShipmentResult: ResolverTypeWrapper<Omit<ConfirmShipmentResult, 'shipment'> & { shipment?: Maybe<ResolversTypes['Shipment']> }>;
  UpsertWarehousesInput: UpsertWarehousesInput;
  WarehouseInput: WarehouseInput;
  Warehouse: ResolverTypeWrapper<Warehouse>;
  WarehouseStatus: WarehouseStatus;
  Order: ResolverTypeWrapper<OrderParent>;
  RoutingDecision: ResolverTypeWrapper<RoutingDecision>;
  Shipment: ResolverTypeWrapper<ShipmentParent>;
  ShipmentLine: ResolverTypeWrapper<ShipmentLine>;
  ShipmentStatus: ShipmentStatus;
  ShipmentConnection: ResolverTypeWrapper<Omit<ShipmentConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ShipmentEdge']>, nodes: ReadonlyArray<ResolversTypes['Shipment']> }>;
  ShipmentEdge: ResolverTypeWrapper<Omit<ShipmentEdge, 'node'> & { node: ResolversTypes['Shipment'] }>;
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
  ConfirmShipmentInput: ConfirmShipmentInput;
  ConfirmShipmentsInput: ConfirmShipmentsInput;
  ConfirmShipmentRowInput: ConfirmShipmentRowInput;
  ShipmentLineInput: ShipmentLineInput;
  ShipmentPayload: Omit<ShipmentPayload, 'shipment'> & { shipment?: Maybe<ResolversParentTypes['Shipment']> };
  ConfirmShipmentsPayload: Omit<ConfirmShipmentsPayload, 'results'> & { results: ReadonlyArray<ResolversParentTypes['ConfirmShipmentResult']> };
  ConfirmShipmentResult: Omit<ConfirmShipmentResult, 'shipment'> & { shipment?: Maybe<ResolversParentTypes['Shipment']> };
  UpsertWarehousesInput: UpsertWarehousesInput;
  WarehouseInput: WarehouseInput;
  Warehouse: Warehouse | FederationReferenceTypes['Warehouse'];
  Order: OrderParent;
  RoutingDecision: RoutingDecision;
  Shipment: ShipmentParent;
  ShipmentLine: ShipmentLine;
  ShipmentConnection: Omit<ShipmentConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ShipmentEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Shipment']> };
  ShipmentEdge: Omit<ShipmentEdge, 'node'> & { node: ResolversParentTypes['Shipment'] };
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
  warehouses?: Resolver<ReadonlyArray<ResolversTypes['Warehouse']>, ParentType, ContextType>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType, RequireFields<QueryShipmentArgs, 'id'>>;
  shipments?: Resolver<ResolversTypes['ShipmentConnection'], ParentType, ContextType, RequireFields<QueryShipmentsArgs, 'first'>>;
  operations?: Resolver<ResolversTypes['Operations'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  confirmShipment?: Resolver<ResolversTypes['ShipmentPayload'], ParentType, ContextType, RequireFields<MutationConfirmShipmentArgs, 'input'>>;
  confirmShipments?: Resolver<ResolversTypes['ConfirmShipmentsPayload'], ParentType, ContextType, RequireFields<MutationConfirmShipmentsArgs, 'input'>>;
  upsertWarehouses?: Resolver<ResolversTypes['UpsertPayload'], ParentType, ContextType, RequireFields<MutationUpsertWarehousesArgs, 'input'>>;
  replayFulfillmentDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, RequireFields<MutationReplayFulfillmentDeadLettersArgs, 'input'>>;
  discardFulfillmentDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, RequireFields<MutationDiscardFulfillmentDeadLettersArgs, 'input'>>;
};

export type OperationsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Operations'] = ResolversParentTypes['Operations']> = {
  fulfillmentDeadLetters?: Resolver<Maybe<ResolversTypes['DeadLetterConnection']>, ParentType, ContextType, RequireFields<OperationsFulfillmentDeadLettersArgs, 'first' | 'status'>>;
  fulfillmentDeadLetterGroups?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DeadLetterGroup']>>, ParentType, ContextType>;
};

export type ShipmentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentPayload'] = ResolversParentTypes['ShipmentPayload']> = {
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ConfirmShipmentsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConfirmShipmentsPayload'] = ResolversParentTypes['ConfirmShipmentsPayload']> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['ConfirmShipmentResult']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ConfirmShipmentResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConfirmShipmentResult'] = ResolversParentTypes['ConfirmShipmentResult']> = {
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type WarehouseResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Warehouse'] = ResolversParentTypes['Warehouse'], FederationReferenceType extends FederationReferenceTypes['Warehouse'] = FederationReferenceTypes['Warehouse']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Warehouse']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['WarehouseStatus'], ParentType, ContextType>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  shipments?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Shipment']>>, ParentType, ContextType>;
  routing?: Resolver<Maybe<ResolversTypes['RoutingDecision']>, ParentType, ContextType>;
};

export type RoutingDecisionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoutingDecision'] = ResolversParentTypes['RoutingDecision']> = {
  rule?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  attempt?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  decidedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  explanation?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ShipmentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Shipment'] = ResolversParentTypes['Shipment'], FederationReferenceType extends FederationReferenceTypes['Shipment'] = FederationReferenceTypes['Shipment']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Shipment']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  warehouse?: Resolver<ResolversTypes['Warehouse'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['ShipmentStatus'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  releaseEpoch?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['ShipmentLine']>, ParentType, ContextType>;
  carrier?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  trackingNumber?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ShipmentLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentLine'] = ResolversParentTypes['ShipmentLine']> = {
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ShipmentConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentConnection'] = ResolversParentTypes['ShipmentConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ShipmentEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Shipment']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ShipmentEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ShipmentEdge'] = ResolversParentTypes['ShipmentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Shipment'], ParentType, ContextType>;
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
  ShipmentPayload?: ShipmentPayloadResolvers<ContextType>;
  ConfirmShipmentsPayload?: ConfirmShipmentsPayloadResolvers<ContextType>;
  ConfirmShipmentResult?: ConfirmShipmentResultResolvers<ContextType>;
  Warehouse?: WarehouseResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  RoutingDecision?: RoutingDecisionResolvers<ContextType>;
  Shipment?: ShipmentResolvers<ContextType>;
  ShipmentLine?: ShipmentLineResolvers<ContextType>;
  ShipmentConnection?: ShipmentConnectionResolvers<ContextType>;
  ShipmentEdge?: ShipmentEdgeResolvers<ContextType>;
};
