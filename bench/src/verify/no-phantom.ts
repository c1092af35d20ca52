import type { ClientJournalEntry } from '../journal/client-journal.ts';
import type { StoredKey } from './once.ts';
import { counted, grouped, type Rows, type Verdict } from './verdict.ts';

/** An order's row, as far as a request has to stand behind it. */
export interface TracedOrder {
  readonly id: string;
  readonly number: string;
  readonly partnerId: string;
  readonly poNumber: string | null;
  /** Seconds since it was placed. */
  readonly ageSeconds: number;
}

/** The order that holds a partner's PO number. */
export interface HeldNumber {
  readonly partnerId: string;
  readonly poNumber: string;
  readonly orderId: string;
}

export interface RequestWitnesses {
  readonly orders: readonly TracedOrder[];
  /** The order of each OrderPlaced. */
  readonly placed: readonly string[];
  readonly keys: readonly StoredKey[];
  readonly numbers: readonly HeldNumber[];
  /** Orders that the other subgraphs keep something of, by who does. */
  readonly elsewhere: Readonly<Record<string, readonly string[]>>;
}

/** Keys are kept for 30 days; an order that is nearly as old may have outlived its own. */
const KEY_SURELY_KEPT_SECONDS = 29 * 24 * 3600;
/** Refusals of a request whose key may all the same stand for an order, made by it or by another before it. */
const SAY_NOTHING_OF_THE_KEY = new Set([
  'IDEMPOTENCY_KEY_REUSED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'COST_LIMIT_EXCEEDED',
]);

/**
 * 2. Every order traces to one request: a fact, a key, and where a client wrote down all it sent, an entry of its journal.
 * A refused request left nothing, and nobody works on an order that was never placed.
 */
export async function checkNoPhantom(
  journal: Rows<ClientJournalEntry>,
  witnesses: RequestWitnesses,
): Promise<Verdict> {
  const { orders, keys, numbers, elsewhere } = witnesses;
  const told = await readJournal(journal);
  const rows = new Map(orders.map((order) => [order.id, order]));
  const breaches = [...factBreaches(witnesses, rows)];
  for (const { scope, key, orderId } of keys) {
    if (!rows.has(orderId))
      breaches.push(`key ${key} of ${scope}: stands for order ${orderId}, which is none`);
    if (told.refused.has(key)) breaches.push(`key ${key} of ${scope}: was refused and left order ${orderId}`);
    const prefix = told.prefixes.find((each) => key.startsWith(each));
    if (prefix !== undefined && !told.sent.has(key))
      breaches.push(
        `key ${key} of ${scope}: the client of ${prefix} never sent it, yet it made order ${orderId}`,
      );
  }
  for (const { partnerId, poNumber, orderId } of numbers) {
    const order = rows.get(orderId);
    if (order?.partnerId !== partnerId || order.poNumber !== poNumber)
      breaches.push(
        `partner ${partnerId}, PO number ${poNumber}: held by ${orderId}, which is no such order`,
      );
  }
  for (const [who, ids] of Object.entries(elsewhere)) {
    for (const id of new Set(ids)) {
      if (!rows.has(id)) breaches.push(`order ${id}: ${who} knows it, and it was never placed`);
    }
  }
  const clients = `${told.sent.size.toLocaleString('en')} requests of ${counted(told.prefixes.length, 'client')}`;
  return {
    summary: `${counted(orders.length, 'order')}, ${clients}, ${told.refused.size} refused`,
    breaches,
  };
}

function* factBreaches(
  { orders, placed, keys }: RequestWitnesses,
  rows: ReadonlyMap<string, TracedOrder>,
): Generator<string> {
  const facts = grouped(placed, (id) => id);
  const keyed = new Set(keys.map(({ orderId }) => orderId));
  for (const { id, number, ageSeconds } of orders) {
    const count = facts.get(id)?.length ?? 0;
    if (count !== 1) yield `${number} (${id}): placed by ${count} facts`;
    if (!keyed.has(id) && ageSeconds < KEY_SURELY_KEPT_SECONDS)
      yield `${number} (${id}): no request's key stands for it`;
  }
  for (const id of facts.keys()) if (!rows.has(id)) yield `order ${id}: its log places it, and it has no row`;
}

interface Told {
  readonly sent: ReadonlySet<string>;
  /** Keys that were refused and never anything else. */
  readonly refused: ReadonlySet<string>;
  readonly prefixes: readonly string[];
}

async function readJournal(journal: Rows<ClientJournalEntry>): Promise<Told> {
  const sent = new Set<string>();
  const refused = new Set<string>();
  const maybeTaken = new Set<string>();
  const prefixes: string[] = [];
  for await (const entry of journal) {
    if (entry.kind === 'complete') prefixes.push(entry.keyPrefix);
    else if (entry.kind === 'sent') sent.add(entry.key);
    else if (isRefusal(entry)) refused.add(entry.key);
    else maybeTaken.add(entry.key);
  }
  return { sent, refused: refused.difference(maybeTaken), prefixes };
}

const isRefusal = (entry: ClientJournalEntry) =>
  entry.kind === 'refused' && !entry.codes.some((code) => SAY_NOTHING_OF_THE_KEY.has(code));
