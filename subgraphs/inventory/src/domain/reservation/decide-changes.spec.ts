// What can happen to a claim after it was made: units that wait come, are cancelled, break, or turn out to be missing.
import { specification } from '@crossdock/event-sourcing';
import { describe, it } from 'vitest';
import { reservationDecider } from './decide.ts';
import {
  type Claim,
  type ReservationCommand,
  type ReservationEvent,
  type ShortagePolicy,
  type StockReserved,
  type Units,
  WAREHOUSE_DOWN,
} from './reservation.ts';

const given = specification(reservationDecider);
const GBP = { currencyCode: 'GBP' };

/** Ten units of A at 250 and four of B at 100 were placed. */
const A = (units: number): Claim => ['A', units, 250];
const B = (units: number): Claim => ['B', units, 100];

const reserved = (
  policy: ShortagePolicy,
  lines: readonly Claim[],
  rest: Partial<StockReserved['data']> = {},
): StockReserved => {
  const reservedValueMinor = lines.reduce((sum, [, units, price]) => sum + units * (price ?? 0), 0);
  const data = { lines, reservedValueMinor, ...GBP, partly: false, waiting: [], short: [], wave: 1, policy };
  return { type: 'StockReserved', data: { ...data, ...rest } };
};
const whole = reserved('REJECT', [A(10), B(4)]);
const inPart = reserved('BACKORDER', [A(6)], { partly: true, waiting: [A(4), B(4)] });
const available = reserved('SHIP_AVAILABLE', [A(7), B(4)], { partly: true, short: [['A', 3]] });
const backordered: ReservationEvent = {
  type: 'StockBackordered',
  data: { waiting: [A(10), B(4)], ...GBP, policy: 'BACKORDER' },
};
const north = { shipmentId: 'S-1', warehouseId: 'N', lines: [['A', 5]] } as const;
const allocated: ReservationEvent = {
  type: 'StockAllocated',
  data: { planId: 'P', wave: 1, shipments: [north] },
};
const closed: ReservationEvent = { type: 'ReservationClosed', data: { cause: 'EXPIRED' } };

const cancel = (...lines: readonly Units[]): ReservationCommand => ({
  type: 'CancelUnits',
  data: { lines, cause: 'a change of mind' },
});
const reduced = (units: {
  claimed?: readonly Units[];
  waiting?: readonly Units[];
  short?: readonly Units[];
  valueMinor?: number;
}): ReservationEvent => ({
  type: 'ReservationReduced',
  data: { claimed: [], waiting: [], short: [], valueMinor: 0, ...GBP, cause: 'a change of mind', ...units },
});

describe('cancelling units', () => {
  it('takes what waits first, then what no warehouse was assigned', () => {
    given(inPart)
      .when(cancel(['A', 3]))
      .then(reduced({ waiting: [['A', 3]] }));
    given(inPart)
      .when(cancel(['A', 6], ['B', 1]))
      .then(
        reduced({
          claimed: [['A', 2]],
          waiting: [
            ['A', 4],
            ['B', 1],
          ],
          valueMinor: 500,
        }),
      );
  });
  it('takes nothing of a claim that is within what is still wanted', () => {
    given(available)
      .when(cancel(['A', 2]))
      .then(reduced({ short: [['A', 2]] }));
    given(available, reduced({ short: [['A', 2]] }))
      .when(cancel(['A', 2]))
      .then(reduced({ short: [['A', 1]], claimed: [['A', 1]], valueMinor: 250 }));
  });
  it('leaves what a warehouse was assigned', () => {
    given(whole, allocated)
      .when(cancel(['A', 9]))
      .then(reduced({ claimed: [['A', 5]], valueMinor: 1250 }));
  });
  it('closes a claim of which nothing is left', () => {
    const all = reduced({
      claimed: [
        ['A', 10],
        ['B', 4],
      ],
      valueMinor: 2900,
    });
    given(whole)
      .when(cancel(['A', 99], ['B', 4]))
      .then(all);
    given(whole, all)
      .when({ type: 'ReleaseReservation', data: { cause: 'EXPIRED' } })
      .then();
  });
  it('has nothing to do for one that ended, and needs one that began', () => {
    given(closed)
      .when(cancel(['A', 1]))
      .then();
    given(whole)
      .when(cancel(['C', 1]))
      .then();
    given()
      .when(cancel(['A', 1]))
      .thenRejected({ type: 'NothingReserved', data: {} });
  });
});

