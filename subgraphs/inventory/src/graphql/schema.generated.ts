// Generated from schema/ by `npm run generate`; change the SDL instead.
// A type `<Name>Parent` exported by ./parents.ts is what resolvers of <Name> get as their parent.

import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ProductParent, StockLevelParent, StockTransferParent, StockMovementParent, OrderParent, ReservationParent } from './parents.ts';
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
  /** One product. Null when there is none. */
  readonly product?: Maybe<Product>;
  /** Products by SKU; `search` matches the start of a SKU or a part of a name. */
  readonly products: ProductConnection;
  /** A hold of stock. Null when there is none, or it is another partner's. */
  readonly stockHold?: Maybe<StockHold>;
  /** A transfer between warehouses. Null when there is none. For the ERP and operators. */
  readonly stockTransfer?: Maybe<StockTransfer>;
  /** What operators look after. */
  readonly operations: Operations;
};


export type QueryProductArgs = {
  sku: Scalars['String']['input'];
};


export type QueryProductsArgs = {
  search?: InputMaybe<Scalars['String']['input']>;
  skus?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryStockHoldArgs = {
  id: Scalars['ID']['input'];
};


export type QueryStockTransferArgs = {
  id: Scalars['ID']['input'];
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Creates or changes products. For the ERP; at most 1,000 rows. */
  readonly upsertProducts: UpsertPayload;
  /** Books goods that arrived at warehouses. For the ERP; all rows or none. */
  readonly receiveStock: StockPayload;
  /**
   * Books what was found: a difference, or a count with what lies there now. Never refused because units are promised: what is
   * not there is taken from holds and from the newest reservations. For the ERP, and a WMS in its own warehouse.
   */
  readonly adjustStock: StockChangePayload;
  /** Sends units from one warehouse to another; refused where they are claimed. For the ERP. */
  readonly transferStock: TransferPayload;
  /** Books units of a transfer that arrived. For the ERP, and the WMS of the receiving warehouse. */
  readonly receiveTransfer: TransferPayload;
  /** Sets the units kept back from sale. Claims that no longer fit are not broken: it is refused. For the ERP. */
  readonly setSafetyStock: StockChangePayload;
  /** Holds units for a basket or a visit, all of them or none. For buyers, approvers, reps and the ERP. */
  readonly holdStock: HoldPayload;
  /** Lets a hold live longer. */
  readonly extendHold: HoldPayload;
  /** Gives a hold's units back. */
  readonly releaseHold: HoldPayload;
  /** Tries dead letters of inventory again, in order. For operators. */
  readonly replayInventoryDeadLetters: DeadLettersPayload;
  /** Gives dead letters of inventory up for good. For operators. */
  readonly discardInventoryDeadLetters: DeadLettersPayload;
};


export type MutationUpsertProductsArgs = {
  input: UpsertProductsInput;
};


export type MutationReceiveStockArgs = {
  input: ReceiveStockInput;
};


export type MutationAdjustStockArgs = {
  input: AdjustStockInput;
};


export type MutationTransferStockArgs = {
  input: TransferStockInput;
};


export type MutationReceiveTransferArgs = {
  input: ReceiveTransferInput;
};


export type MutationSetSafetyStockArgs = {
  input: SetSafetyStockInput;
};


export type MutationHoldStockArgs = {
  input: HoldStockInput;
};


export type MutationExtendHoldArgs = {
  input: ExtendHoldInput;
};


export type MutationReleaseHoldArgs = {
  input: ReleaseHoldInput;
};


export type MutationReplayInventoryDeadLettersArgs = {
  input: ReplayDeadLettersInput;
};


export type MutationDiscardInventoryDeadLettersArgs = {
  input: DiscardDeadLettersInput;
};

/** What operators look after; every subgraph adds its own. */
export type Operations = {
  readonly __typename?: 'Operations';
  /** Events that inventory could not apply, in the order of parking; parked ones unless another status is asked for, null for all. */
  readonly inventoryDeadLetters?: Maybe<DeadLetterConnection>;
  /** What inventory's parked letters failed for, the largest group first; at most 100. */
  readonly inventoryDeadLetterGroups?: Maybe<ReadonlyArray<DeadLetterGroup>>;
};


/** What operators look after; every subgraph adds its own. */
export type OperationsInventoryDeadLettersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<DeadLetterStatus>;
  key?: InputMaybe<Scalars['String']['input']>;
  fingerprint?: InputMaybe<Scalars['String']['input']>;
};

