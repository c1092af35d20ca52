// What the others' facts change: orders' rows, the timeline, the products' replica.
import { appendArrays, type Inbox, type NewEvent, type Sql } from '@crossdock/event-store';
import { noHeldPayments } from '../domain/held-payments.ts';
import type { OrderBook, SkuQuantities } from '../domain/order-book.ts';
import type { EarlyCommand, OrderState } from '../domain/order-state.ts';

/** An order's row as a decision needs it. */
export type OrderProgress = Readonly<{
  orderId: string;
  partition: number;
  partnerId: string;
  number: string;
  state: OrderState;
}>;

/** The columns of `progressColumns`. */
export type ProgressRow = {
  orderId: string;
  partition: number;
  partnerId: string;
  number: string;
  status: OrderState['status'];
  statusReason: string | null;
  heldFrom: OrderState['heldFrom'];
  holdReason: string | null;
  holdOwner: string | null;
  version: number;
  stock: OrderState['stock'];
  payment: OrderState['payment'];
  unitsOrdered: number;
  unitsConfirmed: number | null;
  unitsShipped: number;
  early: readonly EarlyCommand[];
  missing: OrderState['missing'];
  heldPayments: OrderState['heldPayments'] | null;
  book: OrderBook | null;
};

/** The columns of a query over `orders` that a decision needs. */
export function progressColumns(sql: Sql) {
  return sql`
    order_id AS "orderId", partition, partner_id AS "partnerId", number, status, status_reason AS "statusReason",
    held_from AS "heldFrom", hold_reason AS "holdReason", hold_owner AS "holdOwner", orders.version,
    stock, payment, units_ordered::float8 AS "unitsOrdered", units_confirmed::float8 AS "unitsConfirmed",
    units_shipped::float8 AS "unitsShipped", heard_early AS early, coalesce(missing_units, '[]') AS missing,
    held_payments AS "heldPayments", book`;
}

export function progressOf(row: ProgressRow): OrderProgress {
  const { orderId, partition, partnerId, number, holdReason: reason, holdOwner: owner, ...state } = row;
  const heldPayments = row.heldPayments ?? noHeldPayments;
  const hold = reason === null || owner === null ? null : { reason, owner };
  return { orderId, partition, partnerId, number, state: { ...state, hold, heldPayments } };
}

/** Reads the rows of the given orders. */
export async function loadProgress(
  sql: Sql,
  orderIds: readonly string[],
): Promise<Map<string, OrderProgress>> {
  const rows = await sql<ProgressRow[]>`
    SELECT ${progressColumns(sql)} FROM orders WHERE order_id = ANY (${[...orderIds]}::uuid[])`;
  return new Map(rows.map((row) => [row.orderId, progressOf(row)]));
}

/** The lines of orders as they were placed. */
export async function loadPlacedLines(
  sql: Sql,
  orderIds: readonly string[],
): Promise<Map<string, SkuQuantities>> {
  const rows = await sql<{ orderId: string; lines: SkuQuantities }[]>`
    SELECT stream_id AS "orderId", data -> 'lines' AS lines FROM events
    WHERE category = 'order' AND stream_id = ANY (${[...orderIds]}::text[]) AND version = 1`;
  const units = (lines: SkuQuantities) => lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return new Map(rows.map(({ orderId, lines }) => [orderId, units(lines)]));
}

/** The shipments of orders that our own log says have left; of an order that is over none are needed. */
export async function loadLeftShipments(sql: Sql, orderIds: readonly string[]): Promise<string[]> {
  const rows = await sql<{ shipmentId: string }[]>`
    SELECT data ->> 'shipmentId' AS "shipmentId" FROM events
    WHERE category = 'order' AND stream_id = ANY (${[...orderIds]}::text[]) AND type = 'OrderPartiallyShipped'`;
  return rows.map(({ shipmentId }) => shipmentId);
}

/** An order's state after a batch, and the version it was decided on. */
export type ProgressChange = Readonly<{ orderId: string; expected: number; state: OrderState }>;

export type TimelineEntry = Readonly<{
  orderId: string;
  source: string;
  position: number;
  type: string;
  version: number;
  detail: string | null;
  occurredAt: string;
}>;

export type ProductChange = Readonly<{
  sku: string;
  name: string;
  listPriceMinor: number;
  currencyCode: string;
}>;

