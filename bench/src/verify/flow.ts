// The order's way as this checker knows it, written down a second time on purpose: rules that are imported from what
// they judge would agree with its mistakes.
import type { Subgraph } from '../platform/run-file.ts';
import type { FactSelection } from './fact-rows.ts';
import type { StreamRules } from './legal-history.ts';

/** Whose log each subgraph's consumer reads. */
export const HEARD: Readonly<Record<Subgraph, readonly Subgraph[]>> = {
  orders: ['inventory', 'payments', 'fulfillment'],
  inventory: ['orders', 'fulfillment'],
  payments: ['orders', 'inventory', 'fulfillment'],
  fulfillment: ['orders', 'inventory'],
};

const registered = (thing: string): StreamRules => ({
  first: [`${thing}Registered`],
  after: { [`${thing}Registered`]: [`${thing}Revised`], [`${thing}Revised`]: [`${thing}Revised`] },
});

/** Where an order can still go somewhere. */
const ON_ITS_WAY = ['PLACED', 'CONFIRMED', 'BACKORDERED', 'RELEASED', 'PARTIALLY_SHIPPED'] as const;
/** Units of a line are cancelled, or found missing, at any time before they leave. */
const OF_LINES = ['OrderLinesCancelled', 'OrderLinesBroken'];
const LEAVING = ['OrderPartiallyShipped', 'OrderShipped', 'OrderReplenished', 'OrderResumed', ...OF_LINES];

