// What inventory hears of itself when its log was restored to an earlier point: its own facts, as they were published. They say
// what became of a claim; which units it was about stands in the fact of orders or fulfillment that each followed from.
import { type FactData, type ReadFact, readFact, type TravellingEvent } from '@crossdock/contracts';
import type { Sql } from '@crossdock/event-store';
import type { ArrivedEvent, HistoryFold, HistoryPage } from '@crossdock/messaging';
import { invariant } from '@crossdock/values';
import type { StoredReservation } from '../domain/batch.ts';
import { reservationDecider } from '../domain/reservation/decide.ts';
import {
  type Reservation,
  type ReservationEvent,
  type Units,
  unheardOf,
} from '../domain/reservation/reservation.ts';
import { createShelves, type Shelves } from '../domain/shelves.ts';
import { loadReservations } from '../store/figures.ts';
import {
  finishHistory,
  type HistoricMove,
  type HistoricMovement,
  type HistoricReservation,
  importHistory,
} from '../store/history.ts';
import { readSteps } from './steps.ts';

type Own = ReadFact<'inventory'>;
type ProductFact = Extract<Own, { type: 'ProductRegistered' | 'ProductRevised' }>;
type ReceiptFact = Extract<Own, { type: 'StockReceived' }>;
type ClaimFact = Exclude<Own, ProductFact | ReceiptFact>;

const KNOWN = new Set([
  'ProductRegistered',
  'ProductRevised',
  'StockReceived',
  'StockReserved',
  'StockShort',
  'ReservationReleased',
  'StockAllocated',
  'AllocationRefused',
  'StockShipped',
]);

/** Folds the facts of inventory into products, reservations, shelves and the ledger. */
export function createOwnHistory(sql: Sql): HistoryFold {
  return {
    knows: (type) => KNOWN.has(type),
    needsCauses: true,
    // Which goods count as sellable hangs on the warehouses, of which no fact of inventory tells.
    absorbs: (source, type) =>
      source === 'fulfillment' && (type === 'WarehouseRegistered' || type === 'WarehouseRevised'),
    take: (page) => takePage(sql, page),
    finish: (absorbed) => finishHistory(sql, readSteps(absorbed).warehouses),
  };
}

/** What one page comes to, while it is folded. */
type Folding = {
  readonly stored: ReadonlyMap<string, StoredReservation>;
  readonly changed: Map<string, HistoricReservation>;
  readonly products: Map<string, ProductFact['data'] & { version: number }>;
  readonly receipts: HistoricMovement[];
  /** When each fact that is followed was booked. */
  readonly bookedAt: Map<string, string>;
  readonly shelves: Shelves;
};

