import { refusal } from '@crossdock/values';
import { describe, expect, it } from 'vitest';
import { decideLimit, isPartnerCode } from './credit-limit.ts';

const path = ['limits', '3'];
const row = (amount: string, currencyCode = 'GBP') => ({
  partnerId: '17850',
  limit: { amount, currencyCode },
});
const standing = (limitMinor: number | null, termsDays = 30) => ({
  currencyCode: 'GBP',
  limitMinor,
  termsDays,
});

describe('a row of limits', () => {
  it('sets the first limit, and later ones, up or down to zero', () => {
    expect(decideLimit(row('500.00'), standing(null), path)).toEqual({
      type: 'set',
      limitMinor: 50_000,
      termsDays: 30,
      created: true,
    });
    expect(decideLimit(row('0'), standing(50_000), path)).toEqual({
      type: 'set',
      limitMinor: 0,
      termsDays: 30,
      created: false,
    });
    expect(decideLimit(row('0'), standing(null), path)).toEqual({
      type: 'set',
      limitMinor: 0,
      termsDays: 30,
      created: true,
    });
  });

  it('sets the terms of payment too, and leaves them where they are not told', () => {
    const set = { type: 'set', limitMinor: 50_000, created: false };
    expect(decideLimit({ ...row('500'), termsDays: 0 }, standing(50_000), path)).toEqual({
      ...set,
      termsDays: 0,
    });
    expect(decideLimit({ ...row('500'), termsDays: 365 }, standing(50_000), path)).toEqual({
      ...{ ...set, termsDays: 365 },
    });
    expect(decideLimit(row('500'), standing(1, 14), path)).toEqual({ ...set, termsDays: 14 });
    expect(decideLimit({ ...row('500'), termsDays: 14 }, standing(50_000, 14), path)).toEqual({
      type: 'unchanged',
    });
  });

  it.each([-1, 366, 1.5])('refuses terms of %d days', (termsDays) => {
    const refused = refusal('INVALID_INPUT', {
      message: 'termsDays is 0 to 365.',
      field: ['limits', '3', 'termsDays'],
    });
    expect(decideLimit({ ...row('500'), termsDays }, standing(null), path)).toEqual({
      ...{ type: 'refused', refusal: refused },
    });
  });

  it('changes nothing where the limit stands already', () => {
    expect(decideLimit(row('500'), standing(50_000), path)).toEqual({ type: 'unchanged' });
  });

  it.each(['-0.01', '1.001', 'ten', '', '99999999999999999'])('refuses the amount "%s"', (amount) => {
    const message = 'A limit is zero or more, in whole minor units.';
    const refused = refusal('INVALID_INPUT', { message, field: ['limits', '3', 'limit'] });
    expect(decideLimit(row(amount), standing(null), path)).toEqual({ type: 'refused', refusal: refused });
  });

  it.each(['gbp', 'ZZZ', ''])('refuses the currency "%s" as one', (currencyCode) => {
    const message = 'The currency is a code of ISO 4217 in capitals, such as GBP.';
    const refused = refusal('INVALID_INPUT', { message, field: ['limits', '3', 'limit', 'currencyCode'] });
    expect(decideLimit(row('much', currencyCode), standing(null), path)).toEqual({
      ...{ type: 'refused', refusal: refused },
    });
  });

  it('sets a limit in the currency of a partner though ISO 4217 withdrew it since', () => {
    const inLeva = { ...standing(null), currencyCode: 'BGN' };
    expect(decideLimit(row('500.00', 'BGN'), inLeva, path)).toMatchObject({
      type: 'set',
      limitMinor: 50_000,
    });
    expect(decideLimit(row('500.00', 'BGN'), standing(null), path)).toMatchObject({
      ...{ type: 'refused', refusal: { code: 'INVALID_INPUT' } },
    });
  });

  it("refuses an unknown partner and another currency than the partner's", () => {
    const unknown = refusal('UNKNOWN_PARTNER', { field: ['limits', '3', 'partnerId'] });
    expect(decideLimit(row('1'), null, path)).toEqual({ type: 'refused', refusal: unknown });
    const mismatch = refusal('CURRENCY_MISMATCH', { field: ['limits', '3', 'limit', 'currencyCode'] });
    expect(decideLimit(row('1', 'EUR'), standing(null), path)).toEqual({
      type: 'refused',
      refusal: mismatch,
    });
  });
});

it('knows what a partner code may be', () => {
  expect(['17850', 'a b'].map(isPartnerCode)).toEqual([true, true]);
  expect(['', ' ', 'x'.repeat(65), 'a\u0000'].map(isPartnerCode)).toEqual([false, false, false, false]);
});
