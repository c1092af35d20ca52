import type { ProviderEntry } from '../journal/provider-journal.ts';
import type { Rows } from './verdict.ts';

/** What the provider's journal comes to, by order. Amounts are minor units. */
export interface ProviderMoney {
  readonly lines: number;
  readonly orders: ReadonlySet<string>;
  readonly captured: ReadonlyMap<string, number>;
  readonly refunded: ReadonlyMap<string, number>;
  /** What was done twice, whatever keys it travelled under. */
  readonly doubles: readonly ProviderDouble[];
}

export interface ProviderDouble {
  readonly orderId: string;
  readonly what: string;
}

interface Books {
  readonly live: Map<string, Set<string>>;
  readonly done: Map<string, number>;
  readonly doubles: ProviderDouble[];
}

/**
 * Adds the journal up per (order, purpose) and not per key: of one epoch at most one authorisation lives at a time, a renewal
 * being an epoch of its own, and of one instance there is at most one capture and one refund.
 */
export async function readProviderMoney(journal: Rows<ProviderEntry>): Promise<ProviderMoney> {
  const orders = new Set<string>();
  const sums = { captured: new Map<string, number>(), refunded: new Map<string, number>() };
  const books: Books = { live: new Map(), done: new Map(), doubles: [] };
  let lines = 0;
  for await (const entry of journal) {
    const { kind, amountMinor, reference } = entry;
    lines += 1;
    orders.add(reference.orderId);
    noteLife(books, entry);
    if (kind !== 'captured' && kind !== 'refunded') continue;
    sums[kind].set(reference.orderId, (sums[kind].get(reference.orderId) ?? 0) + amountMinor);
    noteInstance(books, entry);
  }
  return { lines, orders, ...sums, doubles: books.doubles };
}

/** An authorisation lives from the card's yes until it is voided or dies. */
function noteLife({ live, doubles }: Books, { kind, authorizationId, reference }: ProviderEntry): void {
  if (kind === 'voided' || kind === 'expired') for (const ids of live.values()) ids.delete(authorizationId);
  if (kind !== 'authorised') return;
  const { orderId, purpose, epoch = 0 } = reference;
  const place = `${purpose}, epoch ${epoch}`;
  const alive = live.get(`${orderId} ${place}`) ?? new Set();
  live.set(`${orderId} ${place}`, alive);
  alive.add(authorizationId);
  if (alive.size > 1)
    doubles.push({ orderId, what: `${place}: ${alive.size} live authorisations, ${[...alive].join(', ')}` });
}

/** What has no instance is not told apart from another of its kind: its sum alone speaks. */
function noteInstance({ done, doubles }: Books, { kind, reference }: ProviderEntry): void {
  const { orderId, purpose, instance } = reference;
  if (instance === undefined) return;
  const place = `${orderId} ${kind} ${purpose} ${instance}`;
  const times = (done.get(place) ?? 0) + 1;
  done.set(place, times);
  if (times > 1) doubles.push({ orderId, what: `${purpose} ${instance}: ${kind} ${times} times` });
}
