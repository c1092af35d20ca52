// What orders hears of itself when its log was restored to an earlier point: its own facts, as they were published.
import type { Fact } from '@crossdock/contracts';
import { readFact } from '@crossdock/contracts';
import type { Sql } from '@crossdock/event-store';
import type { ArrivedEvent, HistoryFold, HistoryPage } from '@crossdock/messaging';
import type { OrderFact } from '../domain/order.ts';
import { foldFact } from '../domain/order-history.ts';
import {
  type HistoricOrder,
  type HistoricPartner,
  importHistory,
  loadHistoricOrders,
  skipNumbers,
} from '../store/history.ts';

const KNOWN = new Set([
  'PartnerRegistered',
  'PartnerRevised',
  'OrderPlaced',
  'OrderConfirmed',
  'OrderRejected',
  'OrderReleased',
  'OrderPartiallyShipped',
  'OrderShipped',
  'OrderHeld',
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
  for (const arrived of events) {
    const fact = readFact('orders', arrived.event);
    if (fact === null) throw new Error(`${arrived.event.type} is no fact of orders`);
    if (fact.type === 'PartnerRegistered' || fact.type === 'PartnerRevised') {
      partners.set(fact.data.partnerId, partnerOf(fact.data, arrived));
      continue;
    }
    const { orderId } = fact.data;
    if (fact.type === 'OrderReminded') {
      reminders.push({ orderId, said: arrived.event.version });
      continue;
    }
    orders.set(orderId, folded(orders.get(orderId), fact, arrived));
    touched.add(orderId);
  }
  const rows = [...touched].flatMap((orderId) => orders.get(orderId) ?? []);
  await importHistory(sql, log, { orders: rows, partners: [...partners.values()], reminders });
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
function folded(before: HistoricOrder | undefined, fact: FactOfOrder, arrived: ArrivedEvent): HistoricOrder {
  const { at } = arrived.event;
  if (fact.type === 'OrderPlaced') return placed(fact.data, arrived);
  if (before === undefined)
    throw new Error(`order ${fact.data.orderId} has ${fact.type} and was never placed`);
  const state = foldFact(before.state, ownFact(fact));
  return {
    ...before,
    state,
    advancedAt: at,
    confirmedAt: before.confirmedAt ?? (fact.type === 'OrderConfirmed' ? at : null),
    releasedAt: before.releasedAt ?? (IS_RELEASED.has(fact.type) ? at : null),
    shippedAt: before.shippedAt ?? (fact.type === 'OrderShipped' ? at : null),
  };
}

const IS_RELEASED = new Set(['OrderReleased', 'OrderPartiallyShipped', 'OrderShipped']);

function placed(
  data: Extract<FactOfOrder, { type: 'OrderPlaced' }>['data'],
  arrived: ArrivedEvent,
): HistoricOrder {
  const { orderId, partnerId, number, currencyCode, totalMinor, shortagePolicy, placedBy } = data;
  const unitsOrdered = data.lines.reduce((units, line) => units + line.quantity, 0);
  return {
    ...{ orderId, partnerId, number, currencyCode, totalMinor, shortagePolicy, placedBy },
    partition: arrived.partition,
    poNumber: data.poNumber ?? null,
    state: foldFact(undefined, { type: 'OrderPlaced', data: { unitsOrdered } }),
    placedAt: arrived.event.at,
    ...{ advancedAt: null, confirmedAt: null, releasedAt: null, shippedAt: null },
  };
}

/** A published fact in the words of the domain. */
function ownFact(fact: Exclude<FactOfOrder, { type: 'OrderPlaced' }>): OrderFact {
  switch (fact.type) {
    case 'OrderConfirmed':
      return { type: fact.type, data: { lines: fact.data.lines ?? null } };
    case 'OrderRejected': {
      const { reason, detail } = fact.data;
      if (reason === 'EXPIRED') throw new Error('orders do not expire yet');
      return { type: fact.type, data: { reason, detail: detail ?? '' } };
    }
    case 'OrderHeld':
      return { type: fact.type, data: { reason: fact.data.reason, owner: fact.data.owner } };
    case 'OrderPartiallyShipped':
      return { type: fact.type, data: { shipmentId: fact.data.shipmentId, lines: fact.data.lines } };
    default:
      return { type: fact.type, data: { shipmentId: fact.data.shipmentId } };
  }
}
