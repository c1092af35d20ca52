// A page of a run, the end of one, and a look at an order meet in the same breaks: none of them is ended for a deadlock.
import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Hearing, startHearing } from '../../test/hearing.ts';
import { endedOrBlocked } from '../../test/lock-waits.ts';
import type { BreakKind } from '../domain/payment-break.ts';
import { type FoundBreak, recordBreaks } from './payment-breaks.ts';
import { advanceRun, beginRunWhenDue, finishRun, loadRun } from './reconciliations.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
const [FIRST, LAST] = ['AMOUNT_DIFFERS', 'TAKEN_TWICE'] as const;

let clone: TestDatabase;
let database: Database;
let hearing: Hearing;
let runId = '';
let passedOver = '';
let subject = '';

const found = (kind: BreakKind, orderId: string): FoundBreak => {
  const amounts = { expected: null, found: { amountMinor: 1, currencyCode: 'GBP' } };
  return { found: { kind, subject, orderId, ...amounts, detail: 'look', healing: null }, healed: null };
};

beforeAll(async () => {
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test', writeConnections: 6 });
  hearing = await startHearing(database.sql);
});

afterAll(async () => {
  await hearing.leave();
  await database.close();
  await clone.drop();
});

/** The last stands before the first in the table, so that nothing but the lock order has them the other way round. */
beforeEach(async () => {
  const { sql } = database;
  await sql`DELETE FROM payment_reconciliations`;
  [passedOver, subject] = [newId(), newId()];
  await recordBreaks(sql, hearing.epoch, [found(LAST, newId())]);
  await recordBreaks(sql, hearing.epoch, [found(FIRST, passedOver)]);
  await beginRunWhenDue(sql, hearing.epoch, newId(), 0);
  runId = (await loadRun(sql))?.id ?? '';
});

/** What a look does that has the first and wants the last, while `call` wants both. */
async function meets(call: () => Promise<void>): Promise<void> {
  const { sql } = database;
  const look = await sql.reserve();
  const lock = (kind: string) => look`
    SELECT 1 FROM payment_breaks WHERE kind = ${kind} AND subject = ${subject} AND state = 'OPEN' FOR NO KEY UPDATE`;
  try {
    await look`BEGIN`;
    await lock(FIRST);
    const called = call();
    const outcome = Promise.allSettled([called]);
    expect(await endedOrBlocked(sql, called)).toBe('blocked');
    await lock(LAST);
    await look`COMMIT`;
    expect(await outcome).toMatchObject([{ status: 'fulfilled' }]);
  } finally {
    await look`ROLLBACK`;
    look.release();
  }
}

const statesOf = async () =>
  (
    await database.sql`SELECT kind, state, run_id = ${runId} AS "isOfRun" FROM payment_breaks WHERE subject = ${subject} ORDER BY kind`
  ).map(({ kind, state, isOfRun }) => `${kind} ${state} ${isOfRun === true}`);

it('a page that passes over an order whose break comes first', async () => {
  const place = { stage: 'PAYMENTS', provider: null, cursor: null, lastOrder: null } as const;
  const page = {
    place,
    payments: 0,
    authorisations: 0,
    reported: null,
    orders: [],
    passedOver: [passedOver],
  };
  const breaks = [found(LAST, newId())];
  await meets(() => advanceRun(database.sql, hearing.epoch, runId, { ...page, breaks }));
  expect(await statesOf()).toEqual([`${FIRST} OPEN false`, `${LAST} OPEN true`]);
  await finishRun(database.sql, hearing.epoch, runId);
  expect(await statesOf()).toEqual([`${FIRST} OPEN false`, `${LAST} OPEN true`]);
});

it('the end of a run, however the database finds them', async () => {
  // Through no index they come as they stand in the table.
  for (const scan of ['enable_indexscan', 'enable_bitmapscan'])
    await database.sql.unsafe(`ALTER FUNCTION reconciliation_finish(bigint, uuid) SET ${scan} = off`);
  await meets(() => finishRun(database.sql, hearing.epoch, runId));
  expect(await statesOf()).toEqual([`${FIRST} HEALED false`, `${LAST} HEALED false`]);
});
