import type { TravellingEvent } from '@crossdock/contracts';
import { derivedId, type Inbox, type NewEvent, type Sql } from '@crossdock/event-store';
import type { ArrivedEvent, Consumer } from '@crossdock/messaging';
import { invariant } from '@crossdock/values';
import { type DecidedEvent, decideBatch, type Step } from '../domain/batch.ts';
import { createShelves } from '../domain/shelves.ts';
import { reservationFact } from '../publishers/reservation-facts.ts';
import { applyFacts } from '../store/apply-facts.ts';
import { loadReservations, loadStock, loadTotals, loadWarehouses } from '../store/figures.ts';
import { readSteps } from './steps.ts';

const WANTED: Readonly<Record<string, ReadonlySet<string>>> = {
  orders: new Set(['OrderPlaced', 'OrderRejected', 'OrderReminded']),
  fulfillment: new Set(['WarehouseRegistered', 'WarehouseRevised', 'ShipmentsPlanned', 'ShipmentConfirmed']),
};

/** The order an event belongs to, or else its warehouse: events of one key stay in order behind a dead letter. */
function keyOf({ data, stream }: TravellingEvent): string {
  if (typeof data.orderId === 'string') return data.orderId;
  return typeof data.warehouseId === 'string' ? data.warehouseId : stream;
}

/** SKUs to be reserved, SKUs beside the warehouses they are planned from, and all orders of the steps. */
function figuresFor(steps: readonly Step[]) {
  const orderIds = new Set<string>();
  const reserve = new Set<string>();
  const places = new Map<string, Set<string>>();
  let needsWarehouses = false;
  for (const { orderId, ask } of steps) {
    orderIds.add(orderId);
    if (ask.type === 'ReserveStock') for (const { sku } of ask.data.lines) reserve.add(sku);
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
  return { orderIds: [...orderIds], reserve: [...reserve], planned, needsWarehouses };
}

function newEvent(decided: DecidedEvent, cause: TravellingEvent | undefined): NewEvent {
  const { step, event, version, ordinal } = decided;
  const fact = reservationFact(event, step);
  invariant(fact !== null, `${event.type} is not published`);
  const traceparent = cause?.metadata.traceparent;
  return {
    partition: step.partition,
    category: 'reservation',
    streamId: step.orderId,
    version,
    id: derivedId(step.cause, event.type, ordinal),
    type: fact.type,
    data: fact.data,
    metadata: {
      causationId: step.cause,
      correlationId: step.orderId,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}

/** Reserves, releases, allocates and ships what the others' facts ask for, each batch in one call. */
export function createStockConsumer(sql: Sql): Consumer {
  async function apply(arrivals: readonly ArrivedEvent[], inbox: Inbox): Promise<void> {
    // What came back with a restored log was decided and booked then.
    const { steps, warehouses, causes } = readSteps(arrivals.filter((each) => each.isRecorded !== true));
    const wanted = figuresFor(steps);
    const [stored, totals, stock, known] = await Promise.all([
      loadReservations(sql, wanted.orderIds),
      loadTotals(sql, wanted.reserve),
      loadStock(
        sql,
        wanted.planned.map((each) => each.sku),
        wanted.planned.map((each) => each.warehouseId),
      ),
      wanted.needsWarehouses ? loadWarehouses(sql) : new Map<string, boolean>(),
    ]);
    const openWarehouses = new Set(known.keys().filter((id) => known.get(id) === true));
    const shelves = createShelves({
      totals,
      stock: stock.filter((each) => openWarehouses.has(each.warehouseId)),
      openWarehouses,
    });
    const outcome = decideBatch(steps, stored, shelves);
    if (outcome.kind === 'contradiction') {
      const { step, contradiction } = outcome;
      throw new Error(
        `${step.ask.type} of order ${step.orderId} contradicts its reservation: ${contradiction.type}`,
      );
    }
    await applyFacts(sql, {
      inbox,
      reservations: outcome.reservations,
      known,
      warehouses,
      moves: shelves.moves(),
      events: outcome.events.map((each) => newEvent(each, causes.get(each.step.cause))),
    });
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
