import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseBreaks } from './breaking.ts';
import { type Units, unitsBySku } from './reservation/reservation.ts';

const fc = seeded(fastCheck);
const lines = fc.uniqueArray(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 1, max: 9 })), {
  selector: ([sku]) => sku,
});
const claims = fc.array(lines, { maxLength: 6 });
const deficits = fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: -2, max: 30 }));

describe('choosing what breaks', () => {
  it('takes the newest claims first, and holds after them', () => {
    const breaks = chooseBreaks(
      new Map([['A', 5]]),
      [
        { orderId: 'newest', open: [['A', 2]] },
        { orderId: 'untouched', open: [['B', 9]] },
        { orderId: 'older', open: [['A', 2]] },
      ],
      [{ holdId: 'hold', lines: [['A', 4]] }],
    );
    expect(breaks).toEqual({
      reservations: [
        { orderId: 'newest', lines: [['A', 2]] },
        { orderId: 'older', lines: [['A', 2]] },
      ],
      holds: [{ holdId: 'hold', lines: [['A', 1]] }],
      unbroken: new Map(),
    });
  });

  it('breaks exactly what is missing, never more than a claim has, and says what it found nothing for', () => {
    fc.assert(
      fc.property(deficits, claims, claims, (missing, orders, baskets) => {
        const wanted = new Map(Object.entries(missing));
        const breaks = chooseBreaks(
          wanted,
          orders.map((open, index) => ({ orderId: `O-${index}`, open })),
          baskets.map((held, index) => ({ holdId: `H-${index}`, lines: held })),
        );
        const had = unitsBySku([...orders, ...baskets].flat());
        const gone = unitsBySku([...breaks.reservations, ...breaks.holds].flatMap((each) => each.lines));
        for (const sku of ['A', 'B', 'C']) {
          const deficit = Math.max(0, wanted.get(sku) ?? 0);
          expect(gone.get(sku) ?? 0).toBe(Math.min(deficit, had.get(sku) ?? 0));
          expect(breaks.unbroken.get(sku) ?? 0).toBe(deficit - (gone.get(sku) ?? 0));
        }
        for (const { orderId, lines: broken } of breaks.reservations) {
          expectWithin(broken, orders[Number(orderId.slice(2))] ?? []);
        }
      }),
    );
  });
});

function expectWithin(part: readonly Units[], all: readonly Units[]): void {
  const units = unitsBySku(all);
  for (const [sku, quantity] of part) expect(quantity).toBeLessThanOrEqual(units.get(sku) ?? 0);
}
