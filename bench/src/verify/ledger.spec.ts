import { describe, expect, it } from 'vitest';
import { checkCreditLimits } from './credit-limits.ts';
import { checkLedger, type LedgerLine, type SettlementFact, type Taking } from './ledger.ts';

const taking: Taking = {
  ...{ orderId: 'o1', partnerId: 'p', shipmentId: 's1', refundId: null },
  ...{ method: 'TERMS', currencyCode: 'GBP', amountMinor: 500 },
};
const given: Taking = { ...taking, refundId: 'r1', amountMinor: 200 };
const settlement: SettlementFact = {
  settlementId: 'x1',
  partnerId: 'p',
  currencyCode: 'GBP',
  amountMinor: 300,
};
const entry = (
  entryId: string,
  [debit, credit]: readonly [string, string],
  amountMinor: number,
  about: Partial<LedgerLine>,
): LedgerLine[] => {
  const nothing = { orderId: null, shipmentId: null, refundId: null, settlementId: null };
  const line = { ...{ entryId, entryKind: 'SALE', currencyCode: 'GBP' }, ...nothing, ...about };
  return [
    { ...line, account: debit, kind: debit.split('/')[0] ?? null, amountMinor },
    { ...line, account: credit, kind: credit.split('/')[0] ?? null, amountMinor: -amountMinor },
  ];
};
const ofShipment = { orderId: 'o1', shipmentId: 's1' };
const sale = (entryId: string, about: Partial<LedgerLine> = {}, owed = 'receivable/p') =>
  entry(entryId, [owed, 'sales'], 500, { ...ofShipment, ...about });
const refund = (entryId: string, amountMinor = 200) =>
  entry(entryId, ['sales', 'receivable/p'], amountMinor, {
    entryKind: 'REFUND',
    ...ofShipment,
    refundId: 'r1',
  });
const settled = (entryId: string, owed = 'receivable/p') =>
  entry(entryId, ['bank', owed], 300, { entryKind: 'SETTLEMENT', settlementId: 'x1' });

const check = (
  lines: readonly LedgerLine[],
  takings: readonly Taking[],
  settlements: readonly SettlementFact[] = [],
) => checkLedger(lines, { takings, settlements });

describe('the ledger (13)', () => {
  it('accepts a taking booked once, and one of nothing that is not booked', async () => {
    const nothing = { ...taking, shipmentId: 's2', amountMinor: 0 };
    expect(await check(sale('e1'), [taking, nothing])).toEqual({
      summary: '2 takings, 0 settlements in 1 entries',
      breaches: [],
    });
  });

  it('accepts a refund and a settlement, each booked once', async () => {
    const lines = [...sale('e1'), ...refund('e2'), ...settled('e3')];
    expect((await check(lines, [taking, given], [settlement])).breaches).toEqual([]);
  });

  it('accepts a taking that is booked part by part, and no part twice', async () => {
    const part = (entryId: string, amountMinor: number) =>
      entry(entryId, ['receivable/p', 'sales'], amountMinor, ofShipment);
    expect((await check([...part('e1', 300), ...part('e2', 200)], [taking])).breaches).toEqual([]);
    const twice = [...part('e1', 300), ...part('e2', 200), ...part('e3', 200)];
    expect((await check(twice, [taking])).breaches).toEqual([
      'order o1, shipment s1: 700 GBP from receivable/p to sales was booked, 500 GBP from receivable/p to sales was said',
    ]);
  });

  it('accepts a refund by card', async () => {
    const byCard = { ...given, method: 'CARD' };
    const back = entry('e1', ['sales', 'card_clearing/p'], 200, {
      ...{ entryKind: 'REFUND', refundId: 'r1' },
      ...ofShipment,
    });
    expect((await check(back, [byCard])).breaches).toEqual([]);
  });

  it.each<[string, LedgerLine[], string]>([
    [
      'a refund booked twice',
      [...refund('e2'), ...refund('e3')],
      'shipment s1, refund r1: 400 GBP from sales',
    ],
    ['a refund that is not booked', [], 'refund r1: nothing was booked, 200 GBP from sales to receivable/p'],
    [
      'a refund of another amount',
      refund('e2', 199),
      '199 GBP from sales to receivable/p was booked, 200 GBP',
    ],
  ])('finds %s', async (_what, lines, breach) => {
    const { breaches } = await check(
      [...sale('e1'), ...lines, ...settled('e4')],
      [taking, given],
      [settlement],
    );
    expect(breaches).toEqual([expect.stringContaining(breach)]);
  });

  it.each<[string, LedgerLine[], string]>([
    [
      'a settlement without an entry',
      [],
      'settlement x1: nothing was booked, 300 GBP from bank to receivable/p',
    ],
    ['one booked to another partner', settled('e4', 'receivable/q'), 'from bank to receivable/q was booked'],
    ['one booked twice', [...settled('e4'), ...settled('e5')], 'settlement x1: 600 GBP from bank'],
  ])('finds %s', async (_what, lines, breach) => {
    expect((await check([...sale('e1'), ...lines], [taking], [settlement])).breaches).toEqual([
      expect.stringContaining(breach),
    ]);
  });

  const [debit, credit] = sale('e1');
  it.each<[string, (LedgerLine | undefined)[], string[]]>([
    ['a taking that is not booked', [], ['nothing was booked, 500 GBP from receivable/p to sales was said']],
    [
      'one that is booked twice',
      [...sale('e1'), ...sale('e2')],
      ['1000 GBP from receivable/p to sales was booked'],
    ],
    [
      'one from another account',
      sale('e1', {}, 'card_clearing/p'),
      ['500 GBP from card_clearing/p to sales was booked'],
    ],
    [
      'an entry of nothing that was said',
      [...sale('e1'), ...sale('e2', { orderId: 'o2' })],
      ['order o2, shipment s1: 500 GBP from receivable/p to sales was booked, nothing'],
    ],
    [
      'an entry out of balance',
      [debit, credit && { ...credit, amountMinor: -499 }],
      ['entry e1: is out of balance by 1 GBP', 'all accounts together hold 1 GBP'],
    ],
    [
      'an entry in two currencies',
      [debit, credit && { ...credit, currencyCode: 'EUR' }],
      ['out of balance by 500 GBP', 'out of balance by -500 EUR', 'hold 500 GBP', 'hold -500 EUR'],
    ],
    ['an account that is none', [debit, credit && { ...credit, kind: null }], ['there is no account sales']],
  ])('finds %s', async (_what, lines, breaches) => {
    const found = lines.filter((line) => line !== undefined);
    expect((await check(found, [taking])).breaches).toEqual(
      breaches.map((breach) => expect.stringContaining(breach)),
    );
  });
});

