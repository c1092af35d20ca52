// Lets payments hear facts in a test as its worker would: offsets move, guards are decided again, poison is parked.
import {
  type FactData,
  type Facts,
  partitionOf,
  type Source,
  type TravellingEvent,
} from '@crossdock/contracts';
import {
  acquireLease,
  loadOffsets,
  newId,
  type Parked,
  releaseLease,
  type Sql,
} from '@crossdock/event-store';
import { type ArrivedEvent, type Consumer, createApplier } from '@crossdock/messaging';
import { createPaymentsConsumer } from '../src/consumers/payments-consumer.ts';

/** A fact that another subgraph says, about to be heard. */
export type Said = Readonly<{
  source: Source;
  type: string;
  data: object;
  partition: number;
  stream: string;
}>;

type Heard = 'orders' | 'inventory' | 'fulfillment';

function said<S extends Heard, T extends keyof Facts[S] & string>(
  source: S,
  type: T,
  data: FactData<S, T> & object,
  stream: string,
): Said {
  const partnerId: unknown = Reflect.get(data, 'partnerId');
  return { source, type, data, partition: partitionOf(String(partnerId)), stream };
}

export type TestOrder = Readonly<{ orderId: string; partnerId: string }>;

export function newOrder(partnerId: string): TestOrder {
  return { orderId: newId(), partnerId };
}

export const partnerRegistered = (partnerId: string, currencyCode = 'GBP') =>
  said(
    'orders',
    'PartnerRegistered',
    { partnerId, name: `Partner ${partnerId}`, currencyCode, paymentMethods: ['TERMS'] },
    partnerId,
  );

export const orderPlaced = (order: TestOrder, totalMinor: number, sealedCardToken: string | null = null) =>
  said(
    'orders',
    'OrderPlaced',
    {
      ...order,
      number: 'SO-1',
      currencyCode: 'GBP',
      totalMinor,
      shortagePolicy: 'REJECT',
      paymentMethod: sealedCardToken === null ? 'TERMS' : 'CARD',
      sealedCardToken,
      placedBy: 'buyer',
      lines: [{ sku: '85123A', quantity: 1, unitPriceMinor: totalMinor }],
    },
    order.orderId,
  );

export const orderRejected = (order: TestOrder) =>
  said('orders', 'OrderRejected', { ...order, number: 'SO-1', reason: 'EXPIRED' }, order.orderId);

export const orderReminded = (order: TestOrder) =>
  said('orders', 'OrderReminded', { ...order, number: 'SO-1', status: 'PLACED', reminder: 1 }, order.orderId);

export const orderCancelled = (order: TestOrder) =>
  said('orders', 'OrderCancelled', { ...order, number: 'SO-1', reason: 'REQUESTED' }, order.orderId);

const units = (quantity: number) => (quantity === 0 ? [] : [{ sku: '85123A', quantity }]);

export const orderPartiallyShipped = (order: TestOrder, shipmentId: string) =>
  said(
    'orders',
    'OrderPartiallyShipped',
    { ...order, number: 'SO-1', shipmentId, lines: units(1) },
    order.orderId,
  );

export const stockReserved = (order: TestOrder, reservedValueMinor: number) =>
  said('inventory', 'StockReserved', { ...order, reservedValueMinor, currencyCode: 'GBP' }, order.orderId);

/** One of several reservations, after which `waiting` units wait. */
export const waveReserved = (order: TestOrder, wave: number, reservedValueMinor: number, waiting = 0) =>
  said(
    'inventory',
    'StockReserved',
    {
      ...{ ...order, reservedValueMinor, currencyCode: 'GBP', lines: units(1), backordered: units(waiting) },
      ...(wave === 1 ? {} : { wave }),
    },
    order.orderId,
  );

export const stockBackordered = (order: TestOrder, waiting: number) =>
  said('inventory', 'StockBackordered', { ...order, lines: units(waiting) }, order.orderId);