/** Products to create or change. */
export type UpsertProductsInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** What a refused row does to the others. */
  readonly errorPolicy?: ErrorPolicy;
  /** 1 to 1,000 rows. */
  readonly products: ReadonlyArray<ProductInput>;
};

/** One product, in the ERP's own codes. */
export type ProductInput = {
  /** The ERP's code, at most 64 characters. */
  readonly sku: Scalars['String']['input'];
  /** At most 200 characters. */
  readonly name: Scalars['String']['input'];
  /** Price of one unit for everybody. */
  readonly listPrice: MoneyInput;
  /** Units in a case, from 1. */
  readonly casePack?: Scalars['Int']['input'];
  /** Least units an order may ask, from 1. */
  readonly minOrderQuantity?: Scalars['Int']['input'];
  /** Weight of one unit in grams. */
  readonly weightGrams?: Scalars['Int']['input'];
  /** StockLow is said when fewer units than these are free; 0 for never. */
  readonly lowStockThreshold?: Scalars['Int']['input'];
};

/** Goods that arrived. */
export type ReceiveStockInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The delivery note or the like, at most 200 characters. */
  readonly reference?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 1,000 rows. */
  readonly lines: ReadonlyArray<ReceiveStockLineInput>;
};

/** Units of one SKU at one warehouse. */
export type ReceiveStockLineInput = {
  /** The product's code. */
  readonly sku: Scalars['String']['input'];
  /** The warehouse's code. */
  readonly warehouseId: Scalars['ID']['input'];
  /** 1 to 1,000,000,000 units. */
  readonly quantity: Scalars['Int']['input'];
};

/** Units that were found to be more or fewer. */
export type AdjustStockInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** What a refused row does to the others. */
  readonly errorPolicy?: ErrorPolicy;
  /** The count sheet or the like, at most 200 characters. */
  readonly reference?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 1,000 rows. */
  readonly lines: ReadonlyArray<AdjustStockLineInput>;
};

