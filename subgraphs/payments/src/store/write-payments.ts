import { appendArrays, type Inbox, type NewEvent, type Sql } from '@crossdock/event-store';
import type { CardCall } from '../domain/card-calls.ts';
import type { PaymentMethod } from '../domain/payment.ts';
import { authorisedMinor, reservedMinor, stageOf, statusOf } from '../domain/status.ts';
import type { Wave } from '../domain/wave.ts';
import type { CallSettlement } from './card-calls.ts';
import type { KnownPartner } from './partners.ts';
import { firstExpiry, inDepthJson, type StoredPayment } from './payment-rows.ts';

/** A movement of a partner's exposure; `peakMinor` is null when the batch reserved nothing for it. */
export type CreditMove = Readonly<{
  partnerId: string;
  partition: number;
  currencyCode: string;
  deltaMinor: number;
  peakMinor: number | null;
}>;

export type LedgerAccountKind = 'receivable' | 'card_clearing' | 'sales' | 'bank';

/** One entry: what is debited is credited. Accounts other than of sales and the bank are the partner's. */
export type LedgerEntry = Readonly<{
  entryId: string;
  kind: 'SALE' | 'REFUND';
  orderId: string;
  shipmentId: string;
  refundId: string | null;
  partnerId: string;
  debit: string;
  debitKind: LedgerAccountKind;
  credit: string;
  creditKind: LedgerAccountKind;
  currencyCode: string;
  amountMinor: number;
}>;

export type QueuedCall = CardCall &
  Readonly<{ key: string; causeId: string | null; traceparent: string | null }>;

/** A call that waits for a person: unknown where it is to be tried again, done where it is given up. */
export type RearmedCall = Pick<CardCall, 'orderId' | 'operation' | 'instance'> &
  Readonly<{ state: 'unknown' | 'done' }>;

/** The dead letter of a call that waits for a person; `eventId` is that of its `PaymentHeld`. */
export type CallLetter = Readonly<{
  eventId: string;
  key: string;
  error: string;
  fingerprint: string;
  attempts: number;
  codeVersion: string;
  trace: string | null;
}>;

/** A line as it stands on an invoice; the price is null where it was not told. */
export type InvoicedLine = Readonly<{ sku: string; quantity: number; unitPriceMinor: number | null }>;

/**
 * What an invoice becomes. `lines` null: they stand already. `issue` null: not yet, or it is issued already; what was issued is
 * not issued again. Paid and credited come on top of what stands.
 */
export type InvoiceWrite = Readonly<{
  shipmentId: string;
  orderId: string;
  partnerId: string;
  currencyCode: string;
  totalMinor: number;
  lines: readonly InvoicedLine[] | null;
  issue: Readonly<{ method: PaymentMethod }> | null;
  paidMinor: number;
  creditedMinor: number;
}>;

/** How people know an order. */
export type OrderName = Readonly<{ orderId: string; number: string; poNumber: string | null }>;

/** All that one batch of decisions changes. `version` of a payment is the one it was decided on, 0 when it is new. */
export type PaymentChanges = Readonly<{
  payments: readonly StoredPayment[];
  credit: readonly CreditMove[];
  entries: readonly LedgerEntry[];
  calls: readonly QueuedCall[];
  events: readonly NewEvent[];
  rearmed?: readonly RearmedCall[];
  orderNames?: readonly OrderName[];
  /** Of whom one is issued on terms or credited, `credit` has a move, if only by nothing: that locks the account in order. */
  invoices?: readonly InvoiceWrite[];
  letters?: readonly CallLetter[];
}>;

/** A caller's idempotency key, and what is stored to be answered under it. */
export type KeyWrite = Readonly<{
  scope: string;
  operation: string;
  key: string;
  fingerprint: string;
  result: string;
}>;

/** What stands under the key; NEW where there is none or it was stored with this very write. */
export type WriteVerdict = Readonly<{
  verdict: 'NEW' | 'REPLAYED' | 'KEY_REUSED' | 'IN_FLIGHT';
  result: string | null;
}>;

/** What makes the write ours to make: offsets that move with it, the lease under which providers were asked, or a caller's key. */
export type WriteCause =
  | Readonly<{ inbox: Inbox; partners: readonly KnownPartner[] }>
  | Readonly<{ epoch: number; settled: readonly CallSettlement[] }>
  | Readonly<{ key: KeyWrite }>;

function json(value: readonly object[]): string | null {
  return value.length === 0 ? null : JSON.stringify(value);
}

function invoicesJson({ orderNames = [], invoices = [] }: PaymentChanges): string | null {
  if (orderNames.length + invoices.length === 0) return null;
  const flat = invoices.map(({ issue, ...each }) => ({ ...each, method: issue?.method ?? null }));
  return JSON.stringify({ orders: orderNames, invoices: flat });
}

