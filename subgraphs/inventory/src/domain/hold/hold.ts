import type { Message } from '@crossdock/event-sourcing';
import type { Units } from '../reservation/reservation.ts';

export type HoldStatus = 'ACTIVE' | 'CLAIMED' | 'RELEASED' | 'EXPIRED';

/** Units kept for a partner until the hold expires or an order claims it. `status` null: never heard of. */
export type Hold = Readonly<{
  status: HoldStatus | null;
  /** Held now, or held at the end. */
  lines: readonly Units[];
  /** An instant, RFC 3339, reckoned from the database's clock; '' while never heard of. */
  expiresAt: string;
  orderId: string | null;
}>;

export const noHold: Hold = { status: null, lines: [], expiresAt: '', orderId: null };

export type HoldPlaced = Message<'HoldPlaced', { lines: readonly Units[]; expiresAt: string }>;
export type HoldExtended = Message<'HoldExtended', { expiresAt: string }>;
/** `lines` of an ended hold are what it held until then. */
export type HoldReleased = Message<'HoldReleased', { lines: readonly Units[] }>;
export type HoldExpired = Message<'HoldExpired', { lines: readonly Units[] }>;
/** An order took over the `claimed` units; the `freed` ones are anybody's again. */
export type HoldClaimed = Message<
  'HoldClaimed',
  { orderId: string; claimed: readonly Units[]; freed: readonly Units[] }
>;
/** Held units are not there. */
export type HoldBroken = Message<'HoldBroken', { lines: readonly Units[]; cause: string }>;
export type HoldEvent = HoldPlaced | HoldExtended | HoldReleased | HoldExpired | HoldClaimed | HoldBroken;
