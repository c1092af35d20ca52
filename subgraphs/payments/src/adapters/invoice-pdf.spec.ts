import { pdfTexts } from '@crossdock/testing';
import { describe, expect, it } from 'vitest';
import { drawInvoice, type InvoiceDocument, type Seller } from './invoice-pdf.ts';

const seller: Seller = { name: 'Sörensen & Co', address: '1 Dock Road; London E16; United Kingdom' };
const invoice: InvoiceDocument = {
  number: 'INV-00001234',
  partnerId: '17850',
  orderId: '01900000-0000-7000-8000-000000000001',
  orderNumber: 'SO-42',
  poNumber: 'PO 茶 7',
  method: 'TERMS',
  issuedOn: '2026-03-01',
  dueOn: '2026-03-31',
  termsDays: 30,
  currencyCode: 'GBP',
  totalMinor: 3_315,
  paidMinor: 1_000,
  creditedMinor: 315,
  lines: [
    { sku: 'MUG', quantity: 3, unitPriceMinor: 255 },
    { sku: 'LAMP', quantity: 2, unitPriceMinor: 1_275 },
  ],
};
const drawn = async (change: Partial<InvoiceDocument>, by = seller) =>
  pdfTexts(await drawInvoice({ ...invoice, ...change }, by));

describe('an invoice on paper', () => {
  it('is a PDF and says all that stands on an invoice', async () => {
    const pdf = await drawInvoice(invoice, seller);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdfTexts(pdf)).toEqual([
      ...['Invoice', 'Sörensen & Co', '1 Dock Road', 'London E16', 'United Kingdom'],
      ...['Invoice number', 'INV-00001234', 'Bill to', 'Partner 17850', 'Issued on', '2026-03-01'],
      ...['Due on', '2026-03-31', 'Terms', '30 days from issue', 'Order', 'SO-42'],
      ...['Your PO number', 'PO ? 7', 'Product', 'Quantity', 'Unit price', 'Amount'],
      ...['MUG', '3', '2.55', '7.65', 'LAMP', '2', '12.75', '25.50'],
      ...['Total', '33.15 GBP', 'Paid', '10.00 GBP', 'Credited', '3.15 GBP', 'Open', '20.00 GBP'],
      'Page 1 of 1',
    ]);
  });

  it('goes on over as many pages as it takes, each with the head of the table and its number', async () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => ({
      ...{ sku: `SKU-${index}`, quantity: 1, unitPriceMinor: 1 },
    }));
    const texts = await drawn({ lines });
    const pages = texts.filter((text) => text.startsWith('Page '));
    expect(pages.length).toBeGreaterThan(20);
    expect(pages.at(-1)).toBe(`Page ${pages.length} of ${pages.length}`);
    expect(texts.filter((text) => text === 'Unit price')).toHaveLength(pages.length);
    expect(texts.filter((text) => text === 'Invoice INV-00001234, continued')).toHaveLength(pages.length - 1);
    expect(texts.filter((text) => text.startsWith('SKU-'))).toHaveLength(1_000);
  });

  it('is drawn without prices, names and address too, and whatever its texts hold', async () => {
    const lines = [{ sku: '🍵\u0000\ud800'.repeat(40), quantity: 1_000_000, unitPriceMinor: null }];
    const bare = { orderNumber: null, poNumber: null, method: 'CARD' as const, lines };
    const texts = await drawn(bare, { name: '茶', address: null });
    expect(texts).toContain('by card');
    expect(texts).toContain(invoice.orderId);
    expect(texts).not.toContain('Your PO number');
    expect(texts).toContain('1000000');
  });

  it('keeps the totals together', async () => {
    const counts = Array.from({ length: 60 }, (_, index) => index);
    for (const count of counts) {
      const lines = Array.from({ length: count }, () => ({ sku: 'A', quantity: 1, unitPriceMinor: 1 }));
      const texts = await drawn({ lines });
      expect(texts.slice(texts.indexOf('Total'), texts.indexOf('Open') + 2)).toHaveLength(8);
    }
  });
});
