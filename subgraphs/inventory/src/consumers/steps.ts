import { type ReadFact, readFact, type TravellingEvent } from '@crossdock/contracts';
import type { ArrivedEvent } from '@crossdock/messaging';
import type { Ask, Step } from '../domain/batch.ts';
import type { PlannedShipment, Units } from '../domain/reservation/reservation.ts';
import { FIRST_WAVE } from '../domain/reservation/waves.ts';
import type { WarehouseStatus, WarehouseWord } from '../store/stock-write.ts';

/** What a batch of events asks of this subgraph, and which figures it takes to decide it. */
export type Asked = Readonly<{
  steps: readonly Step[];
  /** Warehouses said to be registered or revised, by their last status. */
  warehouses: ReadonlyMap<string, WarehouseWord>;
  /** Partners said to be registered or revised, and the partition they live in. */
  partners: ReadonlyMap<string, number>;
  causes: ReadonlyMap<string, TravellingEvent>;
}>;

const units = (lines: readonly Readonly<{ sku: string; quantity: number }>[]): Units[] =>
  lines.map((line) => [line.sku, line.quantity]);

type OrderAsk = Readonly<{ orderId: string; partnerId: string; ask: Ask }>;

function askOfOrders(fact: ReadFact<'orders'>): OrderAsk | null {
  if (fact.type === 'OrderPlaced') {
    const { orderId, partnerId, shortagePolicy: policy, currencyCode, lines, holdId } = fact.data;
    const claimed = holdId == null ? {} : { holdId };
    const data = { policy, currencyCode, lines, ...claimed };
    return { orderId, partnerId, ask: { type: 'ReserveStock', data } };
  }
  if (fact.type === 'OrderRejected' || fact.type === 'OrderCancelled') {
    const { orderId, partnerId, reason } = fact.data;
    return { orderId, partnerId, ask: { type: 'ReleaseReservation', data: { cause: reason } } };
  }
  if (fact.type === 'OrderLinesCancelled') {
    const { orderId, partnerId, reason, lines } = fact.data;
    return {
      orderId,
      partnerId,
      ask: { type: 'CancelUnits', data: { lines: units(lines), cause: reason } },
    };
  }
  return null;
}

function askOfFulfillment(fact: ReadFact<'fulfillment'>): OrderAsk | null {
  if (fact.type === 'ShipmentsPlanned') {
    const { orderId, partnerId, planId, wave } = fact.data;
    const shipments: PlannedShipment[] = fact.data.shipments.map(({ shipmentId, warehouseId, lines }) => ({
      shipmentId,
      warehouseId,
      lines: units(lines),
    }));
    const data = { planId, wave: wave ?? FIRST_WAVE, shipments };
    return { orderId, partnerId, ask: { type: 'AllocateStock', data } };
  }
  if (fact.type === 'ShipmentConfirmed') {
    const { orderId, partnerId, shipmentId, warehouseId, lines } = fact.data;
    return {
      orderId,
      partnerId,
      ask: { type: 'ShipStock', data: { shipmentId, warehouseId, lines: units(lines) } },
    };
  }
  return null;
}

/** A warehouse and its status as a fact of fulfillment tells of it; null for facts of anything else. */
function warehouseOf(fact: ReadFact<'fulfillment'> | null): [string, WarehouseStatus] | null {
  if (fact?.type !== 'WarehouseRegistered' && fact?.type !== 'WarehouseRevised') return null;
  return [fact.data.warehouseId, fact.data.status];
}

/** The warehouses that fulfillment's events tell of, each by its last status. */
export function warehousesOf(arrivals: readonly ArrivedEvent[]): Map<string, WarehouseStatus> {
  return new Map(
    arrivals.flatMap(({ event }) => {
      const warehouse = warehouseOf(readFact('fulfillment', event));
      return warehouse === null ? [] : [warehouse];
    }),
  );
}

/** Reads a batch in arrival order; throws on data that break the contract. */
export function readSteps(arrivals: readonly ArrivedEvent[]): Asked {
  const steps: Step[] = [];
  const warehouses = new Map<string, WarehouseWord>();
  const partners = new Map<string, number>();
  const causes = new Map<string, TravellingEvent>();
  for (const { source, partition, event } of arrivals) {
    let asked: OrderAsk | null = null;
    if (source === 'orders') {
      const fact = readFact('orders', event);
      if (fact?.type === 'PartnerRegistered' || fact?.type === 'PartnerRevised')
        partners.set(fact.data.partnerId, partition);
      asked = fact && askOfOrders(fact);
    } else if (source === 'fulfillment') {
      const fact = readFact('fulfillment', event);
      const warehouse = warehouseOf(fact);
      if (warehouse !== null) warehouses.set(warehouse[0], { status: warehouse[1], cause: event.id });
      asked = fact && askOfFulfillment(fact);
    }
    if (asked === null) continue;
    steps.push({ ...asked, partition, cause: event.id });
    causes.set(event.id, event);
  }
  return { steps, warehouses, partners, causes };
}
