import { describe, expect, it } from 'vitest';
import type { ProviderEntry } from '../journal/provider-journal.ts';
import { checkOneCharge, type MoneyWitnesses } from './one-charge.ts';

const line = (
  kind: ProviderEntry['kind'],
  purpose: string,
  amountMinor: number,
  more: object = {},
): ProviderEntry => ({
  kind,
  authorizationId: 'a1',
  amountMinor,
  reference: { orderId: 'o1', purpose },
  ...more,
});
const journal = [
  line('created', 'authorise', 500),
  line('authorised', 'authorise', 500),
  line('captured', 'capture', 500),
];
const money = [{ orderId: 'o1', amountMinor: 500 }];
const clean: MoneyWitnesses = {
  journal,
  methods: [{ orderId: 'o1', method: 'CARD' }],
  shipped: money,
  captured: money,
  ledger: money,
};

describe('one charge (12)', () => {
  it('accepts money that agrees with what left', async () => {
    expect(await checkOneCharge(clean)).toEqual({
      summary: '1 payment, 1 by card, 3 journal lines',
      breaches: [],
    });
    const parts = [200, 300].map((amountMinor) => ({ orderId: 'o1', amountMinor }));
    expect((await checkOneCharge({ ...clean, shipped: parts })).breaches).toEqual([]);
  });

  it.each(['voided', 'expired'] as const)(
    'accepts a second authorisation after the first was %s',
    async (end) => {
      const again = { authorizationId: 'a2' };
      const lines = [
        ...journal.slice(0, 2),
        line(end, 'authorise', 500),
        line('authorised', 'authorise', 500, again),
        line('captured', 'capture', 500, again),
      ];
      expect((await checkOneCharge({ ...clean, journal: lines })).breaches).toEqual([]);
    },
  );

  it.each<[string, Partial<MoneyWitnesses>, string]>([
    [
      'two live authorisations',
      { journal: [...journal, line('authorised', 'authorise', 500, { authorizationId: 'a2' })] },
      '2 live authorisations',
    ],
    [
      'a second capture',
      { journal: [...journal, line('captured', 'capture', 500)] },
      'the provider says 1000 was taken, and 500 was shipped',
    ],
    ['a capture that never happened', { journal: journal.slice(0, 2) }, 'the provider says 0'],
    [
      'a refund nobody booked',
      { journal: [...journal, line('refunded', 'refund', 100)] },
      'the provider says 400',
    ],
    ['a ledger that differs', { ledger: [] }, 'the ledger says 0'],
    ['a log that differs', { captured: [...money, ...money] }, 'payments says 1000'],
    [
      'an order the provider alone knows',
      {
        journal: [
          ...journal,
          line('created', 'authorise', 1, { reference: { orderId: 'o2', purpose: 'authorise' } }),
        ],
      },
      'we do not',
    ],
    [
      'a card charged for terms',
      { methods: [{ orderId: 'o1', method: 'TERMS' }] },
      'yet the provider knows it',
    ],
  ])('finds %s', async (_what, change, breach) => {
    expect((await checkOneCharge({ ...clean, ...change })).breaches).toEqual([
      expect.stringContaining(breach),
    ]);
  });
});
