import { fileURLToPath } from 'node:url';
import {
  type Comparison,
  compareReadModel,
  type Database,
  migrate,
  openDatabase,
  openOwnConnection,
  type Sql,
} from '@crossdock/event-store';
import { type FoldedReadModel, type LogClient, rebuildReadModel } from '@crossdock/messaging';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { invariant } from '@crossdock/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Neighbours, startNeighbours } from '../../test/neighbours.ts';
import { allocationFact, factsOf, type Placed, placeOrders, productFact } from '../../test/placed-orders.ts';
import { COMPARED_TABLES } from '../read-models/compared-tables.ts';
import { foreignFactsOf } from '../read-models/orders/queries.ts';
import { FOLDED_TABLES } from './folded-tables.ts';
import { createOthersFactsConsumer } from './others-facts.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
const ORDERS = 60;

let testDatabase: TestDatabase;
let database: Database;
let sql: Sql;
let neighbours: Neighbours;
let placed: readonly Placed[];
let first: Placed;
let second: Placed;

beforeAll(async () => {
  testDatabase = await databaseFromTemplate('orders', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: testDatabase.url, applicationName: 'orders-test' });
  sql = database.sql;
  neighbours = await startNeighbours(sql, createOthersFactsConsumer({ sql, onHeld: () => undefined }));
  placed = await placeOrders(sql, neighbours, ORDERS);
  [first, second] = [orderAt(0), orderAt(1)];
  await neighbours.say(placed.slice(0, ORDERS / 2).flatMap(factsOf));
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function orderAt(index: number): Placed {
  const order = placed[index];
  invariant(order !== undefined, `there is no order ${index}`);
  return order;
}

function modelOf(name: string): FoldedReadModel {
  const model = FOLDED_TABLES.find((each) => each.name === name);
  invariant(model !== undefined, name);
  return model;
}

async function rebuild(
  name: string,
  change: Readonly<{ compareOnly?: boolean; dropPrevious?: boolean; log?: LogClient }> = {},
): Promise<Comparison> {
  let found: Comparison | undefined;
  await rebuildReadModel({
    ...{ model: modelOf(name), databaseUrl: testDatabase.url, log: neighbours.log, say: () => undefined },
    ...{ compareOnly: false, dropPrevious: false, ...change },
    onCompared: (comparison) => {
      found = comparison;
    },
  });
  invariant(found !== undefined, 'nothing was compared');
  return found;
}

const counts = ({ missing, extra, different }: Comparison) => ({ missing, extra, different });
const THE_SAME = { missing: 0, extra: 0, different: 0 };
const rowsOf = (table: string) => sql`SELECT to_jsonb(t) AS row FROM ${sql(table)} t ORDER BY to_jsonb(t)`;
const tables = async () =>
  (
    await sql<
      { name: string }[]
    >`SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`
  )
    .map(({ name }) => name)
    .filter((name) => name.endsWith('_next') || name.endsWith('_previous'));

describe('a rebuilt table', () => {
  it.each(['orders.timeline', 'orders.products'])('equals the live one: %s', async (name) => {
    const { table } = modelOf(name);
    const before = await rowsOf(table);
    expect(before.length).toBeGreaterThan(0);
    expect(counts(await rebuild(name))).toEqual(THE_SAME);
    expect(await rowsOf(table)).toEqual(before);
    expect(await rowsOf(`${table}_previous`)).toEqual(before);
  });

  it('is only compared when that is asked for', async () => {
    await rebuild('orders.timeline', { dropPrevious: true });
    expect(counts(await rebuild('orders.timeline', { compareOnly: true }))).toEqual(THE_SAME);
    expect(await tables()).toEqual(['products_previous']);
  });

  it('tells what was wrong with a damaged one, and takes its place', async () => {
    const before = await rowsOf('timeline_entries');
    await sql`DELETE FROM timeline_entries WHERE order_id = ${first.orderId} AND type = 'StockReserved'`;
    await sql`UPDATE timeline_entries SET detail = 'elsewhere' WHERE order_id = ${second.orderId} AND type = 'ShipmentReleased'`;
    await sql`INSERT INTO timeline_entries SELECT order_id, source, 999999, type, version, detail, occurred_at
      FROM timeline_entries WHERE order_id = ${second.orderId} AND type = 'ShipmentReleased'`;
    const found = await rebuild('orders.timeline');
    expect(counts(found)).toEqual({ missing: 1, extra: 1, different: 1 });
    expect(found.examples).toMatchObject([
      { kind: 'missing', live: null, folded: { order_id: first.orderId, type: 'StockReserved' } },
      { kind: 'extra', live: { position: 999999 }, folded: null },
      { kind: 'different', live: { detail: 'elsewhere' }, folded: { detail: 'W1' } },
    ]);
    expect(await rowsOf('timeline_entries')).toEqual(before);
  });

  it('lacks what became a dead letter, and has it once it is replayed', async () => {
    const { orderId, partnerId, partition } = first;
    const released = { type: 'ReservationReleased', data: { orderId, partnerId, cause: 'test' } };
    const parked = await neighbours.park({ source: 'inventory', partition, ...released });
    expect(counts(await rebuild('orders.timeline'))).toEqual(THE_SAME);
    await sql`UPDATE dead_letters SET status = 'replayed' WHERE position = ${parked.position}`;
    expect(counts(await rebuild('orders.timeline'))).toEqual({ ...THE_SAME, missing: 1 });
    const [row] =
      await sql`SELECT count(*)::int AS count FROM timeline_entries WHERE type = 'ReservationReleased'`;
    expect(row).toEqual({ count: 1 });
  });
});

describe('a consumer that goes on', () => {
  it('loses and doubles nothing, and nobody who reads notices', async () => {
    let going = true;
    let heard = 0;
    const talking = (async () => {
      for (const [index, order] of placed.slice(ORDERS / 2).entries()) {
        for (const fact of factsOf(order, index)) await neighbours.say([fact]);
        heard += 1;
      }
      for (; going; heard += 1) await neighbours.say([allocationFact(first)]);
    })();
    const reading = (async () => {
      const ids = placed.map(({ orderId }) => orderId);
      let reads = 0;
      for (; going; reads += 1) {
        const facts = await foreignFactsOf(database.read, ids);
        expect(facts.length).toBeGreaterThan(0);
      }
      return reads;
    })();
    const during: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      expect(counts(await rebuild('orders.timeline'))).toEqual(THE_SAME);
      during.push(heard);
    }
    going = false;
    await talking;
    expect(await reading).toBeGreaterThan(0);
    expect(new Set(during).size).toBe(during.length);
    const ofOrders = neighbours.said().filter(({ event }) => 'orderId' in event.data);
    expect(await rowsOf('timeline_entries')).toHaveLength(ofOrders.length);
    expect(counts(await rebuild('orders.timeline', { compareOnly: true }))).toEqual(THE_SAME);
  });
});

