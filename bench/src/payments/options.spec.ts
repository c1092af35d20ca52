import { describe, expect, it } from 'vitest';
import { CannotRun } from '../platform/cannot-run.ts';
import { MODES } from './modes.ts';
import { paymentsOptions } from './options.ts';

describe('the options of bench:payments', () => {
  it('are a thousand orders in every mode, and no kill, where nothing is named', () => {
    expect(paymentsOptions([], () => 41)).toEqual({
      ...{ modes: MODES.map(({ name }) => name), kills: 0, orders: 1_000, ordersPerSecond: 15 },
      ...{ seed: 42, write: true, label: 'local' },
    });
  });

  it.each([
    [['--modes', 'hang,slow'], { modes: ['slow', 'hang'], kills: 0 }],
    [['--kills'], { modes: [], kills: 50 }],
    [['--kills', '--no-write'], { modes: [], kills: 50, write: false }],
    [['--kills', '60', '--seed', '7'], { modes: [], kills: 60, seed: 7 }],
    [['--modes', 'reset', '--kills', '12'], { modes: ['reset'], kills: 12 }],
    [['--orders', '50', '--rate', '20'], { orders: 50, ordersPerSecond: 20 }],
  ])('%j names what runs', (words, part) => {
    expect(paymentsOptions(words)).toMatchObject(part);
  });

  it.each([
    ['--modes', 'rain'],
    ['--kills', '0'],
    ['--orders', 'many'],
    ['--rate', '0'],
    ['--seed', '-1'],
    ['--label', 'a b'],
    ['--hope', '1'],
  ])('refuse %s %s with the usage', (...words) => {
    expect(() => paymentsOptions(words)).toThrow(CannotRun);
    expect(() => paymentsOptions(words)).toThrow(/Usage: npm run bench:payments/);
  });
});
