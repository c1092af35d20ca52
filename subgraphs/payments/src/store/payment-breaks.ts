import { newId, type Sql } from '@crossdock/event-store';
import { BREAK_OWNER, KINDS_OF_OURS, type PaymentBreak } from '../domain/payment-break.ts';
import type { KeyWrite, WriteVerdict } from './write-payments.ts';

/** A difference as it is written down; `healed` says what settled it, and null that its owner must act. */
export type FoundBreak = Readonly<{ found: PaymentBreak; healed: string | null }>;

const HEALER = 'reconciliation';

/** The rows that `breaks_record` takes. */
export function breakRows(breaks: readonly FoundBreak[]): string {
  const rows = breaks.map(({ found, healed }) => ({
    id: newId(),
    kind: found.kind,
    subject: found.subject,
    orderId: found.orderId,
    provider: found.provider ?? null,
    expectedMinor: found.expected?.amountMinor ?? null,
    expectedCurrency: found.expected?.currencyCode ?? null,
    foundMinor: found.found?.amountMinor ?? null,
    foundCurrency: found.found?.currencyCode ?? null,
    detail: found.detail,
    owner: BREAK_OWNER,
    healedBy: healed === null ? null : HEALER,
    note: healed,
  }));
  return JSON.stringify(rows);
}

/** Writes down what was found outside of a run; rejects with LEASE_LOST under an old epoch. */
export async function recordBreaks(sql: Sql, epoch: number, breaks: readonly FoundBreak[]): Promise<void> {
  await sql`SELECT breaks_record(${epoch}, NULL, ${breakRows(breaks)}::text::jsonb)`;
}

/** An order as it was looked at without a run: what was looked at, what differs, and how long ago the look began. */
export type SeenOrder = Readonly<{
  orderId: string;
  subjects: readonly string[];
  breaks: readonly PaymentBreak[];
  tookMs: number;
}>;

/** Heals open differences of an order that a look did not find any more; rejects with LEASE_LOST under an old epoch. */
export async function settleUnfound(
  sql: Sql,
  epoch: number,
  { orderId, subjects, breaks, tookMs }: SeenOrder,
): Promise<void> {
  const found = JSON.stringify(breaks.map(({ kind, subject }) => ({ kind, subject })));
  await sql`SELECT breaks_settle_unfound(
    ${epoch}, ${orderId}, ${Math.ceil(tookMs)}, ${[...KINDS_OF_OURS]}::text[], ${[...subjects]}::text[], ${found}::text::jsonb)`;
}

/** Closes an open difference for a person. UNKNOWN: there is none such. SETTLED: it stands open no more. */
export async function closeBreak(
  sql: Sql,
  key: Omit<KeyWrite, 'result'>,
  { breakId, actor, note }: Readonly<{ breakId: string; actor: string; note: string }>,
): Promise<WriteVerdict['verdict'] | 'UNKNOWN' | 'SETTLED'> {
  const [row] = await sql<{ verdict: WriteVerdict['verdict'] | 'UNKNOWN' | 'SETTLED' }[]>`
    SELECT verdict FROM payment_break_close(${JSON.stringify(key)}::text::jsonb, ${breakId}, ${actor}, ${note})`;
  if (row === undefined) throw new Error('payment_break_close answered nothing');
  return row.verdict;
}
