// The routing desk alone, told what the other side says in every order in which it could be heard, in batches cut anywhere.
import { inventoryFacts } from '@crossdock/contracts';
import { derivedId } from '@crossdock/event-store';
import { type Fact, hearInAnyOrder, hearInTurn, type OwnEvent, randomOf, seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claimedWaves,
  endOf,
  type Life,
  otherSideOf,
  received,
  someLife,
  standingUnits,
} from '../../test/other-side.ts';
import { PLAN_ATTEMPTS_MAX, type RoutedOrder } from '../domain/routed-order.ts';
import { openDesk, type PlannedShipment } from '../domain/routing-desk.ts';
import type { UnitsByWarehouse } from '../domain/stock-view.ts';
import { readHeard } from './heard-facts.ts';
import { take } from './route-batch.ts';

const RUNS = 150;
const ORDERS = 6;
const SKUS = ['A', 'B', 'C'];
const AMPLE = 1_000;

const fc = seeded(fastCheck);

const warehouses = ['NORTH', 'FAR'].map((warehouseId, priority) => ({
  ...{ warehouseId, name: warehouseId, country: null, priority, version: 1 },
  status: 'OPEN' as const,
}));

/** A desk whose rows outlive its batches, as the database would keep them. */
function listener() {
  const orders = new Map<string, RoutedOrder>();
  const shipments = new Map<string, PlannedShipment>();
  const stock: Record<string, UnitsByWarehouse> = {};
  const said: OwnEvent[] = [];
  const versions: [stream: string, version: number][] = [];
  const hear = (batch: readonly Fact[]): OwnEvent[] => {
    const known = [...shipments.values()];
    const refused = known.filter(({ status }) => status === 'PLANNED');
    const leaving = known.filter(({ status }) => status === 'RELEASED');
    const rows = { orders: [...orders.values()], allocated: known, refused, leaving };
    const desk = openDesk({ ...rows, warehouses, stock });
    for (const heard of readHeard(batch.map(arrived))) take(desk, heard);
    for (const id of desk.touched) {
      const order = desk.orders.get(id);
      if (order !== undefined) orders.set(id, { ...order, version: order.version + 1 });
    }
    for (const shipment of desk.planned) shipments.set(shipment.shipmentId, shipment);
    for (const [id, head] of desk.moved) {
      const shipment = shipments.get(id);
      if (shipment === undefined) throw new Error('A shipment moved that was never planned');
      // Only what was planned and no more may be released or withdrawn: the table's function compares the same.
      expect(shipment.status).toBe('PLANNED');
      shipments.set(id, { ...shipment, ...head });
    }
    for (const { shipmentId } of desk.missing) expect(shipments.get(shipmentId)?.status).toBe('RELEASED');
    for (const { sku, available } of desk.view.changes()) stock[sku] = { ...available };
    for (const { streamId, version } of desk.said) versions.push([streamId, version]);
    const events = desk.said.map(({ id, streamId, event }) => ({
      ...{ id, stream: streamId, type: event.type, data: { ...event.data } },
    }));
    said.push(...events);
    return events;
  };
  return { orders, shipments, stock, said, versions, hear };
}

function arrived({ source, partition, stream, id, type, data }: Fact) {
  const place = { category: source, stream, version: 1, schemaVersion: 1, metadata: {}, at: '' };
  return { source, partition, position: 0, event: { ...place, id, type, data: { ...data } } };
}

/** Final rows, without the count of batches that touched them. Waves that were assigned are forgotten sooner or later. */
function rowsOf({ orders, shipments, stock }: ReturnType<typeof listener>) {
  const routed = [...orders.values()].map(({ waves, ...order }) => {
    const standing = waves.filter(({ wave, isHeld }) => wave === 1 || isHeld);
    return { ...order, version: 0, waves: standing };
  });
  return { routed: new Map(routed.map((order) => [order.orderId, order])), shipments, stock };
}

/** What was said, but for the place among an order's plans: waves are planned in the order in which they are heard. */
const byId = (said: readonly OwnEvent[]) =>
  new Map(said.map(({ data, ...event }) => [event.id, { ...event, data: { ...data, attempt: 0 } }]));

/** Warehouses have exactly what is claimed of the order, in all its waves. */
function expectItsEnd(life: Life, { orders, shipments }: ReturnType<typeof listener>): void {
  const { orderId } = life;
  const end = endOf(life);
  expect(orders.get(orderId)?.state).toBe(end);
  const released = [...shipments.values()].filter(
    (each) => each.orderId === orderId && each.status === 'RELEASED',
  );
  const units = new Map<string, number>();
  for (const { sku, quantity } of released.flatMap(({ lines }) => lines))
    units.set(sku, (units.get(sku) ?? 0) + quantity);
  expect(units).toEqual(end === 'CLOSED' ? new Map() : standingUnits(life));
}