async function takePage(sql: Sql, page: HistoryPage): Promise<void> {
  const claims = page.events.filter(({ event }) => event.category === 'reservation');
  const orderIds = new Set(claims.map(({ event }) => event.stream));
  const folding: Folding = {
    stored: await loadReservations(sql, [...orderIds]),
    changed: new Map(),
    products: new Map(),
    receipts: [],
    bookedAt: new Map(),
    shelves: createShelves({ totals: [], stock: [], openWarehouses: new Set() }),
  };
  for (const arrived of page.events) takeOne(folding, arrived, page.causeOf);
  await importHistory(sql, page.log, {
    reservations: [...folding.changed.values()],
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
  else takeClaim(folding, arrived, fact, causeOf(event)?.event);
}

function takeReceipt({ receipts }: Folding, { data }: ReceiptFact, event: TravellingEvent): void {
  for (const { sku, warehouseId, quantity } of data.lines) {
    receipts.push({
      sku,
      warehouseId,
      kind: 'receipt',
      quantity,
      orderId: null,
      cause: event.id,
      at: event.at,
    });
  }
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
  const own = ownEvent(fact, before.state, cause);
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

/** The page's lines of the ledger in the order of their instants, which hold across partitions; receipts before what took them. */
function movementsOf({ receipts, bookedAt, shelves }: Folding): HistoricMovement[] {
  const claims = shelves.moves().movements.flatMap(({ kind, warehouseId, lines, orderId, cause }) =>
    lines.map(([sku, quantity]) => ({
      sku,
      warehouseId,
      kind,
      quantity,
      orderId,
      cause,
      at: bookedAt.get(cause) ?? '',
    })),
  );
  return [...receipts, ...claims].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

const unitsOf = (lines: readonly Readonly<{ sku: string; quantity: number }>[]): Units[] =>
  lines.map(({ sku, quantity }) => [sku, quantity]);

/** A published fact in the words of the domain, with the units that its cause tells of. */
function ownEvent(fact: ClaimFact, state: Reservation, cause: TravellingEvent | undefined): ReservationEvent {
  switch (fact.type) {
    case 'StockReserved': {
      const { lines, reservedValueMinor, currencyCode } = fact.data;
      const claimed = unitsOf(lines ?? placedOf(cause).lines);
      return {
        type: fact.type,
        data: { lines: claimed, reservedValueMinor, currencyCode, partly: lines != null },
      };
    }
    case 'StockShort':
      return { type: fact.type, data: { short: fact.data.short } };
    case 'ReservationReleased':
      return { type: fact.type, data: { lines: state.lines, cause: fact.data.cause } };
    case 'StockAllocated': {
      const planned = plannedOf(cause).shipments;
      const shipments = planned.map(({ lines, ...shipment }) => ({ ...shipment, lines: unitsOf(lines) }));
      return { type: fact.type, data: { planId: fact.data.planId, shipments } };
    }
    case 'AllocationRefused': {
      const { planId, available, closed } = fact.data;
      return { type: fact.type, data: { planId, available, closed: closed ?? false } };
    }
    case 'StockShipped': {
      const { shipmentId, warehouseId } = fact.data;
      const assigned = state.shipments.find((each) => each.shipmentId === shipmentId);
      invariant(assigned !== undefined, `shipment ${shipmentId} was allocated before it left`);
      return { type: fact.type, data: { shipmentId, warehouseId, lines: assigned.lines } };
    }
  }
}

function placedOf(cause: TravellingEvent | undefined): FactData<'orders', 'OrderPlaced'> {
  const fact = cause === undefined ? null : readFact('orders', cause);
  invariant(fact?.type === 'OrderPlaced', 'the log of orders has the order of every reservation');
  return fact.data;
}

function plannedOf(cause: TravellingEvent | undefined): FactData<'fulfillment', 'ShipmentsPlanned'> {
  const fact = cause === undefined ? null : readFact('fulfillment', cause);
  invariant(fact?.type === 'ShipmentsPlanned', 'the log of fulfillment has the plan of every allocation');
  return fact.data;
}

/** The deltas of a page: one for each SKU, and one for each of its shelves. */
function movesOf({ shelves, receipts }: Folding): HistoricMove[] {
  const { stock, totals } = shelves.moves();
  const sums = new Map<string, HistoricMove>();
  const all = [
    ...receipts.map(({ sku, warehouseId, quantity }) => ({
      ...{ sku, warehouseId: warehouseId ?? '', onHand: quantity },
      ...{ allocated: 0, reserved: 0 },
    })),
    ...stock.map((each) => ({ ...each, reserved: 0 })),
    ...totals.map(({ sku, reserved }) => ({ sku, warehouseId: '', onHand: 0, allocated: 0, reserved })),
  ];
  for (const move of all) {
    const key = `${move.warehouseId}\u001f${move.sku}`;
    const { onHand = 0, allocated = 0, reserved = 0 } = sums.get(key) ?? {};
    sums.set(key, {
      ...move,
      onHand: onHand + move.onHand,
      allocated: allocated + move.allocated,
      reserved: reserved + move.reserved,
    });
  }
  return [...sums.values()];
}
