import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Network, network, WAREHOUSES } from '../../test/network.ts';
import { expectBooksToAgree } from '../../test/network-books.ts';
import { createBatch, type Step, type StoredReservation } from './batch.ts';
import {
  openUnits,
  type PlannedShipment,
  type ShortagePolicy,
  type Units,
} from './reservation/reservation.ts';
import { createShelves } from './shelves.ts';

const fc = seeded(fastCheck);
const SKUS = ['A', 'B', 'C'];

const step = (orderId: string, ask: Step['ask']): Step => ({
  orderId,
  partnerId: 'P',
  partition: 0,
  cause: `${ask.type} of ${orderId}`,
  ask,
});

function place(orderId: string, lines: readonly Units[], policy: ShortagePolicy): Step {
  const placed = lines.map(([sku, quantity]) => ({ sku, quantity, unitPriceMinor: 1 }));
  return step(orderId, { type: 'ReserveStock', data: { policy, currencyCode: 'GBP', lines: placed } });
}

const reject = (orderId: string) => step(orderId, { type: 'ReleaseReservation', data: { cause: 'EXPIRED' } });

/** Takes whatever a warehouse has, one after the other: what a planner with fresh figures would find. */
function greedyPlan(net: Network, { orderId, state }: StoredReservation): Step {
  const free = new Map([...net.places].map(([key, each]) => [key, each.onHand - each.allocated]));
  const shipments: PlannedShipment[] = WAREHOUSES.map((warehouseId) => ({
    shipmentId: `${orderId}/${warehouseId}`,
    warehouseId,
    lines: [],
  }));
  const open = openUnits(state);
  const planned = shipments.map((shipment) => {
    const lines: Units[] = [];
    for (const [sku, units] of open) {
      const taken = Math.min(units, free.get(`${sku}@${shipment.warehouseId}`) ?? 0);
      if (taken > 0) lines.push([sku, taken]);
      open.set(sku, units - taken);
    }
    return { ...shipment, lines };
  });
  const data = { planId: orderId, wave: 1, shipments: planned.filter((each) => each.lines.length > 0) };
  return step(orderId, { type: 'AllocateStock', data });
}

const figures = fc.record(
  Object.fromEntries(SKUS.map((sku) => [sku, fc.record({ N: fc.nat({ max: 12 }), S: fc.nat({ max: 12 }) })])),
);
const order = fc.record({
  lines: fc.uniqueArray(fc.tuple(fc.constantFrom(...SKUS), fc.integer({ min: 1, max: 9 })), {
    selector: ([sku]) => sku,
    minLength: 1,
  }),
  policy: fc.constantFrom<ShortagePolicy>('REJECT', 'SHIP_AVAILABLE', 'BACKORDER'),
  isRejected: fc.boolean(),
});
const orders = fc.array(order, { minLength: 1, maxLength: 20 });
/** Draws an order of arrival and cuts it into batches. */
const arrival = fc.record({ seed: fc.infiniteStream(fc.nat()), cut: fc.integer({ min: 1, max: 8 }) });

