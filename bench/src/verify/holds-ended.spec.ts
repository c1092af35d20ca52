import { describe, expect, it } from 'vitest';
import { checkHoldsEnded } from './holds-ended.ts';

describe('holds (11)', () => {
  const live = { holdId: 'h1', status: 'ACTIVE', orderId: null, claimedBy: null };
  const hold = { ...live, placed: 1, released: 0, expired: 0, claimed: 0 };
  const taken = { ...hold, status: 'CLAIMED', orderId: 'o1', claimedBy: 'o1', claimed: 1 };
  const units = { holdId: 'h1', sku: 'A', live: 3, takenIn: 4, givenBack: 1 };

  it('accepts holds that end once, or live with what was not found missing', () => {
    const ended = { ...hold, status: 'EXPIRED', expired: 1 };
    expect(checkHoldsEnded([hold, taken, ended], [units]).breaches).toEqual([]);
  });

  it.each([
    ['two ends', { ...taken, expired: 1 }, units, 'ended 2 times'],
    [
      'an end that its table does not know',
      { ...hold, released: 1 },
      units,
      'ACTIVE, and by the log 1 times',
    ],
    ['an end that nobody told', { ...hold, status: 'RELEASED' }, units, 'RELEASED, and by the log 0 times'],
    ['two claims', { ...taken, claimed: 2 }, units, 'ended 2 times'],
    ['another claimant', { ...taken, claimedBy: 'o2' }, units, 'belongs to order o1'],
    ['a hold of nobody', { ...hold, placed: 0 }, units, 'was placed 0 times'],
    ['a row that is gone', { ...hold, status: null }, units, 'not in its table'],
    ['units that were given back twice', hold, { ...units, givenBack: 5 }, '4 held and 5 given back'],
  ])('finds %s', (_what, history, held, breach) => {
    expect(checkHoldsEnded([history], [held]).breaches).toContainEqual(expect.stringContaining(breach));
  });

  it('finds an order that claimed two', () => {
    const { breaches } = checkHoldsEnded([taken, { ...taken, holdId: 'h2' }], []);
    expect(breaches).toEqual(['order o1: claimed the holds h1 and h2']);
  });
});
