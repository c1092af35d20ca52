// What befalls a hold by other things than its owner's wish: an order takes it over, or its units are not there.
import { linesOf, split, unpriced } from '../reservation/claims.ts';
import { type Claim, unitsBySku } from '../reservation/reservation.ts';
import type { Hold, HoldBroken, HoldClaimed } from './hold.ts';

/** The order takes what it reserved of the hold's units; the rest is free. */
export function claimHold(hold: Hold, orderId: string, reserved: readonly Claim[]): HoldClaimed {
  const { taken, left } = split(hold.lines, unitsBySku(reserved));
  return { type: 'HoldClaimed', data: { orderId, claimed: unpriced(taken), freed: unpriced(left) } };
}

/** At most what an active hold has of each SKU breaks; null where that is nothing. */
export function breakHold(hold: Hold, lines: readonly Claim[], cause: string): HoldBroken | null {
  if (hold.status !== 'ACTIVE') return null;
  const broken = linesOf(unitsBySku(split(hold.lines, unitsBySku(lines)).taken));
  return broken.length === 0 ? null : { type: 'HoldBroken', data: { lines: broken, cause } };
}
