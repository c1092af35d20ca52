import { bigint, boolean, integer, json, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Tables that read models query; migrations/ is what makes them, and a test compares the two. */
export const products = pgTable('products', {
  sku: text().primaryKey(),
  name: text().notNull(),
  listPriceMinor: bigint('list_price_minor', { mode: 'number' }).notNull(),
  currencyCode: text('currency_code').notNull(),
  casePack: integer('case_pack').notNull(),
  minOrderQuantity: integer('min_order_quantity').notNull(),
  weightGrams: integer('weight_grams').notNull(),
  version: integer().notNull(),
});

export const warehouses = pgTable('warehouses', {
  warehouseId: text('warehouse_id').primaryKey(),
  status: text({ enum: ['OPEN', 'PAUSED', 'DOWN'] }).notNull(),
});

export const stock = pgTable('stock', {
  sku: text().notNull(),
  warehouseId: text('warehouse_id').notNull(),
  onHand: integer('on_hand').notNull(),
  allocated: integer().notNull(),
  safety: integer().notNull(),
});

export const skuTotals = pgTable('sku_totals', {
  sku: text().primaryKey(),
  sellable: integer().notNull(),
  reserved: integer().notNull(),
  held: integer().notNull(),
});

export const movements = pgTable('movements', {
  id: bigint({ mode: 'number' }).notNull(),
  sku: text().notNull(),
  warehouseId: text('warehouse_id'),
  kind: text({ enum: ['receipt', 'reserve', 'release', 'allocate', 'ship'] }).notNull(),
  quantity: integer().notNull(),
  orderId: uuid('order_id'),
  cause: uuid().notNull(),
  at: timestamp({ withTimezone: true }).notNull(),
});

export const reservations = pgTable('reservations', {
  orderId: uuid('order_id').primaryKey(),
  partnerId: text('partner_id').notNull(),
  partition: integer().notNull(),
  status: text({ enum: ['RESERVED', 'SHORT', 'ALLOCATED', 'SHIPPED', 'RELEASED'] }),
  closed: boolean().notNull(),
  lines: json().$type<readonly (readonly [sku: string, quantity: number])[]>().notNull(),
  shipments: json().$type<readonly object[]>().notNull(),
  facts: integer().notNull(),
  version: integer().notNull(),
  decidedAt: timestamp('decided_at', { withTimezone: true }),
});
