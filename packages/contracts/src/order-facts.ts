import { z } from 'zod';
import { address, amountMinor, currencyCode, id, pricedLine, skuQuantity, uuid } from './fields.ts';

/** Said by orders: partners and the life of an order. */
const order = { orderId: uuid, partnerId: id, number: z.string() };

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
    lines: z.array(pricedLine).min(1),
  }),
  /** `lines` only where less than the placed lines was reserved. */
  OrderConfirmed: z.object({ ...order, lines: z.array(skuQuantity).nullish() }),
  OrderRejected: z.object({ ...order, reason: z.enum(REJECTION_REASONS), detail: z.string().nullish() }),
  OrderReleased: z.object({ ...order, shipmentId: uuid }),
  OrderPartiallyShipped: z.object({ ...order, shipmentId: uuid, lines: z.array(skuQuantity) }),
  /** All that was confirmed has now left. */
  OrderShipped: z.object({ ...order, shipmentId: uuid }),
  /** Nothing more happens by itself until another fact of the order comes: `owner` must act. */
  OrderHeld: z.object({ ...order, reason: z.string().min(1), owner: z.string().min(1) }),
  /**
   * The order waits longer in `status` than it may: whoever owes the next step tries again. `reminder` counts from 1 since
   * the order's last fact. Said in a stream of its own (category `order-reminder`), so that it takes no version of the order.
   */
  OrderReminded: z.object({ ...order, status: z.string(), reminder: z.int().min(1) }),
};

/** The status an order has after each fact of its own stream. */
export const ORDER_STATUS_AFTER = {
  OrderPlaced: 'PLACED',
  OrderConfirmed: 'CONFIRMED',
  OrderRejected: 'REJECTED',
  OrderReleased: 'RELEASED',
  OrderPartiallyShipped: 'PARTIALLY_SHIPPED',
  OrderShipped: 'SHIPPED',
  OrderHeld: 'ON_HOLD',
} as const;
export type OrderFact = keyof typeof ORDER_STATUS_AFTER;

/** The public name of each fact in the live feed (`OrderEventType` of the API). */
export const FEED_TYPE_OF = {
  OrderPlaced: 'ORDER_PLACED',
  OrderConfirmed: 'ORDER_CONFIRMED',
  OrderRejected: 'ORDER_REJECTED',
  OrderReleased: 'ORDER_RELEASED',
  OrderPartiallyShipped: 'ORDER_PARTIALLY_SHIPPED',
  OrderShipped: 'ORDER_SHIPPED',
  OrderHeld: 'ORDER_HELD',
} as const satisfies Record<OrderFact, string>;