/** Exactly one of `delta` and `counted` is given. */
export type AdjustStockLineInput = {
  /** The product's code. */
  readonly sku: Scalars['String']['input'];
  /** The warehouse's code. */
  readonly warehouseId: Scalars['ID']['input'];
  /** Units more, or fewer when negative. */
  readonly delta?: InputMaybe<Scalars['Int']['input']>;
  /** Units that lie there, from 0; needs `expectedVersion`. */
  readonly counted?: InputMaybe<Scalars['Int']['input']>;
  /** The shelf's version when counting began; CONFLICT with the present one when it moved. */
  readonly expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Why. */
  readonly reason: AdjustmentReason;
  /** Free text, at most 200 characters. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
};

/** Why stock was adjusted. */
export type AdjustmentReason =
  /** A cycle count found another number. */
  | 'COUNT'
  /** Broken or spoilt. */
  | 'DAMAGE'
  /** Not found. */
  | 'LOSS'
  /** Found again. */
  | 'FOUND'
  /** Came back from a partner. */
  | 'RETURN'
  /** A booking was wrong. */
  | 'CORRECTION';

/** Answer of the bulk mutations of stock: one result for each row, in the order of the input. */
export type StockChangePayload = {
  readonly __typename?: 'StockChangePayload';
  /** One for each row. */
  readonly results: ReadonlyArray<StockChangeResult>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Refusals of the request as a whole. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What became of one row. */
export type StockChangeResult = {
  readonly __typename?: 'StockChangeResult';
  /** Place in the input, from 0. */
  readonly index: Scalars['Int']['output'];
  /** The level after the booking; null where the row was refused. */
  readonly stock?: Maybe<StockLevel>;
  /** Units that were promised and are not there, and whose they were. */
  readonly broken: ReadonlyArray<BrokenClaim>;
  /** Why the row was refused. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Units taken from a claim since they are not there. */
export type BrokenClaim = {
  readonly __typename?: 'BrokenClaim';
  /** Units. */
  readonly quantity: Scalars['Int']['output'];
  /** The order that had claimed them. */
  readonly orderId?: Maybe<Scalars['ID']['output']>;
  /** The hold that had them. */
  readonly holdId?: Maybe<Scalars['ID']['output']>;
};

/** Units that go from one warehouse to another. */
export type TransferStockInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The sending warehouse's code. */
  readonly fromWarehouseId: Scalars['ID']['input'];
  /** The receiving warehouse's code. */
  readonly toWarehouseId: Scalars['ID']['input'];
  /** 1 to 1,000 rows. */
  readonly lines: ReadonlyArray<StockUnitsInput>;
};

/** Units of one SKU. */
export type StockUnitsInput = {
  /** The product's code. */
  readonly sku: Scalars['String']['input'];
  /** 1 to 1,000,000 units. */
  readonly quantity: Scalars['Int']['input'];
};

/** Units of a transfer that arrived. */
export type ReceiveTransferInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The transfer. */
  readonly transferId: Scalars['ID']['input'];
  /** Units that arrived; none with `isLast` where all of it is lost. */
  readonly lines: ReadonlyArray<StockUnitsInput>;
  /** True where nothing more is to come: what is missing is lost. */
  readonly isLast?: Scalars['Boolean']['input'];
};

/** Answer of the transfer mutations. */
export type TransferPayload = {
  readonly __typename?: 'TransferPayload';
  /** The transfer in its present state; null when refused. */
  readonly transfer?: Maybe<StockTransfer>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Units on their way between two warehouses. */
export type StockTransfer = {
  readonly __typename?: 'StockTransfer';
  /** UUIDv7. */
  readonly id: Scalars['ID']['output'];
  /** The sending warehouse's code. */
  readonly fromWarehouseId: Scalars['ID']['output'];
  /** The receiving warehouse's code. */
  readonly toWarehouseId: Scalars['ID']['output'];
  /** Whether more is to come. */
  readonly status: TransferStatus;
  /** When it left. */
  readonly sentAt: Scalars['DateTime']['output'];
  /** Units of each SKU. */
  readonly lines: ReadonlyArray<TransferLine>;
};

/** Whether more of a transfer is to come. */
export type TransferStatus =
  /** Some of it is on its way. */
  | 'IN_TRANSIT'
  /** Nothing more is to come. */
  | 'RECEIVED';

/** One SKU of a transfer. */
export type TransferLine = {
  readonly __typename?: 'TransferLine';
  /** The product's code. */
  readonly sku: Scalars['String']['output'];
  /** Units that left. */
  readonly sent: Scalars['Int']['output'];
  /** Units that arrived. */
  readonly received: Scalars['Int']['output'];
  /** Units that never came. */
  readonly lost: Scalars['Int']['output'];
};

/** Units kept back. */
export type SetSafetyStockInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** What a refused row does to the others. */
  readonly errorPolicy?: ErrorPolicy;
  /** 1 to 1,000 rows. */
  readonly lines: ReadonlyArray<SafetyStockLineInput>;
};

/** Units of one SKU kept back in one warehouse. */
export type SafetyStockLineInput = {
  /** The product's code. */
  readonly sku: Scalars['String']['input'];
  /** The warehouse's code. */
  readonly warehouseId: Scalars['ID']['input'];
  /** Units, from 0. */
  readonly safety: Scalars['Int']['input'];
};

/** Units to be held. */
export type HoldStockInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** For whom: implied by a buyer's token, needed from a rep or the ERP. */
  readonly partnerId?: InputMaybe<Scalars['ID']['input']>;
  /** Seconds the hold lives, 10 to 86,400. */
  readonly ttlSeconds?: Scalars['Int']['input'];
  /** 1 to 1,000 distinct SKUs. */
  readonly lines: ReadonlyArray<StockUnitsInput>;
};

/** A hold that shall live longer. */
export type ExtendHoldInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The hold. */
  readonly holdId: Scalars['ID']['input'];
  /** Seconds from now, 10 to 86,400. */
  readonly ttlSeconds?: Scalars['Int']['input'];
};

/** A hold whose units are given back. */
export type ReleaseHoldInput = {
  /** 1 to 255 characters. */
  readonly idempotencyKey: Scalars['String']['input'];
  /** The hold. */
  readonly holdId: Scalars['ID']['input'];
};

