import type { Sql } from '@crossdock/event-store';
import type { PlannedShipment } from '../domain/routing-desk.ts';
import type { PricedLine, ShipmentStatus, SkuQuantity } from '../domain/shipment.ts';

type ShipmentRow = {
  shipment_id: string;
  order_id: string;
  plan_id: string;
  partner_id: string;
  partition: number;
  warehouse_id: string;
  status: ShipmentStatus;
  version: number;
  release_epoch: number;
  lines: SkuQuantity[];
  value_minor: bigint;
  currency_code: string;
  carrier: string | null;
  tracking_number: string | null;
  missing: SkuQuantity[] | null;
};

/** Rows of `shipments` in the domain's words, with the plan they belong to. */
export function readPlannedShipments(rows: readonly object[]): PlannedShipment[] {
  return rows.map((each) => {
    // The columns are those of the table, whose CHECKs hold the status to its words.
    const row = each as ShipmentRow;
    return {
      shipmentId: row.shipment_id,
      orderId: row.order_id,
      planId: row.plan_id,
      partnerId: row.partner_id,
      partition: row.partition,
      warehouseId: row.warehouse_id,
      status: row.status,
      version: row.version,
      releaseEpoch: row.release_epoch,
      lines: row.lines,
      valueMinor: Number(row.value_minor),
      currencyCode: row.currency_code,
      carrier: row.carrier,
      trackingNumber: row.tracking_number,
      ...(row.missing === null ? {} : { missing: row.missing }),
    };
  });
}

/** The shipments with these ids, by id, and the lines of their orders as they were placed, by order. */
export async function loadLeavingShipments(
  sql: Sql,
  shipmentIds: readonly string[],
): Promise<
  Readonly<{ shipments: Map<string, PlannedShipment>; orderLines: Map<string, readonly PricedLine[]> }>
> {
  // A plan is written with its order, so that none is without one.
  const rows = await sql<{ order_id: string; order_lines: PricedLine[] }[]>`
    SELECT s.*, o.lines AS order_lines FROM shipments s JOIN orders o USING (order_id)
    WHERE s.shipment_id = ANY (${[...shipmentIds]}::uuid[])`;
  return {
    shipments: new Map(readPlannedShipments(rows).map((shipment) => [shipment.shipmentId, shipment])),
    orderLines: new Map(rows.map((row) => [row.order_id, row.order_lines])),
  };
}

/** The shipments with these ids, by id. */
export async function loadShipmentsById(
  sql: Sql,
  shipmentIds: readonly string[],
): Promise<Map<string, PlannedShipment>> {
  if (shipmentIds.length === 0) return new Map();
  const rows = await sql`SELECT * FROM shipments WHERE shipment_id = ANY (${[...shipmentIds]}::uuid[])`;
  return new Map(readPlannedShipments(rows).map((shipment) => [shipment.shipmentId, shipment]));
}
