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

export type Heard = ReadFact<'inventory'> | ReadFact<'payments'> | ReadFact<'fulfillment'>;
export type Arrived = Readonly<{ arrived: ArrivedEvent; fact: Heard }>;

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
  fulfillment: new Set(['ShipmentsPlanned', 'FulfillmentHeld', 'ShipmentReleased', 'ShipmentConfirmed']),
};
const PRODUCT_FACTS = new Set(['ProductRegistered', 'ProductRevised']);

export const HEARD_SOURCES: readonly Source[] = ['inventory', 'payments', 'fulfillment'];

/** True for what stands in the timeline or tells of a product. */
export function wants(source: Source, type: string): boolean {
  return TIMELINE_OF[source]?.has(type) === true || PRODUCT_FACTS.has(type);
}

function read(arrived: ArrivedEvent): Heard | null {
  const { source, event } = arrived;
  if (source === 'inventory' || source === 'payments' || source === 'fulfillment')
    return readFact(source, event) as Heard | null;
  return null;
}

/** Reads what arrived by the contract; throws on what breaks it. */
export function readHeard(arrivals: readonly ArrivedEvent[]): Arrived[] {
  return arrivals.flatMap((arrived): Arrived[] => {
    const fact = read(arrived);
    return fact === null ? [] : [{ arrived, fact }];
  });
}

/** The command a fact amounts to; null for facts that only stand in the timeline. */
export function commandOf(fact: Heard): OrderCommand | null {
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
    case 'FulfillmentHeld':
      return { type: 'HoldOrder', data: { reason: fact.data.reason, owner: fact.data.owner } };
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
  if (fact.type === 'FulfillmentHeld') return fact.data.reason;
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

/** The timeline's entries that facts amount to. */
export function timelineOf(facts: readonly Arrived[]): TimelineEntry[] {
  return facts.flatMap((each) => {
    const orderId = orderIdOf(each.fact.data);
    return orderId === null ? [] : [timelineEntry(each, orderId)];
  });
}

/** Products as facts tell of them, each as it was told last. */
export function productsOf(facts: readonly Arrived[]): ProductChange[] {
  const products = new Map<string, ProductChange>();
  for (const { fact } of facts) {
    if (fact.type !== 'ProductRegistered' && fact.type !== 'ProductRevised') continue;
    const { sku, name, listPriceMinor, currencyCode } = fact.data;
    products.set(sku, { sku, name, listPriceMinor, currencyCode });
  }
  return [...products.values()];
}

/** The public data of a fact of the order's stream: who it belongs to, and what changed. */
function publicData(order: OrderProgress, fact: OrderFact): object {
  const owner = { orderId: order.orderId, partnerId: order.partnerId, number: order.number };
  if (fact.type === 'OrderConfirmed' && fact.data.lines === null) return owner;
  return { ...owner, ...fact.data };
}

/** `ordinal` counts the facts of this type that follow from the cause. */
function newEvent(
  order: OrderProgress,
  fact: OrderFact,
  version: number,
  cause: ArrivedEvent,
  ordinal: number,
): NewEvent {
  const { id, metadata } = cause.event;
  return {
    partition: order.partition,
    category: 'order',
    streamId: order.orderId,
    version,
    id: derivedId(id, fact.type, ordinal),
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
  const counts = new Map<string, number>();
  for (const event of decision.events) {
    state = orderDecider.evolve(state, event);
    if (isNote(event)) continue;
    const ordinal = counts.get(event.type) ?? 0;
    counts.set(event.type, ordinal + 1);
    events.push(newEvent(order, event, state.version, cause, ordinal));
  }
  return { ...order, state };
}

async function applyFacts(
  { sql, onHeld }: OthersFactsOptions,
  arrivals: readonly ArrivedEvent[],
  inbox: Inbox,
): Promise<void> {
  const facts = readHeard(arrivals);
  const orderIds = new Set(facts.flatMap(({ fact }) => orderIdOf(fact.data) ?? []));
  const before =
    orderIds.size === 0 ? new Map<string, OrderProgress>() : await loadProgress(sql, [...orderIds].sort());
  const after = new Map(before);
  const events: NewEvent[] = [];
  for (const { fact, arrived } of facts) {
    const orderId = orderIdOf(fact.data);
    if (orderId === null) continue;
    const order = after.get(orderId);
    if (order === undefined)
      throw new Error(`${arrived.source} tells of order ${orderId}, which is not here`);
    // What came back with a restored log was decided then; only the timeline has it from here.
    const command = arrived.isRecorded ? null : commandOf(fact);
    if (command !== null) after.set(orderId, take(order, command, arrived, events));
  }
  const changes = [...after.values()]
    .filter((order) => before.get(order.orderId) !== order)
    .sort((left, right) => (left.orderId < right.orderId ? -1 : 1))
    .map(({ orderId, state }) => ({ orderId, state, expected: before.get(orderId)?.state.version ?? 0 }));
  await applyProgress(sql, {
    inbox,
    changes,
    early: changes.filter(({ orderId, state }) => before.get(orderId)?.state.early !== state.early),
    products: productsOf(facts),
    timeline: timelineOf(facts),
    events,
  });
  for (const { orderId, state } of changes) {
    if (state.hold !== null && state.hold !== before.get(orderId)?.state.hold) onHeld(state.hold.owner);
  }
}

export type OthersFactsOptions = Readonly<{
  sql: Sql;
  /** Called after the commit for each order that was put on hold. */
  onHeld: (owner: string) => void;
}>;

/** The consumer of the other three subgraphs. */
export function createOthersFactsConsumer(options: OthersFactsOptions): Consumer {
  return {
    name: 'orders',
    sources: HEARD_SOURCES,
    wants,
    keyOf: (event) => orderIdOf(event.data) ?? event.stream,
    apply: (events, inbox) => applyFacts(options, events, inbox),
  };
}
