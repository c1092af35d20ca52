import { expect, it } from 'vitest';
import { startFlags } from './flags.ts';

it('has defaults', () => {
  expect(startFlags([])).toEqual({
    help: false,
    port: undefined,
    dataDir: undefined,
    fresh: false,
    seed: true,
    orders: undefined,
    check: false,
  });
});

it('reads every flag', () => {
  const flags = startFlags([
    '--port',
    '4100',
    '--data-dir',
    'x',
    '--fresh',
    '--no-seed',
    '--orders',
    '7',
    '--check',
  ]);
  expect(flags).toEqual({
    help: false,
    port: 4100,
    dataDir: 'x',
    fresh: true,
    seed: false,
    orders: 7,
    check: true,
  });
});

it.each([
  [['--frehs'], /^Unknown option '--frehs': `npm start -- --help` lists the options.$/],
  [['here'], /^Unexpected argument 'here'/],
  [['--port', '0'], /^--port is a whole number from 1 to 65535, not "0".$/],
  [['--port', ''], /^--port is a whole number/],
  [['--orders', '1.5'], /^--orders is a whole number/],
])('refuses %j with one sentence', (args, sentence) => {
  expect(() => startFlags(args)).toThrow(sentence);
});
