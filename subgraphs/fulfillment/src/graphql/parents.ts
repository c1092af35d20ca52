import type { Shipment } from '../domain/shipment.ts';

/** What resolvers of an order get: the reference that was checked. */
export type OrderParent = Readonly<{ id: string }>;

/** What resolvers of a shipment get. */
export type ShipmentParent = Pick<
  Shipment,
  | 'shipmentId'
  | 'orderId'
  | 'warehouseId'
  | 'status'
  | 'version'
  | 'releaseEpoch'
  | 'lines'
  | 'carrier'
  | 'trackingNumber'
>;
