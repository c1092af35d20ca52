import { describe, expect, it } from 'vitest';
import { checkInvoices, type InvoicedShipment, type InvoiceRow } from './invoices.ts';

const shipment = (shipmentId: string, more: Partial<InvoicedShipment> = {}): InvoicedShipment => ({
  ...{ shipmentId, orderId: 'o1', valueMinor: 500, isTaken: true },
  ...more,
});
const invoice = (shipmentId: string, number: number, more: Partial<InvoiceRow> = {}): InvoiceRow => ({
  ...{ shipmentId, orderId: 'o1', number, totalMinor: 500 },
  ...more,
});
const shipments = [shipment('s1'), shipment('s2')];

describe('invoices (13)', () => {
  it('are one for each shipment, counted without a gap', () => {
    const issued = [invoice('s2', 1), invoice('s1', 2)];
    expect(checkInvoices(issued, shipments)).toEqual({ summary: '2 invoices', breaches: [] });
  });

  it('may be missing of what is not taken yet, and of what is worth nothing', () => {
    const others = [shipment('s3', { isTaken: false }), shipment('s4', { valueMinor: 0 })];
    expect(checkInvoices([], others).breaches).toEqual([]);
  });

  it.each<[string, InvoiceRow[], string]>([
    ['missing', [invoice('s1', 1)], 'shipment s2: has 0 invoices'],
    ['issued twice', [invoice('s1', 1), invoice('s2', 2), invoice('s2', 3)], 'shipment s2: has 2 invoices'],
    [
      'of nothing that left',
      [invoice('s1', 1), invoice('s2', 2), invoice('s3', 3)],
      'its shipment s3 never left',
    ],
    ['of another order', [invoice('s1', 1), invoice('s2', 2, { orderId: 'o2' })], 'names order o2'],
    [
      'over something else',
      [invoice('s1', 1), invoice('s2', 2, { totalMinor: 499 })],
      'is over 499, and 500',
    ],
    ['counted with a gap', [invoice('s1', 1), invoice('s2', 3)], '3 stands where 2 belongs'],
    ['counted twice alike', [invoice('s1', 1), invoice('s2', 1)], '1 stands where 2 belongs'],
    ['not counted from 1', [invoice('s1', 2), invoice('s2', 3)], '2 stands where 1 belongs'],
  ])('are not %s', (_what, issued, breach) => {
    expect(checkInvoices(issued, shipments).breaches).toEqual([expect.stringContaining(breach)]);
  });
});
