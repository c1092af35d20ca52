import { setTimeout as sleep } from 'node:timers/promises';
import type { Evidence } from './evidence.ts';
import { FINAL_WITHIN_SECONDS, isAtRest } from './final-or-owned.ts';
import { checkReaders, readEnds, readOrdersAtRest } from './invariants.ts';
import { countOpenCalls } from './money-rows.ts';

/** How long a run may take to come to rest before it is checked as it stands. */
export interface Patience {
  /** An order that is not final this long after it was placed hangs. */
  readonly finalWithinSeconds: number;
  /** What is still on its way after the last order's time is up gets this long to come to rest. */
  readonly rest_ms: number;
  /** A run in which nothing moved for so long hangs, whatever its orders' age; never, where absent. */
  readonly standstill_ms?: number;
  readonly lookEvery_ms: number;
}

export const DEFAULT_PATIENCE: Patience = {
  finalWithinSeconds: FINAL_WITHIN_SECONDS,
  rest_ms: 15_000,
  lookEvery_ms: 1_000,
};

/** One look at a run. */
interface Look {
  readonly still: boolean;
  readonly heads: string;
  /** Seconds since the youngest order that is not final was placed; infinite when all are. */
  readonly youngest: number;
  readonly text: string;
}

/**
 * Waits until nothing moves: orders at rest, readers at the head, no call to the card provider open, and two looks at
 * the logs alike. Gives up when patience ends, so that what hangs is reported.
 */
export async function waitUntilSettled(
  evidence: Evidence,
  say: (text: string) => void,
  patience: Patience = DEFAULT_PATIENCE,
): Promise<void> {
  const begin = Date.now();
  let movedAt = begin;
  let before = '';
  let said = '';
  for (;;) {
    const { still, heads, youngest, text } = await look(evidence);
    if (still && heads === before) return;
    const now = Date.now();
    if (heads !== before) movedAt = now;
    if (patience.standstill_ms !== undefined && now - movedAt > patience.standstill_ms) return;
    const isLate = youngest === Number.POSITIVE_INFINITY || youngest > patience.finalWithinSeconds;
    if (now - begin > patience.rest_ms && isLate) return;
    if (!still && text !== said) say(text);
    said = text;
    before = heads;
    await sleep(patience.lookEvery_ms);
  }
}

async function look(evidence: Evidence): Promise<Look> {
  const orders = await readOrdersAtRest(evidence);
  const open = orders.filter((order) => !isAtRest(order));
  const behind = (await checkReaders(evidence)).breaches.length;
  const calls = await countOpenCalls(evidence.databases.payments);
  return {
    still: open.length === 0 && behind === 0 && calls === 0,
    heads: JSON.stringify(await readEnds(evidence)),
    youngest: open.reduce((age, order) => Math.min(age, order.ageSeconds), Number.POSITIVE_INFINITY),
    text: `waiting: ${open.length} orders not final, ${behind} readers behind, ${calls} provider calls open`,
  };
}
