import { appendArrays, type Inbox, type NewEvent, type Sql } from '@crossdock/event-store';
import type { CardCall } from '../domain/card-calls.ts';
import { authorisedMinor, reservedMinor, stageOf, statusOf } from '../domain/status.ts';
import type { Wave } from '../domain/wave.ts';
import type { CallSettlement } from './card-calls.ts';
import type { KnownPartner } from './partners.ts';
import { inDepthJson, type StoredPayment } from './payment-rows.ts';

/** A movement of a partner's exposure; `peakMinor` is null when the batch reserved nothing for it. */
export type CreditMove = Readonly<{
  partnerId: string;
  partition: number;
  currencyCode: string;
  deltaMinor: number;
  peakMinor: number | null;
}>;

/** One entry: what is debited is credited. */
export type LedgerEntry = Readonly<{
  entryId: string;
  orderId: string;
  shipmentId: string;
  partnerId: string;
  debit: string;
  kind: 'receivable' | 'card_clearing';
  credit: string;
  currencyCode: string;
  amountMinor: number;
}>;

export type QueuedCall = CardCall &
  Readonly<{ key: string; causeId: string | null; traceparent: string | null }>;

/** All that one batch of decisions changes. `version` of a payment is the one it was decided on, 0 when it is new. */
export type PaymentChanges = Readonly<{
  payments: readonly StoredPayment[];
  credit: readonly CreditMove[];
  entries: readonly LedgerEntry[];
  calls: readonly QueuedCall[];
  events: readonly NewEvent[];
}>;

/** What makes the write ours to make: offsets that move with it, or the lease under which providers were asked. */
export type WriteCause =
  | Readonly<{ inbox: Inbox; partners: readonly KnownPartner[] }>
  | Readonly<{ epoch: number; settled: readonly CallSettlement[] }>;

function json(value: readonly object[]): string | null {
  return value.length === 0 ? null : JSON.stringify(value);
}

function firstOf(waves: readonly Wave[], key: 'declineReason' | 'providerAuthorisationId'): string | null {
  return waves.find((wave) => wave[key] !== null)?.[key] ?? null;
}

function causeColumns(cause: WriteCause) {
  if ('epoch' in cause)
    return { inbox: null, epoch: cause.epoch, settled: json(cause.settled), partners: null };
  const partners = cause.partners.map((each) => ({
    id: each.partnerId,
    partition: each.partition,
    currency: each.currencyCode,
  }));
  return { inbox: JSON.stringify(cause.inbox), epoch: null, settled: null, partners: json(partners) };
}

/** Writes it all in one call of `payments_write`; rejects with GUARD_LOST or LEASE_LOST, and then nothing was written. */
export async function writePayments(sql: Sql, cause: WriteCause, changes: PaymentChanges): Promise<void> {
  const { inbox, epoch, settled, partners } = causeColumns(cause);
  const { payments, credit, entries } = changes;
  const states = payments.map((each) => each.state);
  const events = appendArrays(changes.events);
  await sql`SELECT payments_write(
    ${inbox}::text::jsonb, ${epoch}::bigint, ${settled}::text::jsonb, ${partners}::text::jsonb, ${json(changes.calls)}::text::jsonb,
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
    ${credit.map((each) => each.partnerId)}::text[], ${credit.map((each) => each.partition)}::int[],
    ${credit.map((each) => each.currencyCode)}::text[], ${credit.map((each) => each.deltaMinor)}::bigint[],
    ${credit.map((each) => each.peakMinor)}::bigint[],
    ${entries.map((each) => each.entryId)}::uuid[], ${entries.map((each) => each.orderId)}::uuid[],
    ${entries.map((each) => each.shipmentId)}::uuid[], ${entries.map((each) => each.debit)}::text[],
    ${entries.map((each) => each.kind)}::text[], ${entries.map((each) => each.partnerId)}::text[],
    ${entries.map((each) => each.credit)}::text[], ${entries.map((each) => each.currencyCode)}::text[],
    ${entries.map((each) => each.amountMinor)}::bigint[],
    ${events.partition}::int[], ${events.streamId}::text[], ${events.version}::int[], ${events.id}::uuid[], ${events.type}::text[],
    ${events.data}::text[], ${events.metadata}::text[])`;
}
