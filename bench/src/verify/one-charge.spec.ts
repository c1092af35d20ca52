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
  givenUp: [],
  captured: money,
  refunded: [],
  ledger: money,
  held: new Set(),
};
const of = (amountMinor: number) => [{ orderId: 'o1', amountMinor }];
const about = (purpose: string, more: object) => ({ reference: { orderId: 'o1', purpose, ...more } });

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

  it('accepts a renewal beside what it renews, and a second authorisation after the first died', async () => {
    const renewal = { authorizationId: 'a2', ...about('authorise', { epoch: 1_000_001 }) };
    const beside = [...journal.slice(0, 2), line('authorised', 'authorise', 500, renewal), journal[2]];
    const dead = [
      ...journal.slice(0, 2),
      line('expired', 'authorise', 500),
      line('authorised', 'authorise', 500, { authorizationId: 'a2' }),
      line('captured', 'capture', 500, { authorizationId: 'a2' }),
    ];
    for (const lines of [beside, dead]) {
      const given = lines.filter((each) => each !== undefined);
      expect((await checkOneCharge({ ...clean, journal: given })).breaches).toEqual([]);
    }
  });

  it('accepts what was given up, not taken, and finds it taken all the same', async () => {
    const some = { givenUp: of(200), captured: of(300), ledger: of(300) };
    const part = [...journal.slice(0, 2), line('captured', 'capture', 300)];
    expect((await checkOneCharge({ ...clean, ...some, journal: part })).breaches).toEqual([]);
    expect((await checkOneCharge({ ...clean, ...some })).breaches).toEqual([
      'order o1: the provider says 500 was taken, and 300 was shipped',
    ]);
    const taken = { ...clean, ...some, captured: money, held: new Set(['o1']) };
    expect((await checkOneCharge(taken)).breaches).toContain(
      'order o1: payments says 500 was taken, and 300 was shipped',
    );
  });

  it('accepts what was given back by all of us alike, by card and on terms', async () => {
    const back = { refunded: of(200), ledger: of(300) };
    const lines = [...journal, line('refunded', 'refund', 200, about('refund', { instance: 'r1' }))];
    expect((await checkOneCharge({ ...clean, ...back, journal: lines })).breaches).toEqual([]);
    const onTerms = { ...clean, ...back, journal: [], methods: [{ orderId: 'o1', method: 'TERMS' }] };
    expect((await checkOneCharge(onTerms)).breaches).toEqual([]);
  });

  it('accepts of an order that a person owns what is not taken yet, and what nobody told us', async () => {
    const held = new Set(['o1']);
    const untaken = { ...clean, held, captured: [], ledger: [] };
    expect((await checkOneCharge({ ...untaken, journal: journal.slice(0, 2) })).breaches).toEqual([]);
    expect((await checkOneCharge({ ...untaken, journal })).breaches).toEqual([]);
  });

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
      'a renewal made twice',
      {
        journal: [
          ...journal,
          ...['a2', 'a3'].map((authorizationId) =>
            line('authorised', 'order', 500, { authorizationId, ...about('order', { epoch: 1_000_001 }) }),
          ),
        ],
      },
      'order o1, order, epoch 1000001: 2 live authorisations',
    ],
    [
      'two captures of one shipment, though no more was taken than left',
      {
        journal: [
          ...journal.slice(0, 2),
          ...[200, 300].map((amount) =>
            line('captured', 'capture', amount, about('capture', { instance: 's1' })),
          ),
        ],
      },
      'capture s1: captured 2 times',
    ],
    [
      'one refund made twice, though the sum agrees',
      {
        refunded: of(200),
        ledger: of(300),
        journal: [
          ...journal,
          ...[100, 100].map((amount) =>
            line('refunded', 'refund', amount, about('refund', { instance: 'r1' })),
          ),
        ],
      },
      'refund r1: refunded 2 times',
    ],
    ['a refund the provider never made', { refunded: of(200), ledger: of(300) }, 'the provider says 500'],
    [
      'a refund the ledger does not show',
      { refunded: of(200), journal: [...journal, line('refunded', 'refund', 200)] },
      'the ledger says 500 was taken, and 500 was shipped less 200 given back',
    ],
    [
      'more given back than was taken',
      { refunded: of(600), ledger: of(-100), journal: [...journal, line('refunded', 'refund', 600)] },
      'payments says 600 was given back of 500',
    ],
    [
      'too much taken while a person owns it',
      { held: new Set(['o1']), journal: [...journal, line('captured', 'capture', 500)] },
      'the provider says 1000 was taken, and 500 was shipped',
    ],
    [
      'a ledger that differs while a person owns it',
      { held: new Set(['o1']), ledger: of(400) },
      'the ledger says 400 was taken, payments 500',
    ],
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
