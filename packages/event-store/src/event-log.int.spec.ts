import { fileURLToPath } from 'node:url';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  acquireLease,
  appendArrays,
  commitIntentions,
  compareWithLog,
  consumeOnly,
  type Database,
  derivedId,
  faultKind,
  type Inbox,
  loadOffsets,
  migrate,
  type NewEvent,
  newId,
  openDatabase,
  readLog,
  readUnpublished,
  releaseLease,
  renewLease,
  slicesJson,
} from './index.ts';

const NO_MIGRATIONS = fileURLToPath(new URL('../test-migrations', import.meta.url));

let testDatabase: TestDatabase;
let database: Database;
/** Holds transactions open, which the hot path's own client never does. */
let other: postgres.Sql;

beforeAll(async () => {
  testDatabase = await databaseFromTemplate('event_log', (url) => migrate(url, NO_MIGRATIONS));
  database = openDatabase({ url: testDatabase.url, applicationName: 'event-log-test', writeConnections: 8 });
  other = postgres(testDatabase.url, { max: 1 });
});

afterAll(async () => {
  await Promise.all([database.close(), other.end()]);
  await testDatabase.drop();
});

function event(partition: number, streamId: string, version = 1): NewEvent {
  const data = { streamId, note: 'ünïcödé 🐘' };
  return {
    partition,
    category: 'thing',
    streamId,
    version,
    id: newId(),
    type: 'ThingHappened',
    data,
    metadata: {},
  };
}

async function append(...events: NewEvent[]): Promise<void> {
  const each = appendArrays(events);
  await database.sql`SELECT log_append(${each.partition}::int[], ${each.category}::text[], ${each.streamId}::text[],
    ${each.version}::int[], ${each.id}::uuid[], ${each.type}::text[], ${each.schemaVersion}::int[], ${each.data}::text[],
    ${each.metadata}::text[])`;
}

async function positionsAreDense(): Promise<boolean> {
  const rows = await database.sql<{ dense: boolean }[]>`
    SELECT count(e.position) = c.position AND coalesce(max(e.position), 0) = c.position AS dense
    FROM partitions c LEFT JOIN events e ON e.partition = c.partition GROUP BY c.partition, c.position`;
  return rows.every((row) => row.dense);
}

describe('append', () => {
  it('leaves no hole and no twin when many append at once and some are undone', async () => {
    const taken = newId();
    await append(event(0, taken));
    const attempts = Array.from({ length: 60 }, (_, index) =>
      index % 6 === 5
        ? append(event(index % 8, newId()), event(0, taken)).catch(() => 'refused')
        : append(event(index % 8, newId()), event((index + 3) % 8, newId())),
    );
    const refused = (await Promise.all(attempts)).filter((each) => each === 'refused');
    expect(refused).toHaveLength(10);
    expect(await positionsAreDense()).toBe(true);
  });

  it('keeps the order of one call within a partition', async () => {
    const stream = newId();
    await append(event(5, stream, 1), event(5, stream, 2), event(5, stream, 3));
    const rows = await database.sql<
      { version: number }[]
    >`SELECT version FROM events WHERE stream_id = ${stream} ORDER BY position`;
    expect(rows.map((row) => row.version)).toEqual([1, 2, 3]);
  });
});

describe('offsets', () => {
  const inbox = (epoch: number, from: number, to: number): Inbox => ({
    consumer: 'tester',
    epoch,
    parked: [],
    offsets: [{ source: 'orders', partition: 2, from, to, eventId: newId() }],
  });

  it('move once: a second call from the same place and a call under an old epoch are undone', async () => {
    const epoch = (await acquireLease(database.sql, 'worker', 'first', 0)) ?? 0;
    const offsets = await loadOffsets(database.sql, 'tester', ['orders', 'payments'], epoch);
    expect(offsets).toHaveLength(16);
    await consumeOnly(database.sql, inbox(epoch, 0, 4));
    const again = await consumeOnly(database.sql, inbox(epoch, 0, 4)).catch(faultKind);
    expect(again).toBe('lease-lost');
    await releaseLease(database.sql, 'worker', 'first', epoch);
    const next = (await acquireLease(database.sql, 'worker', 'second', 1_000)) ?? 0;
    expect(next).toBe(epoch + 1);
    expect(await consumeOnly(database.sql, inbox(epoch, 4, 5)).catch(faultKind)).toBe('lease-lost');
    await consumeOnly(database.sql, inbox(next, 4, 5));
    expect(await renewLease(database.sql, 'worker', 'first', epoch)).toBe(false);
    expect(await renewLease(database.sql, 'worker', 'second', next)).toBe(true);
  });

  it('is refused to a second owner while the first has it', async () => {
    // For longer than any machine takes to the next line, so that it stands without being renewed.
    await database.sql`SELECT lease_acquire('other', 'first', 600000, 0)`;
    expect(await acquireLease(database.sql, 'other', 'second', 0)).toBeNull();
  });
});

