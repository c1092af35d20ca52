import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cause, desk, nextDesk, place, said, stored } from '../../test/desks.ts';
import { breakAllocation } from './broken-allocations.ts';
import { cancelOrder, refusePlan } from './refused-plans.ts';
import { releaseShipments } from './release-shipments.ts';
import { type RoutingDesk, receiveStock } from './routing-desk.ts';
import { causeForWave, confirmOrder, replenishOrder, retryHeldWaves } from './waves.ts';

const fc = seeded(fastCheck);
const units = (sku: string, quantity: number) => [{ sku, quantity }];
const plannedLines = (at: RoutingDesk) => at.planned.map(({ planId, lines }) => [planId, lines]);
const refuse = (at: RoutingDesk, by: string, planId: string, available: number) =>
  refusePlan(at, cause(by), { orderId: 'o1', planId }, [{ sku: 'A', warehouseId: 'W1', available }]);

/** Placed for ten, six of them confirmed and planned. */
function confirmed(): RoutingDesk {
  const at = desk('W1');
  receiveStock(at, [{ sku: 'A', warehouseId: 'W1', quantity: 20 }]);
  place(at, 'o1', { A: 10 });
  confirmOrder(at, cause('c1'), 'o1', { wave: 1, lines: units('A', 6) });
  return at;
}

