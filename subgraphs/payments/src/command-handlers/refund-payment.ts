import { awaitTwin, faultKind, fingerprint, newId, type Sql } from '@crossdock/event-store';
import { canonicalId, canonicalMoney, isUuid, type Refusal, refusal } from '@crossdock/values';
import { decideRefund, type RefundRequest } from '../domain/refunds.ts';
import type { Poke } from '../ports.ts';
import { checkKey } from '../store/idempotency-keys.ts';
import { loadPayments, type StoredPayment } from '../store/payment-rows.ts';
import { type PaymentChanges, writePayments } from '../store/write-payments.ts';
import { openPaymentBook } from './payment-book.ts';

/** Rounds a refund is decided again because its payment changed meanwhile. */
const ROUNDS_MAX = 10;
/** Milliseconds by which the longest pause before the next round grows: those who lost to each other come back apart. */
const APART_MS = 25;
const SYSTEM_SCOPE = 'system';
const OPERATION = 'refundPayment';

export type RefundPayment = RefundRequest &
  Readonly<{ idempotencyKey: string; orderId: string; actor: string; traceparent: string | null }>;

/** `verdict` is NEW when asked for now, REFUSED when nothing was stored, else what stands under the key. */
export type RefundOutcome =
  | Readonly<{ verdict: 'NEW' | 'REPLAYED'; orderId: string; refundId: string }>
  | Readonly<{ verdict: 'REFUSED'; refusal: Refusal }>
  | Readonly<{ verdict: 'KEY_REUSED' | 'IN_FLIGHT' }>;

type Desk = Readonly<{
  sql: Sql;
  poke: Poke;
  onCallsQueued: () => void;
  /** In [0, 1), for the jitter of rounds. */
  draw: () => number;
}>;
type Stored = Readonly<{ orderId: string; refundId: string }>;

async function loadPayment(sql: Sql, orderId: string): Promise<StoredPayment | null> {
  const [payment] = isUuid(orderId) ? await loadPayments(sql, [orderId.toLowerCase()]) : [];
  return payment ?? null;
}

type Decided = Readonly<{ refusal: Refusal }> | Readonly<{ orderId: string; changes: PaymentChanges }>;

/** A refund reserves no credit, so that the partner's account need not be read: it only moves. */
function decideOn(payment: StoredPayment | null, refundId: string, command: RefundPayment): Decided {
  if (payment === null) return { refusal: refusal('UNKNOWN_ORDER', { field: ['orderId'] }) };
  const { reason, amount, actor, traceparent } = command;
  const shipmentId = command.shipmentId?.toLowerCase() ?? null;
  const verdict = decideRefund({ reason, amount, shipmentId }, payment.state);
  if (verdict.type === 'refused') return { refusal: verdict.refusal };
  const { orderId, partnerId, partition } = payment;
  const { parts } = verdict;
  const book = openPaymentBook([payment], []);
  const cause = { id: null, traceparent, partnerId, partition, actor };
  book.decide(orderId, cause, () => ({ type: 'RequestRefund', data: { refundId, reason, parts } }));
  return { orderId, changes: book.changes() };
}

function outcomeOf(
  verdict: 'NEW' | 'REPLAYED' | 'KEY_REUSED' | 'IN_FLIGHT',
  result: string | null,
): RefundOutcome {
  if (verdict === 'KEY_REUSED' || verdict === 'IN_FLIGHT') return { verdict };
  if (result === null) throw new Error('A key stands without a result');
  // The stored result is what this handler wrote.
  const { orderId, refundId } = JSON.parse(result) as Stored;
  return { verdict, orderId, refundId };
}

async function decideAndWrite(desk: Desk, command: RefundPayment, print: string): Promise<RefundOutcome> {
  const { sql } = desk;
  const key = { scope: SYSTEM_SCOPE, operation: OPERATION, key: command.idempotencyKey, fingerprint: print };
  const refundId = newId();
  for (let round = 1; ; round += 1) {
    const payment = await loadPayment(sql, command.orderId);
    // Behind the payment: what is left of it may be little because a twin of this very request was granted meanwhile.
    const standing = await checkKey(sql, key);
    if (standing.verdict !== 'NEW') return outcomeOf(standing.verdict, standing.result);
    const decided = decideOn(payment, refundId, command);
    if ('refusal' in decided) return { verdict: 'REFUSED', refusal: decided.refusal };
    const { orderId, changes } = decided;
    const stored: Stored = { orderId, refundId };
    try {
      const written = await writePayments(sql, { key: { ...key, result: JSON.stringify(stored) } }, changes);
      if (written.verdict === 'NEW' && changes.calls.length > 0) desk.onCallsQueued();
      return outcomeOf(written.verdict, written.result);
    } catch (error) {
      if (faultKind(error) !== 'guard-lost' || round >= ROUNDS_MAX) throw error;
      const pauseMs = desk.draw() * APART_MS * round;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/**
 * Gives money back, or queues what its provider is asked for; a repeated request is answered with the same refund. The write is
 * guarded by the key and the payment's version, not by the lease: any replica may make it, and the lease's holder makes the calls.
 */
export function createRefundPayment(desk: Desk) {
  return async (command: RefundPayment): Promise<RefundOutcome> => {
    const { orderId, amount, shipmentId, reason } = command;
    const print = fingerprint({
      orderId: canonicalId(orderId),
      amount: amount === null ? null : canonicalMoney(amount),
      shipmentId: shipmentId === null ? null : canonicalId(shipmentId),
      reason,
    });
    const outcome = await awaitTwin(
      () => decideAndWrite(desk, command, print),
      ({ verdict }) => verdict === 'IN_FLIGHT',
    );
    if (outcome.verdict === 'NEW') desk.poke();
    return outcome;
  };
}
