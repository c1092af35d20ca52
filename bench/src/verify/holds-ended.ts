import { counted, type Verdict } from './verdict.ts';

/** A hold as its table tells, beside what the log says of it. */
export interface HoldHistory {
  readonly holdId: string;
  readonly status: string | null;
  readonly orderId: string | null;
  readonly placed: number;
  readonly released: number;
  readonly expired: number;
  readonly claimed: number;
  /** The order that took it over, by the log. */
  readonly claimedBy: string | null;
}

/** Units of a SKU of a hold: what stands in its live lines, and what movements took in and gave back. */
export interface HoldUnits {
  readonly holdId: string;
  readonly sku: string;
  readonly live: number;
  readonly takenIn: number;
  readonly givenBack: number;
}

const END_OF: Readonly<Record<string, 'released' | 'expired' | 'claimed'>> = {
  RELEASED: 'released',
  EXPIRED: 'expired',
  CLAIMED: 'claimed',
};

/** 11, of holds: each ends once, as its table says; its units are given back or claimed once, and one order claims one hold. */
export function checkHoldsEnded(holds: readonly HoldHistory[], units: readonly HoldUnits[]): Verdict {
  const breaches: string[] = [];
  const claimants = new Map<string, string>();
  for (const hold of holds) {
    for (const breach of endBreaches(hold)) breaches.push(`hold ${hold.holdId}: ${breach}`);
    const order = hold.claimedBy;
    if (order === null) continue;
    const before = claimants.get(order);
    if (before !== undefined) breaches.push(`order ${order}: claimed the holds ${before} and ${hold.holdId}`);
    claimants.set(order, hold.holdId);
  }
  for (const { holdId, sku, live, takenIn, givenBack } of units) {
    if (takenIn - givenBack !== live)
      breaches.push(
        `hold ${holdId}, ${sku}: ${takenIn} held and ${givenBack} given back or claimed, while ${live} are held`,
      );
  }
  return { summary: counted(holds.length, 'hold'), breaches };
}

function endBreaches(hold: HoldHistory): string[] {
  const { status, placed, released, expired, claimed } = hold;
  const breaches: string[] = [];
  if (placed !== 1) breaches.push(`was placed ${placed} times`);
  const ends = released + expired + claimed;
  if (ends > 1) breaches.push(`ended ${ends} times`);
  if (status === null) return [...breaches, 'stands in the log and not in its table'];
  const end = END_OF[status];
  if (end === undefined ? ends !== 0 : hold[end] !== 1)
    breaches.push(
      `${status}, and by the log ${released} times released, ${expired} expired and ${claimed} claimed`,
    );
  if (hold.orderId !== hold.claimedBy)
    breaches.push(`belongs to order ${hold.orderId}, and by the log order ${hold.claimedBy} claimed it`);
  return breaches;
}
