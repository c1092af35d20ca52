import { describe, expect, it } from 'vitest';
import { checkCreditLimits } from './credit-limits.ts';
import { checkLedger, type LedgerLine } from './ledger.ts';

const taking = { orderId: 'o1', shipmentId: 's1', method: 'TERMS', currencyCode: 'GBP', amountMinor: 500 };
const entry = (entryId: string, amountMinor = 500, kind = 'receivable'): LedgerLine[] => {
  const line = { entryId, orderId: 'o1', shipmentId: 's1', currencyCode: 'GBP' };
  return [
    { ...line, account: `${kind}/p`, kind, amountMinor },
    { ...line, account: 'sales', kind: 'sales', amountMinor: -amountMinor },
  ];
};

describe('the ledger (13)', () => {
  it('accepts a taking booked once, and one of nothing that is not booked', async () => {
    const nothing = { ...taking, shipmentId: 's2', amountMinor: 0 };
    expect(await checkLedger(entry('e1'), [taking, nothing])).toEqual({
      summary: '2 takings in 1 entries',
      breaches: [],
    });
  });

  it('accepts an entry that gives back', async () => {
    expect((await checkLedger([...entry('e1'), ...entry('e2', -200)], [taking])).breaches).toEqual([]);
  });

  const [debit, credit] = entry('e1');
  it.each<[string, (LedgerLine | undefined)[], string[]]>([
    ['a taking that is not booked', [], ['nothing was booked, 500 GBP from receivable was taken']],
    [
      'one that is booked twice',
      [...entry('e1'), ...entry('e2')],
      ['500 GBP from receivable and 500 GBP from receivable was booked'],
    ],
    [
      'one from another account',
      entry('e1', 500, 'card_clearing'),
      ['500 GBP from card_clearing was booked'],
    ],
    [
      'an entry of nothing that was said',
      [...entry('e1'), ...entry('e2').map((line) => ({ ...line, orderId: 'o2' }))],
      ['order o2, shipment s1: 500 GBP from receivable was booked, nothing'],
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
    [
      'an account that is none',
      [debit, credit, ...entry('e2', -1).map((line) => ({ ...line, kind: null }))],
      ['there is no account receivable/p', 'there is no account sales'],
    ],
  ])('finds %s', async (_what, lines, breaches) => {
    const given = lines.filter((line) => line !== undefined);
    expect((await checkLedger(given, [taking])).breaches).toEqual(
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
    ['told elsewhere', [limit(500), fact('PaymentAuthorised', 'a', 1, 4)], 'told in partitions 3 and 4'],
  ])('do not accept one %s', async (_what, facts, breach) => {
    expect((await checkCreditLimits(facts)).breaches).toEqual([expect.stringContaining(breach)]);
  });
});
