import { fileURLToPath } from 'node:url';
import { type Database, faultKind, migrate, newId, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCredit, setLimits } from './credit-accounts.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

let clone: TestDatabase;
let database: Database;

beforeAll(async () => {
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test', writeConnections: 10 });
});

afterAll(async () => {
  await database.close();
  await clone.drop();
});

async function set(partnerId: string, limitMinor: number, expectedVersion: number) {
  const data = { partnerId, limitMinor, currencyCode: 'GBP' };
  const key = { scope: 'system', key: newId(), fingerprint: 'f', result: '[]' };
  return setLimits(database.sql, key, [
    { ...data, termsDays: 30, expectedVersion, partition: 3, eventId: newId(), data, metadata: {} },
  ]);
}

/** Moves by the delta; with a peak only if the limit allows. Answers what became of it. */
async function move(partnerId: string, delta: number, peak: number | null): Promise<string> {
  try {
    await database.sql`SELECT credit_move(${[partnerId]}::text[], ARRAY[3], ARRAY['GBP'], ${[delta]}::bigint[], ${[peak]}::bigint[])`;
    return 'moved';
  } catch (error) {
    return faultKind(error);
  }
}

async function accountOf(partnerId: string) {
  return (await loadCredit(database.sql, [partnerId]))[0]?.account;
}

describe('credit', () => {
  it('is reserved up to the limit, however many reserve at once', async () => {
    const partnerId = newId();
    await set(partnerId, 1_000, 0);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => move(partnerId, 90, 90)));
    expect(outcomes.filter((each) => each === 'moved')).toHaveLength(11);
    expect(outcomes.filter((each) => each === 'guard-lost')).toHaveLength(39);
    expect(await accountOf(partnerId)).toMatchObject({ exposureMinor: 990, limitMinor: 1_000 });
  });

  it('counts the highest sum of a batch, not only its end', async () => {
    const partnerId = newId();
    await set(partnerId, 1_000, 0);
    expect(await move(partnerId, 100, 1_001)).toBe('guard-lost');
    expect(await move(partnerId, 100, 1_000)).toBe('moved');
  });

  it('lets a limit fall below what is owed, and then refuses only what comes', async () => {
    const partnerId = newId();
    await set(partnerId, 1_000, 0);
    await move(partnerId, 800, 800);
    await set(partnerId, 100, 1);
    expect(await accountOf(partnerId)).toMatchObject({ exposureMinor: 800, limitMinor: 100 });
    expect(await move(partnerId, 1, 1)).toBe('guard-lost');
    expect(await move(partnerId, 50, null)).toBe('moved');
    expect(await move(partnerId, -850, null)).toBe('moved');
    // Whoever pays ahead owes less than nothing.
    expect(await move(partnerId, -1, null)).toBe('moved');
  });

  it('sets a limit at the version it was decided on, in one of two that race', async () => {
    const partnerId = newId();
    const outcomes = await Promise.allSettled([set(partnerId, 1, 0), set(partnerId, 2, 0)]);
    expect(outcomes.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    const events =
      await database.sql`SELECT version, type, partition FROM events WHERE stream_id = ${partnerId}`;
    expect([...events]).toEqual([{ version: 1, type: 'CreditLimitSet', partition: 3 }]);
  });
});

describe('the ledger', () => {
  const post = (debit: string, credit: string, amount: number) =>
    database.sql`SELECT ledger_post(${[newId()]}::uuid[], ARRAY['SALE'], ${[newId()]}::uuid[], ${[newId()]}::uuid[],
      ARRAY[NULL]::uuid[], ${[debit]}::text[], ARRAY['receivable'], ARRAY['p'], ${[credit]}::text[], ARRAY['sales'], ARRAY['GBP'],
      ${[amount]}::bigint[])`;

  it('takes only entries that balance, and keeps them', async () => {
    await post('receivable/p', 'sales', 500);
    await post('receivable/p', 'sales', 700);
    await expect(post('sales', 'sales', 1)).rejects.toMatchObject({ constraint_name: 'ledger_entry_moves' });
    await expect(post('receivable/p', 'sales', 0)).rejects.toMatchObject({
      constraint_name: 'ledger_amount_positive',
    });
    const [total] =
      await database.sql`SELECT sum(amount_minor)::int AS total, count(*)::int AS lines FROM ledger_lines`;
    expect(total).toEqual({ total: 0, lines: 4 });
    await expect(database.sql`TRUNCATE ledger_entries`).rejects.toThrow('never changed');
  });
});