describe('an order in waves', () => {
  it('plans each on its own, and counts its plans and facts through', () => {
    const at = confirmed();
    replenishOrder(at, cause('c2'), 'o1', { wave: 2, lines: units('A', 4) });
    expect(plannedLines(at)).toEqual([
      ['c1/plan/0', units('A', 6)],
      ['c2/plan/0', units('A', 4)],
    ]);
    const plans = at.said.map(({ event, version }) => [version, event.data]);
    expect(plans).toMatchObject([
      [1, { attempt: 1 }],
      [2, { attempt: 2, wave: 2 }],
    ]);
    expect(plans[0]?.[1]).not.toHaveProperty('wave');
  });

  it('plans a refused wave again and leaves the others alone', () => {
    const at = nextDesk(confirmed(), 'W1');
    replenishOrder(at, cause('c2'), 'o1', { wave: 2, lines: units('A', 4) });
    const next = nextDesk(at, 'W1');
    refuse(next, 'c3', 'c1/plan/0', 9);
    expect([...next.moved.keys()]).toEqual(['c1/shipment/0']);
    expect(said(next)).toEqual([['ShipmentsPlanned', 'o1', 3]]);
    expect(next.orders.get('o1')?.waves.map(({ attempts }) => attempts)).toEqual([2, 1]);
  });

  it('counts the attempts of each wave, and holds the order for one of them', () => {
    let at = nextDesk(confirmed(), 'W1');
    replenishOrder(at, cause('c2'), 'o1', { wave: 2, lines: units('A', 4) });
    for (const [index, by] of ['r1', 'r2', 'r3'].entries()) {
      at = nextDesk(at, 'W1');
      refuse(at, by, index === 0 ? 'c2/plan/0' : `r${index}/plan/0`, 0);
    }
    expect(at.orders.get('o1')).toMatchObject({ state: 'ON_HOLD', planAttempts: 4, facts: 5 });
    expect(said(at)).toEqual([['FulfillmentHeld', 'o1', 5]]);
    const released = nextDesk(at, 'W1');
    releaseShipments(released, cause('a1'), ['c1/shipment/0']);
    expect(said(released)).toEqual([['ShipmentReleased', 'c1/shipment/0', 1]]);
  });

  it('forgets later waves that inventory assigned, and keeps the first', () => {
    const at = nextDesk(confirmed(), 'W1');
    replenishOrder(at, cause('c2'), 'o1', { wave: 2, lines: units('A', 2) });
    const next = nextDesk(at, 'W1');
    releaseShipments(next, cause('a1'), ['c1/shipment/0', 'c2/shipment/0']);
    const last = nextDesk(next, 'W1');
    replenishOrder(last, cause('c3'), 'o1', { wave: 3, lines: units('A', 2) });
    expect(last.orders.get('o1')?.waves.map(({ wave }) => wave)).toEqual([1, 3]);
  });

  it('plans nothing and holds nothing where all of it waits, until a wave comes', () => {
    const at = desk('W1');
    place(at, 'o1', { A: 10 });
    confirmOrder(at, cause('c1'), 'o1', { wave: 1, lines: [] });
    expect(at.said).toEqual([]);
    expect(at.orders.get('o1')?.state).toBe('PLACED');
    replenishOrder(at, cause('c2'), 'o1', { wave: 1, lines: units('A', 4) });
    expect(said(at)).toEqual([['ShipmentsPlanned', 'o1', 1]]);
  });

  it('is planned under the wave that its confirmation names', () => {
    const at = desk('W1');
    place(at, 'o1', { A: 10 });
    confirmOrder(at, cause('c1'), 'o1', { wave: 2, lines: units('A', 4) });
    confirmOrder(at, cause('c2'), 'o1', { wave: 2, lines: units('A', 4) });
    replenishOrder(at, cause('c3'), 'o1', { wave: 3, lines: units('A', 1) });
    expect(at.said.map(({ event }) => event.data)).toMatchObject([{ wave: 2 }, { wave: 3 }]);
  });

  it('goes to its owner when it is cancelled while goods may leave, and stays there', () => {
    const at = nextDesk(confirmed(), 'W1');
    replenishOrder(at, cause('c2'), 'o1', { wave: 2, lines: units('A', 4) });
    releaseShipments(at, cause('a1'), ['c1/shipment/0']);
    const next = nextDesk(at, 'W1');
    cancelOrder(next, cause('x1'), 'o1');
    replenishOrder(next, cause('c3'), 'o1', { wave: 3, lines: units('A', 4) });
    refusePlan(next, cause('r1'), { orderId: 'o1', planId: 'c2/plan/0', closed: true }, []);
    const reason =
      'The order was cancelled, and goods may leave for it all the same: shipments c1/shipment/0.';
    expect(next.orders.get('o1')).toMatchObject({ state: 'ON_HOLD', isEnded: true, holdReason: reason });
    expect(next.said.map(({ event }) => event)).toMatchObject([
      { type: 'FulfillmentHeld', data: { reason } },
    ]);
    expect([...next.moved.values()].map(({ shipmentId, status }) => [shipmentId, status])).toEqual([
      ['c2/shipment/0', 'CANCELLED'],
    ]);
  });

  it('goes to its owner too when it is cancelled in the batch that released it', () => {
    const at = nextDesk(confirmed(), 'W1');
    releaseShipments(at, cause('a1'), ['c1/shipment/0']);
    cancelOrder(at, cause('x1'), 'o1');
    expect(said(at).map(([type]) => type)).toEqual(['ShipmentReleased', 'FulfillmentHeld']);
  });

  it('is withdrawn and given to its owner when it is cancelled while a plan is under way', () => {
    const at = nextDesk(confirmed(), 'W1');
    cancelOrder(at, cause('x1'), 'o1');
    expect(at.orders.get('o1')).toMatchObject({ state: 'ON_HOLD', holdOwner: 'warehouse operations' });
    expect(stored(at)).toEqual({ A: { W1: 20 } });
  });
});