type TextOfWave = 'declineReason' | 'providerAuthorisationId' | 'provider';

function firstOf(waves: readonly Wave[], key: TextOfWave): string | null {
  return waves.find((wave) => wave[key] !== null)?.[key] ?? null;
}

function causeColumns(cause: WriteCause) {
  const none = { inbox: null, epoch: null, settled: null, key: null, partners: null };
  if ('key' in cause) return { ...none, key: JSON.stringify(cause.key) };
  if ('epoch' in cause) return { ...none, epoch: cause.epoch, settled: json(cause.settled) };
  const partners = cause.partners.map((each) => ({
    id: each.partnerId,
    partition: each.partition,
    currency: each.currencyCode,
  }));
  return { ...none, inbox: JSON.stringify(cause.inbox), partners: json(partners) };
}

/**
 * Writes it all in one call of `payments_write`; rejects with GUARD_LOST or LEASE_LOST, and then nothing was written. Nor is
 * anything where the key stands already: the verdict says so.
 */
export async function writePayments(
  sql: Sql,
  cause: WriteCause,
  changes: PaymentChanges,
): Promise<WriteVerdict> {
  const { inbox, epoch, settled, key, partners } = causeColumns(cause);
  const { rearmed = [], letters = [] } = changes;
  const { payments, credit, entries } = changes;
  const states = payments.map((each) => each.state);
  const events = appendArrays(changes.events);
  const [row] = await sql<WriteVerdict[]>`SELECT verdict, result FROM payments_write(
    ${inbox}::text::jsonb, ${epoch}::bigint, ${settled}::text::jsonb, ${key}::text::jsonb, ${partners}::text::jsonb,
    ${json(changes.calls)}::text::jsonb, ${json(rearmed)}::text::jsonb, ${invoicesJson(changes)}::text::jsonb, ${json(letters)}::text::jsonb,
    ${payments.map((each) => each.orderId)}::uuid[], ${payments.map((each) => each.version)}::int[],
    ${payments.map((each) => each.partnerId)}::text[], ${payments.map((each) => each.partition)}::int[],
    ${payments.map((each) => each.streamVersion)}::int[], ${states.map((each) => Number(each.closed))}::int[],
    ${states.map((each) => each.method)}::text[], ${states.map((each) => each.currencyCode)}::text[],
    ${states.map((each) => each.totalMinor)}::bigint[], ${states.map(reservedMinor)}::bigint[],
    ${states.map(stageOf)}::text[], ${states.map(statusOf)}::text[],
    ${states.map((each) => Number(each.outcomeUnknown))}::int[], ${states.map(({ waves }) => firstOf(waves, 'declineReason'))}::text[],
    ${states.map(authorisedMinor)}::bigint[], ${states.map((each) => each.capturedMinor)}::bigint[],
    ${states.map((each) => each.refundedMinor)}::bigint[],
    ${states.map(({ waves }) => firstOf(waves, 'providerAuthorisationId'))}::text[], ${states.map((each) => each.sealedCardToken)}::text[],
    ${states.map((each) => JSON.stringify(each.shipments))}::text[], ${states.map(inDepthJson)}::text[],
    ${states.map(({ waves }) => firstOf(waves, 'provider'))}::text[], ${states.map(firstExpiry)}::timestamptz[],
    ${credit.map((each) => each.partnerId)}::text[], ${credit.map((each) => each.partition)}::int[],
    ${credit.map((each) => each.currencyCode)}::text[], ${credit.map((each) => each.deltaMinor)}::bigint[],
    ${credit.map((each) => each.peakMinor)}::bigint[],
    ${entries.map((each) => each.entryId)}::uuid[], ${entries.map((each) => each.kind)}::text[],
    ${entries.map((each) => each.orderId)}::uuid[], ${entries.map((each) => each.shipmentId)}::uuid[],
    ${entries.map((each) => each.refundId)}::uuid[], ${entries.map((each) => each.debit)}::text[],
    ${entries.map((each) => each.debitKind)}::text[], ${entries.map((each) => each.partnerId)}::text[],
    ${entries.map((each) => each.credit)}::text[], ${entries.map((each) => each.creditKind)}::text[],
    ${entries.map((each) => each.currencyCode)}::text[], ${entries.map((each) => each.amountMinor)}::bigint[],
    ${events.partition}::int[], ${events.streamId}::text[], ${events.version}::int[], ${events.id}::uuid[], ${events.type}::text[],
    ${events.data}::text[], ${events.metadata}::text[])`;
  if (row === undefined) throw new Error('payments_write answered nothing');
  return row;
}
