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
    ['TERMS', 100, 0, 0, 100, 'OPEN'],
    ['TERMS', 100, 40, 0, 60, 'PARTIALLY_PAID'],
    ['TERMS', 100, 0, 40, 60, 'PARTIALLY_PAID'],
    ['TERMS', 100, 60, 40, 0, 'PAID'],
    ['TERMS', 100, 100, 30, 0, 'PAID'],
    ['TERMS', 0, 0, 0, 0, 'PAID'],
    ['CARD', 100, 0, 0, 100, 'OPEN'],
    ['CARD', 100, 100, 30, 0, 'PAID'],
    ['CARD', 100, 100, 100, 0, 'PAID'],
    // The other half was given up: of what is owed for it nothing is kept.
    ['CARD', 200, 100, 100, 100, 'PARTIALLY_PAID'],
    ['CARD', 200, 100, 30, 100, 'PARTIALLY_PAID'],
  ] as const)(
    'on %s, of %i with %i paid and %i credited has %i open and is %s',
    (method, total, paid, credited, open, status) => {
      const figures = { method, totalMinor: total, paidMinor: paid, creditedMinor: credited };
      expect([openMinor(figures), invoiceStatus(figures)]).toEqual([open, status]);
    },
  );

  it('has no sum for a line whose price was not told', () => {
    expect(lineTotalMinor({ sku: 'A', quantity: 3, unitPriceMinor: 255 })).toBe(765);
    expect(lineTotalMinor({ sku: 'A', quantity: 3, unitPriceMinor: null })).toBeNull();
  });
});
