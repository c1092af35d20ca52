// What orders hears of itself when its log was restored to an earlier point: its own facts, as they were published.
import type { Fact } from '@crossdock/contracts';
import { readFact } from '@crossdock/contracts';
import type { Sql } from '@crossdock/event-store';
import type { ArrivedEvent, HistoryFold, HistoryPage } from '@crossdock/messaging';
import { type SkuQuantities, unitsOf } from '../domain/order-book.ts';
import { foldFact, isOfLines } from '../domain/order-history.ts';
import { ORDER_STAGES, type OrderFact, type OrderStage, stageOf } from '../domain/order-state.ts';
import {
  type HistoricOrder,
  type HistoricPartner,
  importHistory,
  loadHistoricOrders,
  skipNumbers,
} from '../store/history.ts';
import { loadPlacedLines } from '../store/progress.ts';

const KNOWN = new Set([
  'PartnerRegistered',
  'PartnerRevised',
  'OrderPlaced',
  'OrderConfirmed',
  'OrderBackordered',
  'OrderReplenished',
  'OrderLinesCancelled',
  'OrderCancelled',
  'OrderLinesBroken',
  'OrderRejected',
  'OrderReleased',
  'OrderPartiallyShipped',
  'OrderShipped',
  'OrderHeld',
  'OrderResumed',
  'OrderReminded',
]);

/** Folds the facts of orders into orders, PO numbers and partners; timeline and products are heard again from the others. */
export function createOwnHistory(sql: Sql): HistoryFold {
  return {
    knows: (type) => KNOWN.has(type),
    needsCauses: false,
    absorbs: () => false,
    take: (page) => takePage(sql, page),
    finish: () => skipNumbers(sql),
  };
}

async function takePage(sql: Sql, { events, log }: HistoryPage): Promise<void> {
  const streams = new Set(
    events.filter(({ event }) => event.category === 'order').map(({ event }) => event.stream),
  );
  const orders = await loadHistoricOrders(sql, [...streams]);
  const touched = new Set<string>();
  const partners = new Map<string, HistoricPartner>();
  const reminders: { orderId: string; said: number }[] = [];
  const read = events.map((arrived) => ({ arrived, fact: readOwn(arrived) }));
  const placed = await placedLines(sql, read);
  for (const { arrived, fact } of read) {
    if (fact.type === 'PartnerRegistered' || fact.type === 'PartnerRevised') {
      partners.set(fact.data.partnerId, partnerOf(fact.data, arrived));
      continue;
    }
    const { orderId } = fact.data;
    if (fact.type === 'OrderReminded') {
      reminders.push({ orderId, said: arrived.event.version });
      continue;
    }
    orders.set(orderId, folded(orders.get(orderId), fact, arrived, placed.get(orderId) ?? null));
    touched.add(orderId);
  }
  const rows = [...touched].flatMap((orderId) => orders.get(orderId) ?? []);
  await importHistory(sql, log, { orders: rows, partners: [...partners.values()], reminders });
}

function readOwn({ event }: ArrivedEvent): Fact<'orders'> {
  const fact = readFact('orders', event);
  if (fact === null) throw new Error(`${event.type} is no fact of orders`);
  return fact;
}

type ReadOwn = Readonly<{ arrived: ArrivedEvent; fact: Fact<'orders'> }>;

/** The placed lines of the orders that the page tells of line by line: from the page, or from the log before it. */
async function placedLines(sql: Sql, page: readonly ReadOwn[]): Promise<ReadonlyMap<string, SkuQuantities>> {
  const [here, missing] = [new Map<string, SkuQuantities>(), new Set<string>()];
  for (const { fact } of page) {
    if (fact.type === 'OrderPlaced') here.set(fact.data.orderId, fact.data.lines);
    else if (isOfOrder(fact) && isOfLines(ownFact(fact)) && !here.has(fact.data.orderId))
      missing.add(fact.data.orderId);
  }
  const known = missing.size === 0 ? [] : await loadPlacedLines(sql, [...missing]);
  return new Map([...known, ...here]);
}

function isOfOrder(fact: Fact<'orders'>): fact is Exclude<FactOfOrder, { type: 'OrderPlaced' }> {
  return fact.type.startsWith('Order') && fact.type !== 'OrderPlaced' && fact.type !== 'OrderReminded';
}

