import { readFact, type TravellingEvent } from '@crossdock/contracts';
import type { Sql } from '@crossdock/event-store';
import type { ArrivedEvent, Consumer } from '@crossdock/messaging';
import { letterKeyOf, lettersOf } from '../command-handlers/call-letters.ts';
import { type Cause, openPaymentBook } from '../command-handlers/payment-book.ts';
import { hastenCalls } from '../store/card-calls.ts';
import { loadCredit } from '../store/credit-accounts.ts';
import type { KnownPartner } from '../store/partners.ts';
import { loadPayments } from '../store/payment-rows.ts';
import { writePayments } from '../store/write-payments.ts';
import { type Heard, hear } from './hear.ts';

const WANTED: Readonly<Record<string, ReadonlySet<string>>> = {
  orders: new Set([
    'PartnerRegistered',
    'PartnerRevised',
    'OrderPlaced',
    'OrderPartiallyShipped',
    'OrderCancelled',
    'OrderRejected',
    'OrderReminded',
  ]),
  inventory: new Set(['StockReserved', 'StockBackordered', 'ReservationReduced', 'ReservationBroken']),
  fulfillment: new Set(['ShipmentConfirmed']),
  // Never from the log: a person replays the dead letter of a call that waits.
  payments: new Set(['PaymentHeld']),
};

type Batch = Readonly<{
  partners: KnownPartner[];
  orderIds: Set<string>;
  partnerIds: Set<string>;
  facts: [Heard, Cause][];
  /** Orders that wait too long. */
  reminded: string[];
}>;

function read({ source, event }: ArrivedEvent): Heard | null {
  if (source === 'orders') return readFact('orders', event);
  if (source === 'inventory') return readFact('inventory', event);
  return source === 'fulfillment' ? readFact('fulfillment', event) : readFact('payments', event);
}

/** True for what this subgraph acts on. */
export function wants(source: string, type: string): boolean {
  return WANTED[source]?.has(type) ?? false;
}

/** A partner as a fact of orders tells of it; null for facts of anything else. */
function partnerOf(fact: Heard, partition: number): KnownPartner | null {
  if (fact.type !== 'PartnerRegistered' && fact.type !== 'PartnerRevised') return null;
  const { partnerId, currencyCode } = fact.data;
  return { partnerId, partition, currencyCode };
}

/** The partners that events tell of, each as it was told last. */
export function partnersOf(events: readonly ArrivedEvent[]): KnownPartner[] {
  const partners = new Map<string, KnownPartner>();
  for (const arrived of events) {
    const fact = read(arrived);
    const partner = fact === null ? null : partnerOf(fact, arrived.partition);
    if (partner !== null) partners.set(partner.partnerId, partner);
  }
  return [...partners.values()];
}

/** Sorts a batch into the partners it tells of and the facts of orders, in the order of arrival. */
function sortOut(events: readonly ArrivedEvent[]): Batch {
  const batch: Batch = { partners: [], orderIds: new Set(), partnerIds: new Set(), facts: [], reminded: [] };
  const partners = new Map<string, KnownPartner>();
  for (const arrived of events) {
    const fact = read(arrived);
    if (fact === null) continue;
    const { partition, event } = arrived;
    const partner = partnerOf(fact, partition);
    if (partner !== null) {
      partners.set(partner.partnerId, partner);
    } else if (fact.type === 'OrderReminded') {
      batch.reminded.push(fact.data.orderId);
    } else if ('orderId' in fact.data) {
      const { orderId, partnerId } = fact.data;
      batch.orderIds.add(orderId);
      batch.partnerIds.add(partnerId);
      batch.facts.push([
        fact,
        { id: event.id, traceparent: event.metadata.traceparent ?? null, partnerId, partition },
      ]);
    }
  }
  batch.partners.push(...partners.values());
  return batch;
}

/** An order's facts stay in order among themselves, and so do a partner's. A call that waits holds up none of them. */
function keyOf(event: TravellingEvent): string {
  const held = event.type === 'PaymentHeld' ? readFact('payments', event) : null;
  if (held?.type === 'PaymentHeld') return letterKeyOf(held.data);
  const { orderId, partnerId } = event.data;
  if (typeof orderId === 'string') return `order ${orderId}`;
  return typeof partnerId === 'string' ? `partner ${partnerId}` : event.stream;
}

export type PaymentsConsumerOptions = Readonly<{
  sql: Sql;
  /** Says that a provider is to be asked. */
  onCallsQueued: () => void;
  /** Hears of keys that were parked with a call that waits for a person. */
  onParked: (keys: readonly string[]) => void;
  /** Of the code, for dead letters. */
  codeVersion: string;
}>;

/** Hears of partners, orders, reservations and shipments. */
export function createPaymentsConsumer(options: PaymentsConsumerOptions): Consumer {
  const { sql, onCallsQueued, onParked, codeVersion } = options;
  return {
    name: 'payments',
    sources: ['orders', 'inventory', 'fulfillment'],
    wants,
    keyOf,
    reminds: (source, event) => (source === 'orders' && event.type === 'OrderReminded' ? keyOf(event) : null),
    apply: async (events, inbox) => {
      const { partners, orderIds, partnerIds, facts, reminded } = sortOut(events);
      // Before the offsets move: a call whose time comes sooner is harmless however often it is said, and never lost.
      const hastened = reminded.length > 0 ? await hastenCalls(sql, inbox.epoch, reminded) : 0;
      const [payments, credit] =
        facts.length === 0
          ? [[], []]
          : await Promise.all([loadPayments(sql, [...orderIds]), loadCredit(sql, [...partnerIds])]);
      const book = openPaymentBook(payments, credit);
      for (const [fact, cause] of facts) hear(book, fact, cause);
      const changes = book.changes();
      const letters = lettersOf(book.held(), [], codeVersion);
      await writePayments(sql, { inbox, partners }, { ...changes, letters });
      if (letters.length > 0) onParked(letters.map(({ key }) => key));
      if (changes.calls.length + (changes.rearmed?.length ?? 0) + hastened > 0) onCallsQueued();
    },
  };
}
