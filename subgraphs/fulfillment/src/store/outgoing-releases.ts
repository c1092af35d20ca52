import type { Inbox, Sql } from '@crossdock/event-store';
import type { SkuQuantity } from '../domain/shipment.ts';

export type DueRelease = Readonly<{
  shipmentId: string;
  releaseEpoch: number;
  warehouseId: string;
  orderNumber: string;
  shipTo: object | null;
  requestedShipDate: string | null;
  lines: readonly SkuQuantity[];
  sends: number;
}>;

/**
 * Releases whose time has come, at most `limit` of each warehouse, oldest first; none of the warehouses left out,
 * nor of those that are down: they are told when they open again.
 */
export async function loadDueReleases(
  sql: Sql,
  leftOut: readonly string[],
  limit: number,
): Promise<DueRelease[]> {
  return await sql<DueRelease[]>`
    SELECT d.shipment_id AS "shipmentId", d.release_epoch AS "releaseEpoch", d.warehouse_id AS "warehouseId", d.sends,
           o.number AS "orderNumber", o.ship_to AS "shipTo", o.requested_ship_date AS "requestedShipDate", s.lines
    FROM warehouses w
    CROSS JOIN LATERAL (
      SELECT * FROM outgoing_releases r
      WHERE r.warehouse_id = w.warehouse_id AND r.state = 'PENDING' AND r.next_send_at <= clock_timestamp()
      ORDER BY r.next_send_at LIMIT ${limit}) d
    JOIN shipments s ON s.shipment_id = d.shipment_id
    JOIN orders o ON o.order_id = s.order_id
    WHERE w.status <> 'DOWN' AND NOT w.warehouse_id = ANY (${[...leftOut]}::text[])`;
}

/** What became of telling one release. An owner: it waits for a person. */
export type ToldRelease = Readonly<{
  shipmentId: string;
  releaseEpoch: number;
  outcome: string;
  accepted: boolean;
  waitMs: number;
  owner: string | null;
}>;

/** Has the releases of these orders that no WMS took yet told now; answers how many those were. */
export async function hastenReleases(
  sql: Sql,
  { consumer, epoch }: Inbox,
  orderIds: readonly string[],
): Promise<number> {
  const [row] = await sql<{ hastened: number }[]>`
    SELECT fulfillment_hasten_releases(${consumer}, ${epoch}, ${[...orderIds]}::uuid[]) AS hastened`;
  return row?.hastened ?? 0;
}

/** Commits what a WMS answered, or that it did not. */
export async function noteAnswers(sql: Sql, told: readonly ToldRelease[]): Promise<void> {
  await sql`SELECT fulfillment_note_answers(
    ${told.map((each) => each.shipmentId)}::uuid[], ${told.map((each) => each.releaseEpoch)}::int[],
    ${told.map((each) => each.outcome)}::text[], ${told.map((each) => (each.accepted ? 1 : 0))}::int[],
    ${told.map((each) => each.waitMs)}::int[], ${told.map((each) => each.owner)}::text[])`;
}
