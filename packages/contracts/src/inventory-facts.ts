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
  /** StockLow is said when fewer units than these are free; absent or 0 for never. */
  lowStockThreshold: z.int().min(0).nullish(),
});

export const ADJUSTMENT_REASONS = ['COUNT', 'DAMAGE', 'LOSS', 'FOUND', 'RETURN', 'CORRECTION'] as const;

const shelfUnits = z.object({ sku: id, warehouseId: id, quantity: z.int().min(1) });
const hold = { holdId: uuid, partnerId: id };

export const inventoryFacts = {
  ProductRegistered: product,
  ProductRevised: product,
  StockReceived: z.object({
    receiptId: uuid,
    /** The delivery note or the like. */
    reference: z.string().nullish(),
    lines: z.array(shelfUnits),
  }),
  /** Units found to be more or fewer than booked: what lies there is the truth, whatever was promised of it. */
  StockAdjusted: z.object({
    adjustmentId: uuid,
    reference: z.string().nullish(),
    lines: z.array(
      z.object({
        sku: id,
        warehouseId: id,
        delta: z.int(),
        reason: z.enum(ADJUSTMENT_REASONS),
        note: z.string().nullish(),
      }),
    ),
  }),
  /** Units kept back from sale, as they are now. */
  SafetyStockSet: z.object({
    lines: z.array(z.object({ sku: id, warehouseId: id, safety: z.int().min(0) })),
  }),
  /** Units left a warehouse for another; until they arrive they are nowhere for sale. */
  TransferSent: z.object({
    transferId: uuid,
    fromWarehouseId: id,
    toWarehouseId: id,
    lines: z.array(skuQuantity).min(1),
  }),
  /** Units of a transfer arrived; `isLast` where nothing more of it is to come, and the rest was lost on the way. */
  TransferReceived: z.object({
    transferId: uuid,
    fromWarehouseId: id,
    toWarehouseId: id,
    lines: z.array(skuQuantity),
    isLast: z.boolean(),
  }),
  /** Fewer units than the product's threshold are free. */
  StockLow: z.object({ sku: id, available: z.int(), threshold: z.int() }),
  HoldPlaced: z.object({ ...hold, expiresAt: z.string(), lines: z.array(skuQuantity).min(1) }),
  HoldExtended: z.object({ ...hold, expiresAt: z.string() }),
  HoldReleased: z.object(hold),
  HoldExpired: z.object(hold),
  /** An order took the hold's units over, as far as it asks for them; the rest is free again. */
  HoldClaimed: z.object({ ...hold, orderId: uuid }),
  /** Held units are not there. */
  HoldBroken: z.object({ ...hold, lines: z.array(skuQuantity).min(1), cause: z.string() }),
  /**
   * `lines` only where less than the placed lines was reserved, and always from the second wave on; the value is that of what
   * was reserved now. `wave` counts the order's reservations, absent for the first. `backordered` is all that waits after it.
   */
  StockReserved: z.object({
    ...order,
    reservedValueMinor: amountMinor,
    currencyCode,
    lines: z.array(skuQuantity).nullish(),
    wave: z.int().min(1).nullish(),
    backordered: z.array(skuQuantity).nullish(),
  }),
  /** Nothing is reserved yet: all these wait for receipts. */
  StockBackordered: z.object({ ...order, lines: z.array(skuQuantity).min(1) }),
  /** Some of a claim was given back (`lines`, worth `valueMinor`), and some of what waits no longer does. */
  ReservationReduced: z.object({
    ...order,
    lines: z.array(skuQuantity),
    backordered: z.array(skuQuantity),
    valueMinor: amountMinor,
    currencyCode,
    cause: z.string(),
  }),
  /**
   * Claimed units that no warehouse was assigned yet are not there. `rest` is what becomes of them: they wait for receipts,
   * wait with an owner since the order was to come whole, or are cancelled since the order takes what there is.
   */
  ReservationBroken: z.object({
    ...order,
    lines: z.array(skuQuantity).min(1),
    valueMinor: amountMinor,
    currencyCode,
    cause: z.string(),
    rest: z.enum(['BACKORDERED', 'HELD', 'CANCELLED']),
  }),
  /** Units assigned to shipments are not there: they stay claimed until it is known whether they left. */
  AllocationBroken: z.object({
    ...order,
    warehouseId: id,
    cause: z.string(),
    shipments: z.array(z.object({ shipmentId: uuid, lines: z.array(skuQuantity).min(1) })).min(1),
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
    /** Units that the plan's wave has claimed and no warehouse was assigned, of each SKU of the plan; what is absent has none. */
    open: z.array(skuQuantity).nullish(),
    closed: z.boolean().nullish(),
  }),
  StockShipped: z.object({ ...order, shipmentId: uuid, warehouseId: id }),
};
