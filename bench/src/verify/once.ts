import type { ClientJournalEntry } from '../journal/client-journal.ts';
import { counted, grouped, type Rows, type Verdict } from './verdict.ts';

export interface NumberedOrder {
  readonly id: string;
  readonly partnerId: string;
  readonly poNumber: string | null;
  readonly status: string;
}

/** What a client's key stands for: the order that it made. */
export interface StoredKey {
  readonly scope: string;
  readonly key: string;
  readonly orderId: string;
  /** Answers from it that were written down: each is a commit of its own, which proves that the row stands. */
  /** Null where the count went with a database that was restored to an earlier point. */
  readonly replays: number | null;
}

/** A rejected order gives its PO number back, and so does a cancelled one. */
const FREES_ITS_NUMBER = new Set(['REJECTED', 'CANCELLED']);

/**
 * 3. One order per (partner or system, operation, key) and one live order per (partner, PO number); a replay answers
 * the same order, each time by a commit of its own. Where a journal's client used a PO number in one request alone, a
 * rejected or cancelled order counts too.
 */
export async function checkOnce(
  journal: Rows<ClientJournalEntry>,
  orders: readonly NumberedOrder[],
  keys: readonly StoredKey[],
): Promise<Verdict> {
  const keysOfNumber = new Map<string, Set<string>>();
  const answers = new Map<string, string>();
  const acknowledgements = new Map<string, number>();
  const breaches: string[] = [];
  for await (const entry of journal) {
    if (entry.kind === 'sent') {
      const number = numberOf(entry);
      keysOfNumber.set(number, (keysOfNumber.get(number) ?? new Set()).add(entry.key));
    }
    if (entry.kind !== 'acknowledged') continue;
    const earlier = answers.get(entry.key);
    if (earlier !== undefined && earlier !== entry.orderId) {
      breaches.push(`key ${entry.key}: answered with order ${earlier} and with order ${entry.orderId}`);
    }
    answers.set(entry.key, entry.orderId);
    acknowledgements.set(entry.key, (acknowledgements.get(entry.key) ?? 0) + 1);
  }
  const numbered = orders.filter(({ poNumber }) => poNumber !== null);
  for (const [number, twins] of grouped(numbered, numberOf)) {
    const counting =
      keysOfNumber.get(number)?.size === 1
        ? twins
        : twins.filter(({ status }) => !FREES_ITS_NUMBER.has(status));
    if (counting.length > 1) breaches.push(`${number}: orders ${counting.map(({ id }) => id).join(', ')}`);
  }
  breaches.push(...keyBreaches(keys, answers), ...replayBreaches(keys, acknowledgements));
  return {
    summary: `${counted(keys.length, 'stored key')}, ${counted(numbered.length, 'PO number')}`,
    breaches,
  };
}

function* keyBreaches(keys: readonly StoredKey[], answers: ReadonlyMap<string, string>): Generator<string> {
  for (const [orderId, twins] of grouped(keys, (key) => key.orderId)) {
    if (twins.length > 1)
      yield `order ${orderId}: stands under the keys ${twins.map(({ key }) => key).join(', ')}`;
  }
  for (const { scope, key, orderId } of keys) {
    const answered = answers.get(key);
    if (answered !== undefined && answered !== orderId) {
      yield `key ${key} of ${scope}: answered with order ${answered}, stored with order ${orderId}`;
    }
  }
}

/** The first answer may be the placing itself; every further one has written that it replays. */
function* replayBreaches(
  keys: readonly StoredKey[],
  acknowledgements: ReadonlyMap<string, number>,
): Generator<string> {
  for (const { scope, key, replays } of keys) {
    const answers = acknowledgements.get(key) ?? 0;
    if (replays !== null && answers - 1 > replays)
      yield `key ${key} of ${scope}: answered ${answers} times, and ${replays} of the answers were committed as replays`;
  }
}

function numberOf({ partnerId, poNumber }: { partnerId: string; poNumber: string | null }): string {
  return `partner ${partnerId}, PO number ${poNumber}`;
}
