import { refusal } from '@crossdock/values';
import { describe, expect, it } from 'vitest';
import { decideSettlement, isDay, NAMED_INVOICES_MAX, type ReceivedPayment } from './settlement.ts';

const payment: ReceivedPayment = {
  partnerId: '17850',
  amount: { amount: '12.50', currencyCode: 'GBP' },
  reference: 'SEPA 4711',
  receivedOn: null,
  invoiceNumbers: [],
};
const standing = {
  currencyCode: 'GBP',
  unappliedMinor: 0,
  tomorrow: '2026-11-28',
  invoices: new Map([
    ['INV-00000001', { number: 1, partnerId: '17850', method: 'TERMS' as const }],
    ['INV-00000002', { number: 2, partnerId: '17850', method: 'TERMS' as const }],
    ['INV-00000003', { number: 3, partnerId: '17850', method: 'CARD' as const }],
    ['INV-00000004', { number: 4, partnerId: '12346', method: 'TERMS' as const }],
  ]),
};
const decided = (change: Partial<ReceivedPayment>) => decideSettlement({ ...payment, ...change }, standing);
const refused = (...of: Parameters<typeof refusal>) => ({ type: 'refused', refusal: refusal(...of) });
const booked = (first: readonly number[]) => ({
  ...{ type: 'booked', amountMinor: 1_250, currencyCode: 'GBP', first },
});

describe('money that came', () => {
  it('is booked, and settles first what it names, in that order', () => {
    expect(decided({})).toEqual(booked([]));
    expect(decided({ invoiceNumbers: ['INV-00000002', 'INV-00000001'] })).toEqual(booked([2, 1]));
    expect(decided({ receivedOn: '2024-02-29' })).toEqual(booked([]));
  });

  it('is refused of a partner that is not known, or in another currency', () => {
    expect(decideSettlement(payment, { ...standing, currencyCode: null })).toEqual(
      refused('UNKNOWN_PARTNER', { field: ['partnerId'] }),
    );
    expect(decided({ amount: { amount: '1', currencyCode: 'EUR' } })).toEqual(
      refused('CURRENCY_MISMATCH', { field: ['amount', 'currencyCode'] }),
    );
  });

  it('is booked in the currency of a partner though ISO 4217 withdrew it since', () => {
    const amount = { amount: '12.50', currencyCode: 'BGN' };
    expect(decideSettlement({ ...payment, amount }, { ...standing, currencyCode: 'BGN' })).toMatchObject({
      ...{ type: 'booked', amountMinor: 1_250, currencyCode: 'BGN' },
    });
    expect(decided({ amount })).toMatchObject({ type: 'refused', refusal: { code: 'INVALID_INPUT' } });
  });

  it.each(['0', '-1', '1.001', 'much'])('is refused with the amount "%s"', (amount) => {
    const message = 'amount is more than zero, in whole minor units.';
    expect(decided({ amount: { amount, currencyCode: 'GBP' } })).toEqual(
      refused('INVALID_INPUT', { field: ['amount'], message }),
    );
  });

  it('stands to the credit of a partner as far as sums are exact', () => {
    const most = { amount: { amount: '45035996273704.96', currencyCode: 'GBP' } };
    expect(decided(most)).toMatchObject({ type: 'booked', amountMinor: 2 ** 52 });
    const message = "More would stand to the partner's credit than an account holds.";
    const tooMuch = refused('INVALID_INPUT', { field: ['amount'], message });
    expect(decided({ amount: { amount: '45035996273704.97', currencyCode: 'GBP' } })).toEqual(tooMuch);
    expect(decideSettlement({ ...payment, ...most }, { ...standing, unappliedMinor: 1 })).toEqual(tooMuch);
  });

  it.each(['2016-01-01', '2026-11-27', '2026-11-28'])('may have come on %s', (receivedOn) => {
    expect(decided({ receivedOn })).toEqual(booked([]));
  });

  it.each(['0001-01-01', '2015-12-31', '2026-11-29', '9999-12-31'])(
    'cannot have come on %s',
    (receivedOn) => {
      const message = 'receivedOn is a day of the last 10 years, and not to come.';
      expect(decided({ receivedOn })).toEqual(refused('INVALID_INPUT', { field: ['receivedOn'], message }));
    },
  );

  it.each(['gbp', 'ZZZ', ''])('is refused in what is no currency: "%s"', (currencyCode) => {
    const message = 'The currency is a code of ISO 4217 in capitals, such as GBP.';
    expect(decided({ amount: { amount: 'much', currencyCode } })).toEqual(
      refused('INVALID_INPUT', { field: ['amount', 'currencyCode'], message }),
    );
  });

  it.each(['', '  ', 'x'.repeat(141), 'a\u0000b'])('is refused with the reference "%s"', (reference) => {
    const message = 'reference has 1 to 140 characters.';
    expect(decided({ reference })).toEqual(refused('INVALID_INPUT', { field: ['reference'], message }));
  });

  it.each(['INV-00000009', 'INV-00000004', '1'])('is refused for the invoice %s', (number) => {
    const field = ['invoiceNumbers', '1'];
    expect(decided({ invoiceNumbers: ['INV-00000001', number] })).toEqual(
      refused('UNKNOWN_INVOICE', { field }),
    );
  });

  it('is refused for an invoice that a card pays, and for too many', () => {
    expect(decided({ invoiceNumbers: ['INV-00000003'] })).toEqual(
      refused('INVALID_INPUT', {
        field: ['invoiceNumbers', '0'],
        message: 'The invoice is by card: its money comes from the card alone.',
      }),
    );
    const message = 'invoiceNumbers has at most 1000 entries.';
    const many = Array.from({ length: NAMED_INVOICES_MAX + 1 }, () => 'INV-00000001');
    expect(decided({ invoiceNumbers: many })).toEqual(
      refused('INVALID_INPUT', { field: ['invoiceNumbers'], message }),
    );
  });

  it.each([
    ['2026-01-31', true],
    ['2024-02-29', true],
    ['2000-02-29', true],
    ['2023-02-29', false],
    ['1900-02-29', false],
    ['2026-04-31', false],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-1-1', false],
    ['0000-01-01', false],
    ['yesterday', false],
  ])('came on a day: %s is one: %s', (text, is) => {
    expect(isDay(text)).toBe(is);
    if (!is) expect(decided({ receivedOn: text })).toMatchObject({ refusal: { code: 'INVALID_INPUT' } });
  });
});
