import { seeded } from '@crossdock/testing';
import fastCheck from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EFFECTS, type MovementKind } from './ledger.ts';
import { deltaOf, type HistoryFigure, kindsOf, withBalances } from './stock-history.ts';

const fc = seeded(fastCheck);
const FIGURES: readonly HistoryFigure[] = [
  ...(['ON_HAND', 'ALLOCATED', 'SAFETY', 'SELLABLE', 'RESERVED', 'HELD', 'WITHDRAWING'] as const),
];
const kinds = Object.keys(EFFECTS) as MovementKind[];
const movement = fc.record({
  kind: fc.constantFrom(...kinds),
  quantity: fc.integer({ min: -50, max: 50 }),
  sellableDelta: fc.integer({ min: -50, max: 50 }),
});

describe('the history of a figure', () => {
  it('folds to the figure, whatever happened and whatever the pages', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FIGURES),
        fc.array(movement, { maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        (figure, history, size) => {
          const moving = history.filter((each) => deltaOf(figure, each) !== 0);
          const balances: number[] = [];
          const now = moving.reduce((sum, each) => {
            balances.push(sum + deltaOf(figure, each));
            return sum + deltaOf(figure, each);
          }, 0);
          const newestFirst = moving.toReversed();
          const told: number[] = [];
          let next = now;
          for (let from = 0; from < newestFirst.length; from += size) {
            const page = withBalances(newestFirst.slice(from, from + size), figure, next);
            told.push(...page.map(({ balance }) => balance));
            const last = page.at(-1);
            next = (last?.balance ?? 0) - (last?.delta ?? 0);
          }
          expect(told).toEqual(balances.toReversed());
          if (moving.length > 0) expect(next).toBe(0);
        },
      ),
    );
  });

  it('names exactly the kinds that move the figure', () => {
    for (const figure of FIGURES) {
      const named = kindsOf(figure);
      if (named === null) continue;
      for (const kind of kinds) {
        const moves = deltaOf(figure, { kind, quantity: 1, sellableDelta: 0 }) !== 0;
        expect(named.includes(kind)).toBe(moves);
      }
    }
  });
});
