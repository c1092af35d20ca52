import { describe, expect, it } from 'vitest';
import { checkHeldCalls, type HeldCallRow } from './held-calls.ts';

const call: HeldCallRow = {
  ...{ orderId: 'o1', operation: 'capture', instance: 's1' },
  ...{ lastFact: 'PaymentHeld', owner: 'payments desk', letters: 1 },
};
type Standing = { id: string; status: string; owner: string | null };
const order: Standing = { id: 'o1', status: 'ON_HOLD', owner: 'payments desk' };

describe('held calls (4)', () => {
  it('may wait for a person who was told, on hold or past the order’s own way', () => {
    expect(checkHeldCalls([call], [order])).toEqual({ summary: '1 held call', breaches: [] });
    expect(checkHeldCalls([call], [{ ...order, status: 'SHIPPED', owner: null }]).breaches).toEqual([]);
  });

  it.each<[string, Partial<HeldCallRow>, Partial<Standing>, string]>([
    ['nobody was told of', { lastFact: null, owner: null }, {}, 'names no owner (nothing was said last)'],
    ['said to go on', { lastFact: 'PaymentResumed', owner: null }, {}, 'PaymentResumed was said last'],
    ['nobody can have tried again', { letters: 0 }, {}, 'capture s1 is held without a dead letter'],
    ['of no order', {}, { id: 'o2' }, 'there is no such order'],
    [
      'whose order hangs',
      {},
      { status: 'CONFIRMED', owner: null },
      'the order is CONFIRMED without an owner',
    ],
  ])('are not such as are %s', (_what, change, other, breach) => {
    const { breaches } = checkHeldCalls([{ ...call, ...change }], [{ ...order, ...other }]);
    expect(breaches).toEqual([expect.stringContaining(breach)]);
  });
});
