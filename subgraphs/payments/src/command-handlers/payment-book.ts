import { derivedId, type Metadata, type NewEvent } from '@crossdock/event-store';
import { type Booking, bookingOf } from '../domain/bookings.ts';
import { callsOf, providerKey } from '../domain/card-calls.ts';
import type { CreditAccount } from '../domain/credit.ts';
import { decide } from '../domain/decide.ts';
import { evolve } from '../domain/evolve.ts';
import type { HeldCall } from '../domain/held-call.ts';
import {
  initialPayment,
  isSaid,
  type PaymentCommand,
  type PaymentEvent,
  type PaymentState,
  type SaidEvent,
} from '../domain/payment.ts';
import { exposureOf } from '../domain/status.ts';
import { factDataOf, onceFor } from '../publishers/payment-events.ts';
import type { StoredCredit } from '../store/credit-accounts.ts';
import type { StoredPayment } from '../store/payment-rows.ts';
import type { LedgerEntry, PaymentChanges, QueuedCall, RearmedCall } from '../store/write-payments.ts';
import { type CreditTally, openCreditTally } from './credit-tally.ts';
import { type InvoiceSheet, openInvoiceSheet } from './invoice-sheet.ts';

const SALES = 'sales';

/** Why a command came: the event behind it, and the partner and partition the order belongs to. */
export type Cause = Readonly<{
  id: string | null;
  traceparent: string | null;
  partnerId: string;
  partition: number;
  /** Who asked for it; absent for what follows from a fact. */
  actor?: string;
}>;

/** A command that may look at the partner's credit as it stands at this point of the batch. */
export type CommandOnCredit = (credit: CreditAccount | null) => PaymentCommand;

type OpenPayment = {
  readonly orderId: string;
  readonly partnerId: string;
  readonly partition: number;
  readonly version: number;
  streamVersion: number;
  state: PaymentState;
  changed: boolean;
};

type Pages = Readonly<{
  payments: Map<string, OpenPayment>;
  credit: CreditTally;
  invoices: InvoiceSheet;
  entries: LedgerEntry[];
  calls: QueuedCall[];
  events: NewEvent[];
  rearmed: RearmedCall[];
  held: HeldNotice[];
}>;

/** A call that was left to a person; `eventId` is that of the fact that says so. */
export type HeldNotice = Readonly<{
  eventId: string;
  orderId: string;
  call: HeldCall;
  traceparent: string | null;
}>;

/**
 * Decides a batch in memory, in the order of arrival: what one command changed, the next one sees. Nothing is kept beyond
 * the batch, and the write compares every version and limit that was relied on.
 */
export type PaymentBook = Readonly<{
  decide: (orderId: string, cause: Cause, command: CommandOnCredit) => void;
  stateOf: (orderId: string) => PaymentState | null;
  /** How people know an order, and the lines of a shipment: what only stands on invoices. */
  paper: Pick<InvoiceSheet, 'nameOrder' | 'tellLines'>;
  changes: () => PaymentChanges;
  /** Calls that the batch leaves to a person. */
  held: () => readonly HeldNotice[];
}>;

/**
 * A sale is owed by the partner or its card's provider; a refund is the same entry the other way round. Its id follows from what it
 * books, so that the ledger's primary key refuses the same thing twice.
 */
function entryOf({ part, ...booking }: Booking, event: PaymentEvent, payment: OpenPayment): LedgerEntry {
  const { orderId, partnerId, state } = payment;
  const { kind } = booking;
  const owedKind = state.method === 'TERMS' ? 'receivable' : 'card_clearing';
  const owed = `${owedKind}/${partnerId}`;
  const once = part === null && isSaid(event) ? onceFor(event) : `${kind}/${part}`;
  const of = {
    entryId: derivedId(orderId, once),
    orderId,
    partnerId,
    currencyCode: state.currencyCode ?? '',
  };
  return kind === 'SALE'
    ? { ...of, ...booking, debit: owed, debitKind: owedKind, credit: SALES, creditKind: SALES }
    : { ...of, ...booking, debit: SALES, debitKind: SALES, credit: owed, creditKind: owedKind };
}

function metadataOf(cause: Cause, orderId: string): Metadata {
  return {
    correlationId: orderId,
    ...(cause.id === null ? {} : { causationId: cause.id }),
    ...(cause.traceparent === null ? {} : { traceparent: cause.traceparent }),
    ...(cause.actor === undefined ? {} : { actor: cause.actor }),
  };
}

