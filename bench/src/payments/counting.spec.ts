import { describe, expect, it } from 'vitest';
import type { Books, OrderBooks } from './books.ts';
import { countMoney } from './counting.ts';

const order = (orderId: string, more: Partial<OrderBooks> = {}): OrderBooks => ({
  ...{ orderId, byCard: true, shipped: 500, givenUp: 0, captured: 500, refunded: 0, ledger: 500 },
  ...{ provider: { captured: 500, refunded: 0 }, isHeld: false, isAtRest: true },
  ...more,
});
const books = (orders: readonly OrderBooks[], more: Partial<Books> = {}): Books => ({
  ...{ orders, doubles: [], heldCalls: 0, attempts: { made: 1, failed: 0 }, renewals: 0 },
  ...more,
});

describe('money counted', () => {
  it('agrees where everybody says the same, refunds and unshipped orders included', () => {
    const nothing = { shipped: 0, captured: 0, ledger: 0, provider: { captured: 0, refunded: 0 } };
    const orders = [
      order('a'),
      order('b', { refunded: 200, ledger: 300, provider: { captured: 500, refunded: 200 } }),
      order('c', nothing),
      order('d', { byCard: false, provider: { captured: 0, refunded: 0 } }),
    ];
    expect(countMoney(books(orders))).toEqual({
      ...{ orders: 4, byCard: 3, shippable: 2, captured: 2, capturedShare_percent: 100, refunded: 1 },
      ...{ chargedTwice: 0, disagreeing: 0, heldCalls: 0, notFinal: 0, breaches: [] },
    });
  });

  it('agrees where what was given up is not taken, and tells what is taken beside it', () => {
    const some = { givenUp: 200, captured: 300, ledger: 300 };
    const given = order('a', { ...some, provider: { captured: 300, refunded: 0 } });
    expect(countMoney(books([given]))).toMatchObject({ captured: 0, disagreeing: 0, breaches: [] });
    const both = order('a', { ...some, provider: { captured: 500, refunded: 0 } });
    expect(countMoney(books([both])).breaches).toEqual([
      'order a: the provider captured 500, and 300 was shipped, less what was given up',
      'order a: the provider kept 500, the ledger has 300, and 300 was shipped and not given back',
    ]);
  });

  it('knows what is not taken while a person owns it', () => {
    const held = order('a', { isHeld: true, captured: 0, ledger: 0, provider: { captured: 0, refunded: 0 } });
    expect(countMoney(books([held, order('b')], { heldCalls: 1 }))).toMatchObject({
      ...{ capturedShare_percent: 50, heldCalls: 1, disagreeing: 0, breaches: [] },
    });
  });

  it.each<[string, Partial<OrderBooks>, object, string]>([
    [
      'more captured than left',
      { provider: { captured: 501, refunded: 0 } },
      { chargedTwice: 1, disagreeing: 1 },
      'captured 501, and 500 was shipped',
    ],
    [
      'more captured than left while a person owns it',
      { isHeld: true, provider: { captured: 501, refunded: 0 } },
      { chargedTwice: 1, disagreeing: 0 },
      'captured 501, and 500 was shipped',
    ],
    [
      'more given back than was asked for',
      { refunded: 100, ledger: 400, provider: { captured: 500, refunded: 200 } },
      { chargedTwice: 1, disagreeing: 1 },
      'gave back 200, and 100 was asked for',
    ],
    ['a ledger of its own mind', { ledger: 499 }, { chargedTwice: 0, disagreeing: 1 }, 'the ledger has 499'],
    [
      'a ledger of its own mind while a person owns it',
      { isHeld: true, ledger: 499 },
      { disagreeing: 1 },
      'the ledger has 499, payments 500',
    ],
    ['an order that hangs', { isAtRest: false }, { notFinal: 1 }, 'is neither final nor owned'],
  ])('finds %s', (_what, change, counts, breach) => {
    const counted = countMoney(books([order('a', change)]));
    expect(counted).toMatchObject(counts);
    expect(counted.breaches).toContainEqual(expect.stringContaining(breach));
  });

  it('counts what the provider did twice', () => {
    expect(
      countMoney(books([order('a')], { doubles: ['order a, shipment s1: captured 2 times'] })),
    ).toMatchObject({
      chargedTwice: 1,
    });
  });
});
