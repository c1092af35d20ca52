import { createTally } from './expectation.ts';
import type { Race, RaceStage } from './race.ts';
import { stockUp } from './stock-up.ts';

/** A ring of SKUs: each crossing order takes neighbours of it, in either direction. */
const RING = 6;
const UNITS_EACH = 12;
const WAREHOUSES = ['LON', 'MAN', 'GLA'] as const;
const CROSSING_SHARE = 0.7;

/**
 * Orders of two and three lines that ask for the same SKUs in crossing orders (A,B / B,C / C,A, and backwards), all or nothing.
 * Enough orders of one line come along that nothing may be left in the end.
 */
export const crossing: Race = {
  name: 'crossing',
  title: 'crossing lines',
  acts: [],
  play: async (stage, disturb) => {
    const { run, partners, buyers } = stage;
    const ring = Array.from({ length: RING }, (_, index) => `CROSS-${run}-${index}`);
    const supply = createTally();
    const demand = createTally();
    const lines = ring.flatMap((sku) =>
      WAREHOUSES.map((warehouseId) => ({ sku, warehouseId, quantity: UNITS_EACH / WAREHOUSES.length })),
    );
    await stockUp(stage, lines);
    supply.add(lines);
    const rush = wishes(stage, ring).map(async (wanted, index) => {
      const outcome = await buyers.buy({ partnerId: partners[index % partners.length] ?? '', lines: wanted });
      if (outcome.kind === 'acknowledged') demand.add(wanted);
    });
    await Promise.all([disturb(), ...rush]);
    return ring.map((sku) => ({ sku, supply: supply.of(sku), demand: demand.of(sku) }));
  },
};

/** What each buyer asks for: crossing orders and single lines mixed by the seed, so many of the latter as there are units. */
function wishes({ draw, size }: RaceStage, ring: readonly string[]) {
  const at = (index: number) => ring[(index + RING) % RING] ?? '';
  const singles = ring.flatMap((sku) => Array.from({ length: UNITS_EACH }, () => [{ sku, quantity: 1 }]));
  const crossings = Array.from({ length: Math.ceil(size.buyers * CROSSING_SHARE) }, () => {
    const start = Math.floor(draw() * RING);
    const step = draw() < 0.5 ? 1 : -1;
    const count = draw() < 0.5 ? 2 : 3;
    return Array.from({ length: count }, (_, index) => ({
      sku: at(start + index * step),
      quantity: draw() < 0.8 ? 1 : 2,
    }));
  });
  return [...singles, ...crossings]
    .map((wanted) => ({ wanted, place: draw() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ wanted }) => wanted);
}
