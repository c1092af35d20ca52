import type { ReadDatabase } from '@crossdock/event-store';
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Shipment, ShipmentStatus } from '../domain/shipment.ts';
import { shipments } from '../store/tables.ts';

export type ShipmentView = Omit<Shipment, 'partition' | 'valueMinor' | 'currencyCode'>;

/** Whose shipments may be seen: of some partners, of one warehouse, or all. */
export type ShipmentScope =
  | Readonly<{ kind: 'all' }>
  | Readonly<{ kind: 'partners'; partnerIds: readonly string[] }>
  | Readonly<{ kind: 'warehouse'; warehouseId: string }>;

export type ShipmentPage = Readonly<{
  scope: ShipmentScope;
  warehouseId: string | null;
  statuses: readonly ShipmentStatus[] | null;
  /** Id of the last shipment of the page before. */
  after: string | null;
  limit: number;
}>;

const COLUMNS = {
  shipmentId: shipments.shipmentId,
  orderId: shipments.orderId,
  partnerId: shipments.partnerId,
  warehouseId: shipments.warehouseId,
  status: shipments.status,
  version: shipments.version,
  releaseEpoch: shipments.releaseEpoch,
  lines: shipments.lines,
  carrier: shipments.carrier,
  trackingNumber: shipments.trackingNumber,
};

/** True when the scope covers the shipment. */
export function covers(scope: ShipmentScope, shipment: Pick<Shipment, 'partnerId' | 'warehouseId'>): boolean {
  if (scope.kind === 'all') return true;
  if (scope.kind === 'warehouse') return scope.warehouseId === shipment.warehouseId;
  return scope.partnerIds.includes(shipment.partnerId);
}

function within(scope: ShipmentScope): SQL | undefined {
  if (scope.kind === 'all') return undefined;
  if (scope.kind === 'warehouse') return eq(shipments.warehouseId, scope.warehouseId);
  return inArray(shipments.partnerId, [...scope.partnerIds]);
}

/** Shipments by their ids. */
export async function shipmentsById(read: ReadDatabase, ids: readonly string[]): Promise<ShipmentView[]> {
  if (ids.length === 0) return [];
  return read
    .select(COLUMNS)
    .from(shipments)
    .where(inArray(shipments.shipmentId, [...ids]));
}

/** All shipments of the given orders, in the order they were planned. */
export async function shipmentsOfOrders(
  read: ReadDatabase,
  orderIds: readonly string[],
): Promise<ShipmentView[]> {
  if (orderIds.length === 0) return [];
  return read
    .select(COLUMNS)
    .from(shipments)
    .where(inArray(shipments.orderId, [...orderIds]))
    .orderBy(shipments.plannedAt, shipments.shipmentId);
}

/** One page of the scope's shipments, newest first; reads `limit` rows. */
export async function listShipments(read: ReadDatabase, page: ShipmentPage): Promise<ShipmentView[]> {
  const { scope, warehouseId, statuses, after, limit } = page;
  if (scope.kind === 'partners' && scope.partnerIds.length === 0) return [];
  return read
    .select(COLUMNS)
    .from(shipments)
    .where(
      and(
        within(scope),
        warehouseId === null ? undefined : eq(shipments.warehouseId, warehouseId),
        statuses === null ? undefined : inArray(shipments.status, [...statuses]),
        after === null
          ? undefined
          : sql`(${shipments.plannedAt}, ${shipments.shipmentId}) <
              (SELECT last.planned_at, last.shipment_id FROM ${shipments} last WHERE last.shipment_id = ${after}::uuid)`,
      ),
    )
    .orderBy(desc(shipments.plannedAt), desc(shipments.shipmentId))
    .limit(limit);
}
