// A database of inventory is restored to a point before holds were extended, claimed, released and expired.
import { fileURLToPath } from 'node:url';
import { partitionOf } from '@crossdock/contracts';
import { migrate, newId } from '@crossdock/event-store';
import { runRestoreCommand } from '@crossdock/messaging';
import { LOG_SECRET, type Neighbour, startNeighbour, startSubject } from '@crossdock/messaging/neighbour';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import {
  backupOf,
  type DatabaseBackup,
  databaseFromTemplate,
  freePort,
  type OwnServer,
  ownNats,
  type TestDatabase,
} from '@crossdock/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createExtendHold } from './command-handlers/extend-hold.ts';
import { createHoldMetrics } from './command-handlers/hold-metrics.ts';
import { createHoldStock } from './command-handlers/hold-stock.ts';
import { startHoldSweeper } from './command-handlers/hold-sweeper.ts';
import { createReceiveStock } from './command-handlers/receive-stock.ts';
import { createReleaseHold } from './command-handlers/release-hold.ts';
import { createUpsertProducts } from './command-handlers/upsert-products.ts';
import { createOwnHistory } from './consumers/own-history.ts';
import { createStockConsumer } from './consumers/stock-consumer.ts';

const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));
const SETTLED = { timeout: 20_000, interval: 100 };
const TEST_MS = 90_000;
const partnerId = 'p1';
const partition = partitionOf(partnerId);
const metadata = { actor: 'buyer' };

let nats: OwnServer;
let clone: TestDatabase;
let backup: DatabaseBackup;
let neighbours: Readonly<Record<'orders' | 'payments' | 'fulfillment', Neighbour>>;
let port: number;
let subject: Awaited<ReturnType<typeof startSubject>>;

const urls = () => {
  const { orders, payments, fulfillment } = neighbours;
  return { orders: orders.url, payments: payments.url, fulfillment: fulfillment.url };
};
const start = () =>
  startSubject({
    ...{ name: 'inventory', databaseUrl: clone.url, natsUrl: nats.url, port, urls: urls() },
    consumerOf: createStockConsumer,
  });

beforeAll(async () => {
  nats = await ownNats();
  port = await freePort();
  clone = await databaseFromTemplate('inventory', (url) => migrate(url, MIGRATIONS));
  neighbours = {
    orders: await startNeighbour('orders', nats.url),
    payments: await startNeighbour('payments', nats.url),
    fulfillment: await startNeighbour('fulfillment', nats.url),
  };
  subject = await start();
  for (const each of Object.values(neighbours)) each.follow('inventory', `http://127.0.0.1:${port}`);
}, TEST_MS);

afterAll(async () => {
  await subject.stop();
  for (const each of Object.values(neighbours)) await each.stop();
  await backup.drop();
  await clone.drop();
  await nats.stop();
}, TEST_MS);

const hold = async (idempotencyKey: string, quantity: number) => {
  const input = { idempotencyKey, partnerId, ttlSeconds: 3_600, lines: [{ sku: 'a', quantity }] };
  return createHoldStock(subject)({ input, metadata });
};
const seesPartner = () => true;
const extend = (idempotencyKey: string, holdId: string) =>
  createExtendHold(subject)({ input: { idempotencyKey, holdId, ttlSeconds: 7_200 }, seesPartner, metadata });
const release = (idempotencyKey: string, holdId: string) =>
  createReleaseHold(subject)({ input: { idempotencyKey, holdId }, seesPartner, metadata });
const idOf = ({ holdId }: Awaited<ReturnType<typeof hold>>) => holdId ?? 'no hold';

async function statusIs(holdId: string, status: string): Promise<void> {
  await vi.waitFor(async () => {
    const rows = await subject.sql`SELECT status FROM holds WHERE hold_id = ${holdId}`;
    expect(rows.map((row) => row.status)).toEqual([status]);
  }, SETTLED);
}

/** Lets the time of a hold run out, and whoever holds the lease end it. */
async function expire(holdId: string): Promise<void> {
  const { sql, poke } = subject;
  const [lease] = await sql<{ epoch: string }[]>`SELECT epoch FROM leases WHERE name = 'worker'`;
  const metrics = createHoldMetrics(createRegistry('inventory'));
  const logger = createLogger('inventory', 'silent');
  await sql`UPDATE holds SET expires_at = clock_timestamp() WHERE hold_id = ${holdId}`;
  const sweeper = startHoldSweeper({ sql, logger, metrics, poke, leaseEpoch: () => Number(lease?.epoch) });
  await statusIs(holdId, 'EXPIRED');
  await sweeper.stop();
}

function claim(holdId: string, quantity: number) {
  const order = { orderId: newId(), partnerId, partition };
  return neighbours.orders.say('OrderPlaced', order, {
    ...{ number: 'N', currencyCode: 'GBP', totalMinor: 0, shortagePolicy: 'REJECT', paymentMethod: 'TERMS' },
    ...{ placedBy: 'buyer', holdId, lines: [{ sku: 'a', quantity, unitPriceMinor: 100 }] },
  });
}

