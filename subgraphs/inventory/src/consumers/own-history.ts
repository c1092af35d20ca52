// What inventory hears of itself when its log was restored to an earlier point: its own facts, as they were published. They say
// what became of a claim; which units it was about stands in the fact of orders or fulfillment that each followed from.
import { type ReadFact, readFact, type TravellingEvent } from '@crossdock/contracts';
import type { Sql } from '@crossdock/event-store';
import type { ArrivedEvent, HistoryFold, HistoryPage } from '@crossdock/messaging';
import { invariant } from '@crossdock/values';
import type { StoredHold, StoredReservation } from '../domain/batch.ts';
import { evolveHold } from '../domain/hold/evolve.ts';
import { noHold } from '../domain/hold/hold.ts';
import { movedBy } from '../domain/ledger.ts';
import { reservationDecider } from '../domain/reservation/decide.ts';
import { unheardOf } from '../domain/reservation/reservation.ts';
import { createShelves, type Shelves } from '../domain/shelves.ts';
import { loadHolds, loadReservations } from '../store/figures.ts';
import {
  finishHistory,
  type HistoricHold,
  type HistoricMove,
  type HistoricMovement,
  type HistoricReservation,
  importHistory,
} from '../store/history.ts';
import {
  CLAIM_AND_HOLD_FACTS,
  type ClaimFact,
  claimEvent,
  type HoldFact,
  holdEvent,
  isClaimFact,
  isHoldFact,
} from './own-facts.ts';
import { readSteps } from './steps.ts';

type Own = ReadFact<'inventory'>;
type ProductFact = Extract<Own, { type: 'ProductRegistered' | 'ProductRevised' }>;
type ReceiptFact = Extract<Own, { type: 'StockReceived' }>;

const KNOWN = new Set(['ProductRegistered', 'ProductRevised', 'StockReceived', ...CLAIM_AND_HOLD_FACTS]);

/** Folds the facts of inventory into products, reservations, holds, shelves and the ledger. */
export function createOwnHistory(sql: Sql): HistoryFold {
  return {
    knows: (type) => KNOWN.has(type),
    needsCauses: true,
    // Which goods count as sellable hangs on the warehouses, of which no fact of inventory tells.
    absorbs: (source, type) =>
      source === 'fulfillment' && (type === 'WarehouseRegistered' || type === 'WarehouseRevised'),
    take: (page) => takePage(sql, page),
    finish: (absorbed) => {
      const { warehouses } = readSteps(absorbed);
      return finishHistory(sql, new Map([...warehouses].map(([id, { status }]) => [id, status])));
    },
  };
}

/** What one page comes to, while it is folded. */
type Folding = {
  readonly stored: ReadonlyMap<string, StoredReservation>;
  readonly changed: Map<string, HistoricReservation>;
  readonly storedHolds: ReadonlyMap<string, StoredHold>;
  readonly holds: Map<string, HistoricHold>;
  readonly products: Map<string, ProductFact['data'] & { version: number }>;
  /** When each fact that is followed was booked. */
  readonly bookedAt: Map<string, string>;
  readonly shelves: Shelves;
};

async function takePage(sql: Sql, page: HistoryPage): Promise<void> {
  const ofCategory = (category: string) => page.events.filter(({ event }) => event.category === category);
  const claims = ofCategory('reservation').map(({ event }) => event.stream);
  const holds = ofCategory('hold').map(({ event }) => event);
  const claiming = holds.flatMap(({ data }) => (typeof data.orderId === 'string' ? [data.orderId] : []));
  const folding: Folding = {
    stored: await loadReservations(sql, [...new Set([...claims, ...claiming])]),
    changed: new Map(),
    storedHolds: await loadHolds(sql, [...new Set(holds.map(({ stream }) => stream))]),
    holds: new Map(),
    products: new Map(),
    bookedAt: new Map(),
    // The warehouses' statuses come last: until then everything counts as if all were OPEN.
    shelves: createShelves({ totals: [], stock: [], isOpen: () => true }),
  };
  for (const arrived of page.events) takeOne(folding, arrived, page.causeOf);
  await importHistory(sql, page.log, {
    reservations: [...folding.changed.values()],
    holds: [...folding.holds.values()],
    products: [...folding.products.values()],
    movements: movementsOf(folding),
    moves: movesOf(folding),
  });
}

