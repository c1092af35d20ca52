// What fulfillment hears of itself when its log was restored to an earlier point: its own facts, as they were published. Why a
// plan was chosen stood in its tables alone and is gone.
import { type ReadFact, readFact } from '@crossdock/contracts';
import type { Sql } from '@crossdock/event-store';
import type { ArrivedEvent, HistoryFold, HistoryPage } from '@crossdock/messaging';
import { invariant } from '@crossdock/values';
import { placedOrder, type RoutedOrder } from '../domain/routed-order.ts';
import type { Delivery } from '../domain/routing-desk.ts';
import {
  foldHold,
  foldPlan,
  foldShipment,
  type RoutingCause,
  type RoutingHistory,
} from '../domain/routing-history.ts';
import { createStockView } from '../domain/stock-view.ts';
import type { Warehouse } from '../domain/warehouse.ts';
import { type HistoricOrder, type HistoricPlan, importHistory } from '../store/history.ts';
import { loadOrders, loadStandingShipments, loadStock } from '../store/load-batch.ts';
import { loadShipmentsById } from '../store/shipments.ts';
import { loadWarehousesById } from '../store/warehouses.ts';
import { routingCauseOf } from './routing-causes.ts';

type Own = ReadFact<'fulfillment'>;
type PlanFact = Extract<Own, { type: 'ShipmentsPlanned' }>;
type HoldFact = Extract<Own, { type: 'FulfillmentHeld' }>;
/** A plan or a hold, and what it came of. */
type Routed = Readonly<{ fact: PlanFact | HoldFact; cause: RoutingCause }>;
type WarehouseFact = Extract<Own, { type: 'WarehouseRegistered' | 'WarehouseRevised' }>;

const KNOWN = new Set([
  'WarehouseRegistered',
  'WarehouseRevised',
  'ShipmentsPlanned',
  'ShipmentReleased',
  'ShipmentConfirmed',
  'FulfillmentHeld',
]);
const RULE = 'RESTORED';
const EXPLANATION = ['The plan came back with a restored log, which does not hold why it was chosen.'];
/** Orders written in one call when those that were never planned are taken over. */
const ORDERS_TOGETHER = 500;

/** Folds the facts of fulfillment into warehouses, orders, plans, shipments and releases. */
export function createOwnHistory(sql: Sql): HistoryFold {
  return {
    knows: (type) => KNOWN.has(type),
    needsCauses: true,
    // A plan stands on the order as it was placed, of which no fact of fulfillment tells.
    absorbs: (source, type) => source === 'orders' && type === 'OrderPlaced',
    take: (page) => takePage(sql, page),
    finish: (absorbed) => takeUnplanned(sql, absorbed),
  };
}

type Placed = Readonly<{ order: RoutedOrder; delivery: Delivery }>;

function placedOf({ partition, event }: ArrivedEvent): Placed {
  const fact = readFact('orders', event);
  invariant(fact?.type === 'OrderPlaced', 'an absorbed fact is an order that was placed');
  const { orderId, partnerId, number, currencyCode, lines, shipTo, requestedShipDate } = fact.data;
  return {
    order: placedOrder({ orderId, partnerId, partition, number, currencyCode, lines }),
    delivery: { shipTo: shipTo ?? null, requestedShipDate: requestedShipDate ?? null },
  };
}

/** The orders that were placed since and never planned stand as placed; what else is heard of them is heard again. */
async function takeUnplanned(sql: Sql, absorbed: readonly ArrivedEvent[]): Promise<void> {
  for (let from = 0; from < absorbed.length; from += ORDERS_TOGETHER) {
    const placed = absorbed.slice(from, from + ORDERS_TOGETHER).map(placedOf);
    const here = new Set(
      (
        await loadOrders(
          sql,
          placed.map(({ order }) => order.orderId),
        )
      ).map(({ orderId }) => orderId),
    );
    const orders = placed.filter(({ order }) => !here.has(order.orderId));
    const rows = orders.map(({ order, delivery }) => ({ ...order, ...delivery }));
    const nothing = { events: [], inputs: [], published: [] };
    const others = { warehouses: [], plans: [], shipments: [], stock: [] };
    await importHistory(sql, nothing, { ...others, orders: rows });
  }
}

