import { fileURLToPath } from 'node:url';
import {
  acquireLease,
  type Database,
  type Inbox,
  loadOffsets,
  migrate,
  newId,
  openDatabase,
  readUnpublished,
  type Sql,
} from '@crossdock/event-store';
import { createApplier } from '@crossdock/messaging';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { getTableColumns, getTableName, type Table } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlaceOrder, type PlaceOrder } from '../command-handlers/place-order.ts';
import { createUpsertPartners } from '../command-handlers/upsert-partners.ts';
import { createOthersFactsConsumer } from '../consumers/others-facts.ts';
import type { OrderRequest } from '../domain/request.ts';
import * as tables from './tables.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
const actor = { subject: 'tester', traceparent: null };
const poke = () => undefined;

let testDatabase: TestDatabase;
let database: Database;
let sql: Sql;
let placeOrder: PlaceOrder;
let epoch: number;
let inboxOf: (from: number, count: number) => Inbox;

beforeAll(async () => {
  testDatabase = await databaseFromTemplate('orders', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: testDatabase.url, applicationName: 'orders-test' });
  sql = database.sql;
  placeOrder = createPlaceOrder({ sql, seal: async () => 'sealed', poke });
  const upsertPartners = createUpsertPartners({ sql, poke });
  const row = {
    id: 'p1',
    name: 'Shop',
    currencyCode: 'GBP',
    shipTo: { country: 'GB' },
    paymentMethods: ['TERMS', 'CARD'] as const,
  };
  const outcome = await upsertPartners('seed', 'REJECT_ALL', [row], actor);
  expect(outcome).toEqual({
    results: [{ index: 0, id: 'p1', created: true, userErrors: [] }],
    replayed: false,
    userErrors: [],
  });
  await sql`INSERT INTO products VALUES ('a', 'Apple', 250, 'GBP'), ('b', 'Pear', 100, 'GBP')`;
  epoch = (await acquireLease(sql, 'worker', 'test', 0)) ?? 0;
  await loadOffsets(sql, 'orders', ['inventory', 'payments', 'fulfillment'], epoch);
  inboxOf = (from, count) => ({
    consumer: 'orders',
    epoch,
    parked: [],
    offsets: [{ source: 'inventory', partition: 0, from, to: from + count, eventId: newId() }],
  });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const request = (changed: Partial<OrderRequest> = {}): OrderRequest => ({
  partnerId: 'p1',
  poNumber: null,
  shipTo: null,
  requestedShipDate: null,
  shortagePolicy: 'REJECT',
  paymentMethod: null,
  cardToken: null,
  lines: [
    { sku: 'a', quantity: 2 },
    { sku: 'b', quantity: 1 },
  ],
  holdId: null,
  expectedTotal: null,
  note: null,
  waitMs: 0,
  ...changed,
});

async function accepted(key: string, changed: Partial<OrderRequest> = {}) {
  const outcome = await placeOrder(key, request(changed), actor);
  if (!('accepted' in outcome)) throw new Error(JSON.stringify(outcome.refusals));
  return outcome.accepted;
}

async function refusedCodes(key: string, changed: Partial<OrderRequest> = {}) {
  const outcome = await placeOrder(key, request(changed), actor);
  return 'refusals' in outcome ? outcome.refusals.map(({ code }) => code) : [];
}

const counts = async () =>
  (
    await sql<{ orders: string; events: string; keys: string }[]>`
    SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM events WHERE category = 'order') AS events,
           (SELECT count(*) FROM idempotency_keys) AS keys`
  )[0];

describe('placing', () => {
  it('makes one order of one key, however often and however many at once', async () => {
    const before = await counts();
    const all = await Promise.all(Array.from({ length: 20 }, () => accepted('once')));
    expect(new Set(all.map(({ orderId }) => orderId)).size).toBe(1);
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(Number((await counts())?.orders)).toBe(Number(before?.orders) + 1);
  });

  it('tells the instant it wrote, the same as whoever reads the order later', async () => {
    const { orderId, fresh } = await accepted('instant');
    const [row] = await sql<{ placed_at: Date }[]>`SELECT placed_at FROM orders WHERE order_id = ${orderId}`;
    expect(fresh?.placedAt).toEqual(row?.placed_at);
  });

  it('refuses the key with other input and leaves nothing behind', async () => {
    await accepted('reused');
    const before = await counts();
    expect(await refusedCodes('reused', { note: 'other' })).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(await counts()).toEqual(before);
  });

  it('keeps one live order for a PO number, in one batch and across batches', async () => {
    const outcomes = await Promise.all(
      ['po1', 'po2', 'po3'].map((key) => placeOrder(key, request({ poNumber: 'PO-9' }), actor)),
    );
    const standing = outcomes.find((each) => 'accepted' in each);
    const refused = outcomes.filter((each) => 'refusals' in each);
    expect(refused).toHaveLength(2);
    for (const each of refused) {
      expect('refusals' in each && each.refusals[0]).toMatchObject({
        code: 'DUPLICATE_PO_NUMBER',
        existingOrderId: standing !== undefined && 'accepted' in standing ? standing.accepted.orderId : '',
      });
    }
  });

  it('refuses what it does not know and stores nothing', async () => {
    const before = await counts();
    expect(await refusedCodes('u1', { lines: [{ sku: 'zzz', quantity: 1 }] })).toEqual(['UNKNOWN_SKU']);
    expect(await refusedCodes('u2', { partnerId: 'nobody' })).toEqual(['UNKNOWN_PARTNER']);
    expect(await refusedCodes('u3', { expectedTotal: { amount: '9.99', currencyCode: 'GBP' } })).toEqual([
      'PRICE_CHANGED',
    ]);
    expect(await counts()).toEqual(before);
  });

  it('answers a replay with the order it made although the price is another now', async () => {
    const { orderId } = await accepted('price', { expectedTotal: { amount: '6.00', currencyCode: 'GBP' } });
    await sql`UPDATE products SET list_price_minor = 300 WHERE sku = 'a'`;
    expect(await accepted('price', { expectedTotal: { amount: '6.00', currencyCode: 'GBP' } })).toMatchObject(
      { orderId, replayed: true },
    );
    // The same total, written otherwise.
    const again = await accepted('price', { expectedTotal: { amount: '6', currencyCode: 'GBP' } });
    expect(again).toMatchObject({ orderId, replayed: true });
    await sql`UPDATE products SET list_price_minor = 250 WHERE sku = 'a'`;
  });

  it('tells of the hold it claims, and is another request with another hold', async () => {
    const holdId = newId();
    const { orderId } = await accepted('hold', { holdId: holdId.toUpperCase() });
    const [event] = await sql`SELECT data ->> 'holdId' AS hold FROM events WHERE stream_id = ${orderId}`;
    expect(event?.hold).toBe(holdId);
    expect(await accepted('hold', { holdId })).toMatchObject({ orderId, replayed: true });
    expect(await refusedCodes('hold', { holdId: newId() })).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(await refusedCodes('no hold', { holdId: 'none' })).toEqual(['INVALID_INPUT']);
  });

  it('writes nothing of a card but the sealed token', async () => {
    const { orderId } = await accepted('card', { paymentMethod: 'CARD', cardToken: 'tok_secret' });
    const [event] = await sql<{ data: string }[]>`SELECT data::text FROM events WHERE stream_id = ${orderId}`;
    expect(event?.data).toContain('"sealedCardToken": "sealed"');
    expect(event?.data).not.toContain('tok_secret');
  });
});

describe("the others' facts", () => {
  const arrived = (source: 'inventory' | 'payments', position: number, type: string, data: object) => ({
    source,
    position,
    partition: 0,
    event: {
      id: newId(),
      category: 'x',
      stream: 's',
      version: 1,
      type,
      schemaVersion: 1,
      data: { ...data },
      metadata: {},
      at: '2026-03-01T09:30:00.000Z',
    },
  });

  it('confirm an order once, in one call with the offsets', async () => {
    const consumer = createOthersFactsConsumer({ sql, onHeld: () => undefined });
    const { orderId } = await accepted('confirm');
    const owner = { orderId, partnerId: 'p1' };
    const money = { ...owner, amountMinor: 600, currencyCode: 'GBP', method: 'TERMS' };
    const facts = [
      arrived('inventory', 1, 'StockReserved', { ...owner, reservedValueMinor: 600, currencyCode: 'GBP' }),
      arrived('payments', 1, 'PaymentAuthorised', money),
    ];
    await consumer.apply(facts, inboxOf(0, 1));
    await expect(consumer.apply(facts, inboxOf(0, 1))).rejects.toMatchObject({ code: 'CD001' });
    const [order] =
      await sql`SELECT status, version, units_confirmed::int, stock, payment FROM orders WHERE order_id = ${orderId}`;
    expect(order).toEqual({
      status: 'CONFIRMED',
      version: 2,
      units_confirmed: 3,
      stock: 'RESERVED',
      payment: 'AUTHORISED',
    });
    const timeline = await sql`SELECT type FROM timeline_entries WHERE order_id = ${orderId} ORDER BY type`;
    expect(timeline.map(({ type }) => type)).toEqual(['PaymentAuthorised', 'StockReserved']);
    const log = (await readUnpublished(sql, 100)).filter((row) => row.stream_id === orderId);
    expect(log.map(({ type, version }) => [type, version])).toEqual([
      ['OrderPlaced', 1],
      ['OrderConfirmed', 2],
    ]);
  });

  it('reject an order and give its PO number back', async () => {
    const consumer = createOthersFactsConsumer({ sql, onHeld: () => undefined });
    const { orderId } = await accepted('short', { poNumber: 'PO-again' });
    const short = [{ sku: 'a', requested: 2, available: 0 }];
    await consumer.apply(
      [arrived('inventory', 2, 'StockShort', { orderId, partnerId: 'p1', short })],
      inboxOf(1, 1),
    );
    const [order] = await sql`SELECT status, status_reason FROM orders WHERE order_id = ${orderId}`;
    expect(order).toEqual({ status: 'REJECTED', status_reason: 'STOCK_SHORT' });
    expect((await accepted('again', { poNumber: 'PO-again' })).replayed).toBe(false);
  });

  it('go to a person where their order is not here, and those of other orders flow', async () => {
    const { orderId } = await accepted('beside');
    const unknown = newId();
    const apply = createApplier({
      ...{
        sql,
        consumer: createOthersFactsConsumer({ sql, onHeld: () => undefined }),
        epoch,
        codeVersion: 'test',
        parkedKeys: new Set(),
      },
      ...{ signal: new AbortController().signal, onFault: () => undefined, onParked: () => undefined },
    });
    const short = [{ sku: 'a', requested: 2, available: 0 }];
    await apply([
      arrived('inventory', 3, 'StockShort', { orderId: unknown, partnerId: 'p1', short }),
      arrived('inventory', 4, 'StockShort', { orderId, partnerId: 'p1', short }),
    ]);
    const [order] = await sql`SELECT status FROM orders WHERE order_id = ${orderId}`;
    expect(order).toEqual({ status: 'REJECTED' });
    expect(await sql`SELECT key, position::int FROM dead_letters`).toEqual([{ key: unknown, position: 3 }]);
  });
});

describe('the tables of queries', () => {
  it('are those of the migrations', async () => {
    for (const table of Object.values(tables) as Table[]) {
      const rows = await sql<
        { column_name: string }[]
      >`SELECT column_name FROM information_schema.columns WHERE table_name = ${getTableName(table)}`;
      const known = new Set(rows.map((row) => row.column_name));
      for (const column of Object.values(getTableColumns(table)))
        expect(known, `${getTableName(table)}.${column.name}`).toContain(column.name);
    }
  });
});
