import { z } from 'zod';
import { lineParser, type Recorded } from '../journal/recorded.ts';

const code = z.string().min(1).max(64);

export const pickLine = z.object({ sku: code, quantity: z.int().min(1).max(1_000_000_000) });
export type PickLine = z.infer<typeof pickLine>;

export const address = z.object({
  name: z.string().max(500).nullish(),
  lines: z.array(z.string().max(500)).max(20).nullish(),
  city: z.string().max(500).nullish(),
  postalCode: z.string().max(64).nullish(),
  country: z.string().max(64),
});

/** A shipment is told again under a higher epoch when it moves; each (shipment, epoch) is a pick of its own. */
export const pickName = z.object({ shipmentId: code, releaseEpoch: z.int().min(0) });
export type PickName = z.infer<typeof pickName>;

export const shipmentOrder = pickName.extend({
  warehouseId: code,
  orderNumber: code,
  shipTo: address.nullish(),
  requestedShipDate: z.iso.date().nullish(),
  lines: z.array(pickLine).min(1).max(1_000),
});
export type ShipmentOrder = z.infer<typeof shipmentOrder>;

const entry = z.discriminatedUnion('kind', [
  shipmentOrder.extend({ kind: z.literal('accepted') }),
  /** Taken up again after it was held. */
  pickName.extend({ kind: z.literal('resumed') }),
  /** Also written for a pick never heard of, so that it is refused when it comes late. */
  pickName.extend({ kind: z.literal('recalled') }),
  /** A batch that is about to be sent under its key; the same key is always sent with the same content. */
  z.object({
    kind: z.literal('confirming'),
    warehouseId: code,
    idempotencyKey: z.string(),
    shipments: z.array(pickName),
  }),
  /** Crossdock did not confirm; tried again until the limit, then held for a person. */
  pickName.extend({ kind: z.literal('refused'), code: z.string() }),
  /** Crossdock withdrew it, or a higher epoch took its place: the goods stay. */
  pickName.extend({ kind: z.literal('cancelled'), code: z.string() }),
  /** The goods left. */
  pickName.extend({
    kind: z.literal('shipped'),
    warehouseId: code,
    carrier: z.string(),
    trackingNumber: z.string(),
    lines: z.array(pickLine),
  }),
]);

export type WmsEntry = z.infer<typeof entry>;
export type WmsLine = Recorded<WmsEntry>;

/** Throws when the line is none of ours. */
export const parseWmsLine = lineParser(entry);
