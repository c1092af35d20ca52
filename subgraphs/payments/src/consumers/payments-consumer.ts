import { readFact, type TravellingEvent } from '@crossdock/contracts';
import type { Inbox, Sql } from '@crossdock/event-store';
import type { ArrivedEvent, Consumer, GivenUpLetter } from '@crossdock/messaging';
import { letterKeyOf, lettersOf } from '../command-handlers/call-letters.ts';
import { type Cause, openPaymentBook } from '../command-handlers/payment-book.ts';
import { hastenCalls } from '../store/card-calls.ts';
import { loadCredit } from '../store/credit-accounts.ts';
import type { KnownPartner } from '../store/partners.ts';
import { loadPayments } from '../store/payment-rows.ts';
import { writePayments } from '../store/write-payments.ts';
import { giveUp, type Heard, hear } from './hear.ts';

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

type Decided = Pick<Batch, 'partners' | 'facts' | 'orderIds' | 'partnerIds'>;

/** Decides what is heard by `means`, and writes it in one call; true where a provider is to be asked. */
async function decideAndWrite(
  { sql, onParked, codeVersion }: PaymentsConsumerOptions,
  { partners, facts, orderIds, partnerIds }: Decided,
  inbox: Inbox,
  means: typeof hear,
): Promise<boolean> {
  const [payments, credit] =
    facts.length === 0
      ? [[], []]
      : await Promise.all([loadPayments(sql, [...orderIds]), loadCredit(sql, [...partnerIds])]);
  const book = openPaymentBook(payments, credit);
  for (const [fact, cause] of facts) means(book, fact, cause);
  const changes = book.changes();
  const letters = lettersOf(book.held(), [], codeVersion);
  await writePayments(sql, { inbox, partners }, { ...changes, letters });
  if (letters.length > 0) onParked(letters.map(({ key }) => key));
  return changes.calls.length + (changes.rearmed?.length ?? 0) > 0;
}

/** Giving the letter of a held call up is a decision about the money: it is written in the call that discards the letter. */
async function giveUpCall(
  options: PaymentsConsumerOptions,
  { letter, actor }: GivenUpLetter,
  inbox: Inbox,
): Promise<void> {
  const { facts, ...batch } = sortOut([letter]);
  const given = facts.map(([fact, cause]): [Heard, Cause] => [
    fact,
    actor === null ? cause : { ...cause, actor },
  ]);
  if (await decideAndWrite(options, { ...batch, facts: given }, inbox, giveUp)) options.onCallsQueued();
}

/** Hears of partners, orders, reservations and shipments. */
export function createPaymentsConsumer(options: PaymentsConsumerOptions): Consumer {
  const { sql, onCallsQueued } = options;
  return {
    name: 'payments',
    sources: ['orders', 'inventory', 'fulfillment'],
    wants,
    keyOf,
    reminds: (source, event) => (source === 'orders' && event.type === 'OrderReminded' ? keyOf(event) : null),
    apply: async (events, inbox) => {
      const { reminded, ...batch } = sortOut(events);
      // Before the offsets move: a call whose time comes sooner is harmless however often it is said, and never lost.
      const hastened = reminded.length > 0 ? await hastenCalls(sql, inbox.epoch, reminded) : 0;
      if ((await decideAndWrite(options, batch, inbox, hear)) || hastened > 0) onCallsQueued();
    },
    giveUp: {
      wants: (source, type) => source === 'payments' && type === 'PaymentHeld',
      apply: (given, inbox) => giveUpCall(options, given, inbox),
    },
  };
}