export const reservationReduced = (order: TestOrder, valueMinor: number, waitingLess = 0) =>
  said(
    'inventory',
    'ReservationReduced',
    {
      ...{ ...order, valueMinor, currencyCode: 'GBP', cause: 'LINES_CANCELLED' },
      ...{ lines: units(valueMinor === 0 ? 0 : 1), backordered: units(waitingLess) },
    },
    order.orderId,
  );

export const reservationBroken = (
  order: TestOrder,
  valueMinor: number,
  rest: 'BACKORDERED' | 'HELD' | 'CANCELLED',
) =>
  said(
    'inventory',
    'ReservationBroken',
    { ...order, valueMinor, currencyCode: 'GBP', cause: 'COUNT', rest, lines: units(2) },
    order.orderId,
  );

type Line = Readonly<{ sku: string; quantity: number; unitPriceMinor?: number }>;

export const shipmentConfirmed = (
  order: TestOrder,
  valueMinor: number,
  shipmentId: string = newId(),
  lines: Line[] = [{ sku: '85123A', quantity: 1 }],
) =>
  said(
    'fulfillment',
    'ShipmentConfirmed',
    {
      ...order,
      shipmentId,
      warehouseId: 'LDN',
      releaseEpoch: 1,
      valueMinor,
      currencyCode: 'GBP',
      lines,
    },
    order.orderId,
  );

export type Hearing = Readonly<{
  epoch: number;
  /** Who holds the worker lease meanwhile. */
  owner: string;
  consumer: Consumer;
  /** All of it in one batch, in this order. */
  hear: (...facts: readonly Said[]) => Promise<void>;
  /** Gives the lease back. */
  leave: () => Promise<void>;
}>;

function refuseParking({ error }: Parked): void {
  throw new Error(error);
}

/** Takes the worker lease of the test's database and hears from where its offsets stand; a dead letter fails the test. */
export async function startHearing(
  sql: Sql,
  onCallsQueued: () => void = () => undefined,
  onParked: (parked: Parked) => void = refuseParking,
): Promise<Hearing> {
  const consumer = createPaymentsConsumer({
    ...{ sql, onCallsQueued, onParked: () => undefined, codeVersion: 'test' },
  });
  const owner = newId();
  const epoch = await acquireLease(sql, 'worker', owner, 0);
  if (epoch === null) throw new Error('The worker lease is held by another');
  const offsets = await loadOffsets(sql, consumer.name, consumer.sources, epoch);
  const places: Places = {
    positions: new Map(offsets.map((each) => [`${each.source}/${each.partition}`, each.position])),
    versions: new Map(),
    events: new Map(),
  };
  const apply = createApplier({
    sql,
    consumer,
    epoch,
    codeVersion: 'test',
    parkedKeys: new Set(),
    signal: new AbortController().signal,
    onFault: () => undefined,
    onParked,
  });
  return {
    epoch,
    owner,
    consumer,
    hear: (...facts) => apply(facts.map((fact) => arrivedAt(fact, places))),
    leave: () => releaseLease(sql, 'worker', owner, epoch),
  };
}

/** Where logs and streams stand, and the event of each fact: heard once more, it is the same event. */
type Places = Readonly<{
  positions: Map<string, number>;
  versions: Map<string, number>;
  events: Map<Said, TravellingEvent>;
}>;

function next(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

function eventOf({ source, type, data, stream }: Said, versions: Map<string, number>): TravellingEvent {
  return {
    id: newId(),
    category: 'order',
    stream,
    version: next(versions, `${source}/${stream}`),
    type,
    schemaVersion: 1,
    data: { ...data },
    metadata: {},
    at: '2026-03-01T09:30:00.000Z',
  };
}

function arrivedAt(fact: Said, { positions, versions, events }: Places): ArrivedEvent {
  const { source, partition } = fact;
  const event = events.get(fact) ?? eventOf(fact, versions);
  events.set(fact, event);
  return { source, partition, position: next(positions, `${source}/${partition}`), event };
}