let position = 0;
const fact = (type: string, orderId: string | null, amountMinor: number, partition = 3) => {
  position += 1;
  return { partnerId: 'p', partition, position, type, orderId, amountMinor };
};
const limit = (amountMinor: number) => fact('CreditLimitSet', null, amountMinor);
const received = (amountMinor: number) => fact('PaymentReceived', null, amountMinor);

describe('credit limits (13)', () => {
  it.each([
    [
      'up to the limit',
      [limit(500), fact('PaymentAuthorised', 'a', 300), fact('PaymentAuthorised', 'b', 200)],
    ],
    [
      'again after one was given back',
      [
        limit(500),
        fact('PaymentAuthorised', 'a', 500),
        fact('PaymentVoided', 'a', 500),
        fact('PaymentAuthorised', 'b', 500),
      ],
    ],
    [
      'that what was taken does not grow',
      [limit(500), fact('PaymentAuthorised', 'a', 500), fact('PaymentCaptured', 'a', 500)],
    ],
    [
      'under a limit lowered afterwards',
      [limit(500), fact('PaymentAuthorised', 'a', 500), limit(1), fact('PaymentCaptured', 'a', 500)],
    ],
    [
      'of nothing beyond a limit',
      [limit(500), fact('PaymentAuthorised', 'a', 500), limit(1), fact('PaymentAuthorised', 'b', 0)],
    ],
    [
      'again after claims shrank',
      [
        limit(500),
        fact('PaymentAuthorised', 'a', 300),
        fact('PaymentAuthorised', 'a', 200),
        fact('PaymentReduced', 'a', 50),
        fact('PaymentAuthorised', 'b', 50),
      ],
    ],
    [
      'again after goods were paid for',
      [
        limit(500),
        fact('PaymentAuthorised', 'a', 500),
        fact('PaymentCaptured', 'a', 500),
        received(300),
        fact('PaymentAuthorised', 'b', 300),
      ],
    ],
    [
      'again after a refund',
      [
        limit(500),
        fact('PaymentAuthorised', 'a', 500),
        fact('PaymentCaptured', 'a', 500),
        fact('PaymentRefunded', 'a', 100),
        fact('PaymentAuthorised', 'b', 100),
      ],
    ],
    ['of one that paid ahead', [limit(100), received(200), fact('PaymentAuthorised', 'a', 300)]],
    [
      'of what has left already',
      [limit(0), fact('PaymentCaptured', 'a', 500), fact('PaymentAuthorised', 'a', 500)],
    ],
  ])('accept a reservation %s', async (_what, facts) => {
    expect((await checkCreditLimits(facts)).breaches).toEqual([]);
  });

  it.each([
    [
      'beyond the limit',
      [limit(500), fact('PaymentAuthorised', 'a', 300), fact('PaymentAuthorised', 'b', 201)],
      'order b raised its exposure to 501 under a limit of 500',
    ],
    [
      'of a later wave beyond the limit',
      [limit(500), fact('PaymentAuthorised', 'a', 300), fact('PaymentAuthorised', 'a', 201)],
      'order a raised its exposure to 501',
    ],
    ['before a limit was set', [fact('PaymentAuthorised', 'a', 1), limit(500)], 'to 1 under a limit of 0'],
    [
      'under a limit lowered before',
      [limit(500), limit(100), fact('PaymentAuthorised', 'a', 101)],
      'limit of 100',
    ],
    [
      'while goods that left weigh',
      [
        limit(500),
        fact('PaymentAuthorised', 'a', 500),
        fact('PaymentCaptured', 'a', 500),
        fact('PaymentVoided', 'a', 0),
        fact('PaymentAuthorised', 'b', 1),
      ],
      'to 501',
    ],
    [
      'for more than was settled or refunded',
      [
        limit(500),
        fact('PaymentAuthorised', 'a', 500),
        fact('PaymentCaptured', 'a', 500),
        received(200),
        fact('PaymentRefunded', 'a', 100),
        fact('PaymentAuthorised', 'b', 301),
      ],
      'order b raised its exposure to 501',
    ],
    ['told elsewhere', [limit(500), fact('PaymentAuthorised', 'a', 1, 4)], 'told in partitions 3 and 4'],
  ])('do not accept one %s', async (_what, facts, breach) => {
    expect((await checkCreditLimits(facts)).breaches).toEqual([expect.stringContaining(breach)]);
  });
});
