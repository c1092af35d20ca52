import { counted, grouped, type Verdict } from './verdict.ts';

export interface InvoiceRow {
  readonly shipmentId: string;
  readonly orderId: string;
  /** Counted from 1. */
  readonly number: number;
  readonly totalMinor: number;
}

/** A shipment that left: its value by fulfillment's log, and whether payments said that it was taken. */
export interface InvoicedShipment {
  readonly shipmentId: string;
  readonly orderId: string;
  readonly valueMinor: number;
  readonly isTaken: boolean;
}

/**
 * 13, third part. A shipment that left and was taken has one invoice over what it is worth; no invoice is about anything else; and
 * numbers are 1 to n without a gap.
 */
export function checkInvoices(
  invoices: readonly InvoiceRow[],
  shipments: readonly InvoicedShipment[],
): Verdict {
  const breaches: string[] = [];
  const left = new Map(shipments.map((shipment) => [shipment.shipmentId, shipment]));
  const issued = grouped(invoices, ({ shipmentId }) => shipmentId);
  for (const [shipmentId, { isTaken, valueMinor }] of left) {
    const own = issued.get(shipmentId) ?? [];
    if (own.length > 1 || (own.length === 0 && isTaken && valueMinor > 0))
      breaches.push(`shipment ${shipmentId}: has ${counted(own.length, 'invoice')}`);
  }
  for (const { shipmentId, orderId, number, totalMinor } of invoices) {
    const shipment = left.get(shipmentId);
    if (shipment === undefined) breaches.push(`invoice ${number}: its shipment ${shipmentId} never left`);
    else if (shipment.orderId !== orderId)
      breaches.push(`invoice ${number}: names order ${orderId}, its shipment is of ${shipment.orderId}`);
    else if (shipment.valueMinor !== totalMinor)
      breaches.push(`invoice ${number}: is over ${totalMinor}, and ${shipment.valueMinor} was shipped`);
  }
  const counts = invoices.map(({ number }) => number).sort((one, other) => one - other);
  const wrong = counts.findIndex((count, index) => count !== index + 1);
  if (wrong !== -1) breaches.push(`invoice numbers: ${counts[wrong]} stands where ${wrong + 1} belongs`);
  return { summary: counted(invoices.length, 'invoice'), breaches };
}