describe('units that waited', () => {
  const come = (...lines: readonly Units[]): ReservationCommand => ({
    type: 'ReserveWaiting',
    data: { lines },
  });
  it('are claimed as far as they wait, in a wave of their own', () => {
    given(inPart)
      .when(come(['A', 9], ['B', 1]))
      .then(reserved('BACKORDER', [A(4), B(1)], { partly: true, waiting: [B(3)], wave: 2 }));
  });
  it('are an order’s first wave where nothing was claimed before', () => {
    given(backordered)
      .when(come(['B', 2]))
      .then(reserved('BACKORDER', [B(2)], { partly: true, waiting: [A(10), B(2)], wave: 1 }));
  });
  it('go nowhere once nothing waits', () => {
    given(whole)
      .when(come(['A', 1]))
      .then();
    given(inPart, closed)
      .when(come(['A', 1]))
      .then();
  });
  it('wait no more when the order ends', () => {
    given(backordered)
      .when({ type: 'ReleaseReservation', data: { cause: 'EXPIRED' } })
      .then({ type: 'ReservationClosed', data: { cause: 'EXPIRED' } });
    given(inPart)
      .when({ type: 'ReleaseReservation', data: { cause: 'EXPIRED' } })
      .then({ type: 'ReservationReleased', data: { lines: [['A', 6]], cause: 'EXPIRED' } });
  });
});

describe('breaking a claim', () => {
  const breaks = (...lines: readonly Units[]): ReservationCommand => ({
    type: 'BreakReservation',
    data: { lines, cause: 'LOSS' },
  });
  const broken = (
    rest: 'HELD' | 'BACKORDERED' | 'CANCELLED',
    lines: readonly Claim[],
    valueMinor: number,
  ): ReservationEvent => ({
    type: 'ReservationBroken',
    data: { lines, valueMinor, ...GBP, cause: 'LOSS', rest },
  });
  it('lets the units wait again, with an owner where the order was to come whole', () => {
    const held = broken('HELD', [A(2)], 500);
    given(whole)
      .when(breaks(['A', 2]))
      .then(held);
    given(whole, held)
      .when({ type: 'ReserveWaiting', data: { lines: [['A', 1]] } })
      .then(reserved('REJECT', [A(1)], { partly: true, waiting: [A(1)], wave: 2 }));
    given(inPart)
      .when(breaks(['A', 2]))
      .then(broken('BACKORDERED', [A(2)], 500));
  });
  it('cancels them where the order takes what there is: cancelling them again takes nothing more', () => {
    const gone = broken('CANCELLED', [A(7)], 1750);
    given(available)
      .when(breaks(['A', 8]))
      .then(gone);
    given(available, gone)
      .when(cancel(['A', 10]))
      .then(reduced({ short: [['A', 10]] }));
  });
  it('leaves what a warehouse was assigned', () => {
    given(whole, allocated)
      .when(breaks(['A', 9], ['C', 1]))
      .then(broken('HELD', [A(5)], 1250));
    given(closed)
      .when(breaks(['A', 9]))
      .then();
  });
});

describe('assigned units that are not there', () => {
  const missing = (units: number, cause = 'LOSS', warehouseId = 'N'): ReservationCommand => ({
    type: 'BreakAllocation',
    data: { warehouseId, shipments: [{ shipmentId: 'S-1', lines: [['A', units]] }], cause },
  });
  const broken = (units: number, cause = 'LOSS'): ReservationEvent => ({
    type: 'AllocationBroken',
    data: { warehouseId: 'N', shipments: [{ shipmentId: 'S-1', lines: [['A', units]] }], cause },
  });
  const ship: ReservationCommand = { type: 'ShipStock', data: north };
  const shipped = (...gone: readonly Units[]): ReservationEvent => ({
    type: 'StockShipped',
    data: { ...north, missing: gone },
  });
  it('stay assigned, break once, and may leave after all', () => {
    given(whole, allocated).when(missing(9)).then(broken(5));
    given(whole, allocated, broken(2)).when(missing(9)).then(broken(3));
    given(whole, allocated, broken(5)).when(missing(1)).then();
    given(whole, allocated, broken(2))
      .when(ship)
      .then(shipped(['A', 2]));
  });
  it('are asked for, and not missing, where their warehouse is down', () => {
    given(whole, allocated).when(missing(5, WAREHOUSE_DOWN)).then(broken(5, WAREHOUSE_DOWN));
    given(whole, allocated, broken(5, WAREHOUSE_DOWN)).when(ship).then(shipped());
  });
  it('are none where they left, or lie elsewhere', () => {
    given(whole, allocated, shipped()).when(missing(1)).then();
    given(whole, allocated)
      .when(missing(1, 'LOSS', 'S'))
      .then();
  });
});
