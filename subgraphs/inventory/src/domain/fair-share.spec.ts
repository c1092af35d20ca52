import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Demand, type Share, shareOut, wavesOf } from './fair-share.ts';

const RUNS = 500;
const fc = seeded(fastCheck);

const demand = (orderId: string, partnerId: string, quantity: number, since = 0): Demand => ({
  ...{ orderId, partnerId, quantity, since },
});

/** Few partners and few instants, so that ties and shared partners come often. */
const someDemands = fc
  .array(
    fc.record({
      partnerId: fc.constantFrom('P-1', 'P-2', 'P-3', 'P-4', 'P-5'),
      quantity: fc.integer({ min: 1, max: 12 }),
      since: fc.integer({ min: 0, max: 6 }),
    }),
    { maxLength: 12 },
  )
  .map((rows) => rows.map((row, index) => ({ ...row, orderId: `O-${index}` })));
const someFree = fc.integer({ min: -3, max: 60 });

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const wantedBy = (demands: readonly Demand[], partnerId: string) =>
  sum(demands.filter((each) => each.partnerId === partnerId).map((each) => each.quantity));

/** What an order of the demands got. */
const gotBy = (shares: readonly Share[], orderId: string) =>
  shares.find((share) => share.orderId === orderId)?.quantity ?? 0;

const isSenior = (one: Demand, other: Demand) =>
  one.since < other.since || (one.since === other.since && one.orderId < other.orderId);

/** Partners of the demands, the one whose oldest demand is oldest first. */
function bySeniority(demands: readonly Demand[]): string[] {
  const sorted = [...demands].sort((one, other) => (isSenior(one, other) ? -1 : 1));
  return [...new Set(sorted.map((each) => each.partnerId))];
}

/** The same rule told as a game of cards: one unit to each partner who still wants, round after round. */
function dealOut(free: number, demands: readonly Demand[]): Map<string, number> {
  const partners = bySeniority(demands);
  const got = new Map(partners.map((partnerId) => [partnerId, 0]));
  const left = { units: free };
  const wants = (partnerId: string) => (got.get(partnerId) ?? 0) < wantedBy(demands, partnerId);
  while (left.units > 0 && partners.some(wants)) {
    for (const partnerId of partners.filter(wants)) {
      if (left.units === 0) break;
      got.set(partnerId, (got.get(partnerId) ?? 0) + 1);
      left.units -= 1;
    }
  }
  return got;
}

describe('free units', () => {
  it('are shared alike by partners, and whoever wants less gets what it wants', () => {
    const three = [demand('O-1', 'P-1', 9), demand('O-2', 'P-2', 9), demand('O-3', 'P-3', 2)];
    expect(shareOut(10, three)).toEqual([
      { orderId: 'O-1', quantity: 4 },
      { orderId: 'O-2', quantity: 4 },
      { orderId: 'O-3', quantity: 2 },
    ]);
  });

  it('go to the partner who has waited longest where they cannot be divided', () => {
    expect(shareOut(3, [demand('O-1', 'P-1', 9, 7), demand('O-2', 'P-2', 9, 5)])).toEqual([
      { orderId: 'O-2', quantity: 2 },
      { orderId: 'O-1', quantity: 1 },
    ]);
  });

  it('go to the oldest order of a partner first', () => {
    const two = [demand('O-1', 'P-1', 4, 9), demand('O-2', 'P-1', 4, 3)];
    expect(shareOut(6, two)).toEqual([
      { orderId: 'O-2', quantity: 4 },
      { orderId: 'O-1', quantity: 2 },
    ]);
  });

  it('come to an order as one wave, whichever SKUs they are of', () => {
    const waves = wavesOf([
      { sku: 'A', free: 5, demands: [demand('O-1', 'P-1', 2), demand('O-2', 'P-2', 2)] },
      { sku: 'B', free: 1, demands: [demand('O-1', 'P-1', 3)] },
      { sku: 'C', free: 0, demands: [demand('O-3', 'P-1', 3)] },
    ]);
    expect([...waves]).toEqual([
      [
        'O-1',
        [
          ['A', 2],
          ['B', 1],
        ],
      ],
      ['O-2', [['A', 2]]],
    ]);
  });
});

describe('whatever is free and whoever waits', () => {
  const property = (check: (free: number, demands: readonly Demand[]) => void) =>
    fc.assert(fc.property(someFree, someDemands, check), { numRuns: RUNS });

  it('hands out what is free, and no more than is wanted', () => {
    property((free, demands) => {
      const wanted = sum(demands.map((each) => each.quantity));
      expect(sum(shareOut(free, demands).map((each) => each.quantity))).toBe(
        Math.min(Math.max(0, free), wanted),
      );
      for (const { orderId, quantity } of demands)
        expect(gotBy(shareOut(free, demands), orderId)).toBeLessThanOrEqual(quantity);
    });
  });

  it('gives no partner more than one that still wants, but for the unit that cannot be divided', () => {
    property((free, demands) => {
      const shares = shareOut(free, demands);
      const partners = bySeniority(demands);
      const got = partners.map((partnerId) =>
        sum(
          demands.filter((each) => each.partnerId === partnerId).map((each) => gotBy(shares, each.orderId)),
        ),
      );
      for (const [poor, partnerId] of partners.entries()) {
        if ((got[poor] ?? 0) === wantedBy(demands, partnerId)) continue;
        for (const [rich] of partners.entries())
          expect(got[rich]).toBeLessThanOrEqual((got[poor] ?? 0) + (rich < poor ? 1 : 0));
      }
    });
  });

  it('comes out as if units were dealt one by one', () => {
    property((free, demands) => {
      const shares = shareOut(free, demands);
      for (const [partnerId, units] of dealOut(free, demands)) {
        const own = demands.filter((each) => each.partnerId === partnerId);
        expect(sum(own.map((each) => gotBy(shares, each.orderId)))).toBe(units);
      }
    });
  });

  it('serves a younger order of a partner only when the older ones are served', () => {
    property((free, demands) => {
      const shares = shareOut(free, demands);
      for (const young of demands) {
        if (gotBy(shares, young.orderId) === 0) continue;
        const older = demands.filter((each) => each.partnerId === young.partnerId && isSenior(each, young));
        for (const each of older) expect(gotBy(shares, each.orderId)).toBe(each.quantity);
      }
    });
  });

  it('comes out the same in whichever order the demands are told', () => {
    const told = someDemands.chain((demands) =>
      fc.tuple(fc.constant(demands), fc.shuffledSubarray(demands, { minLength: demands.length })),
    );
    fc.assert(
      fc.property(someFree, told, (free, [demands, shuffled]) => {
        expect(shareOut(free, shuffled)).toEqual(shareOut(free, demands));
      }),
      { numRuns: RUNS },
    );
  });
});