async function takePage(sql: Sql, page: HistoryPage): Promise<void> {
  const facts = page.events.map((arrived) => ({ arrived, fact: ownFact(arrived) }));
  const routed = facts.flatMap(({ arrived, fact }) =>
    fact.type === 'ShipmentsPlanned' || fact.type === 'FulfillmentHeld'
      ? [{ fact, cause: routingCauseOf(page, arrived) }]
      : [],
  );
  const placed = placedOrders(page, new Set(routed.map(({ fact }) => fact.data.orderId)));
  const history = await openHistory(
    sql,
    facts.map(({ fact }) => fact),
    routed,
    placed,
  );
  const warehouses = await loadWarehousesById(
    sql,
    facts.flatMap(({ fact }) => warehouseIdOf(fact) ?? []),
  );
  const made: HistoricPlan[] = [];
  for (const { arrived, fact } of facts) {
    if (fact.type === 'WarehouseRegistered' || fact.type === 'WarehouseRevised') {
      warehouses.set(
        fact.data.warehouseId,
        warehouseOf(fact, warehouses.get(fact.data.warehouseId), arrived),
      );
    } else if (fact.type === 'ShipmentsPlanned') made.push(takePlan(history, page, arrived, fact));
    else if (fact.type === 'FulfillmentHeld') takeHold(history, page, arrived, fact);
    else takeShipment(history, arrived, fact);
  }
  await importHistory(sql, page.log, {
    ...{ warehouses: [...warehouses.values()], plans: made, stock: history.view.changes() },
    orders: [...history.changedOrders].flatMap((orderId) =>
      rowOf(history.orders.get(orderId), placed.get(orderId)),
    ),
    shipments: [...history.changedShipments].flatMap(([shipmentId, at]) => {
      const shipment = history.shipments.get(shipmentId);
      return shipment === undefined ? [] : [{ ...shipment, at }];
    }),
  });
}

function rowOf(order: RoutedOrder | undefined, placed: Placed | undefined): HistoricOrder[] {
  return order === undefined ? [] : [{ ...placed?.delivery, ...order }];
}

function ownFact({ event }: ArrivedEvent): Own {
  const fact = readFact('fulfillment', event);
  invariant(fact !== null, `${event.type} is a fact of fulfillment`);
  return fact;
}

function placedOrders({ absorbed }: HistoryPage, orderIds: ReadonlySet<string>): Map<string, Placed> {
  const placed = new Map<string, Placed>();
  for (const arrived of absorbed)
    if (orderIds.has(arrived.event.stream)) placed.set(arrived.event.stream, placedOf(arrived));
  return placed;
}

/** Reads all that a page is folded on. */
async function openHistory(
  sql: Sql,
  facts: readonly Own[],
  routed: readonly Routed[],
  placed: ReadonlyMap<string, Placed>,
): Promise<RoutingHistory> {
  const orderIds = [...new Set(routed.map(({ fact }) => fact.data.orderId))];
  const shipmentIds = [
    ...facts.flatMap((fact) =>
      fact.type === 'ShipmentReleased' || fact.type === 'ShipmentConfirmed' ? [fact.data.shipmentId] : [],
    ),
    ...routed.flatMap(({ cause }) =>
      cause.type === 'missing' ? cause.shipments.map(({ shipmentId }) => shipmentId) : [],
    ),
  ];
  const standing = await loadStandingShipments(sql, orderIds);
  const known = [...(await loadShipmentsById(sql, shipmentIds)).values(), ...standing];
  const skus = new Set([
    ...routed.flatMap(skusOf),
    ...standing.flatMap(({ lines }) => lines.map(({ sku }) => sku)),
  ]);
  // What happens to a shipment may end its order's hold.
  const moved = facts.flatMap((fact) =>
    fact.type === 'ShipmentReleased' || fact.type === 'ShipmentConfirmed' ? [fact.data.orderId] : [],
  );
  const orders = await loadOrders(sql, [...new Set([...orderIds, ...moved])]);
  return {
    orders: new Map(
      [...[...placed.values()].map(({ order }) => order), ...orders].map((order) => [order.orderId, order]),
    ),
    shipments: new Map(known.map((shipment) => [shipment.shipmentId, shipment])),
    changedOrders: new Set(),
    changedShipments: new Map(),
    view: createStockView(await loadStock(sql, [...skus])),
  };
}

