import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../platform/database-settings.ts';
import { idOf } from '../verify/sample-log.ts';
import { connectTo, migrateSubgraph } from '../verify/sample-run.ts';
import { watchOrders } from './order-watch.ts';

let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await databaseFromTemplate('orders', (url) => migrateSubgraph('orders', url));
  sql = connectTo(database.url);
  for (const [name, status] of [
    ['a', 'SHIPPED'],
    ['b', 'CONFIRMED'],
  ] as const) {
    await sql`
      insert into orders (order_id, partition, partner_id, number, status, version, shortage_policy, currency_code,
        total_minor, units_ordered, placed_by, placed_at, confirmed_at)
      values (${idOf(name)}, 0, 'p', ${name}, ${status}, 1, 'REJECT', 'GBP', 1, 1, 'erp', to_timestamp(1000), to_timestamp(1000.5))`;
  }
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const watch = (change: object) => {
  const final: number[] = [];
  const onLook = (count: number) => final.push(count);
  const orderIds = [idOf('a'), idOf('b')];
  const states = watchOrders(sql, {
    orderIds,
    until: Date.now(),
    signal: new AbortController().signal,
    onLook,
    ...change,
  });
  return { states, final };
};

describe('watching orders', () => {
  it('answers the state of all when the time is up, final or not', async () => {
    const { states, final } = watch({});
    const byName = (await states).map(({ status, placedAt, confirmedAt, shippedAt }) => ({
      status,
      placedAt,
      confirmedAt,
      shippedAt,
    }));
    const instants = { placedAt: 1_000_000, confirmedAt: 1_000_500, shippedAt: null };
    expect(byName).toEqual([
      { status: 'SHIPPED', ...instants },
      { status: 'CONFIRMED', ...instants },
    ]);
    expect(final).toEqual([1]);
  });

  it('ends as soon as the last is final', async () => {
    const { states, final } = watch({ until: Date.now() + 20_000 });
    setTimeout(
      () =>
        void sql`update orders set status = 'REJECTED', status_reason = 'STOCK_SHORT' where number = 'b'`.execute(),
      100,
    );
    expect((await states).map(({ statusReason }) => statusReason)).toEqual([null, 'STOCK_SHORT']);
    expect(final.at(-1)).toBe(2);
  });
});

describe('settings', () => {
  it('are those of the server', async () => {
    const settings = await readSettings(sql);
    expect(settings).toMatchObject({ synchronousCommit: 'on', unloggedTables: 0 });
    expect(['on', 'off']).toContain(settings.fsync);
  });
});