/** Answer of the hold mutations. */
export type HoldPayload = {
  readonly __typename?: 'HoldPayload';
  /** The hold in its present state; null when refused. */
  readonly hold?: Maybe<StockHold>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Units kept for a partner until the hold expires or an order claims it. */
export type StockHold = {
  readonly __typename?: 'StockHold';
  /** UUIDv7; pass it as `holdId` when placing the order. */
  readonly id: Scalars['ID']['output'];
  /** For whom. */
  readonly partnerId: Scalars['ID']['output'];
  /** Whether it still holds. */
  readonly status: HoldStatus;
  /** When it ends by itself. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** Units of each SKU, less what was found missing. */
  readonly lines: ReadonlyArray<HoldLine>;
  /** The order that claimed it. */
  readonly orderId?: Maybe<Scalars['ID']['output']>;
};

/** Whether a hold still holds. */
export type HoldStatus =
  /** It holds. */
  | 'ACTIVE'
  /** An order took it over. */
  | 'CLAIMED'
  /** It was given back. */
  | 'RELEASED'
  /** Its time ran out. */
  | 'EXPIRED';

/** One SKU of a hold. */
export type HoldLine = {
  readonly __typename?: 'HoldLine';
  /** The product's code. */
  readonly sku: Scalars['String']['output'];
  /** Units held. */
  readonly quantity: Scalars['Int']['output'];
};

/** Answer of the stock mutations. */
export type StockPayload = {
  readonly __typename?: 'StockPayload';
  /** The levels after the booking, one for each row. */
  readonly stock: ReadonlyArray<StockLevel>;
  /** True when this key was answered before. */
  readonly replayed: Scalars['Boolean']['output'];
  /** Why nothing was done; empty when it was booked. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What can be ordered. */
export type Product = {
  readonly __typename?: 'Product';
  /** The product's code. */
  readonly sku: Scalars['String']['output'];
  /** The product's name. */
  readonly name: Scalars['String']['output'];
  /** Units in a case. */
  readonly casePack: Scalars['Int']['output'];
  /** Least units an order may ask. */
  readonly minOrderQuantity: Scalars['Int']['output'];
  /** Weight of one unit in grams. */
  readonly weightGrams: Scalars['Int']['output'];
  /** What is there and what is free, over all warehouses. */
  readonly availability: Availability;
  /** What is there in each warehouse. */
  readonly stock: ReadonlyArray<StockLevel>;
  /** StockLow is said when fewer units than these are free; 0 for never. */
  readonly lowStockThreshold: Scalars['Int']['output'];
  /**
   * Why a figure is what it is: every movement behind it, the newest first, each with the figure after it. ON_HAND, ALLOCATED and SAFETY are
   * of one warehouse, the others of all. For the ERP, operators, and a WMS in its own warehouse.
   */
  readonly stockHistory: StockMovementConnection;
};


/** What can be ordered. */
export type ProductStockHistoryArgs = {
  figure?: StockFigure;
  warehouseId?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** A figure of stock whose history can be asked for. */
export type StockFigure =
  /** Units on the shelves of a warehouse. */
  | 'ON_HAND'
  /** Units of a warehouse assigned to shipments. */
  | 'ALLOCATED'
  /** Units of a warehouse kept back. */
  | 'SAFETY'
  /** Units for sale over all OPEN warehouses. */
  | 'SELLABLE'
  /** Units claimed by orders. */
  | 'RESERVED'
  /** Units held for baskets and visits. */
  | 'HELD'
  /** Assigned units that are not there, until it is known whether they left. */
  | 'WITHDRAWING';

/** A page of movements. */
export type StockMovementConnection = {
  readonly __typename?: 'StockMovementConnection';
  /** The page with cursors. */
  readonly edges: ReadonlyArray<StockMovementEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<StockMovement>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** A movement and its place in the list. */
export type StockMovementEdge = {
  readonly __typename?: 'StockMovementEdge';
  /** Place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The movement. */
  readonly node: StockMovement;
};

/** One line of the ledger, which is never changed. */
export type StockMovement = {
  readonly __typename?: 'StockMovement';
  /** What happened, such as RECEIPT, RESERVE, SHIP or BREAK. */
  readonly kind: Scalars['String']['output'];
  /** How far it moved the figure that was asked for. */
  readonly delta: Scalars['Int']['output'];
  /** The figure after it. */
  readonly balance: Scalars['Int']['output'];
  /** Where; null for what is network-wide. */
  readonly warehouseId?: Maybe<Scalars['ID']['output']>;
  /** The order it was for. */
  readonly orderId?: Maybe<Scalars['ID']['output']>;
  /** The hold it was for. */
  readonly holdId?: Maybe<Scalars['ID']['output']>;
  /** The reason a person gave, or what caused it. */
  readonly reason?: Maybe<Scalars['String']['output']>;
  /** The event it followed from. */
  readonly causeId: Scalars['ID']['output'];
  /** When it was booked. */
  readonly at: Scalars['DateTime']['output'];
};

/** Units of a SKU over all OPEN warehouses. */
export type Availability = {
  readonly __typename?: 'Availability';
  /** Units on the shelves. */
  readonly onHand: Scalars['Int']['output'];
  /** Units kept back. */
  readonly safety: Scalars['Int']['output'];
  /** Units claimed by orders. */
  readonly reserved: Scalars['Int']['output'];
  /** Units held for baskets and visits. */
  readonly held: Scalars['Int']['output'];
  /** Assigned units that are not there, until it is known whether they left. */
  readonly withdrawing: Scalars['Int']['output'];
  /** Units that can be ordered: onHand less safety, reserved, held and withdrawing; never negative. */
  readonly available: Scalars['Int']['output'];
};

/** Units of a SKU in one warehouse. */
export type StockLevel = {
  readonly __typename?: 'StockLevel';
  /** The product's code. */
  readonly sku: Scalars['String']['output'];
  /** The warehouse's code. */
  readonly warehouseId: Scalars['ID']['output'];
  /** The warehouse. */
  readonly warehouse?: Maybe<Warehouse>;
  /** Units on the shelves. */
  readonly onHand: Scalars['Int']['output'];
  /** Units assigned to shipments. */
  readonly allocated: Scalars['Int']['output'];
  /** Units kept back from sale. */
  readonly safety: Scalars['Int']['output'];
  /** onHand less allocated and safety. */
  readonly available: Scalars['Int']['output'];
  /** Grows with every change of onHand: pass it as `expectedVersion` of a count. */
  readonly version: Scalars['Int']['output'];
};

/** A warehouse, known here by its code. */
export type Warehouse = {
  readonly __typename?: 'Warehouse';
  /** The ERP's code. */
  readonly id: Scalars['ID']['output'];
};

/** An order as far as stock goes. */
export type Order = {
  readonly __typename?: 'Order';
  /** UUIDv7. */
  readonly id: Scalars['ID']['output'];
  /** The order's claim on stock; null until it is decided. */
  readonly reservation?: Maybe<Reservation>;
};

/** A claim on stock for one order. */
export type Reservation = {
  readonly __typename?: 'Reservation';
  /** What became of it. */
  readonly status: ReservationStatus;
  /** When it was decided. */
  readonly decidedAt: Scalars['DateTime']['output'];
  /** Units for each SKU. */
  readonly lines: ReadonlyArray<ReservationLine>;
};

/** What became of a reservation. */
export type ReservationStatus =
  /** All lines are claimed. */
  | 'RESERVED'
  /** Stock was short; nothing is claimed. */
  | 'SHORT'
  /** Assigned to warehouses. */
  | 'ALLOCATED'
  /** All of it has left. */
  | 'SHIPPED'
  /** Nothing is claimed yet; it waits for receipts. */
  | 'BACKORDERED'
  /** Given back. */
  | 'RELEASED';

/** One SKU of a reservation. */
export type ReservationLine = {
  readonly __typename?: 'ReservationLine';
  /** The product's code. */
  readonly sku: Scalars['String']['output'];
  /** Units claimed. */
  readonly quantity: Scalars['Int']['output'];
  /** Units that wait for receipts. */
  readonly backordered: Scalars['Int']['output'];
};

/** A page of products. */
export type ProductConnection = {
  readonly __typename?: 'ProductConnection';
  /** The page with cursors. */
  readonly edges: ReadonlyArray<ProductEdge>;
  /** The page without cursors. */
  readonly nodes: ReadonlyArray<Product>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** A product and its place in the list. */
export type ProductEdge = {
  readonly __typename?: 'ProductEdge';
  /** Place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The product. */
  readonly node: Product;
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
  Product: Product;
  Order: Order;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Product:
    ( { __typename: 'Product' }
    & GraphQLRecursivePick<FederationTypes['Product'], {"sku":true}> );
  Order:
    ( { __typename: 'Order' }
    & GraphQLRecursivePick<FederationTypes['Order'], {"id":true}> );
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
  UpsertProductsInput: UpsertProductsInput;
  ProductInput: ProductInput;
  ReceiveStockInput: ReceiveStockInput;
  ReceiveStockLineInput: ReceiveStockLineInput;
  AdjustStockInput: AdjustStockInput;
  AdjustStockLineInput: AdjustStockLineInput;
  AdjustmentReason: AdjustmentReason;
  StockChangePayload: ResolverTypeWrapper<Omit<StockChangePayload, 'results'> & { results: ReadonlyArray<ResolversTypes['StockChangeResult']> }>;
  StockChangeResult: ResolverTypeWrapper<Omit<StockChangeResult, 'stock'> & { stock?: Maybe<ResolversTypes['StockLevel']> }>;
  BrokenClaim: ResolverTypeWrapper<BrokenClaim>;
  TransferStockInput: TransferStockInput;
  StockUnitsInput: StockUnitsInput;
  ReceiveTransferInput: ReceiveTransferInput;
  TransferPayload: ResolverTypeWrapper<Omit<TransferPayload, 'transfer'> & { transfer?: Maybe<ResolversTypes['StockTransfer']> }>;
  StockTransfer: ResolverTypeWrapper<StockTransferParent>;
  TransferStatus: TransferStatus;
  TransferLine: ResolverTypeWrapper<TransferLine>;
  SetSafetyStockInput: SetSafetyStockInput;
  SafetyStockLineInput: SafetyStockLineInput;
  HoldStockInput: HoldStockInput;
  ExtendHoldInput: ExtendHoldInput;
  ReleaseHoldInput: ReleaseHoldInput;
  HoldPayload: ResolverTypeWrapper<HoldPayload>;
  StockHold: ResolverTypeWrapper<StockHold>;
  HoldStatus: HoldStatus;
  HoldLine: ResolverTypeWrapper<HoldLine>;
  StockPayload: ResolverTypeWrapper<Omit<StockPayload, 'stock'> & { stock: ReadonlyArray<ResolversTypes['StockLevel']> }>;
  Product: ResolverTypeWrapper<ProductParent>;
  StockFigure: StockFigure;
  StockMovementConnection: ResolverTypeWrapper<Omit<StockMovementConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['StockMovementEdge']>, nodes: ReadonlyArray<ResolversTypes['StockMovement']> }>;
  StockMovementEdge: ResolverTypeWrapper<Omit<StockMovementEdge, 'node'> & { node: ResolversTypes['StockMovement'] }>;
  StockMovement: ResolverTypeWrapper<StockMovementParent>;
  Availability: ResolverTypeWrapper<Availability>;
  StockLevel: ResolverTypeWrapper<StockLevelParent>;
  Warehouse: ResolverTypeWrapper<Warehouse>;
  Order: ResolverTypeWrapper<OrderParent>;
  Reservation: ResolverTypeWrapper<ReservationParent>;
  ReservationStatus: ReservationStatus;
  ReservationLine: ResolverTypeWrapper<ReservationLine>;
  ProductConnection: ResolverTypeWrapper<Omit<ProductConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ProductEdge']>, nodes: ReadonlyArray<ResolversTypes['Product']> }>;
  ProductEdge: ResolverTypeWrapper<Omit<ProductEdge, 'node'> & { node: ResolversTypes['Product'] }>;
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
  UpsertProductsInput: UpsertProductsInput;
  ProductInput: ProductInput;
  ReceiveStockInput: ReceiveStockInput;
  ReceiveStockLineInput: ReceiveStockLineInput;
  AdjustStockInput: AdjustStockInput;
  AdjustStockLineInput: AdjustStockLineInput;
  StockChangePayload: Omit<StockChangePayload, 'results'> & { results: ReadonlyArray<ResolversParentTypes['StockChangeResult']> };
  StockChangeResult: Omit<StockChangeResult, 'stock'> & { stock?: Maybe<ResolversParentTypes['StockLevel']> };
  BrokenClaim: BrokenClaim;
  TransferStockInput: TransferStockInput;
  StockUnitsInput: StockUnitsInput;
  ReceiveTransferInput: ReceiveTransferInput;
  TransferPayload: Omit<TransferPayload, 'transfer'> & { transfer?: Maybe<ResolversParentTypes['StockTransfer']> };
  StockTransfer: StockTransferParent;
  TransferLine: TransferLine;
  SetSafetyStockInput: SetSafetyStockInput;
  SafetyStockLineInput: SafetyStockLineInput;
  HoldStockInput: HoldStockInput;
  ExtendHoldInput: ExtendHoldInput;
  ReleaseHoldInput: ReleaseHoldInput;
  HoldPayload: HoldPayload;
  StockHold: StockHold;
  HoldLine: HoldLine;
  StockPayload: Omit<StockPayload, 'stock'> & { stock: ReadonlyArray<ResolversParentTypes['StockLevel']> };
  Product: ProductParent;
  StockMovementConnection: Omit<StockMovementConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['StockMovementEdge']>, nodes: ReadonlyArray<ResolversParentTypes['StockMovement']> };
  StockMovementEdge: Omit<StockMovementEdge, 'node'> & { node: ResolversParentTypes['StockMovement'] };
  StockMovement: StockMovementParent;
  Availability: Availability;
  StockLevel: StockLevelParent;
  Warehouse: Warehouse;
  Order: OrderParent;
  Reservation: ReservationParent;
  ReservationLine: ReservationLine;
  ProductConnection: Omit<ProductConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ProductEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Product']> };
  ProductEdge: Omit<ProductEdge, 'node'> & { node: ResolversParentTypes['Product'] };
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
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<QueryProductArgs, 'sku'>>;
  products?: Resolver<ResolversTypes['ProductConnection'], ParentType, ContextType, RequireFields<QueryProductsArgs, 'first'>>;
  stockHold?: Resolver<Maybe<ResolversTypes['StockHold']>, ParentType, ContextType, RequireFields<QueryStockHoldArgs, 'id'>>;
  stockTransfer?: Resolver<Maybe<ResolversTypes['StockTransfer']>, ParentType, ContextType, RequireFields<QueryStockTransferArgs, 'id'>>;
  operations?: Resolver<ResolversTypes['Operations'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  upsertProducts?: Resolver<ResolversTypes['UpsertPayload'], ParentType, ContextType, RequireFields<MutationUpsertProductsArgs, 'input'>>;
  receiveStock?: Resolver<ResolversTypes['StockPayload'], ParentType, ContextType, RequireFields<MutationReceiveStockArgs, 'input'>>;
  adjustStock?: Resolver<ResolversTypes['StockChangePayload'], ParentType, ContextType, RequireFields<MutationAdjustStockArgs, 'input'>>;
  transferStock?: Resolver<ResolversTypes['TransferPayload'], ParentType, ContextType, RequireFields<MutationTransferStockArgs, 'input'>>;
  receiveTransfer?: Resolver<ResolversTypes['TransferPayload'], ParentType, ContextType, RequireFields<MutationReceiveTransferArgs, 'input'>>;
  setSafetyStock?: Resolver<ResolversTypes['StockChangePayload'], ParentType, ContextType, RequireFields<MutationSetSafetyStockArgs, 'input'>>;
  holdStock?: Resolver<ResolversTypes['HoldPayload'], ParentType, ContextType, RequireFields<MutationHoldStockArgs, 'input'>>;
  extendHold?: Resolver<ResolversTypes['HoldPayload'], ParentType, ContextType, RequireFields<MutationExtendHoldArgs, 'input'>>;
  releaseHold?: Resolver<ResolversTypes['HoldPayload'], ParentType, ContextType, RequireFields<MutationReleaseHoldArgs, 'input'>>;
  replayInventoryDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, RequireFields<MutationReplayInventoryDeadLettersArgs, 'input'>>;
  discardInventoryDeadLetters?: Resolver<ResolversTypes['DeadLettersPayload'], ParentType, ContextType, RequireFields<MutationDiscardInventoryDeadLettersArgs, 'input'>>;
};

export type OperationsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Operations'] = ResolversParentTypes['Operations']> = {
  inventoryDeadLetters?: Resolver<Maybe<ResolversTypes['DeadLetterConnection']>, ParentType, ContextType, RequireFields<OperationsInventoryDeadLettersArgs, 'first' | 'status'>>;
  inventoryDeadLetterGroups?: Resolver<Maybe<ReadonlyArray<ResolversTypes['DeadLetterGroup']>>, ParentType, ContextType>;
};

export type StockChangePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockChangePayload'] = ResolversParentTypes['StockChangePayload']> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['StockChangeResult']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type StockChangeResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockChangeResult'] = ResolversParentTypes['StockChangeResult']> = {
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  stock?: Resolver<Maybe<ResolversTypes['StockLevel']>, ParentType, ContextType>;
  broken?: Resolver<ReadonlyArray<ResolversTypes['BrokenClaim']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type BrokenClaimResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BrokenClaim'] = ResolversParentTypes['BrokenClaim']> = {
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  orderId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  holdId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type TransferPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TransferPayload'] = ResolversParentTypes['TransferPayload']> = {
  transfer?: Resolver<Maybe<ResolversTypes['StockTransfer']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type StockTransferResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockTransfer'] = ResolversParentTypes['StockTransfer']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  fromWarehouseId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  toWarehouseId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TransferStatus'], ParentType, ContextType>;
  sentAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['TransferLine']>, ParentType, ContextType>;
};

export type TransferLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TransferLine'] = ResolversParentTypes['TransferLine']> = {
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sent?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  received?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lost?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type HoldPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HoldPayload'] = ResolversParentTypes['HoldPayload']> = {
  hold?: Resolver<Maybe<ResolversTypes['StockHold']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type StockHoldResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockHold'] = ResolversParentTypes['StockHold']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  partnerId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['HoldStatus'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['HoldLine']>, ParentType, ContextType>;
  orderId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type HoldLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HoldLine'] = ResolversParentTypes['HoldLine']> = {
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type StockPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockPayload'] = ResolversParentTypes['StockPayload']> = {
  stock?: Resolver<ReadonlyArray<ResolversTypes['StockLevel']>, ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ProductResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'], FederationReferenceType extends FederationReferenceTypes['Product'] = FederationReferenceTypes['Product']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Product']> | FederationReferenceType, FederationReferenceType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  casePack?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  minOrderQuantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  weightGrams?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  availability?: Resolver<ResolversTypes['Availability'], ParentType, ContextType>;
  stock?: Resolver<ReadonlyArray<ResolversTypes['StockLevel']>, ParentType, ContextType>;
  lowStockThreshold?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  stockHistory?: Resolver<ResolversTypes['StockMovementConnection'], ParentType, ContextType, RequireFields<ProductStockHistoryArgs, 'figure' | 'first'>>;
};