const ORDER_RULES: StreamRules = {
  first: ['OrderPlaced'],
  stages: {
    OrderPlaced: 'PLACED',
    OrderConfirmed: 'CONFIRMED',
    OrderBackordered: 'BACKORDERED',
    // All of a reservation may be heard to leave before it is paid.
    OrderReplenished: ['CONFIRMED', 'RELEASED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'ON_HOLD'],
    OrderLinesCancelled: [...ON_ITS_WAY, 'SHIPPED', 'CANCELLED', 'ON_HOLD'],
    OrderLinesBroken: [...ON_ITS_WAY, 'SHIPPED', 'CANCELLED', 'ON_HOLD'],
    OrderCancelled: 'CANCELLED',
    OrderRejected: 'REJECTED',
    OrderReleased: 'RELEASED',
    OrderPartiallyShipped: 'PARTIALLY_SHIPPED',
    OrderShipped: 'SHIPPED',
    // It says where the order stood when it was held, once all had left too: for what its payment owes.
    OrderResumed: [...ON_ITS_WAY, 'SHIPPED'],
  },
  after: {
    PLACED: [
      ...['OrderConfirmed', 'OrderBackordered', 'OrderRejected', 'OrderCancelled', 'OrderResumed'],
      ...OF_LINES,
    ],
    // All that is claimed may be lost or cancelled before it is released: what waits can be cancelled whole then.
    CONFIRMED: ['OrderReleased', 'OrderReplenished', 'OrderCancelled', 'OrderResumed', ...OF_LINES],
    // What comes first to an order that got nothing confirms it.
    BACKORDERED: [
      ...['OrderConfirmed', 'OrderReplenished', 'OrderRejected', 'OrderCancelled', 'OrderResumed'],
      ...OF_LINES,
    ],
    RELEASED: LEAVING,
    PARTIALLY_SHIPPED: LEAVING,
    SHIPPED: ['OrderResumed'],
    // A fact that leaves an order on hold does not say where it was held.
    ON_HOLD: [
      ...['OrderConfirmed', 'OrderBackordered', 'OrderRejected', 'OrderCancelled', 'OrderReleased'],
      ...LEAVING,
    ],
  },
  // A hold interrupts the way anywhere, and the way goes on from where it was. Goods may be gone whose money is not taken.
  asides: { OrderHeld: [...ON_ITS_WAY, 'SHIPPED', 'ON_HOLD'] },
};

/** What may come of a claim while units of it are claimed, waves and shipments side by side. */
const OF_CLAIM = [
  ...['StockReserved', 'StockAllocated', 'AllocationRefused', 'StockShipped'],
  ...['ReservationReduced', 'ReservationBroken', 'AllocationBroken'],
];

const RESERVATION_RULES: StreamRules = {
  first: ['StockReserved', 'StockBackordered', 'StockShort'],
  after: {
    StockReserved: [...OF_CLAIM, 'ReservationReleased'],
    StockBackordered: ['StockReserved', 'ReservationReduced', 'ReservationReleased'],
    AllocationRefused: [...OF_CLAIM, 'ReservationReleased'],
    ReservationReduced: [...OF_CLAIM, 'ReservationReleased'],
    ReservationBroken: [...OF_CLAIM, 'ReservationReleased'],
    AllocationBroken: OF_CLAIM,
    StockAllocated: OF_CLAIM,
    StockShipped: OF_CLAIM,
    // A plan may still have been on its way.
    ReservationReleased: ['AllocationRefused'],
  },
};

const OF_MONEY = [
  ...['PaymentAuthorised', 'PaymentDeclined', 'PaymentReduced', 'PaymentCaptured', 'PaymentVoided'],
  ...['PaymentRefunded', 'PaymentHeld', 'PaymentResumed'],
];
const OF_HOLD = ['HoldExtended', 'HoldBroken', 'HoldReleased', 'HoldExpired', 'HoldClaimed'];

/** What may follow what, by `subgraph.category`. */
export const STREAM_RULES: Readonly<Record<string, StreamRules>> = {
  'orders.partner': registered('Partner'),
  'orders.order': ORDER_RULES,
  'orders.order-reminder': { first: ['OrderReminded'], after: { OrderReminded: ['OrderReminded'] } },
  'inventory.product': registered('Product'),
  'inventory.receipt': { first: ['StockReceived'], after: {} },
  'inventory.adjustment': { first: ['StockAdjusted'], after: { StockAdjusted: ['StockAdjusted'] } },
  'inventory.safety': { first: ['SafetyStockSet'], after: {} },
  'inventory.transfer': {
    first: ['TransferSent'],
    after: { TransferSent: ['TransferReceived'], TransferReceived: ['TransferReceived'] },
  },
  'inventory.stock': { first: ['StockLow'], after: { StockLow: ['StockLow'] } },
  'inventory.hold': {
    first: ['HoldPlaced'],
    after: { HoldPlaced: OF_HOLD, HoldExtended: OF_HOLD, HoldBroken: OF_HOLD },
  },
  'inventory.reservation': RESERVATION_RULES,
  'payments.credit': {
    first: ['CreditLimitSet', 'PaymentReceived'],
    after: {
      CreditLimitSet: ['CreditLimitSet', 'PaymentReceived'],
      PaymentReceived: ['CreditLimitSet', 'PaymentReceived'],
    },
  },
  'payments.payment': {
    // A card that answers after its order was closed is voided without having been authorised for us; one that does not answer
    // is held.
    first: ['PaymentAuthorised', 'PaymentDeclined', 'PaymentVoided', 'PaymentHeld'],
    after: {
      PaymentAuthorised: OF_MONEY,
      PaymentReduced: OF_MONEY,
      PaymentCaptured: OF_MONEY,
      // Where a later wave is declined, or given up, the order goes on without its units.
      PaymentDeclined: OF_MONEY,
      PaymentVoided: OF_MONEY,
      PaymentRefunded: OF_MONEY,
      PaymentHeld: OF_MONEY,
      PaymentResumed: OF_MONEY,
    },
  },
  'fulfillment.warehouse': registered('Warehouse'),
  'fulfillment.fulfillment': {
    first: ['ShipmentsPlanned', 'FulfillmentHeld'],
    after: {
      ShipmentsPlanned: ['ShipmentsPlanned', 'FulfillmentHeld'],
      // What hindered it has gone.
      FulfillmentHeld: ['ShipmentsPlanned', 'FulfillmentHeld'],
    },
  },
  'fulfillment.shipment': { first: ['ShipmentReleased'], after: { ShipmentReleased: ['ShipmentConfirmed'] } },
};

/**
 * Facts of which each must bring about exactly one of the effects, about the same thing. `unlessBroken`: of an order that lost
 * or gave back claimed units meanwhile there may be nothing left to say.
 */
export interface Consequence {
  readonly causes: readonly FactSelection[];
  readonly effects: FactSelection;
  readonly unlessBroken?: true;
}

const about = (key: FactSelection['key'], source: Subgraph, ...types: string[]): FactSelection => ({
  source,
  types,
  key,
});

export const CONSEQUENCES: readonly Consequence[] = [
  {
    causes: [about('orderId', 'orders', 'OrderPlaced')],
    effects: {
      ...about('orderId', 'inventory', 'StockReserved', 'StockBackordered', 'StockShort'),
      opening: true,
    },
  },
  {
    causes: [about('wave', 'inventory', 'StockReserved')],
    effects: about('wave', 'payments', 'PaymentAuthorised', 'PaymentDeclined'),
    unlessBroken: true,
  },
  {
    // Where the first reservation came after a wait, it replenishes too.
    causes: [about('wave', 'payments', 'PaymentAuthorised')],
    effects: about('wave', 'orders', 'OrderConfirmed', 'OrderReplenished'),
    unlessBroken: true,
  },
  {
    causes: [about('orderId', 'inventory', 'StockShort'), about('orderId', 'payments', 'PaymentDeclined')],
    // An order whose time was up is rejected by itself; one that waited loses no more than the lines that came.
    effects: {
      ...about('orderId', 'orders', 'OrderRejected', 'OrderLinesCancelled', 'OrderCancelled'),
      reasons: ['STOCK_SHORT', 'PAYMENT_DECLINED'],
    },
    unlessBroken: true,
  },
  {
    causes: [about('wave', 'orders', 'OrderConfirmed', 'OrderReplenished')],
    // A wave is planned again where a plan was refused, or what it planned is not there.
    effects: { ...about('wave', 'fulfillment', 'ShipmentsPlanned'), atLeastOne: true },
    unlessBroken: true,
  },
  {
    causes: [about('planId', 'fulfillment', 'ShipmentsPlanned')],
    effects: about('planId', 'inventory', 'StockAllocated', 'AllocationRefused'),
  },
  {
    causes: [about('shipmentIds', 'inventory', 'StockAllocated')],
    effects: about('shipmentId', 'fulfillment', 'ShipmentReleased'),
  },
  {
    causes: [about('shipmentId', 'fulfillment', 'ShipmentConfirmed')],
    effects: about('shipmentId', 'inventory', 'StockShipped'),
  },
  {
    causes: [about('shipmentId', 'fulfillment', 'ShipmentConfirmed')],
    effects: about('shipmentId', 'payments', 'PaymentCaptured'),
  },
  {
    causes: [about('shipmentId', 'fulfillment', 'ShipmentConfirmed')],
    effects: about('shipmentId', 'orders', 'OrderPartiallyShipped', 'OrderShipped'),
  },
];

/** What stands in an order's timeline, by whose fact it is. */
export const TIMELINE_FACTS = {
  inventory: [
    'StockReserved',
    'StockBackordered',
    'StockShort',
    'ReservationReduced',
    'ReservationBroken',
    'AllocationBroken',
    'ReservationReleased',
    'StockAllocated',
    'AllocationRefused',
    'StockShipped',
  ],
  payments: [
    ...([
      'PaymentAuthorised',
      'PaymentReduced',
      'PaymentDeclined',
      'PaymentVoided',
      'PaymentCaptured',
    ] as const),
    ...(['PaymentRefunded', 'PaymentHeld', 'PaymentResumed'] as const),
  ],
  fulfillment: ['ShipmentsPlanned', 'FulfillmentHeld', 'ShipmentReleased', 'ShipmentConfirmed'],
} as const;
export type TimelineSource = keyof typeof TIMELINE_FACTS;

/** Places after the point by ISO 4217, where they are not 2. */
const PLACES = `case
  when e.data ->> 'currencyCode' in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
  when e.data ->> 'currencyCode' in ('CLP', 'ISK', 'JPY', 'KRW', 'PYG', 'UGX', 'VND', 'XAF', 'XOF') then 0 else 2 end`;
const DECIMAL_AMOUNT = `round((e.data ->> 'amountMinor')::numeric / 10::numeric ^ (${PLACES}), ${PLACES})`;

/** What the timeline adds to a fact `e`, as SQL: of a shortage five SKUs are named. */
export const FACT_DETAIL = `case e.type
  when 'ReservationReduced' then e.data ->> 'cause'
  when 'ReservationBroken' then e.data ->> 'cause'
  when 'PaymentReduced' then e.data ->> 'cause'
  when 'AllocationBroken' then concat_ws(' ', e.data ->> 'warehouseId', e.data ->> 'cause')
  when 'PaymentDeclined' then e.data ->> 'reason'
  when 'PaymentHeld' then e.data ->> 'reason'
  when 'PaymentResumed' then e.data ->> 'operation'
  when 'PaymentRefunded' then format('%s %s: %s', ${DECIMAL_AMOUNT}, e.data ->> 'currencyCode', e.data ->> 'reason')
  when 'FulfillmentHeld' then e.data ->> 'reason'
  when 'ShipmentReleased' then e.data ->> 'warehouseId'
  when 'StockShipped' then e.data ->> 'warehouseId'
  when 'ShipmentConfirmed' then concat_ws(' ', e.data ->> 'warehouseId', nullif(e.data ->> 'trackingNumber', ''))
  when 'StockShort' then (
    select coalesce(string_agg(format('%s: %s of %s', s ->> 'sku', s ->> 'available', s ->> 'requested'), ', ' order by n)
                      filter (where n <= 5), '')
           || case when count(*) > 5 then format(', and %s more', count(*) - 5) else '' end
    from jsonb_array_elements(e.data -> 'short') with ordinality as x (s, n))
end`;

/** The status an order has after each fact of its own; null where the fact says it. */
export const STATUS_AFTER = {
  OrderPlaced: 'PLACED',
  OrderConfirmed: 'CONFIRMED',
  OrderBackordered: 'BACKORDERED',
  OrderReplenished: null,
  OrderLinesCancelled: null,
  OrderLinesBroken: null,
  OrderCancelled: 'CANCELLED',
  OrderRejected: 'REJECTED',
  OrderReleased: 'RELEASED',
  OrderPartiallyShipped: 'PARTIALLY_SHIPPED',
  OrderShipped: 'SHIPPED',
  OrderHeld: 'ON_HOLD',
  OrderResumed: null,
} as const;
