import { bigint, boolean, integer, json, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { MovementKind } from '../domain/ledger.ts';
import type { Claim, Units } from '../domain/reservation/reservation.ts';

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
  lowStockThreshold: integer('low_stock_threshold').notNull(),
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
  version: integer().notNull(),
});

export const skuTotals = pgTable('sku_totals', {
  sku: text().primaryKey(),
  sellable: integer().notNull(),
  reserved: integer().notNull(),
  held: integer().notNull(),
  withdrawing: integer().notNull(),
  isLow: boolean('is_low').notNull(),
  alerts: integer().notNull(),
});

export const movements = pgTable('movements', {
  id: bigint({ mode: 'number' }).notNull(),
  sku: text().notNull(),
  warehouseId: text('warehouse_id'),
  kind: text().$type<MovementKind>().notNull(),
  quantity: integer().notNull(),
  orderId: uuid('order_id'),
  cause: uuid().notNull(),
  at: timestamp({ withTimezone: true }).notNull(),
  sellableDelta: integer('sellable_delta').notNull(),
  holdId: uuid('hold_id'),
  reason: text(),
});

export const reservations = pgTable('reservations', {
  orderId: uuid('order_id').primaryKey(),
  partnerId: text('partner_id').notNull(),
  partition: integer().notNull(),
  status: text({ enum: ['RESERVED', 'SHORT', 'BACKORDERED', 'ALLOCATED', 'SHIPPED', 'RELEASED'] }),
  closed: boolean().notNull(),
  lines: json().$type<readonly Claim[]>().notNull(),
  shipments: json().$type<readonly object[]>().notNull(),
  facts: integer().notNull(),
  version: integer().notNull(),
  decidedAt: timestamp('decided_at', { withTimezone: true }),
  policy: text(),
  currencyCode: text('currency_code'),
  waiting: json().$type<readonly Claim[]>().notNull(),
  wave: integer().notNull(),
  short: json().$type<readonly Units[]>().notNull(),
});

export const holds = pgTable('holds', {
  holdId: uuid('hold_id').primaryKey(),
  partnerId: text('partner_id').notNull(),
  partition: integer().notNull(),
  status: text({ enum: ['ACTIVE', 'CLAIMED', 'RELEASED', 'EXPIRED'] }).notNull(),
  lines: json().$type<readonly Units[]>().notNull(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  orderId: uuid('order_id'),
  placedAt: timestamp('placed_at', { withTimezone: true }).notNull(),
  version: integer().notNull(),
});
