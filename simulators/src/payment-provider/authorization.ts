// The life of one authorisation: pure decisions and the fold of its journal lines. No clock, no ids, no input or output.
import { type CardBehaviour, declineCodeOf } from './card-tokens.ts';
import type { PaymentEntry, Reference } from './journal-lines.ts';

export type AuthorizationStatus =
  | 'requires_confirmation'
  | 'authorised'
  | 'declined'
  | 'voided'
  | 'expired'
  | 'captured';

export interface Refund {
  readonly id: string;
  readonly amountMinor: number;
  readonly reference: Reference;
}

export interface Capture {
  readonly id: string;
  readonly amountMinor: number;
  readonly reference: Reference;
  readonly refunds: readonly Refund[];
}

export interface Authorization {
  readonly id: string;
  readonly status: AuthorizationStatus;
  readonly amountMinor: number;
  readonly currencyCode: string;
  readonly card: CardBehaviour;
  readonly declineCode: string | null;
  readonly reference: Reference;
  /** When what is not captured is released (RFC 3339); null before the card said yes. */
  readonly expiresAt: string | null;
  readonly captures: readonly Capture[];
}

/** Why a request was refused; nothing is stored under its key. */
export type Refusal = 'unexpected_state' | 'amount_exceeds_authorised' | 'amount_exceeds_captured';
export type Decision<Outcome> = { readonly refused: Refusal } | { readonly outcome: Outcome };

export type Confirmation =
  | { readonly kind: 'authorised' }
  | { readonly kind: 'declined'; readonly declineCode: string };

export function capturedMinor({ captures }: Authorization): number {
  return captures.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

export function refundedMinor({ refunds }: Capture): number {
  return refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

export function decideConfirm({ status, card }: Authorization): Decision<Confirmation> {
  if (status !== 'requires_confirmation') return { refused: 'unexpected_state' };
  const declineCode = declineCodeOf(card);
  return { outcome: declineCode === undefined ? { kind: 'authorised' } : { kind: 'declined', declineCode } };
}

/** Any number of partial captures, or one alone where the first ends it; never above what was authorised. */
export function decideCapture(
  authorization: Authorization,
  amountMinor: number,
  final: boolean,
): Decision<{ amountMinor: number; final: boolean }> {
  if (authorization.status !== 'authorised') return { refused: 'unexpected_state' };
  const rest = heldMinor(authorization);
  if (amountMinor > rest) return { refused: 'amount_exceeds_authorised' };
  return { outcome: { amountMinor, final: final || amountMinor === rest } };
}

/** Releases what is still held: everything, or what partial captures left. */
export function decideVoid(authorization: Authorization): Decision<{ releasedMinor: number }> {
  if (authorization.status === 'requires_confirmation') return { outcome: { releasedMinor: 0 } };
  if (authorization.status !== 'authorised') return { refused: 'unexpected_state' };
  return { outcome: { releasedMinor: heldMinor(authorization) } };
}

/** Releases what an authorisation still holds once its time has passed; undefined while nothing is to be done. */
export function decideExpire(
  authorization: Authorization,
  nowMs: number,
): { releasedMinor: number } | undefined {
  const { status, expiresAt } = authorization;
  if (status !== 'authorised' || expiresAt === null || nowMs < Date.parse(expiresAt)) return undefined;
  return { releasedMinor: heldMinor(authorization) };
}

export function decideRefund(capture: Capture, amountMinor: number): Decision<{ amountMinor: number }> {
  if (amountMinor > capture.amountMinor - refundedMinor(capture))
    return { refused: 'amount_exceeds_captured' };
  return { outcome: { amountMinor } };
}

/** Folds one line; undefined when the line belongs to an authorisation that was never created. */
export function evolve(
  authorization: Authorization | undefined,
  entry: PaymentEntry,
): Authorization | undefined {
  if (entry.kind === 'created') return created(entry);
  if (authorization === undefined) return undefined;
  switch (entry.kind) {
    case 'authorised':
      return { ...authorization, status: 'authorised', expiresAt: entry.expiresAt ?? null };
    case 'declined':
      return { ...authorization, status: 'declined', declineCode: entry.declineCode };
    case 'voided':
      return { ...authorization, status: authorization.captures.length > 0 ? 'captured' : 'voided' };
    case 'expired':
      return { ...authorization, status: 'expired' };
    case 'captured': {
      const capture = {
        id: entry.captureId,
        amountMinor: entry.amountMinor,
        reference: entry.reference,
        refunds: [],
      };
      const captures = [...authorization.captures, capture];
      return { ...authorization, status: entry.final ? 'captured' : authorization.status, captures };
    }
    case 'refunded': {
      const refund = { id: entry.refundId, amountMinor: entry.amountMinor, reference: entry.reference };
      const captures = authorization.captures.map((capture) =>
        capture.id === entry.captureId ? { ...capture, refunds: [...capture.refunds, refund] } : capture,
      );
      return { ...authorization, captures };
    }
  }
}

function created(entry: Extract<PaymentEntry, { kind: 'created' }>): Authorization {
  const { authorizationId: id, amountMinor, currencyCode, card, reference } = entry;
  const status = 'requires_confirmation';
  const unasked = { declineCode: null, expiresAt: null, captures: [] };
  return { id, status, amountMinor, currencyCode, card, reference, ...unasked };
}

function heldMinor(authorization: Authorization): number {
  return authorization.amountMinor - capturedMinor(authorization);
}
