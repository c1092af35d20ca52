import { expect, it } from 'vitest';
import { rebuildOptions } from './options.ts';

it('passes on to the subgraph what the subgraph understands', () => {
  expect(rebuildOptions(['orders.timeline', '--compare-only', '--data-dir', 'here'])).toEqual({
    name: 'orders.timeline',
    dataDir: 'here',
    passedOn: ['--compare-only'],
  });
});

it('lists without a name', () => {
  expect(rebuildOptions([])).toEqual({ name: undefined, dataDir: undefined, passedOn: [] });
  expect(rebuildOptions(['--help', 'orders.timeline']).name).toBeUndefined();
});

it('refuses what it does not know in one sentence', () => {
  expect(() => rebuildOptions(['--now'])).toThrow(/^Unknown option '--now': /);
  expect(() => rebuildOptions(['orders.timeline', 'orders.products'])).toThrow('One read model at a time.');
});
