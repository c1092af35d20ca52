import { describe, expect, it } from 'vitest';
import { price } from './pricing.ts';
import { checkRequest, isDay, type OrderRequest } from './request.ts';

const request: OrderRequest = {
  partnerId: 'p1',
  poNumber: 'PO-1',
  shipTo: null,
  requestedShipDate: null,
  shortagePolicy: 'REJECT',
  paymentMethod: null,
  cardToken: null,
  lines: [{ sku: 'a', quantity: 2 }],
  holdId: null,
  expectedTotal: null,
  note: null,
  waitMs: 0,
};
const codes = (changed: Partial<OrderRequest>) =>
  checkRequest({ ...request, ...changed }).map((each) => each.code);

describe('a request', () => {
  it('is taken when nothing is wrong', () => expect(codes({})).toEqual([]));
  it.each([
    ['no lines', { lines: [] }, ['LINE_COUNT']],
    [
      '1,001 lines',
      { lines: Array.from({ length: 1_001 }, (_, index) => ({ sku: `s${index}`, quantity: 1 })) },
      ['LINE_COUNT'],
    ],
    [
      'a repeated SKU',
      {
        lines: [
          { sku: 'a', quantity: 1 },
          { sku: 'a', quantity: 1 },
        ],
      },
      ['DUPLICATE_SKU'],
    ],
    ['zero units', { lines: [{ sku: 'a', quantity: 0 }] }, ['QUANTITY_OUT_OF_RANGE']],
    ['negative units', { lines: [{ sku: 'a', quantity: -1 }] }, ['QUANTITY_OUT_OF_RANGE']],
    ['half a unit', { lines: [{ sku: 'a', quantity: 0.5 }] }, ['QUANTITY_OUT_OF_RANGE']],
    ['a million and one units', { lines: [{ sku: 'a', quantity: 1_000_001 }] }, ['QUANTITY_OUT_OF_RANGE']],
    ['a NUL in the SKU', { lines: [{ sku: 'a\u0000', quantity: 1 }] }, ['UNKNOWN_SKU']],
    ['a lone surrogate in the PO number', { poNumber: '\ud800' }, ['INVALID_INPUT']],
    ['an empty PO number', { poNumber: ' ' }, ['INVALID_INPUT']],
    ['a NUL in the note', { note: '\u0000' }, ['INVALID_INPUT']],
    ['no country', { shipTo: { country: '' } }, ['INVALID_INPUT']],
    ['a day the calendar lacks', { requestedShipDate: '2026-02-29' }, ['INVALID_INPUT']],
    ['too fine an amount', { expectedTotal: { amount: '1.001', currencyCode: 'GBP' } }, ['INVALID_INPUT']],
    ['a card without a token', { paymentMethod: 'CARD' as const }, ['PAYMENT_METHOD_NOT_AVAILABLE']],
    [
      'a token that no provider takes',
      { paymentMethod: 'CARD' as const, cardToken: 't'.repeat(256) },
      ['PAYMENT_METHOD_NOT_AVAILABLE'],
    ],
    ['a token without a card', { cardToken: 'tok_visa' }, ['INVALID_INPUT']],
    ['too long a wait', { waitMs: 10_001 }, ['INVALID_INPUT']],
    ['a hold id that is none', { holdId: 'h1' }, ['INVALID_INPUT']],
  ])('is refused with %s', (_name, changed, expected) => expect(codes(changed)).toEqual(expected));
  it('may have as long a token as a provider takes', () =>
    expect(codes({ paymentMethod: 'CARD', cardToken: 't'.repeat(255) })).toEqual([]));
  it('may name a hold', () => expect(codes({ holdId: '019A0000-0000-7000-8000-000000000001' })).toEqual([]));
  it('may hold emoji', () => expect(codes({ note: '🐘', poNumber: '🧾' })).toEqual([]));
  it('knows leap years', () =>
    expect([isDay('2024-02-29'), isDay('1900-02-29'), isDay('2000-02-29')]).toEqual([true, false, true]));
});

describe('a price', () => {
  const partner = { currencyCode: 'GBP', paymentMethods: ['TERMS'] };
  const prices = new Map([
    ['a', { minor: 250n, currencyCode: 'GBP' }],
    ['e', { minor: 250n, currencyCode: 'EUR' }],
  ]);
  const of = (changed: Partial<OrderRequest>) => price({ ...request, ...changed }, partner, prices);
  const refusals = (changed: Partial<OrderRequest>) => {
    const pricing = of(changed);
    return 'refusals' in pricing ? pricing.refusals.map((each) => each.code) : [];
  };

  it('is the list price times the quantity', () =>
    expect(of({})).toEqual({
      priced: {
        currencyCode: 'GBP',
        totalMinor: 500n,
        units: 2,
        paymentMethod: 'TERMS',
        lines: [{ sku: 'a', quantity: 2, unitPriceMinor: 250 }],
      },
    }));
  it('must be the expected one', () => {
    expect(refusals({ expectedTotal: { amount: '5.00', currencyCode: 'GBP' } })).toEqual([]);
    expect(refusals({ expectedTotal: { amount: '5.01', currencyCode: 'GBP' } })).toEqual(['PRICE_CHANGED']);
    expect(refusals({ expectedTotal: { amount: '5.00', currencyCode: 'ZZZ' } })).toEqual(['INVALID_INPUT']);
    expect(refusals({ expectedTotal: { amount: '5.00', currencyCode: 'EUR' } })).toEqual([
      'CURRENCY_MISMATCH',
    ]);
  });
  it('must be the expected one in a currency that ISO 4217 withdrew since, too', () => {
    const inLeva = new Map([['a', { minor: 250n, currencyCode: 'BGN' }]]);
    const asked = { ...request, expectedTotal: { amount: '5.00', currencyCode: 'BGN' } };
    expect(checkRequest(asked)).toEqual([]);
    expect(price(asked, { ...partner, currencyCode: 'BGN' }, inLeva)).toMatchObject({
      priced: { totalMinor: 500n, currencyCode: 'BGN' },
    });
    expect(refusals({ expectedTotal: asked.expectedTotal })).toEqual(['INVALID_INPUT']);
  });
  it('must be known and in the currency of the partner', () =>
    expect(
      refusals({
        lines: [
          { sku: 'x', quantity: 1 },
          { sku: 'e', quantity: 1 },
        ],
      }),
    ).toEqual(['UNKNOWN_SKU', 'NO_PRICE']));
  it('is for partners who may pay so', () =>
    expect(refusals({ paymentMethod: 'CARD', cardToken: 't' })).toEqual(['PAYMENT_METHOD_NOT_AVAILABLE']));
});
