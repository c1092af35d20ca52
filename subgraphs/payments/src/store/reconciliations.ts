import type { Sql } from '@crossdock/event-store';
import { breakRows, type FoundBreak } from './payment-breaks.ts';
import type { KeyWrite, WriteVerdict } from './write-payments.ts';

/** Where a run stands: in a provider's report, or in our own payments once every report was read. */
export type RunPlace = Readonly<{
  stage: 'PROVIDER' | 'PAYMENTS';
  /** Whose report; null before the first page of the first. */
  provider: string | null;
  cursor: string | null;
  lastOrder: string | null;
}>;

export type Run = RunPlace & Readonly<{ id: string }>;

/** A page of a run, compared. */
export type ComparedPage = Readonly<{
  place: RunPlace;
  payments: number;
  authorisations: number;
  /** The provider whose report ended with this page; null when none did. */
  reported: string | null;
  /** Orders that need not be looked at again in this run. */
  orders: readonly string[];
  /** Orders that could not be looked at in full, because they moved or a provider cannot be asked: what is open of them stays so. */
  passedOver: readonly string[];
  breaks: readonly FoundBreak[];
}>;

/** The run that goes on and whose time has come; null when there is none. */
export async function loadRun(sql: Sql): Promise<Run | null> {
  const [row] = await sql<Run[]>`
    SELECT id, stage, provider, cursor, last_order AS "lastOrder" FROM payment_reconciliations
    WHERE finished_at IS NULL AND next_try_at <= clock_timestamp()`;
  return row ?? null;
}

/** Begins a run unless one goes on or began within `everyS` seconds. */
export async function beginRunWhenDue(sql: Sql, epoch: number, id: string, everyS: number): Promise<void> {
  await sql`SELECT reconciliation_begin_when_due(${epoch}, ${id}, ${everyS})`;
}

/** Asks for a run under an idempotency key; `result` is the id of the one that goes on then. */
export async function askForRun(sql: Sql, key: Omit<KeyWrite, 'result'>, id: string): Promise<WriteVerdict> {
  const [row] = await sql<WriteVerdict[]>`
    SELECT verdict, result FROM reconciliation_ask(${JSON.stringify(key)}::text::jsonb, ${id})`;
  if (row === undefined) throw new Error('reconciliation_ask answered nothing');
  return row;
}

/** Commits a page; rejects with LEASE_LOST under an old epoch, GUARD_LOST when the run has ended. */
export async function advanceRun(sql: Sql, epoch: number, id: string, page: ComparedPage): Promise<void> {
  const { place, payments, authorisations, reported, orders, passedOver, breaks } = page;
  const about = { ...place, payments, authorisations, reported };
  await sql`SELECT reconciliation_advance(
    ${epoch}, ${id}, ${JSON.stringify(about)}::text::jsonb, ${[...orders]}::uuid[],
    ${[...passedOver]}::uuid[], ${breakRows(breaks)}::text::jsonb)`;
}

/** Tries the page again after `delayMs` times the tries so far; after `triesMax` the run ends with the reason. */
export async function postponeRun(
  sql: Sql,
  epoch: number,
  id: string,
  { reason, delayMs, triesMax }: Readonly<{ reason: string; delayMs: number; triesMax: number }>,
): Promise<void> {
  await sql`SELECT reconciliation_postpone(${epoch}, ${id}, ${reason}, ${delayMs}, ${triesMax})`;
}

/** Ends a run that compared everything; what it did not see any more is healed. */
export async function finishRun(sql: Sql, epoch: number, id: string): Promise<void> {
  await sql`SELECT reconciliation_finish(${epoch}, ${id})`;
}

/** The next payments behind an order, and whether this run compared them already. */
export async function loadOrdersBehind(
  sql: Sql,
  { id, lastOrder }: Run,
  limit: number,
): Promise<{ orderId: string; isCompared: boolean }[]> {
  return sql<{ orderId: string; isCompared: boolean }[]>`
    SELECT p.order_id AS "orderId", coalesce(r.run_id = ${id}, false) AS "isCompared"
    FROM payments p LEFT JOIN reconciled_orders r ON r.order_id = p.order_id
    WHERE ${lastOrder}::uuid IS NULL OR p.order_id > ${lastOrder}::uuid ORDER BY p.order_id LIMIT ${limit}`;
}
