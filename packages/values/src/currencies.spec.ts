import { describe, expect, it } from 'vitest';
import { isCurrencyCode, placesOf, refuseCurrency } from './currencies.ts';

describe('currencies', () => {
  it.each([
    [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
    [2, 'GBP EUR USD CHF MGA MRU HUF TWD XCG ZWG'],
    [3, 'BHD IQD JOD KWD LYD OMR TND'],
    [4, 'CLF UYW'],
  ])('have %d places where ISO 4217 says so: %s', (places, codes) => {
    for (const code of codes.split(' ')) expect([code, placesOf(code)]).toEqual([code, places]);
  });

  it('are those of ISO 4217, without metals, withdrawn and made-up ones', () => {
    const icu = Intl.supportedValuesOf('currency').filter(isCurrencyCode);
    // ICU lacks funds and the newest; all but a few of the rest stand there.
    expect(icu.length).toBeGreaterThan(150);
    for (const code of ['ZZZ', 'XAU', 'XTS', 'XDR', 'DEM', 'HRK', 'BGN', 'gbp', 'GB', 'GBPX', ''])
      expect([code, isCurrencyCode(code)]).toEqual([code, false]);
  });

  it('keep their places when ISO 4217 withdraws them', () => {
    const withdrawn = ['BYR', 'BGN', 'HRK', 'ANG'];
    expect(withdrawn.filter(isCurrencyCode)).toEqual([]);
    expect(withdrawn.map(placesOf)).toEqual([0, 2, 2, 2]);
  });

  it('are not refused of what stands in them', () => {
    expect(refuseCurrency('BGN', ['limit'], 'BGN')).toBeNull();
    expect(refuseCurrency('EUR', ['limit'], 'BGN')).toBeNull();
    for (const standing of ['EUR', null])
      expect(refuseCurrency('BGN', ['limit'], standing)).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('are refused under the field that names them', () => {
    expect(refuseCurrency('GBP', ['limit'])).toBeNull();
    expect(refuseCurrency('gbp', ['limit'])).toMatchObject({
      ...{ code: 'INVALID_INPUT', field: ['limit', 'currencyCode'] },
      message: 'The currency is a code of ISO 4217 in capitals, such as GBP.',
    });
  });
});
