import type { SkuQuantity } from './domain/shipment.ts';

/** A release as a WMS is told it: the same (shipment, epoch) changes nothing when it is told again. */
export type OutgoingRelease = Readonly<{
  shipmentId: string;
  releaseEpoch: number;
  warehouseId: string;
  orderNumber: string;
  shipTo: object | null;
  requestedShipDate: string | null;
  lines: readonly SkuQuantity[];
}>;

/** What a WMS says to one release. REFUSED carries its reason. */
export type TellResult = Readonly<{
  shipmentId: string;
  releaseEpoch: number;
  result: 'ACCEPTED' | 'ALREADY_ACCEPTED' | 'REFUSED';
  reason: string | null;
}>;

/** `unknown`: it may or may not have been heard, and must be told again. */
export type TellAnswer =
  | Readonly<{ kind: 'answered'; results: readonly TellResult[] }>
  | Readonly<{ kind: 'unknown'; why: string }>;

/** The WMS of every warehouse. */
export type WarehouseSystem = Readonly<{
  /** Tells one warehouse up to 200 releases. Never rejects: what went wrong is `unknown`. */
  tell: (warehouseId: string, releases: readonly OutgoingRelease[]) => Promise<TellAnswer>;
}>;
