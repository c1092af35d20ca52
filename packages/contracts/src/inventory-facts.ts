import { z } from 'zod';
import { amountMinor, currencyCode, id, skuQuantity, uuid } from './fields.ts';

/** Said by inventory: products, what arrived, and what became of claims on stock. */
const order = { orderId: uuid, partnerId: id };

const product = z.object({
  sku: id,
  name: z.string(),
  listPriceMinor: amountMinor,
  currencyCode,
  casePack: z.int(),
  minOrderQuantity: z.int(),
  weightGrams: z.int(),
});

export const inventoryFacts = {
  ProductRegistered: product,
  ProductRevised: product,
  StockReceived: z.object({
    receiptId: uuid,
    /** The delivery note or the like. */
    reference: z.string().nullish(),
    lines: z.array(z.object({ sku: id, warehouseId: id, quantity: z.int().min(1) })),
  }),
  /** `lines` only where less than the placed lines was reserved; the value is that of what was reserved. */
  StockReserved: z.object({
    ...order,
    reservedValueMinor: amountMinor,
    currencyCode,
    lines: z.array(skuQuantity).nullish(),
  }),
  StockShort: z.object({
    ...order,
    short: z.array(z.object({ sku: id, requested: z.int(), available: z.int() })),
  }),
  ReservationReleased: z.object({ ...order, cause: z.string() }),
  StockAllocated: z.object({ ...order, planId: uuid, shipmentIds: z.array(uuid) }),
  /**
   * The plan asked more of a warehouse than it has; `available` are the figures at that moment. `closed` where the order has
   * no claim any more: another plan would be refused like this one.
   */
  AllocationRefused: z.object({
    ...order,
    planId: uuid,
    available: z.array(z.object({ sku: id, warehouseId: id, available: z.int() })),
    closed: z.boolean().nullish(),
  }),
  StockShipped: z.object({ ...order, shipmentId: uuid, warehouseId: id }),
};
