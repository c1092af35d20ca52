import { specification } from '@crossdock/event-sourcing';
import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Units } from '../reservation/reservation.ts';
import { createShelves } from '../shelves.ts';
import { claimHold } from './claim.ts';
import { type HoldCommand, holdDecider, LIVE_HOLDS_MAX, type PlaceHold } from './decide.ts';
import type { Hold, HoldEvent } from './hold.ts';

const fc = seeded(fastCheck);
const given = specification(holdDecider);
const [AT, LATER] = ['2026-03-01T09:30:00.000Z', '2026-03-01T09:45:00.000Z'];
const lines: readonly Units[] = [
  ['A', 3],
  ['B', 1],
];
const place = (available: readonly number[], alive = 0): PlaceHold => ({
  type: 'PlaceHold',
  data: { lines, available, alive, expiresAt: AT },
});
const placed: HoldEvent = { type: 'HoldPlaced', data: { lines, expiresAt: AT } };
const broken: HoldEvent = { type: 'HoldBroken', data: { lines: [['A', 2]], cause: 'DAMAGE' } };
const extend = (expiresAt: string, isOver = false): HoldCommand => ({
  type: 'ExtendHold',
  data: { expiresAt, isOver },
});
const release = (isOver = false): HoldCommand => ({ type: 'ReleaseHold', data: { isOver } });
const expire = (isOver: boolean): HoldCommand => ({ type: 'ExpireHold', data: { isOver } });
const isOver = { type: 'HoldOver', data: {} } as const;
const ends: readonly HoldEvent[] = [
  { type: 'HoldReleased', data: { lines } },
  { type: 'HoldExpired', data: { lines } },
  { type: 'HoldClaimed', data: { orderId: 'O-1', claimed: lines, freed: [] } },
];

describe('placing a hold', () => {
  it('holds all lines', () =>
    given()
      .when(place([3, 9]))
      .then(placed));
  it('holds none where one is short, and tells of each short line what there is', () => {
    const short = (index: number, sku: string, requested: number, available: number) => ({
      ...{ index, sku, requested, available },
    });
    given()
      .when(place([2, 1]))
      .thenRejected({ type: 'HoldShort', data: { short: [short(0, 'A', 3, 2)] } });
    given()
      .when(place([-4, 0]))
      .thenRejected({ type: 'HoldShort', data: { short: [short(0, 'A', 3, 0), short(1, 'B', 1, 0)] } });
  });
  it('counts what nobody knows a figure of as nothing', () => {
    const short = [{ index: 1, sku: 'B', requested: 1, available: 0 }];
    given()
      .when(place([3]))
      .thenRejected({ type: 'HoldShort', data: { short } });
  });
  it('is refused to a partner that has as many as it may', () => {
    given()
      .when(place([3, 9], LIVE_HOLDS_MAX - 1))
      .then(placed);
    given()
      .when(place([3, 9], LIVE_HOLDS_MAX))
      .thenRejected({ type: 'TooManyHolds', data: { alive: LIVE_HOLDS_MAX } });
  });
  it('is done once', () =>
    given(placed)
      .when(place([3, 9]))
      .thenRejected(isOver));
});

describe('a live hold', () => {
  it('lives longer, and never shorter', () => {
    given(placed)
      .when(extend(LATER))
      .then({ type: 'HoldExtended', data: { expiresAt: LATER } });
    given(placed, { type: 'HoldExtended', data: { expiresAt: LATER } })
      .when(extend(AT))
      .then();
  });
  it('gives back what it still has', () => {
    given(placed).when(release()).then({ type: 'HoldReleased', data: { lines } });
    const left: readonly Units[] = [
      ['A', 1],
      ['B', 1],
    ];
    given(placed, broken)
      .when(release())
      .then({ type: 'HoldReleased', data: { lines: left } });
    given(placed, broken)
      .when(expire(true))
      .then({ type: 'HoldExpired', data: { lines: left } });
  });
  it('ends by the clock when its time is over, and not before', () => {
    given(placed).when(expire(false)).then();
    given(placed).when(expire(true)).then({ type: 'HoldExpired', data: { lines } });
  });
  it('is neither extended nor released once its time is over, though nobody ended it yet', () => {
    given(placed).when(extend(LATER, true)).thenRejected(isOver);
    given(placed).when(release(true)).thenRejected(isOver);
  });
});

describe('a hold that has ended', () => {
  it.each(ends.map((end) => [end.type, end] as const))('by %s stays so', (_type, end) => {
    given(placed, end).when(extend(LATER)).thenRejected(isOver);
    given(placed, end).when(release()).thenRejected(isOver);
    given(placed, end).when(expire(true)).then();
  });
  it('was one: what was never heard of has nothing to give back', () => {
    given().when(release()).thenRejected(isOver);
    given().when(extend(AT)).thenRejected(isOver);
    given().when(expire(true)).then();
  });
});

it('takes back whatever it held, whichever way it ends, and whatever broke before', () => {
  const units = fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 1, max: 9 })), {
    maxLength: 4,
  });
  const step = fc.oneof(
    units.map((lost): HoldEvent => ({ type: 'HoldBroken', data: { lines: lost, cause: 'COUNT' } })),
    fc.constant<HoldEvent>({ type: 'HoldExtended', data: { expiresAt: LATER } }),
  );
  const wanted = fc.uniqueArray(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 1, max: 9 })), {
    ...{ minLength: 1, selector: ([sku]: readonly [string, number]) => sku },
  });
  const end = fc.constantFrom('release', 'expire', 'claim');
  fc.assert(
    fc.property(wanted, fc.array(step, { maxLength: 4 }), units, end, (held, steps, asked, way) => {
      const shelves = createShelves({ totals: [], stock: [], isOpen: () => true });
      let state: Hold = holdDecider.initialState;
      const take = (event: HoldEvent) => {
        shelves.bookHold(event, 'hold', 'cause');
        state = holdDecider.evolve(state, event);
      };
      take({ type: 'HoldPlaced', data: { lines: held, expiresAt: AT } });
      for (const event of steps) {
        const lost = new Map(state.lines);
        // Of a broken hold at most what it has is gone.
        const fits =
          event.type !== 'HoldBroken' || event.data.lines.every(([sku, n]) => (lost.get(sku) ?? 0) >= n);
        const isOnce =
          event.type !== 'HoldBroken' || new Map(event.data.lines).size === event.data.lines.length;
        if (fits && isOnce) take(event);
      }
      if (way === 'claim') take(claimHold(state, 'O-1', asked));
      else {
        const decision = holdDecider.decide(way === 'release' ? release() : expire(true), state);
        expect(decision.accepted).toBe(true);
        for (const event of decision.accepted ? decision.events : []) take(event);
      }
      expect(shelves.moves().totals).toEqual([]);
    }),
  );
});
