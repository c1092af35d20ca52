import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FulfillmentDatabase, fulfillmentDatabase } from '../../test/fulfillment-database.ts';
import type { UpsertCommand } from './upsert-warehouses.ts';

let db: FulfillmentDatabase;
beforeAll(async () => {
  db = await fulfillmentDatabase();
});
afterAll(() => db.close());

const row = (id: string, name = id, priority = 100) => ({ id, name, country: 'GB', priority });
const command = (
  idempotencyKey: string,
  rows: UpsertCommand['rows'],
  errorPolicy: UpsertCommand['errorPolicy'] = 'REJECT_ALL',
) => ({
  ...{ actor: 'erp', traceparent: null, idempotencyKey, errorPolicy, rows },
});

async function factsOf(warehouseId: string) {
  const rows =
    await db.sql`SELECT type, version, data FROM events WHERE stream_id = ${warehouseId} ORDER BY version`;
  return rows.map(({ type, version, data }) => [type, version, data]);
}

it('registers, revises, and says nothing when nothing changed', async () => {
  expect(await db.upsert(command('1', [row('W1')]))).toMatchObject({
    verdict: 'NEW',
    results: [{ id: 'W1', created: true }],
  });
  expect(await db.upsert(command('2', [row('W1')]))).toMatchObject({
    results: [{ id: 'W1', created: false }],
  });
  await db.upsert(command('3', [row('W1', 'West')]));
  const place = { country: 'GB', priority: 100 };
  expect(await factsOf('W1')).toEqual([
    ['WarehouseRegistered', 1, { warehouseId: 'W1', name: 'W1', status: 'OPEN', ...place }],
    ['WarehouseRevised', 2, { warehouseId: 'W1', name: 'West', status: 'OPEN', ...place }],
  ]);
});

it('answers a replay as before, and refuses the key with other input', async () => {
  await db.upsert(command('replayed', [row('W2')]));
  expect(await db.upsert(command('replayed', [row('W2')]))).toMatchObject({
    verdict: 'REPLAYED',
    results: [{ created: true }],
  });
  expect(await db.upsert(command('replayed', [row('W2', 'Other')]))).toMatchObject({
    verdict: 'KEY_REUSED',
    results: [],
  });
});

it('stores nothing with REJECT_ALL, and the good rows with REJECT_ROWS', async () => {
  const rows = [
    row('W3'),
    row(' '),
    row('W3'),
    row('W4', ''),
    { ...row('W5'), country: 'x'.repeat(65) },
    row('W6', 'a\u0000b'),
  ];
  const all = await db.upsert(command('all', rows));
  expect(all.results.map(({ id }) => id)).toEqual([null, null, null, null, null, null]);
  expect(await factsOf('W3')).toEqual([]);
  const some = await db.upsert(command('some', rows, 'REJECT_ROWS'));
  expect(some.results.map(({ userErrors }) => userErrors[0]?.field ?? null)).toEqual([
    ...[null, ['warehouses', '1', 'id'], ['warehouses', '2', 'id'], ['warehouses', '3', 'name']],
    ...[
      ['warehouses', '4', 'country'],
      ['warehouses', '5', 'name'],
    ],
  ]);
  expect(await factsOf('W3')).toHaveLength(1);
});

it('keeps versions dense although many describe the same warehouse at once', async () => {
  await Promise.all(
    [1, 2, 3, 4].map((priority) => db.upsert(command(`race ${priority}`, [row('W7', 'W7', priority)]))),
  );
  const versions = (await factsOf('W7')).map(([, version]) => version);
  expect(versions).toEqual([1, 2, 3, 4]);
});
