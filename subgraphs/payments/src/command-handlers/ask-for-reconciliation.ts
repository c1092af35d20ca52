import { awaitTwin, fingerprint, newId, type Sql } from '@crossdock/event-store';
import { closeBreak } from '../store/payment-breaks.ts';
import { askForRun } from '../store/reconciliations.ts';
import type { WriteVerdict } from '../store/write-payments.ts';

/** Operators share their keys: who of them asks is no part of a request. */
const SCOPE = 'operators';

type Verdict = WriteVerdict['verdict'];

/** `runId` is the run that goes on, asked for now or before; null where the key lets nothing be done. */
export type AskedRun = Readonly<{ verdict: Verdict; runId: string | null }>;

/** Asks for a comparison; whoever holds the lease makes it. While one goes on, it is that one. */
export function createReconcilePayments({ sql }: Readonly<{ sql: Sql }>) {
  return async (idempotencyKey: string): Promise<AskedRun> => {
    const operation = 'reconcilePayments';
    const key = { scope: SCOPE, operation, key: idempotencyKey, fingerprint: fingerprint({ operation }) };
    const { verdict, result } = await awaitTwin(
      () => askForRun(sql, key, newId()),
      (asked) => asked.verdict === 'IN_FLIGHT',
    );
    return { verdict, runId: result };
  };
}

export type ClosePaymentBreak = Readonly<{
  idempotencyKey: string;
  breakId: string;
  note: string;
  actor: string;
}>;

/** Closes an open difference, once for each key. */
export function createClosePaymentBreak({ sql }: Readonly<{ sql: Sql }>) {
  return async ({ idempotencyKey, breakId, note, actor }: ClosePaymentBreak) => {
    const operation = 'closePaymentBreak';
    const print = fingerprint({ breakId, note });
    const key = { scope: SCOPE, operation, key: idempotencyKey, fingerprint: print };
    return awaitTwin(
      () => closeBreak(sql, key, { breakId, actor, note }),
      (verdict) => verdict === 'IN_FLIGHT',
    );
  };
}
