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

/** What may follow what, by `subgraph.category`. */
export const STREAM_RULES: Readonly<Record<string, StreamRules>> = {
  'orders.partner': registered('Partner'),
  'orders.order': {
    first: ['OrderPlaced'],
    after: {
      OrderPlaced: ['OrderConfirmed', 'OrderRejected'],
      OrderConfirmed: ['OrderReleased'],
      OrderReleased: ['OrderPartiallyShipped', 'OrderShipped'],
      OrderPartiallyShipped: ['OrderPartiallyShipped', 'OrderShipped'],
    },
    // A hold interrupts the way anywhere before its end, and the way goes on from where it was.
    asides: { OrderHeld: ['OrderPlaced', 'OrderConfirmed', 'OrderReleased', 'OrderPartiallyShipped'] },
  },
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
  'inventory.reservation': {
    first: ['StockReserved', 'StockShort'],
    after: {
      StockReserved: ['StockAllocated', 'AllocationRefused', 'ReservationReleased'],
      AllocationRefused: ['StockAllocated', 'AllocationRefused', 'ReservationReleased'],
      StockAllocated: ['StockShipped'],
      StockShipped: ['StockShipped'],
    },
  },
  'payments.credit': { first: ['CreditLimitSet'], after: { CreditLimitSet: ['CreditLimitSet'] } },
  'payments.payment': {
    // A card that answers after its order was closed is voided without having been authorised for us.
    first: ['PaymentAuthorised', 'PaymentDeclined', 'PaymentVoided'],
    after: {
      PaymentAuthorised: ['PaymentCaptured', 'PaymentVoided'],
      PaymentCaptured: ['PaymentCaptured', 'PaymentVoided'],
    },
  },
  'fulfillment.warehouse': registered('Warehouse'),
  'fulfillment.fulfillment': {
    first: ['ShipmentsPlanned', 'FulfillmentHeld'],
    after: { ShipmentsPlanned: ['ShipmentsPlanned', 'FulfillmentHeld'] },
  },
  'fulfillment.shipment': { first: ['ShipmentReleased'], after: { ShipmentReleased: ['ShipmentConfirmed'] } },
};

/** Facts of which each must bring about exactly one of the effects, about the same thing. */
export interface Consequence {
  readonly causes: readonly FactSelection[];
  readonly effects: FactSelection;
}

const about = (key: FactSelection['key'], source: Subgraph, ...types: string[]): FactSelection => ({
  source,
  types,
  key,
});

export const CONSEQUENCES: readonly Consequence[] = [
  {
    causes: [about('orderId', 'orders', 'OrderPlaced')],
    effects: about('orderId', 'inventory', 'StockReserved', 'StockShort'),
  },
  {
    causes: [about('orderId', 'inventory', 'StockReserved')],
    effects: about('orderId', 'payments', 'PaymentAuthorised', 'PaymentDeclined'),
  },
  {
    causes: [about('orderId', 'payments', 'PaymentAuthorised')],
    effects: about('orderId', 'orders', 'OrderConfirmed'),
  },
  {
    causes: [about('orderId', 'inventory', 'StockShort'), about('orderId', 'payments', 'PaymentDeclined')],
    // An order whose time was up is rejected by itself.
    effects: { ...about('orderId', 'orders', 'OrderRejected'), reasons: ['STOCK_SHORT', 'PAYMENT_DECLINED'] },
  },
  {
    causes: [about('orderId', 'orders', 'OrderConfirmed')],
    effects: { ...about('orderId', 'fulfillment', 'ShipmentsPlanned'), firstAttempt: true },
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
    'StockShort',
    'ReservationReleased',
    'StockAllocated',
    'AllocationRefused',
    'StockShipped',
  ],
  payments: ['PaymentAuthorised', 'PaymentDeclined', 'PaymentVoided', 'PaymentCaptured'],
  fulfillment: ['ShipmentsPlanned', 'FulfillmentHeld', 'ShipmentReleased', 'ShipmentConfirmed'],
} as const;
export type TimelineSource = keyof typeof TIMELINE_FACTS;

/** What the timeline adds to a fact `e`, as SQL: of a shortage five SKUs are named. */
export const FACT_DETAIL = `case e.type
  when 'PaymentDeclined' then e.data ->> 'reason'
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

/** The status an order has after each fact of its own. */
export const STATUS_AFTER = {
  OrderPlaced: 'PLACED',
  OrderConfirmed: 'CONFIRMED',
  OrderRejected: 'REJECTED',
  OrderReleased: 'RELEASED',
  OrderPartiallyShipped: 'PARTIALLY_SHIPPED',
  OrderShipped: 'SHIPPED',
  OrderHeld: 'ON_HOLD',
} as const;
