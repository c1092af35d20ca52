import type { TravellingEvent } from '@crossdock/contracts';
import type { Inbox, Sql } from '@crossdock/event-store';
import type { ArrivedEvent, Consumer } from '@crossdock/messaging';
import { newEventOf, traceOf } from '../command-handlers/decided-events.ts';
import { createBatch, type Step } from '../domain/batch.ts';
import { createShelves, type ShelfMoves } from '../domain/shelves.ts';
import { loadHolds, loadReservations, loadStock, loadTotals, loadWarehouses } from '../store/figures.ts';
import { writeStock } from '../store/stock-write.ts';
import { type Asked, readSteps } from './steps.ts';
import { flippedOf, flipWarehouses, shelvesOfFlipped } from './warehouse-flips.ts';

const WANTED: Readonly<Record<string, ReadonlySet<string>>> = {
  orders: new Set([
    'OrderPlaced',
    'OrderRejected',
    'OrderCancelled',
    'OrderLinesCancelled',
    'OrderReminded',
    'PartnerRegistered',
    'PartnerRevised',
  ]),
  fulfillment: new Set(['WarehouseRegistered', 'WarehouseRevised', 'ShipmentsPlanned', 'ShipmentConfirmed']),
};

/** The order an event belongs to, or else its warehouse: events of one key stay in order behind a dead letter. */
function keyOf({ data, stream }: TravellingEvent): string {
  if (typeof data.orderId === 'string') return data.orderId;
  return typeof data.warehouseId === 'string' ? data.warehouseId : stream;
}

/** SKUs to be reserved, SKUs beside the warehouses they are planned from, and all orders and holds of the steps. */
function figuresFor(steps: readonly Step[]) {
  const orderIds = new Set<string>();
  const holdIds = new Set<string>();
  const reserve = new Set<string>();
  const places = new Map<string, Set<string>>();
  let needsWarehouses = false;
  for (const { orderId, ask } of steps) {
    orderIds.add(orderId);
    if (ask.type === 'ReserveStock') {
      for (const { sku } of ask.data.lines) reserve.add(sku);
      if (ask.data.holdId !== undefined) holdIds.add(ask.data.holdId);
    }
    if (ask.type === 'ShipStock') needsWarehouses = true;
    if (ask.type !== 'AllocateStock') continue;
    needsWarehouses = true;
    for (const { warehouseId, lines } of ask.data.shipments) {
      const shelf = places.get(warehouseId) ?? new Set<string>();
      for (const [sku] of lines) shelf.add(sku);
      places.set(warehouseId, shelf);
    }
  }
  const planned = [...places].flatMap(([warehouseId, skus]) =>
    [...skus].map((sku) => ({ sku, warehouseId })),
  );
  return { orderIds: [...orderIds], holdIds: [...holdIds], reserve, planned, needsWarehouses };
}

/** Everything the batch is decided on. */
async function readFigures(sql: Sql, { steps, warehouses }: Asked) {
  const wanted = figuresFor(steps);
  const needsWarehouses = wanted.needsWarehouses || warehouses.size > 0;
  const statuses = needsWarehouses ? await loadWarehouses(sql) : new Map<string, never>();
  const flipped = flippedOf(warehouses, statuses);
  const shelvesOfThese = await shelvesOfFlipped(sql, flipped);
  for (const { sku } of shelvesOfThese) wanted.reserve.add(sku);
  const [stored, holds, { totals, waiting }, stock] = await Promise.all([
    loadReservations(sql, wanted.orderIds),
    loadHolds(sql, wanted.holdIds),
    loadTotals(sql, [...wanted.reserve]),
    loadStock(
      sql,
      wanted.planned.map((each) => each.sku),
      wanted.planned.map((each) => each.warehouseId),
    ),
  ]);
  const claimable = new Map([...holds].filter(([, hold]) => !hold.isOver));
  const shelves = createShelves({ totals, stock, waiting, isOpen: (id) => statuses.get(id) === 'OPEN' });
  return { statuses, flipped, shelvesOfThese, stored, claimable, shelves };
}

/** Whether there is more for those who wait. */
function frees({ totals }: ShelfMoves): boolean {
  return totals.some(({ sellable, reserved, held, withdrawing }) => sellable > reserved + held + withdrawing);
}

/**
 * Reserves, releases, allocates and ships what the others' facts ask for, each batch in one call. `onFreed` hears when units may
 * have become free.
 */
export function createStockConsumer(sql: Sql, onFreed: () => void = () => undefined): Consumer {
  async function apply(arrivals: readonly ArrivedEvent[], inbox: Inbox): Promise<void> {
    // What came back with a restored log was decided and booked then.
    const asked = readSteps(arrivals.filter((each) => each.isRecorded !== true));
    const { steps, warehouses, partners, causes } = asked;
    const { statuses, flipped, shelvesOfThese, stored, claimable, shelves } = await readFigures(sql, asked);
    const batch = createBatch({ stored, claimable, shelves });
    batch.take(steps);
    await flipWarehouses(sql, { batch, shelves, flipped, stock: shelvesOfThese });
    const outcome = batch.outcome();
    if (outcome.kind === 'contradiction') {
      const { step, contradiction } = outcome;
      throw new Error(
        `${step.ask.type} of order ${step.orderId} contradicts its reservation: ${contradiction.type}`,
      );
    }
    const { reservations, holds, events } = outcome;
    const moves = shelves.moves();
    await writeStock(
      sql,
      { kind: 'inbox', inbox },
      {
        reservations,
        holds,
        known: new Map([...statuses].map(([id, status]) => [id, status === 'OPEN'])),
        warehouses,
        partners,
        moves,
        events: events.map((each) => newEventOf(each, traceOf(causes.get(each.cause)))),
      },
    );
    if (frees(moves) || flipped.some(({ opens }) => opens)) onFreed();
  }

  return {
    name: 'inventory',
    sources: ['orders', 'fulfillment'],
    wants: (source, type) => WANTED[source]?.has(type) === true,
    keyOf,
    // A claim is decided as soon as it is heard of: what a reminder can move is what was parked.
    reminds: (source, event) => (source === 'orders' && event.type === 'OrderReminded' ? keyOf(event) : null),
    apply,
  };
}
