import { appendArrays, type Inbox, type NewEvent, type Sql } from '@crossdock/event-store';
import type { RoutedOrder } from '../domain/routed-order.ts';
import type { RoutingDesk } from '../domain/routing-desk.ts';

function routing(order: RoutedOrder) {
  const { orderId, version, waves, state, planAttempts, facts, holdReason, holdOwner, heldUnder } = order;
  const { heldShipments, isEnded } = order;
  const hold = { holdReason, holdOwner, heldUnder, heldShipments };
  return { orderId, version, waves, state, isEnded, planAttempts, facts, ...hold };
}

/** A document of rows for `json_to_recordset`; null when there are none, so that the call skips their statement. */
function document(rows: readonly object[]): string | null {
  return rows.length === 0 ? null : JSON.stringify(rows);
}

function placedRows(desk: RoutingDesk, orders: readonly RoutedOrder[]): object[] {
  return orders.map((order) => {
    const { orderId, partnerId, partition, number, currencyCode, lines } = order;
    const identity = { partnerId, partition, number, currencyCode, lines };
    return { ...routing(order), ...identity, ...desk.deliveries.get(orderId) };
  });
}

function movedRows(desk: RoutingDesk): object[] {
  return [...desk.moved.values()].map(({ shipmentId, warehouseId, status, version, releaseEpoch }) => ({
    ...{ shipmentId, warehouseId, status, version, releaseEpoch },
  }));
}

/** One row for each shipment, however often its units were missed in this batch. */
function missingRows({ missing }: RoutingDesk): object[] {
  const byShipment = Map.groupBy(missing, ({ shipmentId }) => shipmentId);
  return [...byShipment].map(([shipmentId, each]) => ({
    shipmentId,
    lines: each.flatMap(({ lines }) => lines),
  }));
}

/** Writes a batch's effects, its facts and its offsets in one call; rejects with CD002 when something moved meanwhile:
 * `retries` is the count that was read before all the rows it was decided on. */
export async function applyBatch(
  sql: Sql,
  inbox: Inbox,
  desk: RoutingDesk,
  facts: readonly NewEvent[],
  { retries, isRetry = false }: Readonly<{ retries: number; isRetry?: boolean }>,
): Promise<void> {
  const touched = [...desk.touched].flatMap((orderId) => desk.orders.get(orderId) ?? []);
  const placed = touched.filter(({ version }) => version === 0);
  const routed = touched.filter(({ version }) => version > 0);
  const stock = desk.view.changes();
  const events = appendArrays(facts);
  await sql`SELECT fulfillment_apply(
    ${JSON.stringify(inbox)}::text::jsonb, ${document(placedRows(desk, placed))}::text::json,
    ${document(routed.map(routing))}::text::json,
    ${document(stock.filter(({ isNew }) => isNew))}::text::json,
    ${document(stock.filter(({ isNew }) => !isNew))}::text::json,
    ${document(desk.plans)}::text::json, ${document(desk.planned)}::text::json, ${document(movedRows(desk))}::text::json,
    ${document(missingRows(desk))}::text::json,
    ${retries}::bigint, ${isRetry}::boolean, ${[...desk.warehousesUsed]}::text[],
    ${events.partition}::int[], ${events.category}::text[], ${events.streamId}::text[], ${events.version}::int[],
    ${events.id}::uuid[], ${events.type}::text[], ${events.schemaVersion}::int[], ${events.data}::text[],
    ${events.metadata}::text[])`;
}
