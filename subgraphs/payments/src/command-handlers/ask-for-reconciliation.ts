import { awaitTwin, fingerprint, newId, type Sql } from '@crossdock/event-store';
import { canonicalId, isText, isUuid, type Refusal, refusal } from '@crossdock/values';
import { checkKey } from '../store/idempotency-keys.ts';
import { closeBreak } from '../store/payment-breaks.ts';
import { askForRun } from '../store/reconciliations.ts';
import type { WriteVerdict } from '../store/write-payments.ts';

/** Operators share their keys: who of them asks is no part of a request. */
const SCOPE = 'operators';
/** UTF-16 units of a note. */
const NOTE_LENGTH_MAX = 1_000;

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

/** `verdict` is REFUSED when nothing was stored, else what stands under the key. */
export type ClosedBreak = Readonly<{ verdict: Verdict | 'REFUSED'; refusal: Refusal | null }>;

const UNKNOWN_BREAK = refusal('UNKNOWN_BREAK', { field: ['breakId'] });
const SETTLED = refusal('CONFLICT', { message: 'The difference is settled already.', field: ['breakId'] });

function refuseForm({ breakId, note }: ClosePaymentBreak): Refusal | null {
  if (!isText(note, NOTE_LENGTH_MAX))
    return refusal('INVALID_INPUT', { message: 'note has 1 to 1,000 characters.', field: ['note'] });
  return isUuid(breakId) ? null : UNKNOWN_BREAK;
}

function closedBreak(verdict: Verdict | 'UNKNOWN' | 'SETTLED'): ClosedBreak {
  if (verdict === 'UNKNOWN') return { verdict: 'REFUSED', refusal: UNKNOWN_BREAK };
  if (verdict === 'SETTLED') return { verdict: 'REFUSED', refusal: SETTLED };
  return { verdict, refusal: null };
}

/** Closes an open difference, once for each key; a key that stands is answered whatever came with it. */
export function createClosePaymentBreak({ sql }: Readonly<{ sql: Sql }>) {
  return async (command: ClosePaymentBreak): Promise<ClosedBreak> => {
    const { idempotencyKey, breakId, note, actor } = command;
    const operation = 'closePaymentBreak';
    const print = fingerprint({ breakId: canonicalId(breakId), note });
    const key = { scope: SCOPE, operation, key: idempotencyKey, fingerprint: print };
    const malformed = refuseForm(command);
    const attempt = async (): Promise<ClosedBreak> => {
      if (malformed === null) return closedBreak(await closeBreak(sql, key, { breakId, actor, note }));
      const { verdict } = await checkKey(sql, key);
      return verdict === 'NEW' ? { verdict: 'REFUSED', refusal: malformed } : { verdict, refusal: null };
    };
    return awaitTwin(attempt, ({ verdict }) => verdict === 'IN_FLIGHT');
  };
}