describe('a refused plan of a wave', () => {
  const refused = (open?: Record<string, number>) => ({
    ...{ orderId: 'o1', planId: 'c1/plan/0' },
    ...(open === undefined
      ? {}
      : { open: Object.entries(open).map(([sku, quantity]) => ({ sku, quantity })) }),
  });
  const figures = (available: number) => [{ sku: 'A', warehouseId: 'W1', available }];

  it('is followed by one of what the wave has open, from the first attempt', () => {
    const at = nextDesk(confirmed(), 'W1');
    refusePlan(at, cause('r1'), refused({ A: 4 }), figures(4));
    expect(plannedLines(at)).toEqual([['r1/plan/0', units('A', 4)]]);
    expect(at.orders.get('o1')?.waves).toMatchObject([{ lines: units('A', 4), attempts: 1 }]);
  });

  it.each([[{ A: 6 }], [{ A: 9, B: 1 }], [undefined]])(
    'is followed by one of all its lines where %j are open',
    (open) => {
      const at = nextDesk(confirmed(), 'W1');
      refusePlan(at, cause('r1'), refused(open), figures(4));
      expect(plannedLines(at)).toEqual([['r1/plan/0', units('A', 6)]]);
      expect(at.orders.get('o1')?.waves).toMatchObject([{ attempts: 2 }]);
    },
  );

  it('ends the wave of which nothing is open, without a hold', () => {
    const at = nextDesk(confirmed(), 'W1');
    refusePlan(at, cause('r1'), refused({}), figures(20));
    expect(at.said).toEqual([]);
    expect(at.orders.get('o1')).toMatchObject({ state: 'PLANNED', waves: [{ lines: [] }] });
    expect(stored(at)).toEqual({ A: { W1: 20 } });
  });

  it('leaves every unit that is paid for, however stale the view was', () => {
    const property = fc.property(fc.nat(9), fc.nat(9), (open, available) => {
      const at = nextDesk(confirmed(), 'W1');
      refusePlan(at, cause('r1'), refused(open === 0 ? {} : { A: open }), figures(available));
      const planned = at.planned.flatMap(({ lines }) => lines).map(({ quantity }) => quantity);
      expect(planned.reduce((sum, each) => sum + each, 0)).toBe(Math.min(6, open));
    });
    fc.assert(property);
  });
});

describe('assigned units that are not there', () => {
  it('hold the order where a warehouse was assigned them, once for each time it is told', () => {
    const at = nextDesk(confirmed(), 'W1');
    releaseShipments(at, cause('a1'), ['c1/shipment/0']);
    const shipments = [{ shipmentId: 'c1/shipment/0', lines: units('A', 2) }];
    breakAllocation(at, cause('b1'), { orderId: 'o1', warehouseId: 'W1', shipments });
    expect(at.missing).toEqual(shipments);
    expect(at.said.at(-1)).toMatchObject({
      ...{ streamId: 'o1', version: 2, id: 'b1/held/0' },
      event: {
        type: 'FulfillmentHeld',
        data: {
          owner: 'warehouse operations',
          reason: 'Warehouse W1 does not have what it was assigned: shipment c1/shipment/0 misses 2 of A.',
        },
      },
    });
    expect(at.orders.get('o1')).toMatchObject({ state: 'ON_HOLD', holdOwner: 'warehouse operations' });
    replenishOrder(at, cause('c2'), 'o1', { wave: 2, lines: units('A', 1) });
    expect(at.orders.get('o1')?.state).toBe('ON_HOLD');
  });
});

describe('an order on hold', () => {
  const again = (at: RoutingDesk, by: string) =>
    retryHeldWaves(at, (_order, wave) => causeForWave(cause(by), wave), 'o1');

  it('is planned again from the first attempt, wave by wave, once a warehouse is open', () => {
    const at = desk();
    place(at, 'o1', { A: 10 });
    confirmOrder(at, cause('c1'), 'o1', { wave: 1, lines: units('A', 6) });
    replenishOrder(at, cause('c2'), 'o1', { wave: 2, lines: units('A', 4) });
    const closed = nextDesk(at);
    again(closed, 'm1');
    expect(closed.said).toEqual([]);
    const open = nextDesk(at, 'W1');
    again(open, 'm2');
    expect(said(open)).toEqual([
      ['ShipmentsPlanned', 'o1', 3],
      ['ShipmentsPlanned', 'o1', 4],
    ]);
    expect(new Set(open.said.map(({ id }) => id)).size).toBe(2);
    expect(open.orders.get('o1')).toMatchObject({ state: 'PLANNED', holdReason: null, planAttempts: 2 });
  });

  it('is left alone where it waits for nothing that could have gone, or is not known', () => {
    const at = nextDesk(confirmed(), 'W1');
    cancelOrder(at, cause('x1'), 'o1');
    again(at, 'm1');
    retryHeldWaves(at, () => cause('m2'), 'o9');
    expect(at.said).toEqual([]);
  });
});
