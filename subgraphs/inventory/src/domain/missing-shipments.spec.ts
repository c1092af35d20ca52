import { describe, expect, it } from 'vitest';
import { assignedTo, chooseMissing } from './missing-shipments.ts';
import type { Assignment, Units } from './reservation/reservation.ts';

const shipment = (
  shipmentId: string,
  warehouseId: string,
  lines: readonly Units[],
  more: Partial<Assignment> = {},
) => ({
  ...{ shipmentId, warehouseId, lines, left: false },
  ...more,
});
const newer = {
  orderId: 'newer',
  shipments: [
    shipment('n1', 'N', [['A', 2]]),
    shipment('n2', 'N', [
      ['A', 3],
      ['B', 1],
    ]),
    shipment('n3', 'S', [['A', 9]]),
  ],
};
const older = { orderId: 'older', shipments: [shipment('o1', 'N', [['A', 4]])] };
const gone = {
  orderId: 'gone',
  shipments: [
    shipment('g1', 'N', [['A', 5]], { left: true }),
    shipment('g2', 'N', [['A', 5]], { missing: [['A', 4]] }),
  ],
};
const shelf = (quantity: number, sku = 'A') => ({ sku, warehouseId: 'N', quantity });

describe('units that a shelf assigned and does not have', () => {
  it('are taken from the last shipment of the newest order, then from the ones before', () => {
    const { orders, broken } = chooseMissing([shelf(4), shelf(1, 'B')], () => [newer, older]);
    expect(orders).toEqual([
      {
        ...{ orderId: 'newer', warehouseId: 'N' },
        shipments: [
          {
            shipmentId: 'n2',
            lines: [
              ['A', 3],
              ['B', 1],
            ],
          },
          { shipmentId: 'n1', lines: [['A', 1]] },
        ],
      },
    ]);
    expect(broken.map(({ sku, quantity, orderId }) => [sku, quantity, orderId])).toEqual([
      ['A', 3, 'newer'],
      ['A', 1, 'newer'],
      ['B', 1, 'newer'],
    ]);
  });

  it('are not those that left, were missing before, or lie in another warehouse', () => {
    const { orders } = chooseMissing([shelf(2)], () => [gone, older]);
    expect(orders.map(({ orderId, shipments }) => [orderId, shipments])).toEqual([
      ['gone', [{ shipmentId: 'g2', lines: [['A', 1]] }]],
      ['older', [{ shipmentId: 'o1', lines: [['A', 1]] }]],
    ]);
    expect(assignedTo([newer, older, gone], shelf(0))).toBe(2 + 3 + 4 + 1);
  });
});
