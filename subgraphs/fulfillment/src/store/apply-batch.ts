import { appendArrays, type Inbox, type NewEvent, type Sql } from '@crossdock/event-store';
import type { RoutedOrder } from '../domain/routed-order.ts';
import type { RoutingDesk } from '../domain/routing-desk.ts';

function routing(order: RoutedOrder) {
  const { orderId, version, confirmedLines, state, planId, planAttempts, holdReason, holdOwner } = order;
  return { orderId, version, confirmedLines, state, planId, planAttempts, holdReason, holdOwner };
}

/** What `fulfillment_apply` writes, as one JSON document: one parse costs less than twenty arrays of text. */
function changesOf(desk: RoutingDesk): object {
  const touched = [...desk.touched].flatMap((orderId) => desk.orders.get(orderId) ?? []);
  return {
    placed: touched
      .filter(({ version }) => version === 0)
      .map((order) => {
        const { partnerId, partition, number, currencyCode, lines } = order;
        return {
          ...routing(order),
          partnerId,
          partition,
          number,
          currencyCode,
          lines,
          ...desk.deliveries.get(order.orderId),
        };
      }),
    routed: touched.filter(({ version }) => version > 0).map(routing),
    stock: desk.view.changes(),
    plans: desk.plans,
    shipments: desk.planned,
    moved: [...desk.moved.values()].map(({ shipmentId, warehouseId, status, version, releaseEpoch }) => ({
      shipmentId,
      warehouseId,
      status,
      version,
      releaseEpoch,
    })),
    warehouses: [...desk.warehousesUsed],
  };
}

/** Writes a batch's effects, its facts and its offsets in one call; rejects with CD002 when something moved meanwhile. */
export async function applyBatch(
  sql: Sql,
  inbox: Inbox,
  desk: RoutingDesk,
  facts: readonly NewEvent[],
): Promise<void> {
  const events = appendArrays(facts);
  await sql`SELECT fulfillment_apply(
    ${JSON.stringify(inbox)}::text::jsonb, ${JSON.stringify(changesOf(desk))}::text::jsonb,
    ${events.partition}::int[], ${events.category}::text[], ${events.streamId}::text[], ${events.version}::int[],
    ${events.id}::uuid[], ${events.type}::text[], ${events.schemaVersion}::int[], ${events.data}::text[],
    ${events.metadata}::text[])`;
}