function takeOne(folding: Folding, arrived: ArrivedEvent, causeOf: HistoryPage['causeOf']): void {
  const { event } = arrived;
  const fact = readFact('inventory', event);
  invariant(fact !== null, `${event.type} is a fact of inventory`);
  if (fact.type === 'ProductRegistered' || fact.type === 'ProductRevised') {
    folding.products.set(fact.data.sku, { ...fact.data, version: event.version });
  } else if (fact.type === 'StockReceived') takeReceipt(folding, fact, event);
  else if (isHoldFact(fact)) takeHold(folding, arrived, fact);
  else if (isClaimFact(fact)) takeClaim(folding, arrived, fact, causeOf(event)?.event);
}

function takeReceipt({ shelves, bookedAt }: Folding, { data }: ReceiptFact, event: TravellingEvent): void {
  bookedAt.set(event.id, event.at);
  for (const line of data.lines) shelves.move({ kind: 'receipt', ...line, cause: event.id });
}

function takeClaim(
  { stored, changed, bookedAt, shelves }: Folding,
  { partition, event: { id, at, version, metadata } }: ArrivedEvent,
  fact: ClaimFact,
  cause: TravellingEvent | undefined,
): void {
  const { orderId, partnerId } = fact.data;
  const before = changed.get(orderId) ??
    stored.get(orderId) ?? { orderId, partnerId, partition, state: unheardOf, facts: 0, version: 0 };
  const own = claimEvent(fact, before.state, cause);
  const causeId = metadata.causationId ?? id;
  bookedAt.set(causeId, at);
  shelves.book(own, orderId, causeId);
  changed.set(orderId, {
    ...before,
    state: reservationDecider.evolve(before.state, own),
    facts: version,
    version: (stored.get(orderId)?.version ?? 0) + 1,
    decidedAt: changed.get(orderId)?.decidedAt ?? at,
  });
}

function takeHold(
  { stored, changed, storedHolds, holds, bookedAt, shelves }: Folding,
  { partition, event: { id, at, version, metadata } }: ArrivedEvent,
  fact: HoldFact,
): void {
  const { holdId, partnerId } = fact.data;
  const before = holds.get(holdId) ??
    storedHolds.get(holdId) ?? { holdId, partnerId, partition, state: noHold, version: 0 };
  const orderId = fact.type === 'HoldClaimed' ? fact.data.orderId : '';
  const reserved = (changed.get(orderId) ?? stored.get(orderId))?.state.lines ?? [];
  const own = holdEvent(fact, before.state, reserved);
  const causeId = metadata.causationId ?? id;
  bookedAt.set(causeId, at);
  shelves.bookHold(own, holdId, causeId);
  const placedAt = holds.get(holdId)?.placedAt ?? at;
  holds.set(holdId, { ...before, state: evolveHold(before.state, own), version, placedAt });
}

/** The page's lines of the ledger in the order of their instants, which hold across partitions. */
function movementsOf({ bookedAt, shelves }: Folding): HistoricMovement[] {
  const all = shelves.moves().movements.flatMap(({ lines, sellable, ...group }) =>
    lines.map(([sku, quantity]) => ({
      ...group,
      sku,
      quantity,
      sellableDelta: sellable * quantity,
      at: bookedAt.get(group.cause) ?? '',
    })),
  );
  return all.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

/** The deltas of a page: one for each SKU, and one for each of its shelves. */
function movesOf({ shelves }: Folding): HistoricMove[] {
  const { stock, totals, movements } = shelves.moves();
  const changes = new Map<string, number>();
  for (const { kind, warehouseId, lines } of movements) {
    if (movedBy(kind, 'onHand', 1) === 0) continue;
    for (const [sku] of lines) {
      const shelf = `${warehouseId}\u001f${sku}`;
      changes.set(shelf, (changes.get(shelf) ?? 0) + 1);
    }
  }
  return [
    ...stock.map((each) => ({
      ...{ ...each, reserved: 0, held: 0, withdrawing: 0 },
      changes: changes.get(`${each.warehouseId}\u001f${each.sku}`) ?? 0,
    })),
    ...totals.map(({ sellable: _, ...each }) => ({
      ...{ ...each, warehouseId: '', onHand: 0, allocated: 0, safety: 0, changes: 0 },
    })),
  ];
}
