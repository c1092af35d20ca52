// Whatever happens to stock in one day, in any order: the books agree after every call, and no unit of an order is lost sight of.
import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Network, network } from '../../test/network.ts';
import { expectBooksToAgree } from '../../test/network-books.ts';
import type { Step } from './batch.ts';
import {
  type Assignment,
  openUnits,
  type Reservation,
  type ShortagePolicy,
  type Units,
  unitsBySku,
} from './reservation/reservation.ts';
import { openInWave } from './reservation/waves.ts';

const fc = seeded(fastCheck);
const SKUS = ['A', 'B'];
const ORDERS = 5;
const RUNS = 400;

const sku = fc.constantFrom(...SKUS);
const units = fc.integer({ min: 1, max: 9 });
const lines = fc.uniqueArray(fc.tuple(sku, units), { selector: ([code]) => code, minLength: 1 });
const order = fc.record({
  lines,
  policy: fc.constantFrom<ShortagePolicy>('REJECT', 'SHIP_AVAILABLE', 'BACKORDER'),
  claims: fc.boolean(),
});
const happening = fc.record({
  what: fc.constantFrom(
    'cancel',
    'reject',
    'replenish',
    'plan',
    'ship',
    'lose',
    'shut',
    'open',

    'hold',
  ),
  order: fc.nat({ max: ORDERS - 1 }),
  warehouseId: fc.constantFrom('N', 'S'),
  lines,
});
type Happening = Readonly<{
  what: string;
  order: number;
  warehouseId: string;
  lines: readonly Units[];
}>;
const shelves = fc.record({
  A: fc.record({ N: fc.nat({ max: 12 }), S: fc.nat({ max: 12 }) }),
  B: fc.record({ N: fc.nat({ max: 12 }), S: fc.nat({ max: 12 }) }),
});

const step = (index: number, cause: string, ask: Step['ask']): Step => ({
  ...{ orderId: `O-${index}`, partnerId: 'P', partition: 0, cause, ask },
});

function place(index: number, wanted: readonly Units[], policy: ShortagePolicy, holdId?: string): Step {
  const placed = wanted.map(([code, quantity]) => ({ sku: code, quantity, unitPriceMinor: 7 }));
  const claimed = holdId === undefined ? {} : { holdId };
  const data = { policy, currencyCode: 'GBP', lines: placed, ...claimed };
  return step(index, 'placed', { type: 'ReserveStock', data });
}

/** A plan for one of the order's waves of what all of them have open, or of what is asked: then it may be refused. */
function plan({ order: index, warehouseId, lines: wanted }: Happening, day: number, net: Network): Step {
  const state = net.stored.get(`O-${index}`)?.state;
  const wave = 1 + (day % Math.max(1, state?.wave ?? 1));
  const open = state === undefined ? new Map<string, number>() : openUnits(state);
  const fitting = wanted
    .map(([code, quantity]) => [code, Math.min(quantity, open.get(code) ?? 0)] as const)
    .filter(([, quantity]) => quantity > 0);
  const shipments = [{ shipmentId: `S-${day}`, warehouseId, lines: fitting.length > 0 ? fitting : wanted }];
  return step(index, 'planned', { type: 'AllocateStock', data: { planId: `P-${day}`, wave, shipments } });
}

function happen(each: Happening, day: number, net: Network): void {
  const { what, order: index, warehouseId } = each;
  const [[code, quantity] = ['A', 1]] = each.lines;
  const ask = (it: Step['ask']) => net.apply([step(index, what, it)]);
  if (what === 'cancel') ask({ type: 'CancelUnits', data: { lines: each.lines, cause: what } });
  if (what === 'reject') ask({ type: 'ReleaseReservation', data: { cause: what } });
  if (what === 'replenish') ask({ type: 'ReserveWaiting', data: { lines: each.lines } });
  if (what === 'plan') net.apply([plan(each, day, net)]);
  if (what === 'lose') net.lose(code, warehouseId, quantity);
  if (what === 'shut') net.flip(warehouseId, false);
  if (what === 'open') net.flip(warehouseId, true);
  if (what === 'hold') net.hold(`H-${day}`, each.lines);
  const shipment = net.stored.get(`O-${index}`)?.state.shipments.find((assigned) => !assigned.left);
  if (what === 'ship' && shipment !== undefined) ask({ type: 'ShipStock', data: shipment });
}

const unitsOf = (state: Reservation, given: readonly Units[]) =>
  unitsBySku([...state.lines, ...state.waiting, ...state.short, ...given]);

