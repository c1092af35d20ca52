import { describe, expect, it } from 'vitest';
import { cause, desk, nextDesk, place, said, stored } from '../../test/desks.ts';
import { breakAllocation } from './broken-allocations.ts';
import { cancelOrder, refusePlan } from './refused-plans.ts';
import { breakReservation, type RoutingDesk, receiveStock, releaseShipments } from './routing-desk.ts';
import { causeForWave, confirmOrder, replenishOrder, retryHeldWaves } from './waves.ts';

const units = (sku: string, quantity: number) => [{ sku, quantity }];
const plannedLines = (at: RoutingDesk) => at.planned.map(({ planId, lines }) => [planId, lines]);
const refuse = (at: RoutingDesk, by: string, planId: string, available: number) =>
  refusePlan(at, cause(by), { orderId: 'o1', planId }, [{ sku: 'A', warehouseId: 'W1', available }]);

/** Placed for ten, six of them confirmed and planned. */
function confirmed(): RoutingDesk {
  const at = desk('W1');
  receiveStock(at, [{ sku: 'A', warehouseId: 'W1', quantity: 20 }]);
  place(at, 'o1', { A: 10 });
  confirmOrder(at, cause('c1'), 'o1', units('A', 6));
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
    confirmOrder(at, cause('c1'), 'o1', []);
    expect(at.said).toEqual([]);
    expect(at.orders.get('o1')?.state).toBe('PLACED');
    replenishOrder(at, cause('c2'), 'o1', { wave: 1, lines: units('A', 4) });
    expect(said(at)).toEqual([['ShipmentsPlanned', 'o1', 1]]);
  });

  it('is closed by a cancellation while the rest waits, whatever was released before', () => {
    const at = nextDesk(confirmed(), 'W1');
    releaseShipments(at, cause('a1'), ['c1/shipment/0']);
    const next = nextDesk(at, 'W1');
    cancelOrder(next, 'o1');
    replenishOrder(next, cause('c2'), 'o1', { wave: 2, lines: units('A', 4) });
    expect(next.orders.get('o1')).toMatchObject({ state: 'CLOSED', holdReason: null });
    expect(said(next)).toEqual([]);
    expect(next.moved.size).toBe(0);
  });

  it('is withdrawn and given to its owner when it is cancelled while a plan is under way', () => {
    const at = nextDesk(confirmed(), 'W1');
    cancelOrder(at, 'o1');
    expect(at.orders.get('o1')).toMatchObject({ state: 'ON_HOLD', holdOwner: 'warehouse operations' });
    expect(stored(at)).toEqual({ A: { W1: 20 } });
  });
});

describe('units of a claim that are not there', () => {
  it('shorten the wave that inventory refuses though the goods are there', () => {
    const at = nextDesk(confirmed(), 'W1');
    breakReservation(at, 'o1', units('A', 2));
    expect(at.said).toEqual([]);
    const next = nextDesk(at, 'W1');
    refuse(next, 'r1', 'c1/plan/0', 20);
    expect(plannedLines(next)).toEqual([['r1/plan/0', units('A', 4)]]);
    expect(next.orders.get('o1')?.waves).toMatchObject([{ lines: units('A', 4), attempts: 1 }]);
    expect(next.broken.get('o1')).toEqual({ open: [], owed: [] });
  });

  it('shorten it too where the goods are nowhere', () => {
    const at = nextDesk(confirmed(), 'W1');
    breakReservation(at, 'o1', units('A', 2));
    refuse(at, 'r1', 'c1/plan/0', 4);
    expect(plannedLines(at)).toEqual([['r1/plan/0', units('A', 4)]]);
  });

  it('leave a wave as it is while another warehouse may have the goods: orders may have left them out already', () => {
    const at = nextDesk(confirmed(), 'W1', 'W2');
    receiveStock(at, [{ sku: 'A', warehouseId: 'W2', quantity: 20 }]);
    breakReservation(at, 'o1', units('A', 2));
    refuse(at, 'r1', 'c1/plan/0', 4);
    expect(plannedLines(at)).toEqual([['r1/plan/0', units('A', 6)]]);
  });

  it('end a wave of which nothing is left, without a hold', () => {
    const at = nextDesk(confirmed(), 'W1');
    breakReservation(at, 'o1', units('A', 6));
    refuse(at, 'r1', 'c1/plan/0', 20);
    expect(at.said).toEqual([]);
    expect(at.orders.get('o1')).toMatchObject({ state: 'PLANNED', waves: [{ lines: [] }] });
    expect(stored(at)).toEqual({ A: { W1: 20 } });
  });

  it('may be told before the order is, and twice', () => {
    const at = desk('W1');
    breakReservation(at, 'o1', units('A', 1));
    breakReservation(at, 'o1', units('A', 2));
    place(at, 'o1', { A: 10 });
    receiveStock(at, [{ sku: 'A', warehouseId: 'W1', quantity: 20 }]);
    confirmOrder(at, cause('c1'), 'o1', null);
    const next = nextDesk(at, 'W1');
    refuse(next, 'r1', 'c1/plan/0', 20);
    const last = nextDesk(next, 'W1');
    refuse(last, 'r2', 'r1/plan/0', 20);
    expect(plannedLines(next)).toEqual([['r1/plan/0', units('A', 8)]]);
    expect(plannedLines(last)).toEqual([['r2/plan/0', units('A', 7)]]);
  });

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
    expect(at.orders.get('o1')?.state).toBe('PLANNED');
  });
});

describe('an order on hold', () => {
  const again = (at: RoutingDesk, by: string) =>
    retryHeldWaves(at, (_order, wave) => causeForWave(cause(by), wave), 'o1');

  it('is planned again from the first attempt, wave by wave, once a warehouse is open', () => {
    const at = desk();
    place(at, 'o1', { A: 10 });
    confirmOrder(at, cause('c1'), 'o1', units('A', 6));
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
    cancelOrder(at, 'o1');
    again(at, 'm1');
    retryHeldWaves(at, () => cause('m2'), 'o9');
    expect(at.said).toEqual([]);
  });
});
