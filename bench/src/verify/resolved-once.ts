import { counted, type Verdict } from './verdict.ts';

/** What the tables hold for an order. */
export interface OrderClaims {
  readonly orderId: string;
  readonly status: string;
  /** Units still claimed for it. */
  readonly unitsHeld: number;
  /** Credit or card money still promised to it, in minor units. */
  readonly moneyHeld: number;
}

/** How often the logs say that a claim of an order arose and ended. */
export interface ClaimHistory {
  readonly orderId: string;
  readonly reserved: number;
  readonly released: number;
  readonly authorised: number;
  readonly voided: number;
}

/** A partner's exposure beside what its orders add up to, in minor units. */
export interface CreditExposure {
  readonly partnerId: string;
  readonly exposure: number;
  readonly claims: number;
}

/** States that hold nothing any more. */
const EMPTY_HANDED = new Set(['REJECTED', 'CANCELLED', 'SHIPPED']);
const GIVEN_UP = new Set(['REJECTED', 'CANCELLED']);

/**
 * 11. A reservation resolves once; a rejected or cancelled order, and one that has shipped, holds no stock and no credit;
 * a partner's exposure is what its orders claim, to the penny.
 */
export function checkResolvedOnce(
  orders: readonly OrderClaims[],
  histories: readonly ClaimHistory[],
  exposures: readonly CreditExposure[],
): Verdict {
  const breaches: string[] = [];
  const statuses = new Map(orders.map(({ orderId, status }) => [orderId, status]));
  for (const { orderId, status, unitsHeld, moneyHeld } of orders) {
    if (!EMPTY_HANDED.has(status)) continue;
    if (unitsHeld !== 0) breaches.push(`order ${orderId}: ${status}, yet ${unitsHeld} units are held for it`);
    if (moneyHeld !== 0)
      breaches.push(`order ${orderId}: ${status}, yet ${moneyHeld} of money is held for it`);
  }
  for (const history of histories) {
    for (const breach of historyBreaches(history, statuses.get(history.orderId))) {
      breaches.push(`order ${history.orderId}: ${breach}`);
    }
  }
  for (const { partnerId, exposure, claims } of exposures) {
    if (exposure !== claims)
      breaches.push(`partner ${partnerId}: exposed by ${exposure}, its orders claim ${claims}`);
  }
  const accounts = counted(exposures.length, 'credit account');
  return {
    summary: `${counted(histories.length, 'reservation')} of ${counted(orders.length, 'order')}, ${accounts}`,
    breaches,
  };
}

function historyBreaches(history: ClaimHistory, status: string | undefined): string[] {
  if (status === undefined) return ['stock or money was claimed for it, and there is no such order'];
  const { reserved, released, authorised, voided } = history;
  const breaches: string[] = [];
  if (reserved > 1) breaches.push(`its stock was reserved ${reserved} times`);
  if (authorised > 1) breaches.push(`its payment was secured ${authorised} times`);
  const ended = GIVEN_UP.has(status) ? 1 : 0;
  if (released !== ended * reserved)
    breaches.push(`${status}, and its reservation was released ${released} times`);
  // A card that was authorised too late is voided without ever having counted as secured.
  if (voided < ended * authorised || voided > ended)
    breaches.push(`${status}, and its payment was voided ${voided} times`);
  return breaches;
}
