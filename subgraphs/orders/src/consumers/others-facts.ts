// What orders hears: facts of inventory, payments and fulfillment become commands to the order they tell of.
import { type ReadFact, readFact, type Source } from '@crossdock/contracts';
import { derivedId, type Inbox, type NewEvent, type Sql } from '@crossdock/event-store';
import type { ArrivedEvent, Consumer } from '@crossdock/messaging';
import { isNote, type OrderCommand, type OrderFact, orderDecider } from '../domain/order.ts';
import {
  applyProgress,
  loadProgress,
  type OrderProgress,
  type ProductChange,
  type TimelineEntry,
} from '../store/progress.ts';

type Heard = ReadFact<'inventory'> | ReadFact<'payments'> | ReadFact<'fulfillment'>;
type Arrived = Readonly<{ arrived: ArrivedEvent; fact: Heard }>;

const TIMELINE_OF: Readonly<Record<string, ReadonlySet<string>>> = {
  inventory: new Set([
    'StockReserved',
    'StockShort',
    'ReservationReleased',
    'StockAllocated',
    'AllocationRefused',
    'StockShipped',
  ]),
  payments: new Set(['PaymentAuthorised', 'PaymentDeclined', 'PaymentVoided', 'PaymentCaptured']),
  fulfillment: new Set(['ShipmentsPlanned', 'ShipmentReleased', 'ShipmentConfirmed']),
};
const PRODUCT_FACTS = new Set(['ProductRegistered', 'ProductRevised']);

function read(arrived: ArrivedEvent): Heard | null {
  const { source, event } = arrived;
  if (source === 'inventory' || source === 'payments' || source === 'fulfillment')
    return readFact(source, event) as Heard | null;
  return null;
}

/** The command a fact amounts to; null for facts that only stand in the timeline. */
function commandOf(fact: Heard): OrderCommand | null {
  switch (fact.type) {
    case 'StockReserved':
      return { type: 'NoteStockReserved', data: { lines: fact.data.lines ?? null } };
    case 'StockShort':
      return { type: 'NoteStockShort', data: { detail: shortDetail(fact.data.short) } };
    case 'PaymentAuthorised':
      return { type: 'NotePaymentAuthorised', data: {} };
    case 'PaymentDeclined':
      return { type: 'NotePaymentDeclined', data: { detail: fact.data.reason } };
    case 'ShipmentReleased':
      return { type: 'NoteRelease', data: { shipmentId: fact.data.shipmentId } };
    case 'ShipmentConfirmed':
      return { type: 'NoteShipment', data: { shipmentId: fact.data.shipmentId, lines: fact.data.lines } };
    default:
      return null;
  }
}

const SHORT_SKUS_NAMED = 5;

function shortDetail(
  short: readonly Readonly<{ sku: string; requested: number; available: number }>[],
): string {
  const named = short
    .slice(0, SHORT_SKUS_NAMED)
    .map((each) => `${each.sku}: ${each.available} of ${each.requested}`);
  const more = short.length > SHORT_SKUS_NAMED ? `, and ${short.length - SHORT_SKUS_NAMED} more` : '';
  return `${named.join(', ')}${more}`;
}

function orderIdOf(data: object): string | null {
  return 'orderId' in data && typeof data.orderId === 'string' ? data.orderId : null;
}

function detailOf(fact: Heard): string | null {
  if (fact.type === 'StockShort') return shortDetail(fact.data.short);
  if (fact.type === 'PaymentDeclined') return fact.data.reason;
  if (fact.type === 'ShipmentConfirmed')
    return [fact.data.warehouseId, fact.data.trackingNumber].filter(Boolean).join(' ');
  if (fact.type === 'ShipmentReleased' || fact.type === 'StockShipped') return fact.data.warehouseId;
  return null;
}

function timelineEntry({ arrived, fact }: Arrived, orderId: string): TimelineEntry {
  const { event } = arrived;
  return {
    orderId,
    source: arrived.source,
    position: arrived.position,
    type: event.type,
    version: event.version,
    detail: detailOf(fact),
    occurredAt: event.at,
  };
}

