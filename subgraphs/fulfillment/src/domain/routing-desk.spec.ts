import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cause, desk, nextDesk, place, said, stored } from '../../test/desks.ts';
import { refusePlan, rejectOrder } from './refused-plans.ts';
import { releaseShipments } from './release-shipments.ts';
import { receiveStock } from './routing-desk.ts';
import { confirmOrder } from './waves.ts';

const fc = seeded(fastCheck);
const WHOLE = { wave: 1, lines: null };

describe('a batch', () => {
  it('decrements its own view: the second order goes where stock is left', () => {
    const at = desk('W1', 'W2');
    receiveStock(at, [
      { sku: 'A', warehouseId: 'W1', quantity: 5 },
      { sku: 'A', warehouseId: 'W2', quantity: 5 },
    ]);
    for (const id of ['o1', 'o2']) {
      place(at, id, { A: 4 });
      confirmOrder(at, cause(id), id, WHOLE);
    }
    expect(
      at.planned.map(({ orderId, warehouseId, valueMinor }) => [orderId, warehouseId, valueMinor]),
    ).toEqual([
      ['o1', 'W1', 40],
      ['o2', 'W2', 40],
    ]);
    expect(at.view.changes()).toEqual([{ sku: 'A', available: { W1: 1, W2: 1 }, isNew: true }]);
    expect([...at.warehousesUsed]).toEqual(['W1', 'W2']);
  });

  it('gives a refused plan back before it believes the figures', () => {
    const at = desk('W1', 'W2');
    receiveStock(at, [
      { sku: 'A', warehouseId: 'W1', quantity: 5 },
      { sku: 'B', warehouseId: 'W1', quantity: 5 },
    ]);
    receiveStock(at, [
      { sku: 'A', warehouseId: 'W2', quantity: 9 },
      { sku: 'B', warehouseId: 'W2', quantity: 9 },
    ]);
    place(at, 'o1', { A: 4, B: 4 });
    confirmOrder(at, cause('c1'), 'o1', WHOLE);
    const next = nextDesk(at, 'W1', 'W2');
    refusePlan(next, cause('c2'), { orderId: 'o1', planId: 'c1/plan/0' }, [
      { sku: 'A', warehouseId: 'W1', available: 0 },
    ]);
    expect(next.planned.map(({ warehouseId, lines }) => [warehouseId, lines.length])).toEqual([['W2', 2]]);
    expect([...next.moved.values()].map(({ status }) => status)).toEqual(['REROUTED']);
    expect(next.view.changes()).toEqual([
      { sku: 'A', available: { W1: 0, W2: 5 }, isNew: false },
      { sku: 'B', available: { W1: 5, W2: 5 }, isNew: false },
    ]);
    expect(said(next)).toEqual([['ShipmentsPlanned', 'o1', 2]]);
  });

  it('releases each allocated shipment once, under the next epoch', () => {
    const at = desk('W1');
    place(at, 'o1', { A: 1 });
    confirmOrder(at, cause('c1'), 'o1', WHOLE);
    const next = nextDesk(at, 'W1');
    releaseShipments(next, cause('c2'), ['c1/shipment/0']);
    releaseShipments(next, cause('c3'), ['c1/shipment/0']);
    expect(said(next)).toEqual([['ShipmentReleased', 'c1/shipment/0', 1]]);
    expect(next.moved.get('c1/shipment/0')).toMatchObject({
      status: 'RELEASED',
      releaseEpoch: 1,
      version: 1,
    });
  });

  it('holds an order that no warehouse is open for', () => {
    const none = desk();
    place(none, 'o1', { A: 1 });
    confirmOrder(none, cause('c1'), 'o1', WHOLE);
    expect(none.orders.get('o1')).toMatchObject({ state: 'ON_HOLD', planAttempts: 0, facts: 1 });
    expect(none.said).toMatchObject([
      {
        ...{ partition: 1, streamId: 'o1', version: 1, id: 'c1/held/0' },
        event: {
          type: 'FulfillmentHeld',
          data: {
            ...{ orderId: 'o1', partnerId: 'P1', owner: 'warehouse operations' },
            reason: 'No warehouse is open.',
          },
        },
      },
    ]);
  });

  it('absorbs what comes after a rejection, and a second confirmation', () => {
    const at = desk('W1');
    place(at, 'o1', { A: 1 });
    rejectOrder(at, cause('e1'), 'o1');
    confirmOrder(at, cause('c1'), 'o1', WHOLE);
    place(at, 'o2', { A: 1 });
    confirmOrder(at, cause('c2'), 'o2', WHOLE);
    confirmOrder(at, cause('c3'), 'o2', WHOLE);
    expect(said(at)).toEqual([['ShipmentsPlanned', 'o2', 1]]);
  });

  it('withdraws what it planned of an order that was rejected, and gives the order to its owner', () => {
    const at = desk('W1');
    receiveStock(at, [{ sku: 'A', warehouseId: 'W1', quantity: 5 }]);
    place(at, 'o1', { A: 4 });
    confirmOrder(at, cause('c1'), 'o1', WHOLE);
    rejectOrder(at, cause('e1'), 'o1');
    expect(stored(at)).toEqual({ A: { W1: 5 } });
    expect(at.orders.get('o1')).toMatchObject({ state: 'ON_HOLD', holdOwner: 'warehouse operations' });
    const next = nextDesk(at, 'W1');
    releaseShipments(next, cause('c2'), ['c1/shipment/0']);
    expect(said(next)).toEqual([]);
    refusePlan(next, cause('c3'), { orderId: 'o1', planId: 'c1/plan/0', closed: true }, []);
    expect(next.orders.get('o1')).toMatchObject({ state: 'CLOSED', holdReason: null, holdOwner: null });
  });

  it('releases nothing of what it withdrew in the same batch', () => {
    const before = desk('W1');
    place(before, 'o1', { A: 4 });
    confirmOrder(before, cause('c1'), 'o1', WHOLE);
    const at = nextDesk(before, 'W1');
    rejectOrder(at, cause('e1'), 'o1');
    releaseShipments(at, cause('c2'), ['c1/shipment/0']);
    expect(said(at)).toEqual([]);
    expect([...at.moved.values()].map(({ status }) => status)).toEqual(['CANCELLED']);
  });

  it('plans no more for an order that inventory says has ended', () => {
    const at = desk('W1');
    receiveStock(at, [{ sku: 'A', warehouseId: 'W1', quantity: 5 }]);
    place(at, 'o1', { A: 4 });
    confirmOrder(at, cause('c1'), 'o1', WHOLE);
    refusePlan(at, cause('c2'), { orderId: 'o1', planId: 'c1/plan/0', closed: true }, []);
    expect(at.orders.get('o1')).toMatchObject({ state: 'CLOSED', planAttempts: 1 });
    expect([...at.moved.values()].map(({ status }) => status)).toEqual(['CANCELLED']);
    expect(stored(at)).toEqual({ A: { W1: 5 } });
    expect(said(at)).toEqual([['ShipmentsPlanned', 'o1', 1]]);
  });

  it('stops at a fact of an order it never heard of', () => {
    expect(() => confirmOrder(desk('W1'), cause('c1'), 'o9', WHOLE)).toThrow('o9');
  });
});

it('takes from the view what it plans, whatever the orders', () => {
  const order = fc.dictionary(fc.constantFrom('A', 'B'), fc.integer({ min: 1, max: 9 }), { minKeys: 1 });
  fc.assert(
    fc.property(fc.array(order, { maxLength: 8 }), (orders) => {
      const at = desk('W1', 'W2', 'W3');
      const received = ['W1', 'W2', 'W3'].flatMap((warehouseId) =>
        ['A', 'B'].map((sku) => ({ sku, warehouseId, quantity: 10 })),
      );
      receiveStock(at, received);
      for (const [index, units] of orders.entries()) {
        place(at, `o${index}`, units);
        confirmOrder(at, cause(`c${index}`), `o${index}`, WHOLE);
      }
      for (const sku of ['A', 'B']) {
        const left = Object.values(stored(at)[sku] ?? {}).reduce((sum, units) => sum + units, 0);
        const wanted = orders.reduce((sum, units) => sum + (units[sku] ?? 0), 0);
        expect(left).toBe(30 - wanted);
      }
    }),
  );
});
