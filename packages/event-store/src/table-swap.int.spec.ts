import { fileURLToPath } from 'node:url';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { acquireLease } from './leases.ts';
import { migrate } from './migrate.ts';
import { loadOffsets } from './offsets.ts';
import { type OwnConnection, openOwnConnection } from './own-connection.ts';
import { createCopy, loadShape, writeRows } from './table-copy.ts';
import { holdingOffsets, readOffsets, swapTables } from './table-swap.ts';

const NO_TABLES = fileURLToPath(new URL('../test-migrations', import.meta.url));

let testDatabase: TestDatabase;
let connection: OwnConnection;
let other: OwnConnection;

beforeAll(async () => {
  testDatabase = await databaseFromTemplate('event_log', (url) => migrate(url, NO_TABLES));
  connection = openOwnConnection(testDatabase.url, 'swap');
  other = openOwnConnection(testDatabase.url, 'other');
  const epoch = (await acquireLease(connection.sql, 'worker', 'test', 0)) ?? 0;
  await loadOffsets(connection.sql, 'reader', ['orders', 'payments'], epoch);
});

beforeEach(async () => {
  await connection.sql.unsafe(`
    DROP TABLE IF EXISTS notes, notes_previous, notes_next;
    CREATE TABLE notes (
      key text COLLATE "C" PRIMARY KEY,
      units int NOT NULL DEFAULT 1 CONSTRAINT notes_units_positive CHECK (units > 0)
    ) WITH (fillfactor = 70);
    CREATE INDEX notes_by_units ON notes (units, key);
    CREATE INDEX notes_large ON notes (key) WHERE units > 100;
    INSERT INTO notes VALUES ('old', 1)`);
});

afterAll(async () => {
  await connection.close();
  await other.close();
  await testDatabase.drop();
});

const foldedTo = async () => ({
  consumer: 'reader',
  sources: ['orders'],
  offsets: await readOffsets(connection.sql, 'reader', ['orders'], false),
  letters: 0,
});

/** All that a name stands for: definitions of indexes and constraints, and storage parameters. */
async function described(table: string) {
  const rows = await connection.sql<{ line: string }[]>`
    SELECT pg_get_indexdef(indexrelid) AS line FROM pg_index WHERE indrelid = ${table}::regclass
    UNION ALL
    SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = ${table}::regclass
    UNION ALL
    SELECT coalesce(array_to_string(reloptions, ','), '') FROM pg_class WHERE oid = ${table}::regclass
    ORDER BY 1`;
  return rows.map(({ line }) => line);
}

it('puts a copy in the place of a table, with all that its name stood for', async () => {
  const { sql } = connection;
  const before = await described('notes');
  expect(before).toContain('fillfactor=70');
  const copyId = await createCopy(sql, 'notes');
  await writeRows(sql, 'notes_next', await loadShape(sql, 'notes'), [{ key: 'new', units: 2 }]);
  await swapTables(sql, 'notes', copyId, await foldedTo(), false);
  expect(await described('notes')).toEqual(before);
  expect(await sql`SELECT * FROM notes`).toEqual([{ key: 'new', units: 2 }]);
  expect(await sql`SELECT * FROM notes_previous`).toEqual([{ key: 'old', units: 1 }]);
});

it('can do so again and again', async () => {
  const { sql } = connection;
  const before = await described('notes');
  for (let round = 0; round < 3; round += 1)
    await swapTables(sql, 'notes', await createCopy(sql, 'notes'), await foldedTo(), round === 2);
  expect(await described('notes')).toEqual(before);
  expect(await sql`SELECT to_regclass('notes_previous') AS gone`).toEqual([{ gone: null }]);
});

it('writes the last row of a key, in one batch and over what stood there', async () => {
  const { sql } = connection;
  const shape = await loadShape(sql, 'notes');
  await writeRows(sql, 'notes', shape, [
    { key: 'old', units: 5 },
    { key: 'one', units: 1 },
    { key: 'one', units: 3 },
  ]);
  expect(await sql`SELECT * FROM notes ORDER BY key`).toEqual([
    { key: 'old', units: 5 },
    { key: 'one', units: 3 },
  ]);
});

it('changes nothing when the consumer went on, when a dead letter was replayed, or when the copy is another', async () => {
  const { sql } = connection;
  const copyId = await createCopy(sql, 'notes');
  const at = await foldedTo();
  const moved = at.offsets.map((offset) => ({ ...offset, position: offset.position + 1 }));
  await expect(swapTables(sql, 'notes', copyId, { ...at, offsets: moved }, false)).rejects.toThrow(
    'offsets as folded lost',
  );
  await expect(swapTables(sql, 'notes', copyId, { ...at, letters: 1 }, false)).rejects.toThrow(
    'dead letters as folded lost',
  );
  await expect(swapTables(sql, 'notes', copyId + 1, at, false)).rejects.toThrow('the copy lost');
  expect(await sql`SELECT * FROM notes`).toEqual([{ key: 'old', units: 1 }]);
});

it('refuses a table that others hang on', async () => {
  const { sql } = connection;
  await sql`CREATE VIEW few_notes AS SELECT * FROM notes WHERE units < 3`;
  await expect(createCopy(sql, 'notes')).rejects.toThrow('cannot be replaced by a copy: view few_notes');
  await sql`DROP VIEW few_notes`;
});

it('holds the consumer and nobody else', async () => {
  const lock = (source: string) =>
    other.sql`SELECT 1 FROM offsets WHERE consumer = 'reader' AND source = ${source} FOR NO KEY UPDATE NOWAIT`;
  await holdingOffsets(connection.sql, 'reader', ['orders'], async (offsets) => {
    expect(offsets).toHaveLength(8);
    await expect(lock('orders')).rejects.toMatchObject({ code: '55P03' });
    expect(await lock('payments')).toHaveLength(8);
  });
  expect(await lock('orders')).toHaveLength(8);
});

it('ends the hold with what was done under it', async () => {
  const failing = holdingOffsets(connection.sql, 'reader', ['orders'], async () => {
    throw new Error('could not go on');
  });
  await expect(failing).rejects.toThrow('could not go on');
  const rows = await other.sql`SELECT 1 FROM offsets WHERE consumer = 'reader' FOR NO KEY UPDATE NOWAIT`;
  expect(rows).toHaveLength(16);
});

it('does not take a consumer that never listened for one that heard nothing', async () => {
  await expect(readOffsets(connection.sql, 'nobody', ['orders'], true)).rejects.toThrow('start it once');
});
