import { describe, expect, it } from 'vitest';
import { checkFenced, type FencingWitnesses } from './fenced.ts';

const derived = { source: 'inventory', streamId: 'o1', type: 'StockReserved', causeId: 'e1' };
const clean: FencingWitnesses = {
  epochs: [{ subgraph: 'inventory', what: 'offset of orders partition 3', epoch: 4, leaseEpoch: 4 }],
  readers: [{ consumer: 'inventory', source: 'orders', partition: 3, position: 7, intended: 7 }],
  eventIds: ['e1'],
  derived: [derived],
  repeated: [],
};

describe('fenced (17)', () => {
  it('accepts what was written under the lease that stands', async () => {
    expect(await checkFenced(clean)).toEqual({ summary: '1 epoch, 1 derived fact', breaches: [] });
  });

  it.each<[string, Partial<FencingWitnesses>, string]>([
    [
      'a row of an old epoch',
      { epochs: clean.epochs.map((row) => ({ ...row, epoch: 3 })) },
      'written under epoch 3, the lease has 4',
    ],
    [
      'a reader beyond the intent',
      { readers: clean.readers.map((row) => ({ ...row, position: 8 })) },
      'up to 8, published is 7',
    ],
    [
      'an effect brought about twice',
      { repeated: [{ ...derived, count: 2 }] },
      '2 × StockReserved derived from e1',
    ],
    ['an effect without its cause', { eventIds: [] }, 'a cause, e1, that no log holds'],
  ])('finds %s', async (_what, change, breach) => {
    expect((await checkFenced({ ...clean, ...change })).breaches).toEqual([expect.stringContaining(breach)]);
  });
});
