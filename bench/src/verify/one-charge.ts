import type { ProviderEntry } from '../journal/provider-journal.ts';
import { counted, type Rows, type Verdict } from './verdict.ts';

/** Money that a witness of ours counts for an order, in minor units. */
export interface OrderMoney {
  readonly orderId: string;
  readonly amountMinor: number;
}

export interface OrderMethod {
  readonly orderId: string;
  readonly method: string;
}

export interface MoneyWitnesses {
  readonly journal: Rows<ProviderEntry>;
  readonly methods: readonly OrderMethod[];
  /** Value of each shipment that left (fulfillment's log). */
  readonly shipped: readonly OrderMoney[];
  /** What payments said it took (its log). */
  readonly captured: readonly OrderMoney[];
  /** What its ledger says was taken, less what was given back. */
  readonly ledger: readonly OrderMoney[];
}

/**
 * 12. By the provider's own journal, counted per (order, purpose) and not per key: at most one live authorisation per
 * epoch, and captured less refunded = ledger = value shipped. An order on terms never reached the provider.
 */
export async function checkOneCharge(witnesses: MoneyWitnesses): Promise<Verdict> {
  const journal = await readMoney(witnesses.journal);
  const breaches = [...journal.breaches];
  const shipped = sumsOf(witnesses.shipped);
  const captured = sumsOf(witnesses.captured);
  const ledger = sumsOf(witnesses.ledger);
  let charged = 0;
  for (const { orderId, method } of witnesses.methods) {
    const byCard = method === 'CARD';
    if (byCard) charged += 1;
    else if (journal.orders.has(orderId))
      breaches.push(`order ${orderId}: pays on ${method}, yet the provider knows it`);
    const value = shipped.get(orderId) ?? 0;
    const takings = {
      'payments says': captured.get(orderId) ?? 0,
      'the ledger says': ledger.get(orderId) ?? 0,
    };
    const all = byCard ? { ...takings, 'the provider says': journal.taken.get(orderId) ?? 0 } : takings;
    for (const [who, taken] of Object.entries(all)) {
      if (taken !== value)
        breaches.push(`order ${orderId}: ${who} ${taken} was taken, and ${value} was shipped`);
    }
  }
  const known = new Set(witnesses.methods.map(({ orderId }) => orderId));
  for (const orderId of journal.orders) {
    if (!known.has(orderId)) breaches.push(`order ${orderId}: the provider knows it and we do not`);
  }
  const summary = `${counted(witnesses.methods.length, 'payment')}, ${charged} by card, ${counted(journal.lines, 'journal line')}`;
  return { summary, breaches };
}

interface JournalMoney {
  readonly lines: number;
  readonly orders: ReadonlySet<string>;
  /** Captured less refunded, by order. */
  readonly taken: ReadonlyMap<string, number>;
  readonly breaches: readonly string[];
}

async function readMoney(journal: Rows<ProviderEntry>): Promise<JournalMoney> {
  const orders = new Set<string>();
  const taken = new Map<string, number>();
  const live = new Map<string, Set<string>>();
  const breaches: string[] = [];
  let lines = 0;
  for await (const { kind, authorizationId, amountMinor, reference } of journal) {
    const { orderId, purpose, epoch = 0 } = reference;
    lines += 1;
    orders.add(orderId);
    const name = `order ${orderId}, ${purpose}, epoch ${epoch}`;
    const alive = live.get(name) ?? new Set();
    live.set(name, alive);
    if (kind === 'authorised') alive.add(authorizationId);
    if (kind === 'voided' || kind === 'expired') for (const ids of live.values()) ids.delete(authorizationId);
    if (kind === 'captured') taken.set(orderId, (taken.get(orderId) ?? 0) + amountMinor);
    if (kind === 'refunded') taken.set(orderId, (taken.get(orderId) ?? 0) - amountMinor);
    if (kind === 'authorised' && alive.size > 1)
      breaches.push(`${name}: ${alive.size} live authorisations, ${[...alive].join(', ')}`);
  }
  return { lines, orders, taken, breaches };
}

function sumsOf(rows: readonly OrderMoney[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { orderId, amountMinor } of rows) sums.set(orderId, (sums.get(orderId) ?? 0) + amountMinor);
  return sums;
}
