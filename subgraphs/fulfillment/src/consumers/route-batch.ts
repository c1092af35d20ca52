import { derivedId, type Sql } from '@crossdock/event-store';
import type { ArrivedEvent } from '@crossdock/messaging';
import { breakAllocation } from '../domain/broken-allocations.ts';
import { cancelOrder, refusePlan, rejectOrder } from '../domain/refused-plans.ts';
import { releaseShipments } from '../domain/release-shipments.ts';
import { linesOfWave, type RoutedOrder } from '../domain/routed-order.ts';
import {
  type Cause,
  moveStock,
  openDesk,
  placeOrder,
  type RoutingDesk,
  receiveStock,
} from '../domain/routing-desk.ts';
import type { ShipmentHead } from '../domain/shipment.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import { causeForWave, confirmOrder, replenishOrder, retryHeldWaves } from '../domain/waves.ts';
import { loadRetries } from '../store/held-orders.ts';
import {
  loadOrders,
  loadShipmentHeads,
  loadStandingShipments,
  loadStock,
  loadWarehouses,
} from '../store/load-batch.ts';
import { type Heard, isStockMove, type StockMove } from './heard-facts.ts';

/** Loads all that a batch is decided on, then takes its facts one by one, in the order of their arrival. */
export async function routeBatch(
  sql: Sql,
  heard: readonly Heard[],
): Promise<Readonly<{ desk: RoutingDesk; retries: number }>> {
  const wanted = wantedRows(heard);
  const [retries, known, allocated, standing, warehouses] = await Promise.all([
    loadRetries(sql),
    loadOrders(sql, wanted.orderIds),
    loadShipmentHeads(sql, wanted.shipmentIds),
    loadStandingShipments(sql, wanted.refusedIds),
    loadWarehouses(sql),
  ]);
  const orders = [...known, ...(await loadOrders(sql, waitingOrders(known, allocated, warehouses)))];
  const stock = await loadStock(sql, wantedSkus(heard, known));
  const { refused = [], leaving = [] } = Object.groupBy(standing, ({ status }) =>
    status === 'PLANNED' ? 'refused' : 'leaving',
  );
  const desk = openDesk({ orders, allocated, refused, leaving, warehouses, stock });
  for (const each of heard) take(desk, each);
  return { desk, retries };
}

/** Orders that get on hold for shipments of warehouses which are not open, in so far as they are not known yet. */
function waitingOrders(
  known: readonly RoutedOrder[],
  allocated: readonly ShipmentHead[],
  warehouses: readonly Warehouse[],
): string[] {
  const closed = new Set(
    warehouses.filter(({ status }) => status !== 'OPEN').map((each) => each.warehouseId),
  );
  const waiting = allocated.filter(({ warehouseId }) => closed.has(warehouseId));
  const orderIds = new Set(waiting.map(({ orderId }) => orderId));
  for (const { orderId } of known) orderIds.delete(orderId);
  return [...orderIds];
}

/** Facts for which the shipments of their order that have not left are looked at. */
const ASKS_FOR_STANDING: readonly string[] = [
  'AllocationRefused',
  'OrderRejected',
  'OrderCancelled',
  'OrderReplenished',
];
/** Facts that no row of an order is needed for: the order is not known yet, or seldom changes. */
const NEEDS_NO_ORDER: readonly string[] = ['OrderPlaced', 'StockAllocated'];

/** The rows a batch needs. An order that is placed in the batch itself has none yet. */
function wantedRows(heard: readonly Heard[]) {
  const placed = new Set<string>();
  const orderIds = new Set<string>();
  const refusedIds = new Set<string>();
  const shipmentIds = new Set<string>();
  for (const { fact } of heard) {
    if (isStockMove(fact)) continue;
    const { orderId } = fact.data;
    if (fact.type === 'OrderPlaced') placed.add(orderId);
    if (fact.type === 'StockAllocated') for (const id of fact.data.shipmentIds) shipmentIds.add(id);
    if (fact.type === 'AllocationBroken')
      for (const { shipmentId } of fact.data.shipments) shipmentIds.add(shipmentId);
    if (!NEEDS_NO_ORDER.includes(fact.type) && !placed.has(orderId)) orderIds.add(orderId);
    if (ASKS_FOR_STANDING.includes(fact.type)) refusedIds.add(orderId);
  }
  return { orderIds: [...orderIds], refusedIds: [...refusedIds], shipmentIds: [...shipmentIds] };
}

/** Facts that change nothing in the view of stock for their order. */
const LEAVES_STOCK_ALONE: readonly string[] = ['StockAllocated', 'AllocationBroken'];

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
    else if (fact.type === 'OrderPlaced') placed.set(fact.data.orderId, fact.data.lines);
    else if (!LEAVES_STOCK_ALONE.includes(fact.type)) {
      const order = stored.get(fact.data.orderId);
      add(order === undefined ? (placed.get(fact.data.orderId) ?? []) : linesConcerned(fact.type, order));
    }
    if (fact.type === 'AllocationRefused') add(fact.data.available);
  }
  return [...skus];
}

/** Lines of a stored order that are planned or given back with a fact. */
function linesConcerned(type: Heard['fact']['type'], order: RoutedOrder): readonly { sku: string }[] {
  const hasEnd = type === 'OrderRejected' || type === 'OrderCancelled';
  if (hasEnd && order.waves.length === 0) return [];
  if (type === 'OrderReminded')
    return order.waves.filter(({ isHeld }) => isHeld).flatMap((wave) => linesOfWave(order, wave));
  return order.lines;
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
      return confirmOrder(desk, causeOf(heard, fact.data.orderId), fact.data.orderId, {
        wave: fact.data.wave ?? 1,
        lines: fact.data.lines ?? null,
      });
    case 'OrderReplenished':
      return replenishOrder(desk, causeOf(heard, fact.data.orderId), fact.data.orderId, fact.data);
    case 'OrderRejected':
      return rejectOrder(desk, causeOf(heard, fact.data.orderId), fact.data.orderId);
    case 'OrderCancelled':
      return cancelOrder(desk, causeOf(heard, fact.data.orderId), fact.data.orderId);
    case 'OrderReminded':
      return retryHeldWaves(
        desk,
        (order, wave) => causeForWave(causeOf(heard, order.orderId), wave),
        fact.data.orderId,
      );
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
    case 'AllocationBroken':
      return breakAllocation(desk, causeOf(heard, fact.data.orderId), fact.data);
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