describe('on any day', () => {
  it('the books agree after every call, and every unit of an order is claimed, waits, is short or was given back', () => {
    fc.assert(
      fc.property(
        shelves,
        fc.array(order, { minLength: ORDERS, maxLength: ORDERS }),
        fc.array(happening, { maxLength: 40 }),
        (onHand, orders, day) => {
          const net = network(onHand);
          const given = new Map<string, Units[]>();
          const note = () => {
            expectBooksToAgree(net);
            for (const { orderId, state } of net.stored.values()) expectSane(orderId, state);
          };
          net.hold('H', [
            ['A', 3],
            ['B', 2],
          ]);
          for (const [index, { lines: wanted, policy, claims }] of orders.entries()) {
            net.apply([place(index, wanted, policy, claims ? 'H' : undefined)]);
            note();
          }
          for (const [number, each] of day.entries()) {
            const before = net.ledger.length;
            const orderId = `O-${each.order}`;
            const waited = net.stored.get(orderId)?.state;
            happen(each, number, net);
            note();
            const gone = net.ledger.slice(before).filter((group) => group.kind === 'release');
            const back = gone.flatMap((group) =>
              group.lines.map(([code, quantity]): Units => [code, quantity]),
            );
            const now = net.stored.get(orderId)?.state;
            given.set(orderId, [...(given.get(orderId) ?? []), ...back, ...dropped(waited, now, each.what)]);
          }
          for (const [index, { lines: wanted }] of orders.entries()) {
            const state = net.stored.get(`O-${index}`)?.state;
            if (state === undefined || state.status === 'SHORT') continue;
            expect(unitsOf(state, given.get(`O-${index}`) ?? [])).toEqual(unitsBySku(wanted));
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('one batch decides as one step after the other does', () => {
    const ask = fc.record({ what: fc.constantFrom('cancel', 'reject', 'replenish', 'plan', 'break'), lines });
    fc.assert(
      fc.property(
        shelves,
        fc.array(order, { minLength: ORDERS, maxLength: ORDERS }),
        fc.array(
          fc.record({ order: fc.nat({ max: ORDERS - 1 }), ask, warehouseId: fc.constantFrom('N', 'S') }),
        ),
        (onHand, orders, asks) => {
          const [together, apart] = [network(onHand), network(onHand)];
          const steps = [
            ...orders.map(({ lines: wanted, policy, claims }, index) =>
              place(index, wanted, policy, claims ? 'H' : undefined),
            ),
            ...asks.map((each, number) => step(each.order, `ask ${number}`, askOf(each, number))),
          ];
          for (const net of [together, apart]) net.hold('H', [['A', 4]]);
          together.apply(steps);
          for (const each of steps) apart.apply([each]);
          const rows = (net: Network) =>
            [...net.stored.values()].map(({ orderId, facts, state }) => ({ orderId, facts, state }));
          expect(new Map(rows(together).map((row) => [row.orderId, row]))).toEqual(
            new Map(rows(apart).map((row) => [row.orderId, row])),
          );
          expect([...together.totals]).toEqual([...apart.totals]);
          expect([...together.places]).toEqual([...apart.places]);
          expect([...together.holds.values()]).toEqual([...apart.holds.values()]);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

it('a plan that was on its way while its units broke takes none of those that came instead', () => {
  fc.assert(
    fc.property(units, units, units, units, (inNorth, inSouth, came, wanted) => {
      const net = network({ A: { N: inNorth, S: inSouth } });
      const ask = (it: Step['ask']) => net.apply([step(0, it.type, it)]).events;
      net.apply([place(0, [['A', inNorth + inSouth]], 'BACKORDER')]);
      net.flip('N', false);
      net.flip('N', true);
      ask({ type: 'ReserveWaiting', data: { lines: [['A', came]] } });
      const shipments = [{ shipmentId: 'S', warehouseId: 'N', lines: [['A', wanted] as const] }];
      const said = ask({ type: 'AllocateStock', data: { planId: 'P', wave: 1, shipments } });
      const fits = wanted <= Math.min(inSouth, inNorth);
      expect(said.map(({ event }) => event.type)).toEqual([fits ? 'StockAllocated' : 'AllocationRefused']);
      for (const { orderId, state } of net.stored.values()) expectSane(orderId, state);
    }),
  );
});

type Asked = Readonly<{
  ask: Readonly<{ what: string; lines: readonly Units[] }>;
  warehouseId: string;
}>;

function askOf({ ask: { what, lines: wanted }, warehouseId }: Asked, number: number): Step['ask'] {
  if (what === 'cancel') return { type: 'CancelUnits', data: { lines: wanted, cause: what } };
  if (what === 'reject') return { type: 'ReleaseReservation', data: { cause: what } };
  if (what === 'replenish') return { type: 'ReserveWaiting', data: { lines: wanted } };
  if (what === 'break') return { type: 'BreakReservation', data: { lines: wanted, cause: what } };
  const shipments = [{ shipmentId: `S-${number}`, warehouseId, lines: wanted }];
  return { type: 'AllocateStock', data: { planId: `P-${number}`, wave: 1 + (number % 2), shipments } };
}

/** What an order waited for, or was short of, and does so no more since it was cancelled or ended. */
function dropped(before: Reservation | undefined, now: Reservation | undefined, what: string): Units[] {
  if (what !== 'cancel' && what !== 'reject') return [];
  const had = unitsBySku([...(before?.waiting ?? []), ...(before?.short ?? [])]);
  const has = unitsBySku([...(now?.waiting ?? []), ...(now?.short ?? [])]);
  return [...had].map(([code, quantity]): Units => [code, quantity - (has.get(code) ?? 0)]);
}

function expectSane(orderId: string, state: Reservation): void {
  for (const [code, quantity] of openUnits(state)) {
    expect(quantity, `${orderId} has open units of ${code}`).toBeGreaterThanOrEqual(0);
    if (quantity > 0) expect(state.status).toBe('RESERVED');
  }
  for (let wave = 1; wave <= state.wave; wave += 1) {
    for (const [code, quantity] of openInWave(state, wave))
      expect(quantity, `${orderId} has open units of ${code} in wave ${wave}`).toBeGreaterThanOrEqual(0);
  }
  for (const [, quantity] of [...state.lines, ...state.waiting, ...state.short])
    expect(quantity).toBeGreaterThan(0);
  for (const shipment of state.shipments) expectWithin(shipment);
  if (state.closed) expect(state.waiting).toEqual([]);
}

function expectWithin({ lines: assigned, missing = [] }: Assignment): void {
  const all = unitsBySku(assigned);
  for (const [code, quantity] of unitsBySku(missing))
    expect(quantity).toBeLessThanOrEqual(all.get(code) ?? 0);
}
