import type { Verdict } from './verdict.ts';

/** What can lose units that are not there. */
export type BrokenThing = 'claim' | 'hold' | 'allocation';

/** Units of a SKU that were taken from a claim, a hold or an allocation: by the movements and by the facts told of them. */
export interface BrokenUnits {
  readonly thing: BrokenThing;
  /** The order, or the hold. */
  readonly id: string;
  readonly sku: string;
  readonly moved: number;
  readonly told: number;
}

/** An order whose claim was broken, and whether orders ever said what became of it. */
export interface BrokenOrder {
  readonly orderId: string;
  readonly isAnswered: boolean;
}

/**
 * 10, of what a physical decrease broke: movements and facts say the same of every claim, and each order heard of it: its
 * lines wait or are cancelled, or a person owns it.
 */
export function checkBrokenClaims(units: readonly BrokenUnits[], orders: readonly BrokenOrder[]): Verdict {
  const breaches: string[] = [];
  let sum = 0;
  for (const { thing, id, sku, moved, told } of units) {
    sum += told;
    if (moved !== told)
      breaches.push(
        `${thing} of ${id}, ${sku}: ${moved} units broken by its movements, ${told} by its facts`,
      );
  }
  for (const { orderId, isAnswered } of orders) {
    if (!isAnswered)
      breaches.push(
        `order ${orderId}: its claim was broken, and it neither waits, nor is cancelled, nor held`,
      );
  }
  return { summary: `${sum.toLocaleString('en')} units broken`, breaches };
}