export type StockMovementConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockMovementConnection'] = ResolversParentTypes['StockMovementConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['StockMovementEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['StockMovement']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type StockMovementEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockMovementEdge'] = ResolversParentTypes['StockMovementEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['StockMovement'], ParentType, ContextType>;
};

export type StockMovementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockMovement'] = ResolversParentTypes['StockMovement']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  delta?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  balance?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  warehouseId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  orderId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  holdId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  causeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type AvailabilityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Availability'] = ResolversParentTypes['Availability']> = {
  onHand?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  safety?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  reserved?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  held?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  withdrawing?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type StockLevelResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StockLevel'] = ResolversParentTypes['StockLevel']> = {
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  warehouseId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  warehouse?: Resolver<Maybe<ResolversTypes['Warehouse']>, ParentType, ContextType>;
  onHand?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  allocated?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  safety?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type WarehouseResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Warehouse'] = ResolversParentTypes['Warehouse']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type OrderResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'], FederationReferenceType extends FederationReferenceTypes['Order'] = FederationReferenceTypes['Order']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Order']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reservation?: Resolver<Maybe<ResolversTypes['Reservation']>, ParentType, ContextType>;
};

export type ReservationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Reservation'] = ResolversParentTypes['Reservation']> = {
  status?: Resolver<ResolversTypes['ReservationStatus'], ParentType, ContextType>;
  decidedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['ReservationLine']>, ParentType, ContextType>;
};