function paymentOf({ payments }: Pages, orderId: string, { partnerId, partition }: Cause): OpenPayment {
  const known = payments.get(orderId);
  if (known !== undefined) return known;
  const fresh = {
    orderId,
    partnerId,
    partition,
    version: 0,
    streamVersion: 0,
    state: initialPayment,
    changed: false,
  };
  payments.set(orderId, fresh);
  return fresh;
}

/** What makes or credits an invoice on terms: its account is locked with the others that move, in order, though it moves by nothing. */
const BILLS: ReadonlySet<string> = new Set([
  'PaymentCaptured',
  'PaymentRefunded',
] satisfies SaidEvent['type'][]);

/** Each event moves by itself, so that the limit is held against the highest the exposure comes to. */
function moveCredit(pages: Pages, payment: OpenPayment, before: PaymentState, event: PaymentEvent): void {
  const deltaMinor = exposureOf(payment.state) - exposureOf(before);
  const { partnerId, partition, state } = payment;
  const bills = state.method === 'TERMS' && BILLS.has(event.type);
  if (deltaMinor === 0 && !bills) return;
  const currencyCode = state.currencyCode ?? '';
  const reserves = event.type === 'PaymentAuthorised' && deltaMinor !== 0;
  pages.credit.move({ partnerId, partition, currencyCode, deltaMinor, reserves, bills });
}

function say(pages: Pages, payment: OpenPayment, event: SaidEvent, cause: Cause): void {
  const id = derivedId(payment.orderId, onceFor(event));
  payment.streamVersion += 1;
  pages.events.push({
    partition: payment.partition,
    category: 'payment',
    streamId: payment.orderId,
    version: payment.streamVersion,
    id,
    type: event.type,
    data: factDataOf(event, payment),
    metadata: metadataOf(cause, payment.orderId),
  });
  if (event.type === 'PaymentHeld') {
    const { orderId } = payment;
    pages.held.push({ eventId: id, orderId, call: event.data, traceparent: cause.traceparent });
  }
}

function queueCalls(
  pages: Pages,
  payment: OpenPayment,
  decided: readonly PaymentEvent[],
  cause: Cause,
): void {
  for (const call of callsOf(payment.orderId, decided)) {
    const key = providerKey(call);
    pages.calls.push({ ...call, key, causeId: cause.id, traceparent: cause.traceparent });
  }
  const { orderId } = payment;
  for (const event of decided)
    if (event.type === 'HeldCallRetried' || event.type === 'HeldCallGivenUp')
      pages.rearmed.push({
        orderId,
        ...event.data,
        state: event.type === 'HeldCallRetried' ? 'unknown' : 'done',
      });
}

function decideOne(pages: Pages, orderId: string, cause: Cause, command: CommandOnCredit): void {
  const payment = paymentOf(pages, orderId, cause);
  const decided = decide(command(pages.credit.now(payment.partnerId)), payment.state);
  if (decided.length === 0) return;
  payment.changed = true;
  for (const event of decided) {
    const before = payment.state;
    const booking = bookingOf(before, event);
    payment.state = evolve(before, event);
    moveCredit(pages, payment, before, event);
    if (booking !== null) pages.entries.push(entryOf(booking, event, payment));
    pages.invoices.follow(event, payment, booking);
    if (isSaid(event)) say(pages, payment, event, cause);
  }
  queueCalls(pages, payment, decided, cause);
}

export function openPaymentBook(
  stored: readonly StoredPayment[],
  credit: readonly StoredCredit[],
): PaymentBook {
  const pages: Pages = {
    payments: new Map(stored.map((each) => [each.orderId, { ...each, changed: false }])),
    credit: openCreditTally(credit),
    invoices: openInvoiceSheet(),
    entries: [],
    calls: [],
    events: [],
    rearmed: [],
    held: [],
  };
  return {
    decide: (orderId, cause, command) => decideOne(pages, orderId, cause, command),
    stateOf: (orderId) => pages.payments.get(orderId)?.state ?? null,
    paper: pages.invoices,
    changes: () => ({
      payments: [...pages.payments.values()].filter((each) => each.changed),
      credit: pages.credit.moves(),
      entries: pages.entries,
      calls: pages.calls,
      events: pages.events,
      orderNames: pages.invoices.names(),
      invoices: pages.invoices.writes(),
      rearmed: pages.rearmed,
    }),
    held: () => pages.held,
  };
}