type PartnerFact = Extract<Fact<'orders'>, { type: 'PartnerRegistered' }>['data'];
type FactOfOrder = Exclude<
  Fact<'orders'>,
  { type: 'PartnerRegistered' | 'PartnerRevised' | 'OrderReminded' }
>;

function partnerOf(data: PartnerFact, { partition, event }: ArrivedEvent): HistoricPartner {
  return { ...data, shipTo: data.shipTo ?? null, partition, version: event.version };
}

/** The order's row after one more of its facts; the instants are those at which the log recorded them. */
function folded(
  before: HistoricOrder | undefined,
  fact: FactOfOrder,
  arrived: ArrivedEvent,
  lines: SkuQuantities | null,
): HistoricOrder {
  const { at } = arrived.event;
  if (fact.type === 'OrderPlaced') return placed(fact.data, arrived);
  if (before === undefined)
    throw new Error(`order ${fact.data.orderId} has ${fact.type} and was never placed`);
  const state = foldFact(before.state, ownFact(fact), lines);
  return {
    ...before,
    state,
    advancedAt: at,
    confirmedAt: before.confirmedAt ?? (fact.type === 'OrderConfirmed' ? at : null),
    releasedAt: before.releasedAt ?? (IS_RELEASED.has(fact.type) ? at : null),
    shippedAt: before.shippedAt ?? (stageOf(state) === 'SHIPPED' ? at : null),
  };
}

const IS_RELEASED = new Set(['OrderReleased', 'OrderPartiallyShipped', 'OrderShipped']);

function placed(
  data: Extract<FactOfOrder, { type: 'OrderPlaced' }>['data'],
  arrived: ArrivedEvent,
): HistoricOrder {
  const { orderId, partnerId, number, currencyCode, totalMinor, shortagePolicy, placedBy } = data;
  const unitsOrdered = unitsOf(data.lines);
  return {
    ...{ orderId, partnerId, number, currencyCode, totalMinor, shortagePolicy, placedBy },
    partition: arrived.partition,
    poNumber: data.poNumber ?? null,
    state: foldFact(undefined, { type: 'OrderPlaced', data: { unitsOrdered } }, null),
    placedAt: arrived.event.at,
    ...{ advancedAt: null, confirmedAt: null, releasedAt: null, shippedAt: null },
  };
}

function stageNamed(status: string): OrderStage {
  const stage = ORDER_STAGES.find((each) => each === status);
  if (stage === undefined) throw new Error(`${status} is no stage that an order resumes from`);
  return stage;
}

/** A published fact in the words of the domain. */
function ownFact(fact: Exclude<FactOfOrder, { type: 'OrderPlaced' }>): OrderFact {
  switch (fact.type) {
    case 'OrderConfirmed':
      return {
        type: fact.type,
        data: {
          lines: fact.data.lines ?? null,
          backordered: fact.data.backordered ?? null,
          ...(fact.data.wave == null ? {} : { wave: fact.data.wave }),
        },
      };
    case 'OrderRejected': {
      const { reason, detail } = fact.data;
      if (reason === 'EXPIRED') throw new Error('orders do not expire yet');
      return { type: fact.type, data: { reason, detail: detail ?? '' } };
    }
    case 'OrderHeld':
      return { type: fact.type, data: { reason: fact.data.reason, owner: fact.data.owner } };
    case 'OrderResumed': {
      const { status, reason } = fact.data;
      return { type: fact.type, data: { status: stageNamed(status), reason } };
    }
    case 'OrderPartiallyShipped':
      return { type: fact.type, data: { shipmentId: fact.data.shipmentId, lines: fact.data.lines } };
    case 'OrderCancelled':
      return { type: fact.type, data: { reason: fact.data.reason, by: fact.data.by ?? null } };
    case 'OrderBackordered':
      return { type: fact.type, data: { lines: fact.data.lines } };
    case 'OrderReplenished': {
      const { status, wave, lines } = fact.data;
      return { type: fact.type, data: { status, wave, lines } };
    }
    case 'OrderLinesCancelled': {
      const { status, lines, reason, by } = fact.data;
      return { type: fact.type, data: { status, lines, reason, by: by ?? null } };
    }
    case 'OrderLinesBroken': {
      const { status, lines, rest, cause } = fact.data;
      return { type: fact.type, data: { status, lines, rest, cause } };
    }
    default:
      return { type: fact.type, data: { shipmentId: fact.data.shipmentId } };
  }
}