/** The public data of a fact of the order's stream: who it belongs to, and what changed. */
function publicData(order: OrderProgress, fact: OrderFact): object {
  const owner = { orderId: order.orderId, partnerId: order.partnerId, number: order.number };
  if (fact.type === 'OrderConfirmed' && fact.data.lines === null) return owner;
  return { ...owner, ...fact.data };
}

function newEvent(order: OrderProgress, fact: OrderFact, version: number, cause: ArrivedEvent): NewEvent {
  const { id, metadata } = cause.event;
  return {
    partition: order.partition,
    category: 'order',
    streamId: order.orderId,
    version,
    id: derivedId(id, fact.type),
    type: fact.type,
    data: publicData(order, fact),
    metadata: {
      causationId: id,
      correlationId: order.orderId,
      ...(metadata.traceparent === undefined ? {} : { traceparent: metadata.traceparent }),
    },
  };
}

/** Takes one fact in memory: the order's next state, and the events to log. */
function take(
  order: OrderProgress,
  command: OrderCommand,
  cause: ArrivedEvent,
  events: NewEvent[],
): OrderProgress {
  const decision = orderDecider.decide(command, order.state);
  if (!decision.accepted) return order;
  let { state } = order;
  for (const event of decision.events) {
    state = orderDecider.evolve(state, event);
    if (!isNote(event)) events.push(newEvent(order, event, state.version, cause));
  }
  return { ...order, state };
}

async function applyFacts(sql: Sql, arrivals: readonly ArrivedEvent[], inbox: Inbox): Promise<void> {
  const facts = arrivals.flatMap((arrived): Arrived[] => {
    const fact = read(arrived);
    return fact === null ? [] : [{ arrived, fact }];
  });
  const orderIds = new Set(facts.flatMap(({ fact }) => orderIdOf(fact.data) ?? []));
  const before =
    orderIds.size === 0 ? new Map<string, OrderProgress>() : await loadProgress(sql, [...orderIds].sort());
  const after = new Map(before);
  const products = new Map<string, ProductChange>();
  const timeline: TimelineEntry[] = [];
  const events: NewEvent[] = [];
  for (const each of facts) {
    const { fact, arrived } = each;
    if (fact.type === 'ProductRegistered' || fact.type === 'ProductRevised') {
      const { sku, name, listPriceMinor, currencyCode } = fact.data;
      products.set(sku, { sku, name, listPriceMinor, currencyCode });
      continue;
    }
    const orderId = orderIdOf(fact.data);
    if (orderId === null) continue;
    const order = after.get(orderId);
    if (order === undefined)
      throw new Error(`${arrived.source} tells of order ${orderId}, which is not here`);
    timeline.push(timelineEntry(each, orderId));
    // What came back with a restored log was decided then; only the timeline has it from here.
    const command = arrived.isRecorded ? null : commandOf(fact);
    if (command !== null) after.set(orderId, take(order, command, arrived, events));
  }
  const changes = [...after.values()]
    .filter((order) => before.get(order.orderId) !== order)
    .sort((left, right) => (left.orderId < right.orderId ? -1 : 1))
    .map(({ orderId, state }) => ({ orderId, state, expected: before.get(orderId)?.state.version ?? 0 }));
  await applyProgress(sql, { inbox, changes, products: [...products.values()], timeline, events });
}

/** The consumer of the other three subgraphs. */
export function createOthersFactsConsumer(sql: Sql): Consumer {
  const sources: readonly Source[] = ['inventory', 'payments', 'fulfillment'];
  return {
    name: 'orders',
    sources,
    wants: (source, type) => TIMELINE_OF[source]?.has(type) === true || PRODUCT_FACTS.has(type),
    keyOf: (event) => orderIdOf(event.data) ?? event.stream,
    apply: (events, inbox) => applyFacts(sql, events, inbox),
  };
}