async function allIsHeard(): Promise<void> {
  await vi.waitFor(async () => {
    for (const source of ['orders', 'fulfillment'] as const) {
      const [said] = await neighbours[source].sql`SELECT sum(position)::int AS events FROM partitions`;
      const [heard] =
        await subject.sql`SELECT sum(position)::int AS events FROM offsets WHERE source = ${source}`;
      expect(heard?.events).toBe(said?.events);
    }
    const [own] = await subject.sql`SELECT sum(position)::int AS events FROM partitions`;
    for (const each of Object.values(neighbours)) expect(await each.heard()).toHaveLength(own?.events);
  }, SETTLED);
}

const BOOKS = [
  'SELECT partition, position, event_id, type FROM events ORDER BY 1, 2',
  'SELECT hold_id, partner_id, partition, status, lines::text, order_id, version FROM holds ORDER BY hold_id',
  `SELECT hold_id, expires_at FROM holds WHERE status <> 'EXPIRED' ORDER BY hold_id`,
  'SELECT sku, sellable, reserved, held, withdrawing FROM sku_totals ORDER BY sku',
  'SELECT * FROM partners ORDER BY partner_id',
  `SELECT sku, kind, quantity, order_id, hold_id, cause FROM movements ORDER BY cause, kind, hold_id`,
  'SELECT scope, operation, key, fingerprint, result FROM idempotency_keys ORDER BY 1, 2, 3',
];
const books = () => Promise.all(BOOKS.map(async (query) => [...(await subject.sql.unsafe(query))]));

const ids = { before: '', alive: '', claimed: '', released: '', expired: '' };
let whole: Awaited<ReturnType<typeof books>>;

it('holds stock, before and after the backup', { timeout: TEST_MS }, async () => {
  const { orders, fulfillment } = neighbours;
  const said = { version: 1, metadata: {} };
  await fulfillment.sayRaw({
    ...{
      ...said,
      partition: 0,
      category: 'warehouse',
      streamId: 'NORTH',
      id: newId(),
      type: 'WarehouseRegistered',
    },
    data: { warehouseId: 'NORTH', name: 'NORTH', status: 'OPEN' },
  });
  await orders.sayRaw({
    ...{
      ...said,
      partition,
      category: 'partner',
      streamId: partnerId,
      id: newId(),
      type: 'PartnerRegistered',
    },
    data: { partnerId, name: partnerId, currencyCode: 'GBP', paymentMethods: ['TERMS'] },
  });
  const product = {
    sku: 'a',
    name: 'a',
    listPrice: { amount: '1.00', currencyCode: 'GBP' },
    lowStockThreshold: 0,
  };
  await createUpsertProducts(subject)({
    input: {
      ...{ idempotencyKey: 'products', errorPolicy: 'REJECT_ALL' },
      products: [{ ...product, casePack: 1, minOrderQuantity: 1, weightGrams: 1 }],
    },
    metadata,
  });
  await allIsHeard();
  const lines = [{ sku: 'a', warehouseId: 'NORTH', quantity: 100 }];
  await createReceiveStock(subject)({ input: { idempotencyKey: 'receipt', lines }, metadata });
  ids.before = idOf(await hold('before', 7));
  await allIsHeard();
  await subject.stop();
  backup = await backupOf(clone.url);
  subject = await start();

  await extend('extend', ids.before);
  await claim(ids.before, 5);
  await statusIs(ids.before, 'CLAIMED');
  for (const [index, name] of (['alive', 'claimed', 'released', 'expired'] as const).entries())
    ids[name] = idOf(await hold(name, index + 2));
  await claim(ids.claimed, 9);
  await statusIs(ids.claimed, 'CLAIMED');
  await release('release', ids.released);
  await expire(ids.expired);
  await allIsHeard();
  whole = await books();
});

it('comes back to the same books', { timeout: TEST_MS }, async () => {
  await subject.stop();
  await backup.restore();
  const settings = {
    ...{ DATABASE_URL: clone.url, NATS_URL: nats.url, LOG_READ_SECRET: LOG_SECRET, SUBGRAPH_URLS: urls() },
  };
  const code = await runRestoreCommand({ subgraph: 'inventory', settings, args: [], fold: createOwnHistory });
  expect(code).toBe(0);
  subject = await start();
  await allIsHeard();
  expect(await books()).toEqual(whole);
});

it('knows what ended, and the keys by which it did', { timeout: TEST_MS }, async () => {
  expect(await release('release', ids.released)).toMatchObject({ verdict: 'REPLAYED', refusals: [] });
  expect(await hold('alive', 2)).toMatchObject({ verdict: 'REPLAYED', holdId: ids.alive });
  expect(await extend('extend', ids.before)).toMatchObject({ verdict: 'REPLAYED' });
  for (const holdId of [ids.before, ids.claimed, ids.expired])
    expect((await release(`again ${holdId}`, holdId)).refusals).toMatchObject([{ code: 'HOLD_ENDED' }]);
  expect(await release('free', ids.alive)).toMatchObject({ verdict: 'NEW', refusals: [] });
});