function shuffled<T>(items: readonly T[], seed: Iterator<number>): T[] {
  return items
    .map((item) => ({ item, at: Number(seed.next().value) }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item);
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

describe('whatever is ordered, in whatever order and batches it arrives', () => {
  it('claims never pass what is sellable, and rejected orders hold nothing', () => {
    fc.assert(
      fc.property(figures, orders, arrival, (onHand, drawn, { seed, cut }) => {
        const net = network(onHand);
        const steps = drawn.flatMap(({ lines, policy, isRejected }, index) => {
          const id = `O-${index}`;
          return isRejected ? [place(id, lines, policy), reject(id)] : [place(id, lines, policy)];
        });
        for (const batch of batches(shuffled(steps, seed), cut)) {
          net.apply(batch);
          expectBooksToAgree(net);
        }
        for (const [index, { isRejected }] of drawn.entries()) {
          if (isRejected) expect(net.stored.get(`O-${index}`)?.state.status).not.toBe('RESERVED');
        }
      }),
    );
  });

  it('a greedy plan on fresh figures always fits, and all that was reserved can leave', () => {
    fc.assert(
      fc.property(figures, orders, arrival, (onHand, drawn, { seed, cut }) => {
        const net = network(onHand);
        net.apply(drawn.map(({ lines, policy }, index) => place(`O-${index}`, lines, policy)));
        const reserved = [...net.stored.values()].filter((each) => each.state.status === 'RESERVED');
        for (const each of shuffled(reserved, seed)) {
          const { events } = net.apply([greedyPlan(net, each)]);
          expect(events.map(({ event }) => event.type)).toEqual(['StockAllocated']);
        }
        const leaving = [...net.stored.values()].flatMap(({ orderId, state }) =>
          state.shipments.map((shipment) => step(orderId, { type: 'ShipStock', data: shipment })),
        );
        for (const batch of batches(shuffled(leaving, seed), cut)) {
          net.apply(batch);
          expectBooksToAgree(net);
        }
        for (const { reserved: rest } of net.totals.values()) expect(rest).toBe(0);
      }),
    );
  });

  it('one batch decides as one order after the other does', () => {
    fc.assert(
      fc.property(figures, orders, (onHand, drawn) => {
        const steps = drawn.map(({ lines, policy }, index) => place(`O-${index}`, lines, policy));
        const [together, apart] = [network(onHand), network(onHand)];
        together.apply(steps);
        for (const each of steps) apart.apply([each]);
        expect(together.stored).toEqual(apart.stored);
        expect(together.totals).toEqual(apart.totals);
      }),
    );
  });
});

const figure = { sku: 'A', sellable: 10, reserved: 0, held: 0, withdrawing: 0 };

it('writes one delta for each SKU and shelf, however many orders touch it', () => {
  const shelves = createShelves({
    totals: [figure],
    stock: [{ sku: 'A', warehouseId: 'N', onHand: 10, allocated: 0, safety: 0 }],
    isOpen: () => true,
  });
  const shipment = { shipmentId: 'S-1', warehouseId: 'N', lines: [['A', 2] as const] };
  const batch = createBatch({ stored: new Map(), claimable: new Map(), shelves });
  batch.take([
    place('O-1', [['A', 2]], 'REJECT'),
    place('O-2', [['A', 3]], 'REJECT'),
    step('O-1', { type: 'AllocateStock', data: { planId: 'PLAN', wave: 1, shipments: [shipment] } }),
    step('O-1', { type: 'ShipStock', data: shipment }),
  ]);
  const outcome = batch.outcome();
  const { stock, totals, movements } = shelves.moves();
  expect(stock).toEqual([{ sku: 'A', warehouseId: 'N', onHand: -2, allocated: 0, safety: 0 }]);
  expect(totals).toEqual([{ sku: 'A', sellable: -2, reserved: 3, held: 0, withdrawing: 0 }]);
  expect(movements.map(({ kind, orderId }) => [kind, orderId])).toEqual([
    ['reserve', 'O-1'],
    ['reserve', 'O-2'],
    ['allocate', 'O-1'],
    ['ship', 'O-1'],
  ]);
  expect(
    outcome.kind === 'decided' && outcome.reservations.map((each) => [each.facts, each.version]),
  ).toEqual([
    [3, 1],
    [1, 1],
  ]);
});

it('stops at a history that cannot have been', () => {
  const shelves = createShelves({ totals: [], stock: [], isOpen: () => false });
  const shipment = { shipmentId: 'S-1', warehouseId: 'N', lines: [['A', 2] as const] };
  const batch = createBatch({ stored: new Map(), claimable: new Map(), shelves });
  batch.take([step('O-1', { type: 'ShipStock', data: shipment })]);
  expect(batch.outcome()).toMatchObject({
    kind: 'contradiction',
    contradiction: { type: 'ShipmentUnknown' },
  });
});

it('tells the losses of one cause in two warehouses apart', () => {
  const figure = { sku: 'A', sellable: 10, reserved: 0, held: 0, withdrawing: 0 };
  const shelves = createShelves({
    totals: [figure],
    stock: ['N', 'S'].map((warehouseId) => ({ sku: 'A', warehouseId, onHand: 5, allocated: 0, safety: 0 })),
    isOpen: () => true,
  });
  const shipments = ['N', 'S'].map((warehouseId) => ({
    shipmentId: `S-${warehouseId}`,
    warehouseId,
    lines: [['A', 2] as const],
  }));
  const lost = shipments.map(({ shipmentId, warehouseId, lines }) =>
    step('O-1', {
      type: 'BreakAllocation',
      data: { warehouseId, shipments: [{ shipmentId, lines }], cause: 'COUNT' },
    }),
  );
  const batch = createBatch({ stored: new Map(), claimable: new Map(), shelves });
  batch.take([
    place('O-1', [['A', 4]], 'REJECT'),
    step('O-1', { type: 'AllocateStock', data: { planId: 'PLAN', wave: 1, shipments } }),
    ...lost,
  ]);
  const outcome = batch.outcome();
  const said = outcome.kind === 'decided' ? outcome.events : [];
  expect(
    said
      .filter(({ event }) => event.type === 'AllocationBroken')
      .map(({ cause, ordinal }) => [cause, ordinal]),
  ).toEqual([
    ['BreakAllocation of O-1', 0],
    ['BreakAllocation of O-1', 1],
  ]);
});
