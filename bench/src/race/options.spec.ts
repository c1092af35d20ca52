import { describe, expect, it } from 'vitest';
import { CannotRun } from '../platform/cannot-run.ts';
import { raceOptions } from './options.ts';

describe('the options of bench:race', () => {
  it('are all races under all disturbances, and all throughput cases, where nothing is named', () => {
    const { races, disturbances, cases, peers, buyers, stock } = raceOptions([]);
    expect({ races, disturbances, cases, peers, buyers, stock }).toEqual({
      races: ['last-unit', 'crossing', 'storm'],
      disturbances: ['none', 'redis', 'kill', 'pause'],
      cases: ['hot', 'real', 'calm'],
      peers: [],
      buyers: 500,
      stock: 20,
    });
  });

  it.each([
    [['--throughput'], { races: [], cases: ['hot', 'real', 'calm'], peers: [] }],
    [['--cases', 'calm,hot'], { races: [], cases: ['hot', 'calm'], peers: [] }],
    [['--peers', 'vendure'], { races: [], cases: [], peers: ['vendure'] }],
    [['--races', 'storm', '--throughput'], { races: ['storm'], cases: ['hot', 'real', 'calm'], peers: [] }],
  ])('%j names the parts that run', (words, parts) => {
    expect(raceOptions(words)).toMatchObject(parts);
  });

  it('draw a seed of the clock where none is given', () => {
    expect(raceOptions([], () => 41).seed).toBe(42);
    expect(raceOptions(['--seed', '7']).seed).toBe(7);
  });

  it.each([
    ['--races', 'marathon'],
    ['--disturbances', 'rain'],
    ['--acts', 'dance'],
    ['--cases', 'cold'],
    ['--peers', 'nobody'],
    ['--buyers', '0'],
    ['--stock', 'many'],
    ['--at-once', '1.5'],
    ['--label', 'a b'],
    ['--unknown', '1'],
  ])('%s %s is refused with a sentence', (...words) => {
    expect(() => raceOptions(words)).toThrow(CannotRun);
  });
});