export type ReservationLineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReservationLine'] = ResolversParentTypes['ReservationLine']> = {
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  backordered?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ProductConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductConnection'] = ResolversParentTypes['ProductConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ProductEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Product']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ProductEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProductEdge'] = ResolversParentTypes['ProductEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Product'], ParentType, ContextType>;
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
  StockChangePayload?: StockChangePayloadResolvers<ContextType>;
  StockChangeResult?: StockChangeResultResolvers<ContextType>;
  BrokenClaim?: BrokenClaimResolvers<ContextType>;
  TransferPayload?: TransferPayloadResolvers<ContextType>;
  StockTransfer?: StockTransferResolvers<ContextType>;
  TransferLine?: TransferLineResolvers<ContextType>;
  HoldPayload?: HoldPayloadResolvers<ContextType>;
  StockHold?: StockHoldResolvers<ContextType>;
  HoldLine?: HoldLineResolvers<ContextType>;
  StockPayload?: StockPayloadResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  StockMovementConnection?: StockMovementConnectionResolvers<ContextType>;
  StockMovementEdge?: StockMovementEdgeResolvers<ContextType>;
  StockMovement?: StockMovementResolvers<ContextType>;
  Availability?: AvailabilityResolvers<ContextType>;
  StockLevel?: StockLevelResolvers<ContextType>;
  Warehouse?: WarehouseResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  Reservation?: ReservationResolvers<ContextType>;
  ReservationLine?: ReservationLineResolvers<ContextType>;
  ProductConnection?: ProductConnectionResolvers<ContextType>;
  ProductEdge?: ProductEdgeResolvers<ContextType>;
};
