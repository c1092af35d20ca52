import { counted, type Verdict } from './verdict.ts';

/** What the tables hold for an order. */
export interface OrderClaims {
  readonly orderId: string;
  readonly status: string;
  /** Units still claimed for it. */
  readonly unitsHeld: number;
  /** Units it still waits for. */
  readonly unitsWaiting: number;
  /** Credit or card money still promised to it, in minor units. */
  readonly moneyHeld: number;
}

/**
 * How often the logs say that claims of an order arose and ended. A wave is one of the order's reservations: the first, and one
 * for each time that waiting units came.
 */
export interface ClaimHistory {
  readonly orderId: string;
  /** The wave of each reservation, and of each payment that was secured. */
  readonly reserved: readonly number[];
  readonly authorised: readonly number[];
  readonly released: number;
  readonly voided: number;
  /** How often a part of it was given back or lost: then all of it may have ended without a release. */
  readonly lessened: number;
}

/** A partner's exposure beside what its orders add up to, less what it settled, in minor units. */
export interface CreditExposure {
  readonly partnerId: string;
  readonly exposure: number;
  readonly claims: number;
}

/** States that hold nothing any more, and wait for nothing. */
const EMPTY_HANDED = new Set(['REJECTED', 'CANCELLED', 'SHIPPED']);
const GIVEN_UP = new Set(['REJECTED', 'CANCELLED']);

/**
 * 11. A reservation resolves once; a rejected or cancelled order, and one that has shipped, holds no stock and no credit;
 * a partner's exposure is what its orders claim, less refunds and what the partner settled, to the penny.
 */
export function checkResolvedOnce(
  orders: readonly OrderClaims[],
  histories: readonly ClaimHistory[],
  exposures: readonly CreditExposure[],
): Verdict {
  const breaches: string[] = [];
  const statuses = new Map(orders.map(({ orderId, status }) => [orderId, status]));
  for (const { orderId, status, unitsHeld, unitsWaiting, moneyHeld } of orders) {
    if (!EMPTY_HANDED.has(status)) continue;
    if (unitsHeld !== 0) breaches.push(`order ${orderId}: ${status}, yet ${unitsHeld} units are held for it`);
    if (unitsWaiting !== 0)
      breaches.push(`order ${orderId}: ${status}, yet it waits for ${unitsWaiting} units`);
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
      breaches.push(
        `partner ${partnerId}: exposed by ${exposure}, its orders less what it settled claim ${claims}`,
      );
  }
  const accounts = counted(exposures.length, 'credit account');
  return {
    summary: `${counted(histories.length, 'reservation')} of ${counted(orders.length, 'order')}, ${accounts}`,
    breaches,
  };
}

function historyBreaches(history: ClaimHistory, status: string | undefined): string[] {
  if (status === undefined) return ['stock or money was claimed for it, and there is no such order'];
  const { reserved, released, authorised, voided, lessened } = history;
  const breaches = [
    ...repeated('its stock was reserved', reserved),
    ...repeated('its payment was secured', authorised),
  ];
  if (Math.max(0, ...reserved) > new Set(reserved).size)
    breaches.push(`its stock was reserved in the waves ${reserved.toSorted().join(', ')}`);
  const ended = GIVEN_UP.has(status) ? 1 : 0;
  const owed = ended * Math.min(1, reserved.length);
  if (released > owed || (released < owed && lessened === 0))
    breaches.push(`${status}, and its reservation was released ${released} times`);
  // A card that was authorised too late is voided without ever having counted as secured; each wave of a card by itself. An order
  // that goes on gives up no more than waves whose units were given back or lost.
  const secured = authorised.length > 0 && lessened === 0 ? 1 : 0;
  const most = ended === 1 || lessened > 0 ? Math.max(ended, reserved.length) : 0;
  if (voided < ended * secured || voided > most)
    breaches.push(`${status}, and its payment was voided ${voided} times`);
  return breaches;
}

/** Each wave comes once. */
function repeated(what: string, waves: readonly number[]): string[] {
  const counts = new Map<number, number>();
  for (const wave of waves) counts.set(wave, (counts.get(wave) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([wave, count]) => `${what} ${count} times in wave ${wave}`);
}
