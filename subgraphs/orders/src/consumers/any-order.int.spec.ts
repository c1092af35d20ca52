// However badly the network behaves, orders ends with the same rows: real Postgres, the real consumer, a bad day drawn by a seed.
import { fileURLToPath } from 'node:url';
import { partitionOf } from '@crossdock/contracts';
import { type Database, derivedId, migrate, openDatabase, type Sql } from '@crossdock/event-store';
import { databaseFromTemplate, randomOf, seeded, type TestDatabase } from '@crossdock/testing';
import { type Ear, type Mishaps, openEar } from '@crossdock/testing/deliveries';
import fastCheck from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Life, otherSideOf, someLife } from '../../test/other-side.ts';
import { placeOrders } from '../store/placing.ts';
import { createOthersFactsConsumer } from './others-facts.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
/** Days, each with orders of its own, and the orders of one. */
const RUNS = 8;
const ORDERS = 10;
const PARTNERS = ['p1', 'p2', 'p3', 'p4'];

const fc = seeded(fastCheck);
type Subject = Readonly<{ clone: TestDatabase; database: Database; sql: Sql; ear: Ear }>;
let calm: Subject;
let stormy: Subject;

async function openSubject(): Promise<Subject> {
  const clone = await databaseFromTemplate('orders', (url) => migrate(url, MIGRATIONS));
  const database = openDatabase({ url: clone.url, applicationName: 'orders-any-order' });
  const { sql } = database;
  const ear = await openEar({
    sql,
    consumer: createOthersFactsConsumer({ sql, onHeld: () => undefined }),
    look: () => standing(sql),
  });
  return { clone, database, sql, ear };
}

beforeAll(async () => {
  [calm, stormy] = [await openSubject(), await openSubject()];
});

afterAll(async () => {
  for (const { database, clone } of [calm, stormy]) {
    await database.close();
    await clone.drop();
  }
});

/** Every row but for instants and places in logs, which may differ, and what a rejected order no longer cares to hear. */
async function standing(sql: Sql) {
  return {
    orders: await sql`
      SELECT order_id, status, status_reason, version, units_ordered, units_confirmed, units_shipped, heard_early,
             CASE WHEN status <> 'REJECTED' THEN ARRAY[stock, payment, book::text] END AS heard,
             confirmed_at IS NULL AS unconfirmed, released_at IS NULL AS unreleased, shipped_at IS NULL AS unshipped
      FROM orders ORDER BY order_id`,
    events:
      await sql`SELECT stream_id, version, type, data, partition FROM events ORDER BY stream_id, version`,
    timeline: await sql`
      SELECT order_id, source, type, version, detail FROM timeline_entries ORDER BY order_id, source, type, version, detail`,
    numbers: await sql`SELECT partner_id, po_number, order_id FROM po_numbers ORDER BY 1, 2`,
    products: await sql`SELECT * FROM products ORDER BY sku`,
    letters: await sql`SELECT * FROM dead_letters`,
  };
}

async function place({ sql }: Subject, lives: readonly Life[]): Promise<void> {
  const orders = lives.map(({ orderId, partnerId, placed }) => {
    const partition = partitionOf(partnerId);
    const number = `SO-${orderId}`;
    const lines = placed.map((line) => ({ ...line, unitPriceMinor: 100 }));
    const units = placed.reduce((sum, { quantity }) => sum + quantity, 0);
    const data = { orderId, partnerId, number, lines };
    const event = {
      partition,
      category: 'order',
      streamId: orderId,
      version: 1,
      type: 'OrderPlaced',
      metadata: {},
    };
    return {
      ...{ orderId, partition, partnerId, number, units, poNumber: orderId, key: orderId, fingerprint: '' },
      ...{ shortagePolicy: 'REJECT', currencyCode: 'GBP', totalMinor: 100n, placedBy: 'tester' },
      placed: { ...event, id: derivedId(orderId, 'OrderPlaced'), data },
    };
  });
  await placeOrders(sql, orders);
}

it('ends alike on a calm day and on a stormy one', async () => {
  const total: Mishaps = { dropped: 0, duplicates: 0, gaps: 0, refilled: 0, takeOvers: 0 };
  let run = 0;
  const day = async (seed: number) => {
    const random = randomOf(seed);
    const lives = Array.from({ length: ORDERS }, (_, index) =>
      someLife(derivedId(`orders ${run}`, 'order', index), random.pick(PARTNERS), random),
    );
    const otherSide = otherSideOf(lives, run);
    run += 1;
    await place(calm, lives);
    await place(stormy, lives);
    await calm.ear.hearInTurn(otherSide);
    const mishaps = await stormy.ear.hearAnyhow(otherSide, random);
    for (const kind of Object.keys(total) as (keyof Mishaps)[]) total[kind] += mishaps[kind];
    expect(await standing(stormy.sql)).toEqual(await standing(calm.sql));
    await stormy.ear.expectOffsetsAtHeads();
  };
  await fc.assert(fc.asyncProperty(fc.integer(), day), { numRuns: RUNS, endOnFailure: true });
  expect(
    Object.values(total).every((count) => count > 0),
    JSON.stringify(total),
  ).toBe(true);
}, 60_000);
