import { describe, expect, it } from 'vitest';
import { invoiceNumber, invoiceStatus, lineTotalMinor, openMinor, parseInvoiceNumber } from './invoice.ts';

describe('the number of an invoice', () => {
  it('has eight digits, and more once they are used up', () => {
    expect([1, 1_234, 99_999_999, 100_000_000].map(invoiceNumber)).toEqual([
      'INV-00000001',
      'INV-00001234',
      'INV-99999999',
      'INV-100000000',
    ]);
    expect(['INV-00000001', 'INV-100000000'].map(parseInvoiceNumber)).toEqual([1, 100_000_000]);
  });

  it.each(['', 'INV-1', 'INV-00000000', 'INV-000000001', 'inv-00000001', 'INV-00000001.', 'INV-0000000a'])(
    'is not "%s"',
    (text) => expect(parseInvoiceNumber(text)).toBeNull(),
  );
});

describe('an invoice', () => {
  it.each([
    [100, 0, 0, 100, 'OPEN'],
    [100, 40, 0, 60, 'PARTIALLY_PAID'],
    [100, 0, 40, 60, 'PARTIALLY_PAID'],
    [100, 60, 40, 0, 'PAID'],
    [100, 100, 30, 0, 'PAID'],
    [0, 0, 0, 0, 'PAID'],
  ] as const)(
    'of %i with %i paid and %i credited has %i open and is %s',
    (total, paid, credited, open, status) => {
      const figures = { totalMinor: total, paidMinor: paid, creditedMinor: credited };
      expect([openMinor(figures), invoiceStatus(figures)]).toEqual([open, status]);
    },
  );

  it('has no sum for a line whose price was not told', () => {
    expect(lineTotalMinor({ sku: 'A', quantity: 3, unitPriceMinor: 255 })).toBe(765);
    expect(lineTotalMinor({ sku: 'A', quantity: 3, unitPriceMinor: null })).toBeNull();
  });
});
