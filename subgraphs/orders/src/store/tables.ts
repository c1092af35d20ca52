// The tables as drizzle knows them, for queries; `migrations/` makes them.
import {
  bigint,
  boolean,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const partners = pgTable('partners', {
  partnerId: text('partner_id').primaryKey(),
  partition: integer().notNull(),
  name: text().notNull(),
  currencyCode: text('currency_code').notNull(),
  paymentMethods: text('payment_methods').array().notNull(),
  shipTo: jsonb('ship_to'),
  version: integer().notNull(),
});

export const products = pgTable('products', {
  sku: text().primaryKey(),
  name: text().notNull(),
  listPriceMinor: bigint('list_price_minor', { mode: 'number' }).notNull(),
  currencyCode: text('currency_code').notNull(),
});

export const orders = pgTable('orders', {
  orderId: uuid('order_id').primaryKey(),
  partition: integer().notNull(),
  partnerId: text('partner_id').notNull(),
  number: text().notNull(),
  poNumber: text('po_number'),
  status: text().notNull(),
  statusReason: text('status_reason'),
  version: integer().notNull(),
  shortagePolicy: text('shortage_policy').notNull(),
  currencyCode: text('currency_code').notNull(),
  totalMinor: bigint('total_minor', { mode: 'number' }).notNull(),
  unitsOrdered: bigint('units_ordered', { mode: 'number' }).notNull(),
  unitsConfirmed: bigint('units_confirmed', { mode: 'number' }),
  unitsShipped: bigint('units_shipped', { mode: 'number' }).notNull(),
  stock: text().notNull(),
  payment: text().notNull(),
  book: jsonb(),
  placedBy: text('placed_by').notNull(),
  placedAt: instant('placed_at').notNull(),
  confirmedAt: instant('confirmed_at'),
  releasedAt: instant('released_at'),
  shippedAt: instant('shipped_at'),
  heldFrom: text('held_from'),
  holdReason: text('hold_reason'),
  holdOwner: text('hold_owner'),
  advancedAt: instant('advanced_at'),
});

export const orderWatches = pgTable('order_watches', {
  orderId: uuid('order_id').primaryKey(),
  lookAt: instant('look_at').notNull(),
  version: integer().notNull(),
  reminders: integer().notNull(),
  said: integer().notNull(),
  stuck: boolean().notNull(),
});

export const poNumbers = pgTable(
  'po_numbers',
  {
    partnerId: text('partner_id').notNull(),
    poNumber: text('po_number').notNull(),
    orderId: uuid('order_id').notNull(),
    refusals: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.partnerId, table.poNumber] })],
);

export const timelineEntries = pgTable(
  'timeline_entries',
  {
    orderId: uuid('order_id').notNull(),
    source: text().notNull(),
    position: bigint({ mode: 'number' }).notNull(),
    type: text().notNull(),
    version: integer().notNull(),
    detail: text(),
    occurredAt: instant('occurred_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.source, table.position] })],
);

/** The log's table, made by the event store's own migrations. */
export const events = pgTable('events', {
  partition: integer().notNull(),
  position: bigint({ mode: 'number' }).notNull(),
  category: text().notNull(),
  streamId: text('stream_id').notNull(),
  version: integer().notNull(),
  type: text().notNull(),
  data: jsonb().notNull(),
  recordedAt: instant('recorded_at').notNull(),
});