describe('a rebuild that ends before its time', () => {
  const broken = (after: number, fault: () => Promise<unknown>): LogClient => {
    let reads = 0;
    return {
      ...neighbours.log,
      read: async (...question) => {
        reads += 1;
        if (reads > after) await fault();
        return neighbours.log.read(...question);
      },
    };
  };

  it('leaves the live table as it was, and can be started again', async () => {
    const before = await rowsOf('timeline_entries');
    const log = broken(1, () => Promise.reject(new Error('the source is gone')));
    await expect(rebuild('orders.timeline', { log })).rejects.toThrow('the source is gone');
    expect(await rowsOf('timeline_entries')).toEqual(before);
    expect(await tables()).not.toContain('timeline_entries_next');
    expect(counts(await rebuild('orders.timeline'))).toEqual(THE_SAME);
  });

  it('does so when its connections are cut, and holds nobody', async () => {
    const before = await rowsOf('timeline_entries');
    const cut = () =>
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'rebuild%' AND datname = current_database()`;
    await expect(rebuild('orders.timeline', { log: broken(1, cut) })).rejects.toThrow();
    expect(await rowsOf('timeline_entries')).toEqual(before);
    await neighbours.say([productFact('ProductRevised', 310)]);
    expect(counts(await rebuild('orders.timeline'))).toEqual(THE_SAME);
  });

  it('is not fooled when it loses its hold and the consumer goes on', async () => {
    const cutHolder = () =>
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rebuild hold' AND datname = current_database()`;
    let reads = 0;
    const log: LogClient = {
      ...neighbours.log,
      read: async (...question) => {
        const slices = await neighbours.log.read(...question);
        reads += 1;
        // Each source is read once before the hold; what is said then must be read under it.
        if (reads === 3) await neighbours.say([allocationFact(first)]);
        if (reads === 4) {
          await cutHolder();
          await neighbours.say([allocationFact(second)]);
        }
        return slices;
      },
    };
    expect(counts(await rebuild('orders.timeline', { log }))).toEqual(THE_SAME);
    expect(reads).toBeGreaterThan(4);
    expect(counts(await rebuild('orders.timeline', { compareOnly: true }))).toEqual(THE_SAME);
  });

  it('refuses a log that is not the one that was consumed', async () => {
    const log: LogClient = {
      ...neighbours.log,
      read: async (...question) => {
        const slices = await neighbours.log.read(...question);
        return slices.map((slice) => ({
          ...slice,
          events: slice.events.map((event) => ({ ...event, id: `${event.id.slice(0, 35)}x` })),
        }));
      },
    };
    await expect(rebuild('orders.timeline', { log })).rejects.toThrow('is not the one that was consumed');
  });

  it('is refused while another one works on the table', async () => {
    const log = broken(0, async () => {
      await expect(rebuild('orders.timeline')).rejects.toThrow('is being rebuilt by another process');
    });
    expect(counts(await rebuild('orders.timeline', { log }))).toEqual(THE_SAME);
  });
});

describe('tables that are only compared', () => {
  async function compared(name: string): Promise<Comparison> {
    const model = COMPARED_TABLES.find((each) => each.name === name);
    invariant(model !== undefined, name);
    const connection = openOwnConnection(testDatabase.url, 'compare');
    try {
      return await compareReadModel(connection.sql, model);
    } finally {
      await connection.close();
    }
  }

  it.each(COMPARED_TABLES.map(({ name }) => name))('follow from their own log: %s', async (name) => {
    const found = await compared(name);
    expect(found.live).toBeGreaterThan(0);
    expect(counts(found)).toEqual(THE_SAME);
  });

  it('are told where they do not', async () => {
    await sql`UPDATE orders SET status = 'PARTIALLY_SHIPPED' WHERE order_id = ${first.orderId}`;
    const found = await compared('orders.statuses');
    expect(counts(found)).toEqual({ ...THE_SAME, different: 1 });
    expect(found.examples).toMatchObject([
      { live: { status: 'PARTIALLY_SHIPPED' }, folded: { status: 'SHIPPED' } },
    ]);
    await sql`UPDATE orders SET status = 'SHIPPED' WHERE order_id = ${first.orderId}`;
  });
});
