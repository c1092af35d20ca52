import { bigint, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { HeldCall } from '../domain/held-call.ts';
import type { Wave } from '../domain/wave.ts';

/** Of what stands beside the columns, what queries show; what was stored before a field was there lacks it. */
type ShownInDepth = Readonly<{
  waves: readonly (Pick<Wave, 'wave'> & Partial<Wave>)[];
  held?: readonly HeldCall[];
}>;

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
  inDepth: jsonb('in_depth').$type<ShownInDepth>(),
});

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
  version: integer('version').notNull(),
});