/** Every order's facts stand in its stream from 1 on without a hole, and so do its plans. */
function expectDense({ said, versions }: ReturnType<typeof listener>): void {
  const counted = Map.groupBy(
    versions.filter(([stream]) =>
      said.some((event) => event.stream === stream && event.type !== 'ShipmentReleased'),
    ),
    ([stream]) => stream,
  );
  for (const [stream, places] of counted) {
    expect(places.map(([, version]) => version)).toEqual(places.map((_, index) => index + 1));
    const plans = said.filter((event) => event.stream === stream && event.type === 'ShipmentsPlanned');
    expect(plans.map(({ data }) => data.attempt)).toEqual(plans.map((_, index) => index + 1));
  }
}

function drawLives(random: ReturnType<typeof randomOf>): Life[] {
  return Array.from({ length: ORDERS }, (_, index) =>
    someLife(derivedId('any order', 'order', index), SKUS, random),
  );
}

/** What was received of a SKU is in the view or stands planned: refusals gave no figures here. */
function expectViewAddsUp(
  receipt: object,
  shipments: readonly PlannedShipment[],
  stock: Readonly<Record<string, UnitsByWarehouse>>,
): void {
  const sum = (units: readonly number[]) => units.reduce((total, each) => total + each, 0);
  for (const { sku, quantity } of inventoryFacts.StockReceived.parse(receipt).lines) {
    const standing = shipments.filter(({ status }) => status !== 'REROUTED' && status !== 'CANCELLED');
    const planned = standing.flatMap(({ lines }) => lines).filter((line) => line.sku === sku);
    const viewed = sum(Object.values(stock[sku] ?? {}));
    expect(viewed + sum(planned.map((line) => line.quantity))).toBe(quantity);
  }
}

describe('whatever the other side says, in whatever order and batches it is heard', () => {
  it('plans end alike where the goods are known before', () => {
    const lines = SKUS.map((sku, index) => ({
      sku,
      warehouseId: index < 2 ? 'NORTH' : 'FAR',
      quantity: AMPLE,
    }));
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const lives = drawLives(random);
        const otherSide = otherSideOf(
          lives,
          lines.map((line, index) => received(`more ${index}`, [line])),
        );
        const [calm, stormy] = [listener(), listener()];
        for (const each of [calm, stormy]) each.hear([received('before', lines)]);
        hearInTurn(otherSide, calm.hear);
        hearInAnyOrder(otherSide, stormy.hear, random);
        expect(rowsOf(stormy)).toEqual(rowsOf(calm));
        expect(byId(stormy.said)).toEqual(byId(calm.said));
        for (const life of lives) expectItsEnd(life, stormy);
        expectDense(calm);
        expectDense(stormy);
      }),
      { numRuns: RUNS },
    );
  });

  it('nothing is released of an order that ended before, and no order is planned more often than it may be', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const lives = drawLives(random).map((life) => ({
          ...life,
          unruly: random.pick([false, 'REJECTED', 'CANCELLED'] as const),
        }));
        const receipts = SKUS.map((sku) =>
          received(sku, [{ sku, warehouseId: 'NORTH', quantity: 1 + random.below(9) }]),
        );
        const { orders, shipments, stock, said, hear } = listener();
        const watched = (batch: readonly Fact[]) => {
          const ended = new Set(
            [...orders.values()].filter(({ isEnded }) => isEnded).map((each) => each.orderId),
          );
          const events = hear(batch);
          for (const { type, data } of events) {
            if (type !== 'ShipmentReleased') continue;
            expect(ended).not.toContain(data.orderId);
          }
          return events;
        };
        hearInAnyOrder(otherSideOf(lives, receipts), watched, random);
        for (const life of lives) {
          const { orderId } = life;
          const plans = said.filter(({ type, stream }) => type === 'ShipmentsPlanned' && stream === orderId);
          const waves = claimedWaves(life).size;
          expect(plans.length).toBeLessThanOrEqual(
            PLAN_ATTEMPTS_MAX * (waves + (life.broken.length > 0 ? 1 : 0)),
          );
          const standing = [...shipments.values()].filter(
            (each) => each.orderId === orderId && each.status === 'RELEASED',
          );
          expect(new Set(standing.map(({ planId }) => planId)).size).toBeLessThanOrEqual(waves);
        }
        for (const { data } of receipts) expectViewAddsUp(data, [...shipments.values()], stock);
      }),
      { numRuns: RUNS },
    );
  });
});
