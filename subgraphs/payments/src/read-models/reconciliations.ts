import type { ReadDatabase } from '@crossdock/event-store';
import { and, asc, desc, eq, gt } from 'drizzle-orm';
import { paymentBreaks, paymentReconciliations } from '../store/tables.ts';

/** A comparison as it is shown. */
export type ReconciliationView = typeof paymentReconciliations.$inferSelect;
/** A difference as it is shown; amounts are minor units. */
export type PaymentBreakView = typeof paymentBreaks.$inferSelect;

export type BreakState = PaymentBreakView['state'];

/** The newest comparison, or the one with this id; null when there is none. */
export async function loadReconciliation(
  read: ReadDatabase,
  id: string | null,
): Promise<ReconciliationView | null> {
  const [row] = await read
    .select()
    .from(paymentReconciliations)
    .where(id === null ? undefined : eq(paymentReconciliations.id, id))
    .orderBy(desc(paymentReconciliations.startedAt))
    .limit(1);
  return row ?? null;
}

/** Differences in the order they were found, behind one of them; of every state where none is given. */
export async function listBreaks(
  read: ReadDatabase,
  state: BreakState | null,
  after: string | null,
  limit: number,
): Promise<PaymentBreakView[]> {
  const ofState = state === null ? undefined : eq(paymentBreaks.state, state);
  const behind = after === null ? undefined : gt(paymentBreaks.id, after);
  return (
    read
      .select()
      .from(paymentBreaks)
      .where(and(ofState, behind))
      // Ids are ordered by the time they were made.
      .orderBy(asc(paymentBreaks.id))
      .limit(limit)
  );
}

export async function loadBreak(read: ReadDatabase, id: string): Promise<PaymentBreakView | null> {
  const [row] = await read.select().from(paymentBreaks).where(eq(paymentBreaks.id, id));
  return row ?? null;
}
