import { z } from 'zod';
import { address, amountMinor, currencyCode, id, pricedLine, skuQuantity, uuid } from './fields.ts';

/** Every status of an order that a fact can lead to (`OrderStatus` of the API). */
export const ORDER_STATUSES = [
  'PLACED',
  'CONFIRMED',
  'RELEASED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'BACKORDERED',
  'ON_HOLD',
  'REJECTED',
  'CANCELLED',
] as const;

/** Said by orders: partners and the life of an order. */
const order = { orderId: uuid, partnerId: id, number: z.string() };
/** Where a fact leaves the order, for facts that come in more than one state of it. */
const leavesAt = { status: z.enum(ORDER_STATUSES) };

export const SHORTAGE_POLICIES = ['REJECT', 'SHIP_AVAILABLE', 'BACKORDER'] as const;
export const PAYMENT_METHODS = ['TERMS', 'CARD'] as const;
export const REJECTION_REASONS = ['STOCK_SHORT', 'PAYMENT_DECLINED', 'EXPIRED'] as const;

const partner = z.object({
  partnerId: id,
  name: z.string(),
  currencyCode,
  paymentMethods: z.array(z.enum(PAYMENT_METHODS)),
  shipTo: address.nullish(),
});

export const orderFacts = {
  PartnerRegistered: partner,
  PartnerRevised: partner,
  OrderPlaced: z.object({
    ...order,
    currencyCode,
    totalMinor: amountMinor,
    shortagePolicy: z.enum(SHORTAGE_POLICIES),
    paymentMethod: z.enum(PAYMENT_METHODS),
    /** JWE sealed to payments' public key; only with CARD. */
    sealedCardToken: z.string().nullish(),
    poNumber: z.string().nullish(),
    placedBy: z.string(),
    note: z.string().nullish(),
    shipTo: address.nullish(),
    requestedShipDate: z.string().nullish(),
    /** A hold of stock whose units the order claims. */
    holdId: uuid.nullish(),
    lines: z.array(pricedLine).min(1),
  }),
  /**
   * `lines` only where less than the placed lines was reserved, or some were cancelled before; `backordered` are those of the
   * rest that wait for receipts. What stands in neither is cancelled.
   */
  OrderConfirmed: z.object({
    ...order,
    lines: z.array(skuQuantity).nullish(),
    backordered: z.array(skuQuantity).nullish(),
    /** Which of the order's reservations it confirms; absent for the first. */
    wave: z.int().min(1).nullish(),
  }),
  /** Nothing could be reserved yet: these lines wait for receipts. */
  OrderBackordered: z.object({ ...order, lines: z.array(skuQuantity).min(1) }),
  /** Units that waited are reserved and paid for: they are to be shipped. `wave` counts an order's reservations from 1. */
  OrderReplenished: z.object({
    ...order,
    ...leavesAt,
    wave: z.int().min(1),
    lines: z.array(skuQuantity).min(1),
  }),
  /**
   * Units of lines will not come: units that wait go first, then claimed ones. `by` is who decided; absent where the reason
   * did.
   */
  OrderLinesCancelled: z.object({
    ...order,
    ...leavesAt,
    lines: z.array(skuQuantity).min(1),
    reason: z.string(),
    by: z.string().nullish(),
  }),
  /** The whole order was cancelled before its confirmation, or while all that is left of it waits. */
  OrderCancelled: z.object({ ...order, reason: z.string(), by: z.string().nullish() }),
  /** Claimed units are not there: they wait for receipts again, or are cancelled with SHIP_AVAILABLE. */
  OrderLinesBroken: z.object({
    ...order,
    ...leavesAt,
    lines: z.array(skuQuantity).min(1),
    rest: z.enum(['BACKORDERED', 'CANCELLED']),
    cause: z.string(),
  }),
  OrderRejected: z.object({ ...order, reason: z.enum(REJECTION_REASONS), detail: z.string().nullish() }),
  OrderReleased: z.object({ ...order, shipmentId: uuid }),
  OrderPartiallyShipped: z.object({ ...order, shipmentId: uuid, lines: z.array(skuQuantity) }),
  /** All that was confirmed has now left. */
  OrderShipped: z.object({ ...order, shipmentId: uuid }),
  /** Nothing more happens by itself until another fact of the order comes: `owner` must act. */
  OrderHeld: z.object({ ...order, reason: z.string().min(1), owner: z.string().min(1) }),
  /** What held it holds it no more: it goes on from `status`. */
  OrderResumed: z.object({ ...order, ...leavesAt, reason: z.string().min(1) }),
  /**
   * The order waits longer in `status` than it may: whoever owes the next step tries again. `reminder` counts from 1 since
   * the order's last fact. Said in a stream of its own (category `order-reminder`), so that it takes no version of the order.
   */
  OrderReminded: z.object({ ...order, status: z.string(), reminder: z.int().min(1) }),
};

/** The status an order has after each fact of its own stream; null where the fact itself says it. */
export const ORDER_STATUS_AFTER = {
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
export type OrderFact = keyof typeof ORDER_STATUS_AFTER;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** The status an order has after a fact of its own stream; null where neither the fact nor its data say one. */
export function orderStatusAfter(
  type: OrderFact,
  data: Readonly<Record<string, unknown>>,
): OrderStatus | null {
  const fixed = ORDER_STATUS_AFTER[type];
  if (fixed !== null) return fixed;
  return ORDER_STATUSES.find((each) => each === data.status) ?? null;
}

/** The public name of each fact in the live feed (`OrderEventType` of the API). */
export const FEED_TYPE_OF = {
  OrderPlaced: 'ORDER_PLACED',
  OrderConfirmed: 'ORDER_CONFIRMED',
  OrderBackordered: 'ORDER_BACKORDERED',
  OrderReplenished: 'ORDER_REPLENISHED',
  OrderLinesCancelled: 'ORDER_LINES_CANCELLED',
  OrderLinesBroken: 'ORDER_LINES_BROKEN',
  OrderCancelled: 'ORDER_CANCELLED',
  OrderRejected: 'ORDER_REJECTED',
  OrderReleased: 'ORDER_RELEASED',
  OrderPartiallyShipped: 'ORDER_PARTIALLY_SHIPPED',
  OrderShipped: 'ORDER_SHIPPED',
  OrderHeld: 'ORDER_HELD',
  OrderResumed: 'ORDER_RESUMED',
} as const satisfies Record<OrderFact, string>;
