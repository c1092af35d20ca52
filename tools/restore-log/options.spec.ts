import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restoreFlags } from './options.ts';

describe('the flags of restore-log', () => {
  it('name a subgraph, and pass on what is for its own command', () => {
    expect(restoreFlags(['orders', '--dry-run', '--journals', '/journals', '--data-dir', 'data'])).toEqual({
      help: false,
      subgraph: 'orders',
      dataFolder: 'data',
      args: ['--dry-run', '--journals', resolve('/journals')],
    });
    expect(restoreFlags(['inventory', '--accept-loss']).args).toEqual(['--accept-loss']);
  });

  it('are refused in a sentence when they name none, two, or what nobody knows', () => {
    for (const args of [[], ['gateway'], ['orders', 'inventory']]) {
      expect(() => restoreFlags(args)).toThrow('Name one subgraph');
    }
    expect(() => restoreFlags(['orders', '--force'])).toThrow('--force');
  });
});
