import { counted, type Verdict } from './verdict.ts';

export interface OrderAtRest {
  readonly number: string;
  readonly status: string;
  /** Who has to act, where a person must. */
  readonly owner: string | null;
  /** Units confirmed to be shipped that neither left nor wait for receipts. */
  readonly unitsOutstanding: number;
  /** Seconds since it was placed. */
  readonly ageSeconds: number;
}

/** Load ended this long ago: what is not final by now is stuck. */
export const FINAL_WITHIN_SECONDS = 120;

const FINAL = new Set(['SHIPPED', 'REJECTED', 'CANCELLED', 'BACKORDERED']);

/** True when nothing more will happen to the order by itself, and nobody or a named person has to act. */
export const isAtRest = ({ status, owner, unitsOutstanding }: OrderAtRest) =>
  FINAL.has(status) || owner !== null || (status === 'PARTIALLY_SHIPPED' && unitsOutstanding === 0);

/** 4. 120 s after the load ends every order is final, or a person owns it. */
export function checkFinalOrOwned(orders: readonly OrderAtRest[]): Verdict {
  const counts = new Map<string, number>();
  for (const { status } of orders) counts.set(status, (counts.get(status) ?? 0) + 1);
  const byStatus = [...counts].map(([status, count]) => `${count.toLocaleString('en')} ${status}`);
  const breaches = orders
    .filter((order) => !isAtRest(order))
    .map(
      ({ number, status, ageSeconds }) =>
        `${number}: ${status} without an owner, placed ${Math.round(ageSeconds)} s ago`,
    );
  return { summary: [counted(orders.length, 'order'), ...byStatus].join(', '), breaches };
}
