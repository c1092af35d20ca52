import { derivedId, type Sql } from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';
import { linesToShip, type RoutedOrder } from '../domain/routed-order.ts';
import {
  type Cause,
  closeOrder,
  confirmOrder,
  moveStock,
  openDesk,
  placeOrder,
  type RoutingDesk,
  receiveStock,
  refusePlan,
  releaseShipments,
} from '../domain/routing-desk.ts';
import {
  loadOrders,
  loadPlannedShipments,
  loadShipmentHeads,
  loadStock,
  loadWarehouses,
} from '../store/load-batch.ts';
import { type Heard, isStockMove, type StockMove } from './heard-facts.ts';

/** Loads all that a batch is decided on, then takes its facts one by one, in the order of their arrival. */
export async function routeBatch(sql: Sql, heard: readonly Heard[]): Promise<RoutingDesk> {
  const wanted = wantedRows(heard);
  const [orders, allocated, refused, warehouses] = await Promise.all([
    loadOrders(sql, wanted.orderIds),
    loadShipmentHeads(sql, wanted.shipmentIds),
    loadPlannedShipments(sql, wanted.refusedIds),
    loadWarehouses(sql),
  ]);
  const stock = await loadStock(sql, wantedSkus(heard, orders));
  const desk = openDesk({ orders, allocated, refused, warehouses, stock });
  for (const each of heard) take(desk, each);
  return desk;
}

/** The rows a batch needs. An order that is placed in the batch itself has none yet. */
function wantedRows(heard: readonly Heard[]) {
  const placed = new Set<string>();
  const orderIds = new Set<string>();
  const refusedIds = new Set<string>();
  const shipmentIds = new Set<string>();
  for (const { fact } of heard) {
    if (fact.type === 'OrderPlaced') placed.add(fact.data.orderId);
    if (isStockMove(fact) || fact.type === 'OrderPlaced' || fact.type === 'OrderReminded') continue;
    if (fact.type === 'StockAllocated') for (const id of fact.data.shipmentIds) shipmentIds.add(id);
    else if (!placed.has(fact.data.orderId)) orderIds.add(fact.data.orderId);
    if (fact.type === 'AllocationRefused' || fact.type === 'OrderRejected') refusedIds.add(fact.data.orderId);
  }
  return { orderIds: [...orderIds], refusedIds: [...refusedIds], shipmentIds: [...shipmentIds] };
}

/** The SKUs whose stock is looked at or changed. */
function wantedSkus(heard: readonly Heard[], orders: readonly RoutedOrder[]): string[] {
  const stored = new Map(orders.map((order) => [order.orderId, order]));
  const placed = new Map<string, readonly { sku: string }[]>();
  const skus = new Set<string>();
  const add = (lines: readonly { sku: string }[]) => {
    for (const { sku } of lines) skus.add(sku);
  };
  for (const { fact } of heard) {
    if (isStockMove(fact)) add(fact.data.lines);
    if (fact.type === 'OrderPlaced') placed.set(fact.data.orderId, fact.data.lines);
    if (fact.type !== 'OrderConfirmed' && fact.type !== 'AllocationRefused' && fact.type !== 'OrderRejected')
      continue;
    const order = stored.get(fact.data.orderId);
    if (fact.type === 'OrderRejected' && order?.state !== 'PLANNED') continue;
    add(order === undefined ? (placed.get(fact.data.orderId) ?? []) : linesToShip(order));
    if (fact.type === 'AllocationRefused') add(fact.data.available);
  }
  return [...skus];
}

function causeOf({ arrived: { event } }: Heard, orderId: string): Cause {
  const { traceparent } = event.metadata;
  return {
    derive: (step, ordinal) => derivedId(event.id, step, ordinal),
    metadata: {
      causationId: event.id,
      correlationId: orderId,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}

/** Takes one fact to the desk. */
export function take(desk: RoutingDesk, heard: Heard): void {
  const { fact, arrived } = heard;
  switch (fact.type) {
    case 'OrderPlaced': {
      const { shipTo, requestedShipDate, ...order } = fact.data;
      const delivery = { shipTo: shipTo ?? null, requestedShipDate: requestedShipDate ?? null };
      return placeOrder(desk, newOrder(order, arrived), delivery);
    }
    case 'OrderConfirmed':
      return confirmOrder(
        desk,
        causeOf(heard, fact.data.orderId),
        fact.data.orderId,
        fact.data.lines ?? null,
      );
    case 'OrderRejected':
      return closeOrder(desk, fact.data.orderId);
    case 'OrderReminded':
      // Routing leaves nothing undone that it could do by itself: what a reminder moves is the telling of releases.
      return;
    case 'StockReceived':
      return receiveStock(desk, fact.data.lines);
    case 'StockAdjusted':
      return moveStock(desk, fact.data.lines);
    case 'TransferSent':
    case 'TransferReceived':
      return moveStock(desk, transferred(fact));
    case 'StockAllocated':
      return releaseShipments(desk, causeOf(heard, fact.data.orderId), fact.data.shipmentIds);
    case 'AllocationRefused':
      return refusePlan(desk, causeOf(heard, fact.data.orderId), fact.data, fact.data.available);
  }
}

/** Units of a transfer leave one warehouse, lie nowhere on their way, and come to the other. */
function transferred({ type, data }: Extract<StockMove, { type: 'TransferSent' | 'TransferReceived' }>) {
  const [warehouseId, sign] = type === 'TransferSent' ? [data.fromWarehouseId, -1] : [data.toWarehouseId, 1];
  return data.lines.map(({ sku, quantity }) => ({ sku, warehouseId, delta: sign * quantity }));
}

type Placed = Pick<RoutedOrder, 'orderId' | 'partnerId' | 'number' | 'currencyCode' | 'lines'>;

function newOrder(placed: Placed, { partition }: ArrivedEvent) {
  const { orderId, partnerId, number, currencyCode, lines } = placed;
  return { orderId, partnerId, partition, number, currencyCode, lines };
}
