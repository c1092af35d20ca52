import { describe, expect, it } from 'vitest';
import { decidePartner, type PartnerRow } from './partner.ts';

const row: PartnerRow = {
  id: '17850',
  name: 'Shop',
  currencyCode: 'GBP',
  shipTo: { country: 'GB', city: 'Leeds' },
  paymentMethods: ['TERMS'],
};
const standing = { ...row, shipTo: { city: 'Leeds', country: 'GB', name: null }, version: 3 };
const codes = (changed: Partial<PartnerRow>) => {
  const decision = decidePartner({ ...row, ...changed }, null, 'partners', '0');
  return decision.type === 'refused' ? decision.refusals.map(({ code, field }) => [code, field?.at(-1)]) : [];
};

describe('a partner of the ERP', () => {
  it('is registered when new, revised when other, left alone when the same', () => {
    expect(decidePartner(row, null)).toEqual({ type: 'PartnerRegistered', version: 1 });
    expect(decidePartner({ ...row, name: 'Other' }, standing)).toEqual({
      type: 'PartnerRevised',
      version: 4,
    });
    expect(decidePartner(row, standing)).toEqual({ type: 'unchanged' });
  });
  it('keeps its currency', () =>
    expect(decidePartner({ ...row, currencyCode: 'EUR' }, standing)).toMatchObject({
      type: 'refused',
      refusals: [{ code: 'CURRENCY_MISMATCH' }],
    }));
  it('is revised though ISO 4217 withdrew its currency since, and not registered with it', () => {
    const inLeva = { ...row, currencyCode: 'BGN' };
    expect(decidePartner({ ...inLeva, name: 'Other' }, { ...standing, currencyCode: 'BGN' })).toEqual({
      type: 'PartnerRevised',
      version: 4,
    });
    expect(codes(inLeva)).toEqual([['INVALID_INPUT', 'currencyCode']]);
  });
  it.each([
    ['no id', { id: '' }, [['INVALID_INPUT', 'id']]],
    ['a long id', { id: 'x'.repeat(65) }, [['INVALID_INPUT', 'id']]],
    ['a NUL in the name', { name: 'a\u0000' }, [['INVALID_INPUT', 'name']]],
    ['no currency', { currencyCode: 'pounds' }, [['INVALID_INPUT', 'currencyCode']]],
    ['no way to pay', { paymentMethods: [] }, [['INVALID_INPUT', 'paymentMethods']]],
    ['no country', { shipTo: { country: ' ' } }, [['INVALID_INPUT', 'country']]],
  ])('is refused with %s', (_name, changed, expected) => expect(codes(changed)).toEqual(expected));
});
