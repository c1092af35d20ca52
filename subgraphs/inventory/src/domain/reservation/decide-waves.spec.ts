// Units of an order that came in waves: each is paid for by itself, and only its own plans take it.
import { specification } from '@crossdock/event-sourcing';
import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, it } from 'vitest';
import { reservationDecider } from './decide.ts';
import type {
  Claim,
  PlannedShipment,
  ReservationCommand,
  ReservationEvent,
  StockReserved,
  Units,
} from './reservation.ts';

const given = specification(reservationDecider);
const fc = seeded(fastCheck);
const GBP = { currencyCode: 'GBP' };
const PRICE_MINOR = 250;
const A = (units: number): Claim => ['A', units, PRICE_MINOR];

const reserved = (wave: number, units: number, waiting = 0): StockReserved => ({
  type: 'StockReserved',
  data: {
    ...{
      lines: [A(units)],
      reservedValueMinor: units * PRICE_MINOR,
      ...GBP,
      partly: wave > 1 || waiting > 0,
    },
    ...{ waiting: waiting > 0 ? [A(waiting)] : [], short: [], wave, policy: 'BACKORDER' },
  },
});
const broken = (units: number): ReservationEvent => ({
  type: 'ReservationBroken',
  data: {
    ...{ lines: [A(units)], valueMinor: units * PRICE_MINOR, ...GBP, cause: 'LOSS', rest: 'BACKORDERED' },
  },
});
const reduced = (claimed: number, waiting = 0): ReservationEvent => ({
  type: 'ReservationReduced',
  data: {
    claimed: claimed > 0 ? [['A', claimed]] : [],
    waiting: waiting > 0 ? [['A', waiting]] : [],
    ...{ short: [], valueMinor: claimed * PRICE_MINOR, ...GBP, cause: 'DECLINED' },
  },
});

const parcel = (units: number, shipmentId: string): PlannedShipment => ({
  ...{ shipmentId, warehouseId: 'N', lines: [['A', units]] },
});
const assignable = [{ sku: 'A', warehouseId: 'N', available: 999 }];
const plan = (wave: number, units: number): ReservationCommand => ({
  type: 'AllocateStock',
  data: { planId: `P${wave}`, wave, shipments: [parcel(units, `S${wave}`)], assignable },
});
const allocated = (wave: number, units: number): ReservationEvent => ({
  type: 'StockAllocated',
  data: { planId: `P${wave}`, wave, shipments: [parcel(units, `S${wave}`)] },
});
const refused = (wave: number, ...open: readonly Units[]): ReservationEvent => ({
  type: 'AllocationRefused',
  data: { planId: `P${wave}`, available: assignable, open, closed: false },
});
const come = (units: number): ReservationCommand => ({
  type: 'ReserveWaiting',
  data: { lines: [['A', units]] },
});
const cancel = (units: number): ReservationCommand => ({
  type: 'CancelUnits',
  data: { lines: [['A', units]], cause: 'DECLINED' },
});
const breaks = (units: number): ReservationCommand => ({
  type: 'BreakReservation',
  data: { lines: [['A', units]], cause: 'LOSS' },
});

describe('a plan', () => {
  it('of units that broke takes none of a later wave, of which nobody knows whether it is paid for', () => {
    given(reserved(1, 10), broken(10), reserved(2, 10)).when(plan(1, 10)).then(refused(1));
    given(reserved(1, 10), broken(10), reserved(2, 10)).when(plan(2, 10)).then(allocated(2, 10));
  });
  it('is told how much its own wave has open', () => {
    given(reserved(1, 10), broken(4), reserved(2, 4))
      .when(plan(1, 10))
      .then(refused(1, ['A', 6]));
    given(reserved(1, 10), broken(4), reserved(2, 4))
      .when(plan(2, 5))
      .then(refused(2, ['A', 4]));
    given(reserved(1, 10), broken(4), reserved(2, 4)).when(plan(3, 1)).then(refused(3));
  });
  it('finds what the plans of other waves left it', () => {
    const past = [reserved(1, 10), broken(4), reserved(2, 4)];
    given(...past, allocated(2, 4))
      .when(plan(1, 6))
      .then(allocated(1, 6));
    given(...past, allocated(1, 6))
      .when(plan(2, 4))
      .then(allocated(2, 4));
    given(...past, allocated(1, 6))
      .when(plan(1, 1))
      .then(refused(1));
  });
  it('takes at most what is left of its wave, however much came since', () => {
    const units = fc.integer({ min: 1, max: 99 });
    fc.assert(
      fc.property(units, units, units, units, (claimed, lost, came, wanted) => {
        const gone = Math.min(lost, claimed);
        const back = Math.min(came, gone);
        const left = claimed - gone;
        const answer = wanted <= left ? allocated(1, wanted) : refused(1, ...open(left));
        given(reserved(1, claimed), broken(gone), reserved(2, back, gone - back))
          .when(plan(1, wanted))
          .then(answer);
      }),
    );
  });
});

const open = (units: number): Units[] => (units > 0 ? [['A', units]] : []);

describe('what goes first', () => {
  const waves = [reserved(1, 6, 9), reserved(2, 5, 4), reserved(3, 1, 3)];
  it('is of a cancellation what waits, and then the newest wave', () => {
    given(...waves)
      .when(cancel(3))
      .then(reduced(0, 3));
    given(...waves)
      .when(cancel(5))
      .then(reduced(2, 3));
    given(...waves, reduced(2, 3))
      .when(plan(2, 5))
      .then(refused(2, ['A', 4]));
    given(...waves, reduced(2, 3))
      .when(plan(1, 6))
      .then(allocated(1, 6));
  });
  it('is the wave that was not paid for, when its units and all that waits are given back', () => {
    given(reserved(1, 6, 4), reserved(2, 3, 1))
      .when(cancel(4))
      .then(reduced(3, 1));
    given(reserved(1, 6, 4), reserved(2, 3, 1), reduced(3, 1))
      .when(plan(2, 1))
      .then(refused(2));
    given(reserved(1, 6, 4), reserved(2, 3, 1), reduced(3, 1))
      .when(plan(1, 6))
      .then(allocated(1, 6));
  });
  it('is of a break the newest wave, but for what a warehouse was assigned', () => {
    given(...waves)
      .when(breaks(3))
      .then(broken(3));
    given(...waves, broken(3))
      .when(plan(2, 4))
      .then(refused(2, ['A', 3]));
    given(...waves, allocated(2, 5), broken(3))
      .when(plan(1, 5))
      .then(refused(1, ['A', 4]));
    given(...waves, allocated(2, 5))
      .when(breaks(9))
      .then(broken(7));
  });
  it('waits as before, and comes as a wave of its own', () => {
    given(reserved(1, 6, 2), reserved(2, 2), broken(3))
      .when(come(3))
      .then(reserved(3, 3));
    given(reserved(1, 6, 2), reserved(2, 2), broken(3), reserved(3, 3))
      .when(plan(1, 6))
      .then(refused(1, ['A', 5]));
  });
});

it('keeps a claim from before prices were kept without one', () => {
  const bare = (wave: number): StockReserved => {
    const { data, type } = reserved(wave, 5);
    return { type, data: { ...data, lines: [['A', 5]], reservedValueMinor: 0 } };
  };
  const gone: ReservationEvent = {
    type: 'ReservationBroken',
    data: { lines: [['A', 5]], valueMinor: 0, ...GBP, cause: 'LOSS', rest: 'BACKORDERED' },
  };
  given(bare(1), gone, bare(2)).when(breaks(5)).then(gone);
});
