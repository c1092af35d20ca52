import type { OrderMoney, Pending, PendingCall } from './order-money.ts';

export const BREAK_KINDS = [
  'STRAY_AUTHORISATION',
  'CAPTURE_NOT_IN_LEDGER',
  'CAPTURE_NOT_AT_PROVIDER',
  'TAKEN_TWICE',
  'SHIPPED_NOT_TAKEN',
  'REFUND_NOT_IN_LEDGER',
  'REFUND_NOT_AT_PROVIDER',
  'AMOUNT_DIFFERS',
  'AUTHORISATION_LOST',
  'AUTHORISATION_UNREADABLE',
  'ORDER_NOT_COMPARED',
] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];

export type Amount = Readonly<{ amountMinor: number; currencyCode: string }>;

/**
 * What settles a difference safely and without a person. replay: the held calls find out what was
 * done. ended: the wave's authorisation gives nothing more, and what it leaves to be taken is asked of the card again.
 */
export type Healing =
  | Readonly<{ kind: 'release'; provider: string; authorisationId: string }>
  | Readonly<{ kind: 'replay'; calls: readonly PendingCall[] }>
  | Readonly<{ kind: 'ended'; wave: number; taken: readonly string[] }>;

/** A difference between shipments, ledger and provider. `subject` names it: one kind and subject is one difference. */
export type PaymentBreak = Readonly<{
  kind: BreakKind;
  subject: string;
  orderId: string | null;
  /** Who holds or took what no record of ours names: until that provider's report is read again, it is not known to be gone. */
  provider?: string;
  expected: Amount | null;
  found: Amount | null;
  /** What to do, for its owner. */
  detail: string;
  healing: Healing | null;
}>;

export const NOTHING_HEALS: Healing | null = null;

/** Found from our sides alone: a look that does not find one any more has seen it end, whatever else the provider holds. */
export const KINDS_OF_OURS: readonly BreakKind[] = [
  'SHIPPED_NOT_TAKEN',
  'CAPTURE_NOT_AT_PROVIDER',
  'REFUND_NOT_AT_PROVIDER',
  'AUTHORISATION_LOST',
];

/** For goods that left, while a renewal of their authorisation was declined or is held: the card may still be asked. */
export const CARD_WAITS_FOR_PERSON =
  'Goods left, and the card is asked for them no more until a person decides. Replay the dead letter of the order; or discard it, which gives up to take this by card, before the money is taken in another way.';

/** Who must act on what is not healed. */
export const BREAK_OWNER = 'payment operations';

/** Held calls are asked for once more; where none is held, a person looks. */
export function replayOf({ held }: Pending): Healing | null {
  return held.length === 0 ? NOTHING_HEALS : { kind: 'replay', calls: held };
}

/** Says amounts in the order's currency, or in the provider's where none is known here. */
export function amountIn(currencyCode: string | null | undefined): (amountMinor: number) => Amount | null {
  return (amountMinor) => (currencyCode == null ? null : { amountMinor, currencyCode });
}

/** The order of a difference; null for one that was never heard of here. */
export function orderOf({ orderId, payment }: Pick<OrderMoney, 'orderId' | 'payment'>): string | null {
  return payment === null ? null : orderId;
}
