import { specification } from '@crossdock/event-sourcing';
import { describe, expect, it } from 'vitest';
import { reservationDecider } from './decide.ts';
import type {
  Claim,
  PlannedShipment,
  ReservationEvent,
  ReserveStock,
  ShortagePolicy,
  StockReserved,
  Units,
} from './reservation.ts';

const given = specification(reservationDecider);

function reserve(
  policy: ShortagePolicy,
  lines: readonly Units[],
  available: readonly number[],
): ReserveStock {
  const placed = lines.map(([sku, quantity]) => ({ sku, quantity, unitPriceMinor: PRICE_MINOR }));
  return { type: 'ReserveStock', data: { policy, currencyCode: 'GBP', lines: placed, available } };
}

const PRICE_MINOR = 250;
const priced = (lines: readonly Units[]): Claim[] => lines.map(([sku, units]) => [sku, units, PRICE_MINOR]);
const worth = (lines: readonly Units[]) => lines.reduce((sum, [, units]) => sum + units * PRICE_MINOR, 0);

/** The first reservation of an order, or a later one. */
function reserved(lines: readonly Units[], more: Partial<StockReserved['data']> = {}): StockReserved {
  const rest = { partly: false, waiting: [], short: [], wave: 1, policy: 'REJECT' } as const;
  const money = { reservedValueMinor: worth(lines), currencyCode: 'GBP' };
  return { type: 'StockReserved', data: { lines: priced(lines), ...money, ...rest, ...more } };
}

const backordered = (lines: readonly Units[]): ReservationEvent => ({
  type: 'StockBackordered',
  data: { waiting: priced(lines), currencyCode: 'GBP', policy: 'BACKORDER' },
});

const short = (sku: string, requested: number, available: number): ReservationEvent => ({
  type: 'StockShort',
  data: { short: [{ sku, requested, available }] },
});

const north: PlannedShipment = {
  shipmentId: 'S-1',
  warehouseId: 'N',
  lines: [
    ['A', 2],
    ['B', 1],
  ],
};
const south: PlannedShipment = { shipmentId: 'S-2', warehouseId: 'S', lines: [['A', 1]] };
const both: readonly Units[] = [
  ['A', 3],
  ['B', 1],
];
const shelf = (sku: string, warehouseId: string, available: number) => ({ sku, warehouseId, available });
const allocated: ReservationEvent = {
  type: 'StockAllocated',
  data: { planId: 'PLAN', wave: 1, shipments: [north, south] },
};
const closed: ReservationEvent = { type: 'ReservationClosed', data: { cause: 'EXPIRED' } };
const released: ReservationEvent = {
  type: 'ReservationReleased',
  data: { lines: both, cause: 'PAYMENT_DECLINED' },
};
const isShort = short('A', 3, 0);
const contradiction = (type: 'AlreadyDecided' | 'NothingReserved') => ({
  type,
  data: {},
});

describe('reserving', () => {
  it('claims every line of an order that must come whole', () => {
    given()
      .when(reserve('REJECT', both, [3, 9]))
      .then(reserved(both));
  });
  it('claims nothing of it when one line is short, and names that line', () => {
    given()
      .when(reserve('REJECT', both, [2, 9]))
      .then(short('A', 3, 2));
  });
  it('claims what there is of an order that may come in part', () => {
    given()
      .when(reserve('SHIP_AVAILABLE', both, [2, 0]))
      .then(
        reserved([['A', 2]], {
          ...{ partly: true, policy: 'SHIP_AVAILABLE' },
          short: [
            ['A', 1],
            ['B', 1],
          ],
        }),
      );
  });
  it('claims what there is of an order whose rest may come later, and lets the rest wait', () => {
    given()
      .when(reserve('BACKORDER', both, [3, 0]))
      .then(reserved([['A', 3]], { partly: true, policy: 'BACKORDER', waiting: [['B', 1, PRICE_MINOR]] }));
  });
  it('lets all of it wait where there is nothing yet', () => {
    given()
      .when(reserve('BACKORDER', both, [0, -1]))
      .then(backordered(both));
  });
  it('is short when an order may come in part and there is nothing', () => {
    given()
      .when(reserve('SHIP_AVAILABLE', [['A', 3]], [0]))
      .then(isShort);
  });
  it('counts a figure once for two lines of the same SKU', () => {
    const twice: readonly Units[] = [
      ['A', 2],
      ['A', 2],
    ];
    given()
      .when(reserve('REJECT', twice, [3, 3]))
      .then(short('A', 2, 3));
    given()
      .when(reserve('SHIP_AVAILABLE', twice, [3, 3]))
      .then(
        reserved(
          [
            ['A', 2],
            ['A', 1],
          ],
          { partly: true, policy: 'SHIP_AVAILABLE', short: [['A', 1]] },
        ),
      );
  });
  it('never counts a figure below zero as units', () => {
    given()
      .when(reserve('SHIP_AVAILABLE', both, [-2, 1]))
      .then(reserved([['B', 1]], { partly: true, policy: 'SHIP_AVAILABLE', short: [['A', 3]] }));
  });
  it('does nothing for an order that was rejected before', () => {
    given(closed)
      .when(reserve('REJECT', both, [9, 9]))
      .then();
  });
  it('is decided once', () => {
    given(isShort)
      .when(reserve('REJECT', both, [9, 9]))
      .thenRejected(contradiction('AlreadyDecided'));
  });
});

