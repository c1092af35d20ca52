import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientJournalEntry, digestOfLines } from '../../journal/client-journal.ts';
import type { OrderDoor } from '../../replay/placing.ts';

/** An order of the small wholesaler of the journeys. */
interface TestOrder {
  readonly name: string;
  readonly partnerId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly cardToken?: string;
  /** Sent under the PO number of another. */
  readonly numberOf?: string;
  /** Answered when it is confirmed: what comes afterwards is decided in another batch. */
  readonly isAwaited?: true;
  /** What may be said to it besides yes. */
  readonly mayBe?: 'refused';
}

const DOCUMENT = `mutation TestOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order { id number total { amount currencyCode } } replayed userErrors { code retryAfterMs }
  }
}`;

const lines = (...units: readonly (readonly [string, number])[]) =>
  units.map(([sku, quantity]) => ({ sku, quantity }));
const ACME = '10001';
const RIVAL = '10002';
/** A service whose call was undone by what restores the databases does not know: the request is sent again. */
const ATTEMPTS = 10;
const ATTEMPT_PAUSE_MS = 100;
/** A round that hangs is not to be waited for longer than this. */
const WAIT_MS = 2_000;
/** May owe less than two of its orders are worth. */
const POOR = '10003';
const TWICE: TestOrder = { name: 'twice', partnerId: ACME, lines: lines(['MUG', 2]) };
const TWIN: TestOrder = { name: 'twin', partnerId: RIVAL, lines: lines(['LAMP', 1]) };

/** Sent together: every way an order can go, and one request whose twin is under way. */
const FIRST: readonly TestOrder[] = [
  { name: 'plain-1', partnerId: ACME, lines: lines(['MUG', 1]) },
  { name: 'plain-2', partnerId: RIVAL, lines: lines(['MUG', 3], ['LAMP', 1]) },
  { name: 'split', partnerId: ACME, lines: lines(['LAMP', 2], ['RARE', 1]) },
  { name: 'card', partnerId: ACME, lines: lines(['MUG', 2]), cardToken: 'tok_visa' },
  { name: 'card-split', partnerId: RIVAL, lines: lines(['LAMP', 1], ['RARE', 1]), cardToken: 'tok_visa' },
  { name: 'card-declined', partnerId: ACME, lines: lines(['MUG', 1]), cardToken: 'tok_declined' },
  { name: 'poor-1', partnerId: POOR, lines: lines(['LAMP', 1]), isAwaited: true },
  { name: 'rare-1', partnerId: ACME, lines: lines(['RARE', 2]), isAwaited: true },
  TWICE,
  TWIN,
  TWIN,
];

/** Sent afterwards: what there is too little credit or stock for, and what is answered from what stands, or refused. */
const AFTERWARDS: readonly TestOrder[] = [
  { name: 'poor-2', partnerId: POOR, lines: lines(['LAMP', 1]) },
  { name: 'rare-2', partnerId: RIVAL, lines: lines(['RARE', 2]) },
  TWICE,
  TWICE,
  { name: 'same-number', partnerId: ACME, lines: lines(['MUG', 1]), numberOf: 'plain-1', mayBe: 'refused' },
  { name: 'nothing', partnerId: ACME, lines: lines(['MUG', 0]), mayBe: 'refused' },
];

/** Sends the orders of one round and answers what their client wrote down. Keys begin with `<round>-`. */
export async function sendTestOrders(door: OrderDoor, round: string): Promise<readonly ClientJournalEntry[]> {
  const journal: ClientJournalEntry[] = [];
  await Promise.all(FIRST.map((order) => sendOne(door, round, order, journal)));
  for (const order of AFTERWARDS) await sendOne(door, round, order, journal);
  journal.push({ kind: 'complete', keyPrefix: `${round}-`, at: now() });
  return journal;
}

async function sendOne(
  door: OrderDoor,
  round: string,
  order: TestOrder,
  journal: ClientJournalEntry[],
): Promise<void> {
  const { name, partnerId, cardToken, numberOf = name, isAwaited } = order;
  const key = `${round}-${name}`;
  const poNumber = `${round}-${numberOf}`;
  const input = {
    ...{ idempotencyKey: key, partnerId, poNumber, lines: order.lines },
    ...(cardToken === undefined ? {} : { payment: { method: 'CARD', cardToken } }),
    ...(isAwaited ? { waitFor: 'CONFIRMED', waitMs: WAIT_MS } : {}),
  };
  journal.push({
    kind: 'sent',
    key,
    partnerId,
    poNumber,
    linesDigest: digestOfLines(order.lines),
    at: now(),
  });
  const body = JSON.stringify({ query: DOCUMENT, variables: { input } });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const outcome = await door.place(body);
    if (outcome.kind === 'acknowledged') {
      const { kind, orderId, number, totalMinor, replayed } = outcome;
      journal.push({ kind, key, orderId, number, totalMinor, replayed, at: now() });
      return;
    }
    journal.push({ kind: outcome.kind, key, codes: [...outcome.codes], at: now() });
    if (outcome.kind === order.mayBe) return;
    await sleep(ATTEMPT_PAUSE_MS);
  }
  throw new Error(`The order ${name} cannot be placed: ${JSON.stringify(journal.at(-1))}`);
}

const now = () => new Date().toISOString();