function skusOf({ fact, cause }: Routed): string[] {
  const figures = cause.type === 'refused' ? cause.available : [];
  const planned = fact.type === 'ShipmentsPlanned' ? fact.data.shipments.flatMap(({ lines }) => lines) : [];
  return [...planned, ...figures].map(({ sku }) => sku);
}

function takeHold(
  history: RoutingHistory,
  page: HistoryPage,
  arrived: ArrivedEvent,
  { data }: HoldFact,
): void {
  const order = history.orders.get(data.orderId);
  invariant(order !== undefined, `order ${data.orderId} was placed before it was held`);
  foldHold(history, order, data, routingCauseOf(page, arrived), arrived.event.at);
}

function takePlan(
  history: RoutingHistory,
  page: HistoryPage,
  arrived: ArrivedEvent,
  fact: PlanFact,
): HistoricPlan {
  const { greedy, wave, ...data } = fact.data;
  const { orderId, planId, attempt } = data;
  const order = history.orders.get(orderId);
  invariant(order !== undefined, `order ${orderId} was placed before it was planned`);
  const which = wave == null ? {} : { wave };
  const event = {
    type: fact.type,
    data: { ...data, ...which, ...(greedy === true ? { greedy } : {}) },
  } as const;
  foldPlan(history, order, event, routingCauseOf(page, arrived), arrived.event.at);
  return {
    orderId,
    planId,
    attempt,
    wave: wave ?? 1,
    rule: RULE,
    explanation: EXPLANATION,
    decidedAt: arrived.event.at,
  };
}

function takeShipment(
  history: RoutingHistory,
  { event }: ArrivedEvent,
  fact: Extract<Own, { type: 'ShipmentReleased' | 'ShipmentConfirmed' }>,
): void {
  const { shipmentId } = fact.data;
  const shipment = history.shipments.get(shipmentId);
  invariant(shipment !== undefined, `shipment ${shipmentId} was planned before it was released`);
  if (fact.type === 'ShipmentReleased') {
    foldShipment(history, shipment, { type: fact.type, data: fact.data }, event.at);
    return;
  }
  const { carrier = null, trackingNumber = null, ...data } = fact.data;
  const lines = data.lines.map(({ unitPriceMinor = null, ...line }) => ({ ...line, unitPriceMinor }));
  foldShipment(
    history,
    shipment,
    { type: fact.type, data: { ...data, lines, carrier, trackingNumber } },
    event.at,
  );
}

function warehouseIdOf(fact: Own): string | null {
  return fact.type === 'WarehouseRegistered' || fact.type === 'WarehouseRevised'
    ? fact.data.warehouseId
    : null;
}

/** A fact that does not say where a warehouse lies or when it is tried leaves that as it was. */
function warehouseOf(
  { data }: WarehouseFact,
  before: Warehouse | undefined,
  { event }: ArrivedEvent,
): Warehouse {
  const { warehouseId, name, status } = data;
  const country = data.country === undefined ? (before?.country ?? null) : data.country;
  const priority = data.priority ?? before?.priority ?? 0;
  return { warehouseId, name, status, country, priority, version: event.version };
}
