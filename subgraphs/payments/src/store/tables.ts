import { bigint, boolean, date, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { InvoiceLine } from '../domain/invoice.ts';
import { BREAK_KINDS } from '../domain/payment-break.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { InDepth } from './payment-rows.ts';

/** Read-model tables, as far as queries need them; the migrations are what makes them. */
export const payments = pgTable('payments', {
  orderId: uuid('order_id').primaryKey(),
  partnerId: text('partner_id').notNull(),
  method: text('method', { enum: ['TERMS', 'CARD'] }),
  currencyCode: text('currency_code'),
  status: text('status').notNull(),
  authorisedMinor: bigint('authorised_minor', { mode: 'number' }).notNull(),
  capturedMinor: bigint('captured_minor', { mode: 'number' }).notNull(),
  refundedMinor: bigint('refunded_minor', { mode: 'number' }).notNull(),
  provider: text('provider'),
  shipments: jsonb('shipments').$type<readonly Shipment[]>().notNull(),
  inDepth: jsonb('in_depth').$type<InDepth>(),
});

/** Calls to card providers. */
export const paymentCalls = pgTable('payment_calls', {
  orderId: uuid('order_id').notNull(),
  operation: text('operation', { enum: ['authorise', 'capture', 'void', 'refund'] }).notNull(),
  instance: text('instance').notNull(),
  state: text('state', { enum: ['due', 'unknown', 'done', 'held'] }).notNull(),
  since: timestamp('since', { withTimezone: true, mode: 'date' }).notNull(),
});

export const paymentAttempts = pgTable('payment_attempts', {
  orderId: uuid('order_id').notNull(),
  operation: text('operation', { enum: ['authorise', 'capture', 'void', 'refund'] }).notNull(),
  instance: text('instance').notNull(),
  attempt: integer('attempt').notNull(),
  outcome: text('outcome').notNull(),
  reason: text('reason'),
  at: timestamp('at', { withTimezone: true, mode: 'date' }).notNull(),
});

export const creditAccounts = pgTable('credit_accounts', {
  partnerId: text('partner_id').primaryKey(),
  currencyCode: text('currency_code').notNull(),
  limitMinor: bigint('limit_minor', { mode: 'number' }).notNull(),
  exposureMinor: bigint('exposure_minor', { mode: 'number' }).notNull(),
  limitSet: boolean('limit_set').notNull(),
  termsDays: integer('terms_days').notNull(),
  unappliedMinor: bigint('unapplied_minor', { mode: 'number' }).notNull(),
});

export const orderNames = pgTable('order_names', {
  orderId: uuid('order_id').primaryKey(),
  number: text('number').notNull(),
  poNumber: text('po_number'),
});

/** An invoice once it has a number; before that only what left. */
export const invoices = pgTable('invoices', {
  shipmentId: uuid('shipment_id').primaryKey(),
  orderId: uuid('order_id').notNull(),
  partnerId: text('partner_id').notNull(),
  currencyCode: text('currency_code').notNull(),
  totalMinor: bigint('total_minor', { mode: 'number' }).notNull(),
  lines: jsonb('lines').$type<readonly InvoiceLine[]>().notNull(),
  method: text('method', { enum: ['TERMS', 'CARD'] }),
  number: bigint('number', { mode: 'number' }),
  issuedOn: date('issued_on', { mode: 'string' }),
  termsDays: integer('terms_days'),
  dueOn: date('due_on', { mode: 'string' }),
  paidMinor: bigint('paid_minor', { mode: 'number' }).notNull(),
  creditedMinor: bigint('credited_minor', { mode: 'number' }).notNull(),
});

export const ledgerEntries = pgTable('ledger_entries', {
  entryId: uuid('entry_id').primaryKey(),
  kind: text('kind', { enum: ['SALE', 'REFUND', 'SETTLEMENT'] }).notNull(),
  orderId: uuid('order_id'),
  shipmentId: uuid('shipment_id'),
  refundId: uuid('refund_id'),
  debitAccount: text('debit_account').notNull(),
  creditAccount: text('credit_account').notNull(),
  currencyCode: text('currency_code').notNull(),
  amountMinor: bigint('amount_minor', { mode: 'number' }).notNull(),
  reference: text('reference'),
  postedAt: timestamp('posted_at', { withTimezone: true, mode: 'date' }).notNull(),
});

export const paymentReconciliations = pgTable('payment_reconciliations', {
  id: uuid('id').primaryKey(),
  startedAt: timestamp('started_at', { withTimezone: true, mode: 'date' }).notNull(),
  finishedAt: timestamp('finished_at', { withTimezone: true, mode: 'date' }),
  payments: integer('payments').notNull(),
  authorisations: integer('authorisations').notNull(),
  breaksFound: integer('breaks_found').notNull(),
  breaksHealed: integer('breaks_healed').notNull(),
  error: text('error'),
});

export const paymentBreaks = pgTable('payment_breaks', {
  id: uuid('id').primaryKey(),
  kind: text('kind', { enum: BREAK_KINDS }).notNull(),
  state: text('state', { enum: ['OPEN', 'HEALED', 'CLOSED'] }).notNull(),
  orderId: uuid('order_id'),
  subject: text('subject').notNull(),
  expectedMinor: bigint('expected_minor', { mode: 'number' }),
  expectedCurrency: text('expected_currency'),
  foundMinor: bigint('found_minor', { mode: 'number' }),
  foundCurrency: text('found_currency'),
  detail: text('detail').notNull(),
  owner: text('owner').notNull(),
  foundAt: timestamp('found_at', { withTimezone: true, mode: 'date' }).notNull(),
  seenAt: timestamp('seen_at', { withTimezone: true, mode: 'date' }).notNull(),
  settledAt: timestamp('settled_at', { withTimezone: true, mode: 'date' }),
  settledBy: text('settled_by'),
  note: text('note'),
});
