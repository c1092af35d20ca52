// What resolvers of a type get as their parent, where that is not the type itself.

import type { InvoiceLine } from '../domain/invoice.ts';
import type { InvoiceView } from '../read-models/invoices.ts';
import type { LedgerEntryView } from '../read-models/ledger.ts';
import type { PaymentView } from '../read-models/order-payments.ts';
import type { RefundView } from '../read-models/order-refunds.ts';
import type { CreditView } from '../read-models/partner-credit.ts';

export type PaymentParent = PaymentView;
export type RefundParent = RefundView;
export type CreditAccountParent = CreditView;
export type InvoiceParent = InvoiceView;
export type InvoiceLineParent = InvoiceLine & Readonly<{ currencyCode: string }>;
export type LedgerEntryParent = LedgerEntryView;
