import { setTimeout as sleep } from 'node:timers/promises';
import type { Evidence } from './evidence.ts';
import { FINAL_WITHIN_SECONDS, isAtRest } from './final-or-owned.ts';
import { checkReaders, readEnds, readOrdersAtRest } from './invariants.ts';
import { countOpenCalls } from './money-rows.ts';

const LOOK_EVERY_MS = 1_000;
/** What is still on its way after the last order's time is up gets this long to come to rest. */
const PATIENCE_MS = 15_000;

/**
 * Waits until nothing moves: orders at rest, readers at the head, no call to the card provider open, and two looks at
 * the logs alike. Gives up when 120 s have passed since the newest order, so that what hangs is reported.
 */
export async function waitUntilSettled(evidence: Evidence, say: (text: string) => void): Promise<void> {
  const begin = Date.now();
  let before = '';
  let said = '';
  for (;;) {
    const orders = await readOrdersAtRest(evidence);
    const open = orders.filter((order) => !isAtRest(order));
    const behind = (await checkReaders(evidence)).breaches.length;
    const calls = await countOpenCalls(evidence.databases.payments);
    const heads = JSON.stringify(await readEnds(evidence));
    const still = open.length === 0 && behind === 0 && calls === 0;
    if (still && heads === before) return;
    const youngest = open.reduce((age, order) => Math.min(age, order.ageSeconds), Number.POSITIVE_INFINITY);
    const waited = Date.now() - begin;
    if (waited > PATIENCE_MS && (open.length === 0 || youngest > FINAL_WITHIN_SECONDS)) return;
    const text = `waiting: ${open.length} orders not final, ${behind} readers behind, ${calls} provider calls open`;
    if (!still && text !== said) say(text);
    said = text;
    before = heads;
    await sleep(LOOK_EVERY_MS);
  }
}
