// Orders as people read them. Rows for lists, streams for lines and timelines; decides nothing.
import type { ReadDatabase } from '@crossdock/event-store';
import { and, asc, desc, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm';
import { events, orders, poNumbers, timelineEntries } from '../../store/tables.ts';

export type OrderRecord = Readonly<{
  orderId: string;
  partnerId: string;
  number: string;
  poNumber: string | null;
  status: string;
  statusReason: string | null;
  /** Where it stood when it was held. */
  heldFrom: string | null;
  holdReason: string | null;
  holdOwner: string | null;
  version: number;
  shortagePolicy: string;
  currencyCode: string;
  totalMinor: number;
  placedBy: string;
  placedAt: Date;
}>;

/** The columns of an OrderRecord. */
export const orderColumns = {
  orderId: orders.orderId,
  partnerId: orders.partnerId,
  number: orders.number,
  poNumber: orders.poNumber,
  status: orders.status,
  statusReason: orders.statusReason,
  heldFrom: orders.heldFrom,
  holdReason: orders.holdReason,
  holdOwner: orders.holdOwner,
  version: orders.version,
  shortagePolicy: orders.shortagePolicy,
  currencyCode: orders.currencyCode,
  totalMinor: orders.totalMinor,
  placedBy: orders.placedBy,
  placedAt: orders.placedAt,
};

export async function ordersByIds(database: ReadDatabase, ids: readonly string[]): Promise<OrderRecord[]> {
  return database
    .select(orderColumns)
    .from(orders)
    .where(inArray(orders.orderId, [...ids]));
}

export async function orderByNumber(database: ReadDatabase, number: string): Promise<OrderRecord | null> {
  const [row] = await database.select(orderColumns).from(orders).where(eq(orders.number, number));
  return row ?? null;
}

export async function orderByPoNumber(
  database: ReadDatabase,
  partnerId: string,
  poNumber: string,
): Promise<OrderRecord | null> {
  const [row] = await database
    .select(orderColumns)
    .from(orders)
    .innerJoin(poNumbers, eq(poNumbers.orderId, orders.orderId))
    .where(and(eq(poNumbers.partnerId, partnerId), eq(poNumbers.poNumber, poNumber)));
  return row ?? null;
}

export type OrderSearch = Readonly<{
  /** null: of every partner. */
  partnerIds: readonly string[] | null;
  statuses: readonly string[] | null;
  placedFrom: Date | null;
  placedTo: Date | null;
  sku: string | null;
  poNumber: string | null;
  /** Only orders older than this id. */
  after: string | null;
  limit: number;
}>;

/** Newest first: ids are UUIDv7, so the id's order is the order of placing. */
export async function searchOrders(database: ReadDatabase, search: OrderSearch): Promise<OrderRecord[]> {
  if (search.partnerIds?.length === 0) return [];
  return database
    .select(orderColumns)
    .from(orders)
    .where(and(...conditions(search)))
    .orderBy(desc(orders.orderId))
    .limit(search.limit);
}

function conditions(search: OrderSearch): SQL[] {
  const found: SQL[] = [];
  if (search.partnerIds !== null) found.push(inArray(orders.partnerId, [...search.partnerIds]));
  if (search.statuses !== null) found.push(inArray(orders.status, [...search.statuses]));
  if (search.placedFrom !== null) found.push(gte(orders.placedAt, search.placedFrom));
  if (search.placedTo !== null) found.push(lt(orders.placedAt, search.placedTo));
  if (search.poNumber !== null) found.push(eq(orders.poNumber, search.poNumber));
  if (search.after !== null) found.push(lt(orders.orderId, search.after));
  if (search.sku !== null) found.push(hasLine(search.sku));
  return found;
}

function hasLine(sku: string): SQL {
  const wanted = JSON.stringify({ lines: [{ sku }] });
  return sql`EXISTS (SELECT 1 FROM ${events} e WHERE e.category = 'order' AND e.stream_id = ${orders.orderId}::text
    AND e.version = 1 AND e.data @> ${wanted}::text::jsonb)`;
}

export type StreamFact = Readonly<{
  streamId: string;
  version: number;
  type: string;
  data: unknown;
  recordedAt: Date;
}>;

/** The streams of the given orders, each in order. */
export async function streamsOf(database: ReadDatabase, ids: readonly string[]): Promise<StreamFact[]> {
  return database
    .select({
      streamId: events.streamId,
      version: events.version,
      type: events.type,
      data: events.data,
      recordedAt: events.recordedAt,
    })
    .from(events)
    .where(and(eq(events.category, 'order'), inArray(events.streamId, [...ids])))
    .orderBy(asc(events.streamId), asc(events.version));
}

export type ForeignFact = Readonly<{
  orderId: string;
  source: string;
  type: string;
  version: number;
  detail: string | null;
  occurredAt: Date;
}>;

/** What the other subgraphs said of the given orders. */
export async function foreignFactsOf(database: ReadDatabase, ids: readonly string[]): Promise<ForeignFact[]> {
  return database
    .select({
      orderId: timelineEntries.orderId,
      source: timelineEntries.source,
      type: timelineEntries.type,
      version: timelineEntries.version,
      detail: timelineEntries.detail,
      occurredAt: timelineEntries.occurredAt,
    })
    .from(timelineEntries)
    .where(inArray(timelineEntries.orderId, [...ids]))
    .orderBy(asc(timelineEntries.occurredAt), asc(timelineEntries.source), asc(timelineEntries.position));
}