export type ProgressBatch = Readonly<{
  inbox: Inbox;
  changes: readonly ProgressChange[];
  /** Those of the changes that keep, or no longer keep, what was heard early. */
  early: readonly ProgressChange[];
  /** Those of the changes that keep something line by line. */
  books: readonly ProgressChange[];
  /** Those of the changes that miss units of shipments, or no longer do. */
  missing: readonly ProgressChange[];
  /** Those of the changes that payments' calls hold, or no longer do. */
  heldPayments: readonly ProgressChange[];
  products: readonly ProductChange[];
  timeline: readonly TimelineEntry[];
  events: readonly NewEvent[];
}>;

/** Writes one batch, all or nothing. */
export async function applyProgress(
  sql: Sql,
  { inbox, changes, early, books, missing, heldPayments, products, timeline, events }: ProgressBatch,
): Promise<void> {
  const appended = appendArrays(events);
  const states = changes.map((each) => each.state);
  await sql`
    SELECT orders_apply(
      ${JSON.stringify(inbox)}::text::jsonb, ${changes.map((each) => each.orderId)}::uuid[],
      ${changes.map((each) => each.expected)}::int[], ${states.map((each) => each.version)}::int[],
      ${states.map((each) => each.status)}::text[], ${states.map((each) => each.statusReason)}::text[],
      ${states.map((each) => each.stock)}::text[], ${states.map((each) => each.payment)}::text[],
      ${states.map((each) => each.unitsConfirmed)}::bigint[], ${states.map((each) => each.unitsShipped)}::bigint[],
      ${states.map((each) => each.heldFrom)}::text[], ${states.map((each) => each.hold?.reason ?? null)}::text[],
      ${states.map((each) => each.hold?.owner ?? null)}::text[],
      ${products.length === 0 ? null : JSON.stringify(products)}::text,
      ${timeline.map((each) => each.orderId)}::uuid[], ${timeline.map((each) => each.source)}::text[],
      ${timeline.map((each) => each.position)}::bigint[], ${timeline.map((each) => each.type)}::text[],
      ${timeline.map((each) => each.version)}::int[], ${timeline.map((each) => each.detail)}::text[],
      ${timeline.map((each) => each.occurredAt)}::text[]::timestamptz[],
      ${appended.partition}::int[], ${appended.streamId}::text[], ${appended.version}::int[], ${appended.id}::uuid[],
      ${appended.type}::text[], ${appended.data}::text[], ${appended.metadata}::text[])${keepEarly(sql, early)}${keepBooks(sql, books)}${keepMissing(sql, missing)}${keepHeldPayments(sql, heldPayments)}`;
}

/** A second call behind the first in the same statement; nothing where nothing came early, as on every ordinary day. */
function keepEarly(sql: Sql, changes: readonly ProgressChange[]) {
  if (changes.length === 0) return sql``;
  return sql`, orders_keep_early(${changes.map((each) => each.orderId)}::uuid[],
    ${changes.map((each) => JSON.stringify(each.state.early))}::text[])`;
}

/** Likewise; nothing while every order gets all it asked for. */
function keepBooks(sql: Sql, changes: readonly ProgressChange[]) {
  if (changes.length === 0) return sql``;
  return sql`, orders_keep_books(${changes.map((each) => each.orderId)}::uuid[],
    ${changes.map(({ state }) => (state.book === null ? null : JSON.stringify(state.book)))}::text[])`;
}

type Kept = Pick<ProgressChange, 'orderId' | 'state'>;

/** Likewise; nothing while warehouses have what they were assigned. */
export function keepMissing(sql: Sql, changes: readonly Kept[]) {
  if (changes.length === 0) return sql``;
  const missing = changes.map(({ state }) =>
    state.missing.length === 0 ? null : JSON.stringify(state.missing),
  );
  return sql`, orders_keep_missing(${changes.map((each) => each.orderId)}::uuid[], ${missing}::text[])`;
}

/** Likewise; nothing while payments go through. */
export function keepHeldPayments(sql: Sql, changes: readonly Kept[]) {
  if (changes.length === 0) return sql``;
  const held = changes.map(({ state: { heldPayments } }) =>
    heldPayments.calls.length + heldPayments.covered.length === 0 ? null : JSON.stringify(heldPayments),
  );
  return sql`, orders_keep_held_payments(${changes.map((each) => each.orderId)}::uuid[], ${held}::text[])`;
}
