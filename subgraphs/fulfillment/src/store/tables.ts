// The tables as Drizzle's read-model queries see them; the migrations own them, and a test holds the two together.
import { bigint, boolean, integer, json, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { ShipmentStatus, SkuQuantity } from '../domain/shipment.ts';
import type { WarehouseStatus } from '../domain/warehouse.ts';

export const warehouses = pgTable('warehouses', {
  warehouseId: text('warehouse_id').primaryKey(),
  name: text().notNull(),
  country: text(),
  priority: integer().notNull(),
  status: text().$type<WarehouseStatus>().notNull(),
  version: integer().notNull(),
});

export const orders = pgTable('orders', {
  orderId: uuid('order_id').primaryKey(),
  partnerId: text('partner_id').notNull(),
  partition: integer().notNull(),
  number: text().notNull(),
  currencyCode: text('currency_code').notNull(),
  shipTo: json('ship_to'),
  requestedShipDate: text('requested_ship_date'),
  lines: json().notNull(),
  waves: json().notNull(),
  heldShipments: json('held_shipments').notNull(),
  ended: boolean().notNull(),
  state: text().notNull(),
  planAttempts: integer('plan_attempts').notNull(),
  facts: integer().notNull(),
  holdReason: text('hold_reason'),
  holdOwner: text('hold_owner'),
  heldUnder: integer('held_under'),
  version: integer().notNull(),
});

export const plans = pgTable('plans', {
  orderId: uuid('order_id').notNull(),
  attempt: integer().notNull(),
  wave: integer().notNull(),
  planId: uuid('plan_id').notNull(),
  rule: text().notNull(),
  explanation: json().$type<string[]>().notNull(),
  decidedAt: timestamp('decided_at', { withTimezone: true, mode: 'date' }).notNull(),
});

export const shipments = pgTable('shipments', {
  shipmentId: uuid('shipment_id').primaryKey(),
  orderId: uuid('order_id').notNull(),
  planId: uuid('plan_id').notNull(),
  partnerId: text('partner_id').notNull(),
  partition: integer().notNull(),
  warehouseId: text('warehouse_id').notNull(),
  status: text().$type<ShipmentStatus>().notNull(),
  version: integer().notNull(),
  releaseEpoch: integer('release_epoch').notNull(),
  lines: json().$type<SkuQuantity[]>().notNull(),
  valueMinor: bigint('value_minor', { mode: 'number' }).notNull(),
  currencyCode: text('currency_code').notNull(),
  carrier: text(),
  trackingNumber: text('tracking_number'),
  missing: json().$type<SkuQuantity[]>(),
  // Text keeps the microseconds, which a page's cursor needs.
  plannedAt: timestamp('planned_at', { withTimezone: true, mode: 'string' }).notNull(),
  confirmedAt: timestamp('confirmed_at', { withTimezone: true, mode: 'date' }),
});
