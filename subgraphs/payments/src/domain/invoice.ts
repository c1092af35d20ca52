import type { PaymentMethod } from './payment.ts';

/** What stands on an invoice in figures; amounts are minor units. */
export type InvoiceFigures = Readonly<{
  method: PaymentMethod;
  totalMinor: number;
  paidMinor: number;
  creditedMinor: number;
}>;

/** A line of an invoice; the price is null where it was not told. */
export type InvoiceLine = Readonly<{ sku: string; quantity: number; unitPriceMinor: number | null }>;

export const INVOICE_STATUSES = ['OPEN', 'PARTIALLY_PAID', 'PAID'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

/** Digits of an invoice's number at least; the 100,000,000th has one more. */
const NUMBER_DIGITS = 8;
const NUMBER = /^INV-(\d{8,15})$/;

/** The number as people read it, such as INV-00001234. */
export function invoiceNumber(number: number): string {
  return `INV-${String(number).padStart(NUMBER_DIGITS, '0')}`;
}

/** The number that people read, as a number; null for any other text. */
export function parseInvoiceNumber(text: string): number | null {
  const number = Number(NUMBER.exec(text)?.[1] ?? 0);
  return number > 0 && invoiceNumber(number) === text ? number : null;
}

/**
 * What is still owed, not below zero. What is credited to a card is given back to it: it lessens what is owed and what is kept of what
 * was paid alike.
 */
export function openMinor({ method, totalMinor, paidMinor, creditedMinor }: InvoiceFigures): number {
  return Math.max(0, totalMinor - paidMinor - (method === 'CARD' ? 0 : creditedMinor));
}

export function invoiceStatus(figures: InvoiceFigures): InvoiceStatus {
  if (openMinor(figures) === 0) return 'PAID';
  return figures.paidMinor + figures.creditedMinor > 0 ? 'PARTIALLY_PAID' : 'OPEN';
}

/** Null where the price was not told. */
export function lineTotalMinor({ quantity, unitPriceMinor }: InvoiceLine): number | null {
  return unitPriceMinor === null ? null : quantity * unitPriceMinor;
}
