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
  /** An ISO 4217 code, such as GBP. */
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
  /** No such hold of stock. */
  | 'UNKNOWN_HOLD'
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
  | 'INSUFFICIENT_STOCK';

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

export type Query = {
  readonly __typename?: 'Query';
  /** All warehouses, by id. */
  readonly warehouses: ReadonlyArray<Warehouse>;
  /** One shipment. Null when there is none or it is another partner's or warehouse's. */
  readonly shipment?: Maybe<Shipment>;
  /** Shipments the caller may see, newest first. */
  readonly shipments: ShipmentConnection;
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
  /** The rule that decided. */
  readonly rule: Scalars['String']['output'];
  /** Which try this was, from 1. */
  readonly attempt: Scalars['Int']['output'];
  /** When it was decided. */
  readonly decidedAt: Scalars['DateTime']['output'];
  /** The decision in sentences. */
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
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
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
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
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

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  warehouses?: Resolver<ReadonlyArray<ResolversTypes['Warehouse']>, ParentType, ContextType>;
  shipment?: Resolver<Maybe<ResolversTypes['Shipment']>, ParentType, ContextType, RequireFields<QueryShipmentArgs, 'id'>>;
  shipments?: Resolver<ResolversTypes['ShipmentConnection'], ParentType, ContextType, RequireFields<QueryShipmentsArgs, 'first'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  confirmShipment?: Resolver<ResolversTypes['ShipmentPayload'], ParentType, ContextType, RequireFields<MutationConfirmShipmentArgs, 'input'>>;
  confirmShipments?: Resolver<ResolversTypes['ConfirmShipmentsPayload'], ParentType, ContextType, RequireFields<MutationConfirmShipmentsArgs, 'input'>>;
  upsertWarehouses?: Resolver<ResolversTypes['UpsertPayload'], ParentType, ContextType, RequireFields<MutationUpsertWarehousesArgs, 'input'>>;
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
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
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