describe('releasing', () => {
  const release = { type: 'ReleaseReservation', data: { cause: 'PAYMENT_DECLINED' } } as const;
  it('gives back what was claimed', () => {
    given(reserved(both)).when(release).then(released);
  });
  it('closes an order that is not known yet', () => {
    given()
      .when(release)
      .then({ type: 'ReservationClosed', data: { cause: 'PAYMENT_DECLINED' } });
  });
  it('has nothing to do for a short, closed or released one', () => {
    given(isShort).when(release).then();
    given(closed).when(release).then();
    given(reserved(both), released).when(release).then();
  });
  it('leaves what warehouses were assigned to them, and gives back the rest', () => {
    given(reserved(both), allocated)
      .when(release)
      .then({ type: 'ReservationClosed', data: { cause: 'PAYMENT_DECLINED' } });
    const inPart: ReservationEvent = {
      type: 'StockAllocated',
      data: { planId: 'PLAN', wave: 1, shipments: [north] },
    };
    const rest: ReservationEvent = {
      type: 'ReservationReleased',
      data: { lines: [['A', 1]], cause: 'PAYMENT_DECLINED' },
    };
    given(reserved(both), inPart).when(release).then(rest);
    given(reserved(both), inPart, rest).when(release).then();
    given(reserved(both), inPart, rest)
      .when({ type: 'ShipStock', data: north })
      .then({ type: 'StockShipped', data: { ...north, missing: [] } });
  });
});

describe('allocating', () => {
  const allocate = (...assignable: ReturnType<typeof shelf>[]) =>
    ({
      type: 'AllocateStock',
      data: { planId: 'PLAN', wave: 1, shipments: [north, south], assignable },
    }) as const;
  it('takes a plan that fits every shelf', () => {
    given(reserved(both))
      .when(allocate(shelf('A', 'N', 2), shelf('B', 'N', 1), shelf('A', 'S', 1)))
      .then(allocated);
  });
  it('refuses a plan that one shelf cannot serve, with the figures', () => {
    const figures = [shelf('A', 'N', 1), shelf('B', 'N', 1), shelf('A', 'S', 9)];
    given(reserved(both))
      .when(allocate(...figures))
      .then({
        type: 'AllocationRefused',
        data: { planId: 'PLAN', available: figures, open: both, closed: false },
      });
  });
  it('refuses a plan beyond what the order still has open', () => {
    const figures = [shelf('A', 'N', 9), shelf('B', 'N', 9), shelf('A', 'S', 9)];
    const refused = (...open: readonly Units[]): ReservationEvent => ({
      type: 'AllocationRefused',
      data: { planId: 'PLAN', available: figures, open, closed: false },
    });
    given(reserved([['A', 3]]))
      .when(allocate(...figures))
      .then(refused(['A', 3]));
    given(reserved(both), allocated)
      .when(allocate(...figures))
      .then(refused());
  });
  it('answers the plan of an order that ended with just that', () => {
    const ended = {
      type: 'AllocationRefused',
      data: { planId: 'PLAN', available: [], open: [], closed: true },
    } as const;
    for (const past of [[isShort], [closed], [reserved(both), released]]) {
      given(...past)
        .when(allocate(shelf('A', 'N', 9)))
        .then(ended);
    }
  });
  it('needs a reservation', () => {
    given().when(allocate()).thenRejected(contradiction('NothingReserved'));
  });
});

describe('shipping', () => {
  const ship = (shipment: PlannedShipment) => ({ type: 'ShipStock', data: shipment }) as const;
  const left = (shipment: PlannedShipment): ReservationEvent => ({
    type: 'StockShipped',
    data: { ...shipment, missing: [] },
  });
  it('lets go what was assigned, in any order of its lines', () => {
    const reversed = { ...north, lines: north.lines.toReversed() };
    given(reserved(both), allocated).when(ship(reversed)).then(left(reversed));
  });
  it('takes no other goods, warehouse or shipment, and none twice', () => {
    const past = [reserved(both), allocated];
    const differs = { type: 'ShipmentLinesDiffer', data: {} } as const;
    given(...past)
      .when(ship({ ...north, lines: [['A', 2]] }))
      .thenRejected(differs);
    given(...past)
      .when(ship({ ...south, warehouseId: 'N' }))
      .thenRejected(differs);
    given(...past)
      .when(ship({ ...south, shipmentId: 'S-9' }))
      .thenRejected({ type: 'ShipmentUnknown', data: {} });
    given(...past, left(south))
      .when(ship(south))
      .thenRejected({ type: 'ShipmentAlreadyLeft', data: {} });
  });
  it('is over when the last shipment has left', () => {
    const statusAfter = (...events: ReservationEvent[]) =>
      events.reduce(reservationDecider.evolve, reservationDecider.initialState).status;
    expect(statusAfter(reserved(both), allocated)).toBe('ALLOCATED');
    expect(statusAfter(reserved(both), allocated, left(north))).toBe('ALLOCATED');
    expect(statusAfter(reserved(both), allocated, left(north), left(south))).toBe('SHIPPED');
  });
});
