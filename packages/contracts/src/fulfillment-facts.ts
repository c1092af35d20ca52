import { z } from 'zod';
import { amountMinor, currencyCode, id, skuQuantity, uuid } from './fields.ts';

/** Said by fulfillment: warehouses, plans, releases, and what left. */
const shipment = { orderId: uuid, partnerId: id, shipmentId: uuid, warehouseId: id, releaseEpoch: z.int() };

export const WAREHOUSE_STATUSES = ['OPEN', 'PAUSED', 'DOWN'] as const;

const warehouse = z.object({
  warehouseId: id,
  name: z.string(),
  status: z.enum(WAREHOUSE_STATUSES),
  /** ISO 3166 code; and the order in which warehouses are tried, the lowest first. */
  country: z.string().nullish(),
  priority: z.int().nullish(),
});

export const fulfillmentFacts = {
  WarehouseRegistered: warehouse,
  WarehouseRevised: warehouse,
  ShipmentsPlanned: z.object({
    orderId: uuid,
    partnerId: id,
    planId: uuid,
    /** Counts the order's plans, of all its waves. */
    attempt: z.int().min(1),
    /** Which of the order's reservations is planned; absent for the first. */
    wave: z.int().min(1).nullish(),
    /** The last attempt of a wave takes whatever is there, from any number of warehouses. */
    greedy: z.boolean().nullish(),
    shipments: z
      .array(z.object({ shipmentId: uuid, warehouseId: id, lines: z.array(skuQuantity).min(1) }))
      .min(1),
  }),
  /** The order cannot be routed by itself: `owner` must act. */
  FulfillmentHeld: z.object({
    orderId: uuid,
    partnerId: id,
    reason: z.string().min(1),
    owner: z.string().min(1),
  }),
  ShipmentReleased: z.object(shipment),
  ShipmentConfirmed: z.object({
    ...shipment,
    /** Value of the lines at the prices of the order. */
    valueMinor: amountMinor,
    currencyCode,
    /** Priced as in the order; facts from before prices were told lack them. */
    lines: z.array(skuQuantity.extend({ unitPriceMinor: amountMinor.nullish() })).min(1),
    carrier: z.string().nullish(),
    trackingNumber: z.string().nullish(),
  }),
};