describe('readers', () => {
  it('see nothing beyond the committed intent, and everything up to it', async () => {
    const epoch = (await acquireLease(database.sql, 'worker', 'second', 0)) ?? 0;
    await append(event(7, newId()), event(7, newId()));
    const rows = (await readUnpublished(database.sql, 1_000)).filter((row) => row.partition === 7);
    const last = rows.at(-1);
    const before = await readLog(database.sql, [{ partition: 7, position: 0 }], 10);
    expect(before.slices).toEqual([]);
    const to = Number(last?.position);
    await commitIntentions(
      database.sql,
      [{ partition: 7, from: 0, to, eventId: last?.event_id ?? '' }],
      epoch,
    );
    const { slices, heads } = await readLog(database.sql, [{ partition: 7, position: 1 }], 100);
    expect(slices[0]?.rows).toHaveLength(to - 1);
    expect(slices[0]?.after).toEqual({ position: 1, eventId: rows[0]?.event_id });
    expect(heads.find((each) => each.partition === 7)).toEqual({
      partition: 7,
      position: to,
      eventId: last?.event_id,
    });
    expect(JSON.parse(slicesJson(slices))[0].events[0].data.note).toBe('ünïcödé 🐘');
  });

  it('learn that the log holds another event at a place than they took', async () => {
    const compared = await compareWithLog(database.sql, [{ partition: 7, position: 1, eventId: newId() }]);
    expect(compared.find((each) => each.partition === 7)?.agrees).toBe(false);
  });
});

describe('idempotency keys', () => {
  const check = (key: string, fingerprint: string) => database.sql<
    { verdict: string; result: string | null }[]
  >`
    SELECT verdict, result FROM log_check_keys(ARRAY['p1'], 'test', ARRAY[${key}], ARRAY[${fingerprint}])`;

  it('are new once, then replayed for the same input and refused for another', async () => {
    expect((await check('k', 'f'))[0]?.verdict).toBe('NEW');
    await database.sql`SELECT log_store_keys(ARRAY['p1'], 'test', ARRAY['k'], ARRAY['f'], ARRAY['result'])`;
    expect((await check('k', 'f'))[0]).toEqual({ verdict: 'REPLAYED', result: 'result' });
    expect((await check('k', 'g'))[0]?.verdict).toBe('KEY_REUSED');
    const [row] = await database.sql<
      { replays: number }[]
    >`SELECT replays FROM idempotency_keys WHERE key = 'k'`;
    expect(row?.replays).toBe(2);
  });

  it('are in flight while another transaction holds them', async () => {
    await other`BEGIN`;
    await other`SELECT log_check_keys(ARRAY['p1'], 'test', ARRAY['busy'], ARRAY['f'])`;
    expect((await check('busy', 'f'))[0]?.verdict).toBe('IN_FLIGHT');
    await other`ROLLBACK`;
    expect((await check('busy', 'f'))[0]?.verdict).toBe('NEW');
  });
});

describe('derived ids', () => {
  it('are the same for the same cause, step and ordinal, and of version 5', () => {
    const cause = newId();
    expect(derivedId(cause, 'reserve')).toBe(derivedId(cause, 'reserve', 0));
    expect(derivedId(cause, 'reserve', 1)).not.toBe(derivedId(cause, 'reserve'));
    expect(derivedId(cause, 'reserve')[14]).toBe('5');
    expect(newId()[14]).toBe('7');
  });
});

describe('the write path', () => {
  it('looks keys up one by one, however many there are', async () => {
    await database.sql`INSERT INTO idempotency_keys SELECT 'p' || n, 'test', 'k' || n, 'f', 'r' FROM generate_series(1, 5000) n`;
    await database.sql`ANALYZE idempotency_keys`;
    const keys = Array.from({ length: 40 }, (_, index) => `k${index + 1}`);
    const scopes = keys.map((key) => key.replace('k', 'p'));
    const single = openDatabase({
      url: testDatabase.url,
      applicationName: 'event-log-test',
      writeConnections: 1,
    });
    // On the one connection that looks the keys up: what it read is told when the statement ends that asks it to tell.
    const entriesRead = async () => {
      await single.sql`SELECT pg_stat_force_next_flush()`;
      const [row] = await single.sql<{ read: string }[]>`
        SELECT idx_tup_read AS read FROM pg_stat_user_indexes WHERE indexrelname = 'idempotency_keys_once'`;
      return Number(row?.read);
    };
    const before = await entriesRead();
    await single.sql`SELECT * FROM log_check_keys(${scopes}::text[], 'test', ${keys}::text[], ${keys}::text[])`;
    const read = (await entriesRead()) - before;
    await single.close();
    expect(read).toBeGreaterThanOrEqual(keys.length);
    expect(read).toBeLessThan(200);
  });
});
