import { describe, expect, it } from 'vitest';
import { cause, desk, nextDesk, place, said } from '../../test/desks.ts';
import { cancelOrder } from './refused-plans.ts';
import { releaseShipments } from './release-shipments.ts';
import { type RoutingDesk, receiveStock } from './routing-desk.ts';
import { confirmOrder, replenishOrder, retryHeldOrder } from './waves.ts';

const SHIPMENT = 'c1/shipment/0';
const SAID = `Nothing is released to a warehouse that is not open: shipment ${SHIPMENT} waits for warehouse W1.`;

/** Planned in W1, which is down by the time inventory allocates. */
function waiting(): RoutingDesk {
  const before = desk('W1');
  receiveStock(before, [{ sku: 'A', warehouseId: 'W1', quantity: 9 }]);
  place(before, 'o1', { A: 9 });
  confirmOrder(before, cause('c1'), 'o1', { wave: 1, lines: [{ sku: 'A', quantity: 4 }] });
  const at = nextDesk(before, 'W2');
  releaseShipments(at, cause('a1'), [SHIPMENT]);
  return at;
}

function retry(at: RoutingDesk): void {
  const causes = { ofWave: () => cause('wave'), ofShipment: () => cause('opened') };
  retryHeldOrder(at, causes, 'o1');
}

describe('a shipment whose warehouse is not open', () => {
  it('is not released, and its order has an owner', () => {
    const at = waiting();
    expect(said(at)).toEqual([['FulfillmentHeld', 'o1', 2]]);
    expect(at.moved.size).toBe(0);
    expect(at.orders.get('o1')).toMatchObject({
      ...{ state: 'ON_HOLD', isEnded: false, holdOwner: 'warehouse operations', holdReason: SAID },
      heldUnder: at.warehouseFacts,
    });
  });

  it('is said once, however often its allocation is heard', () => {
    const at = nextDesk(waiting(), 'W2');
    releaseShipments(at, cause('a2'), [SHIPMENT]);
    expect(at.said).toEqual([]);
  });

  it('is released once its warehouse opens, which must still be open when that is written', () => {
    const at = nextDesk(waiting(), 'W1');
    retry(at);
    expect(said(at)).toEqual([['ShipmentReleased', SHIPMENT, 1]]);
    expect([...at.warehousesUsed]).toEqual(['W1']);
    expect(at.orders.get('o1')).toMatchObject({ state: 'PLANNED', holdReason: null, heldShipments: [] });
  });

  it('waits on in silence when another warehouse changed', () => {
    const at = nextDesk(waiting(), 'W2', 'W3');
    retry(at);
    expect(at.said).toEqual([]);
    expect(at.orders.get('o1')).toMatchObject({ state: 'ON_HOLD', heldUnder: at.warehouseFacts });
  });

  it('keeps its order on hold while other waves are planned', () => {
    const at = nextDesk(waiting(), 'W2');
    replenishOrder(at, cause('c2'), 'o1', { wave: 2, lines: [{ sku: 'A', quantity: 5 }] });
    expect(said(at)).toEqual([['ShipmentsPlanned', 'o1', 3]]);
    expect(at.orders.get('o1')).toMatchObject({ state: 'ON_HOLD', holdReason: SAID });
  });

  it('is withdrawn when its order is cancelled, and never released', () => {
    const at = nextDesk(waiting(), 'W2');
    cancelOrder(at, cause('x1'), 'o1');
    const open = nextDesk(at, 'W1');
    releaseShipments(open, cause('a2'), [SHIPMENT]);
    retry(open);
    expect(open.said).toEqual([]);
    expect(at.moved.get(SHIPMENT)?.status).toBe('CANCELLED');
  });
});
