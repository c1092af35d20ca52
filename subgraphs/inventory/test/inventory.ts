// A real inventory for one test file: its migrated database, its consumer fed by hand, and its books added up.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { partitionOf, type Source, type TravellingEvent } from '@crossdock/contracts';
import { type Database, loadOffsets, migrate, openDatabase } from '@crossdock/event-store';
import { type ArrivedEvent, createApplier, offsetMoves } from '@crossdock/messaging';
import { databaseFromTemplate } from '@crossdock/testing';
import { createReceiveStock } from '../src/command-handlers/receive-stock.ts';
import { createUpsertProducts } from '../src/command-handlers/upsert-products.ts';
import { createStockConsumer } from '../src/consumers/stock-consumer.ts';

const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));
const EPOCH = 1;
const NOT_STOPPED = new AbortController().signal;

export type Said = Readonly<{ type: string; stream: string; version: number; data: Record<string, unknown> }>;

/** An event of another subgraph as it arrives here; `partition` is that of the order's partner. */
export function arrived(source: Source, type: string, data: object, id: string = randomUUID()): ArrivedEvent {
  const partnerId = 'partnerId' in data && typeof data.partnerId === 'string' ? data.partnerId : 'nobody';
  const event: TravellingEvent = {
    id,
    category: 'test',
    stream: id,
    version: 1,
    type,
    schemaVersion: 1,
    data: { ...data },
    metadata: {},
    at: '2026-03-01T09:30:00.000Z',
  };
  return { source, partition: partitionOf(partnerId), position: 0, event };
}

/** Gives events that were built by hand their places in their sources' logs. */
function createPlaces() {
  const positions = new Map<string, number>();
  return (events: readonly ArrivedEvent[]): ArrivedEvent[] =>
    events.map((each) => {
      const log = `${each.source}/${each.partition}`;
      const position = (positions.get(log) ?? 0) + 1;
      positions.set(log, position);
      return { ...each, position };
    });
}

/** Receives `quantity` of each SKU at each warehouse; products and warehouses are made first. */
async function stockUp(
  inventory: ReturnType<typeof commands> &
    Readonly<{ hear: (events: readonly ArrivedEvent[]) => Promise<void> }>,
  stock: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Promise<void> {
  const warehouses = new Set(Object.values(stock).flatMap((shelves) => Object.keys(shelves)));
  const registered = [...warehouses].map((warehouseId) => warehouse(warehouseId, 'OPEN'));
  await inventory.hear(registered);
  await inventory.upsertProducts(Object.keys(stock));
  const lines = Object.entries(stock).flatMap(([sku, shelves]) =>
    Object.entries(shelves).map(([warehouseId, quantity]) => ({ sku, warehouseId, quantity })),
  );
  await inventory.receiveStock(lines);
}

/** Fulfillment's word on a warehouse. */
export function warehouse(warehouseId: string, status: 'OPEN' | 'PAUSED' | 'DOWN'): ArrivedEvent {
  return arrived('fulfillment', 'WarehouseRevised', { warehouseId, name: warehouseId, status });
}

export type Inventory = Awaited<ReturnType<typeof openInventory>>;

const price = { amount: '1.00', currencyCode: 'GBP' };
const details = { listPrice: price, casePack: 1, minOrderQuantity: 1, weightGrams: 0 };

function commands({ sql }: Database) {
  const upsert = createUpsertProducts({ sql, poke: () => undefined });
  const receive = createReceiveStock({ sql, poke: () => undefined });
  return {
    upsertProducts: (skus: readonly string[], idempotencyKey: string = randomUUID()) => {
      const products = skus.map((sku) => ({ sku, name: `Product ${sku}`, ...details }));
      return upsert({ input: { idempotencyKey, errorPolicy: 'REJECT_ALL', products }, metadata: {} });
    },
    receiveStock: (
      lines: readonly Readonly<{ sku: string; warehouseId: string; quantity: number }>[],
      idempotencyKey: string = randomUUID(),
    ) => receive({ input: { idempotencyKey, lines }, metadata: {} }),
  };
}

/** Opens one; call `close` in `afterAll`. */
export async function openInventory() {
  const clone = await databaseFromTemplate('inventory', (url) => migrate(url, MIGRATIONS));
  const database = openDatabase({ url: clone.url, applicationName: 'inventory-spec' });
  const { sql } = database;
  const consumer = createStockConsumer(sql);
  await loadOffsets(sql, consumer.name, consumer.sources, EPOCH);
  const place = createPlaces();
  const faults: unknown[] = [];
  const applyPersistently = createApplier({
    sql,
    consumer,
    epoch: EPOCH,
    codeVersion: 'spec',
    parkedKeys: new Set(),
    signal: NOT_STOPPED,
    onFault: (_kind, error) => faults.push(error),
    onParked: () => undefined,
  });
  const applyOnce = (events: readonly ArrivedEvent[]) =>
    consumer.apply(events, {
      consumer: consumer.name,
      epoch: EPOCH,
      offsets: offsetMoves(events),
      parked: [],
    });
  const hear = (events: readonly ArrivedEvent[]) => applyPersistently(place(events));
  const handlers = commands(database);
  return {
    url: clone.url,
    database,
    sql,
    faults,
    place,
    hear,
    applyOnce,
    ...handlers,
    stockUp: (stock: Parameters<typeof stockUp>[1]) => stockUp({ hear, ...handlers }, stock),
    /** What this subgraph said of a stream, in order. */
    said: (stream: string) => sql<Said[]>`
      SELECT type, stream_id AS stream, version, data FROM events WHERE stream_id = ${stream} ORDER BY version`,
    close: async () => {
      await database.close();
      await clone.drop();
    },
  };
}
