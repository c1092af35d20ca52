// What the database refuses of one call is no matter of the others that were settled with it, and a person has it in the end.
import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import { createLogger } from '@crossdock/telemetry';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Hearing,
  newOrder,
  orderPlaced,
  startHearing,
  stockReserved,
  type TestOrder,
} from '../../test/hearing.ts';
import { type ClaimedCall, claimCalls } from '../store/card-calls.ts';
import { createSettle, type Settle, type Settlement } from './settle-card-calls.ts';

const MIGRATIONS = fileURLToPath(new URL('../store/migrations', import.meta.url));
const PATIENCE_MS = 60_000;
const CLAIM_MS = 90_000;
/** No text of a database may have it. */
const REFUSED = 'declined\u0000by nobody';
const NEUTRAL = 'what became of it could not be recorded';

let clone: TestDatabase;
let database: Database;
let hearing: Hearing;
let settle: Settle;
const parked: string[] = [];

beforeAll(async () => {
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test', writeConnections: 4 });
  hearing = await startHearing(database.sql);
  settle = createSettle({
    ...{ sql: database.sql, logger: createLogger('payments-test', 'silent'), patienceMs: PATIENCE_MS },
    ...{ draw: () => 0.5, poke: () => undefined, onCallsQueued: () => undefined, codeVersion: 'test' },
    onParked: (keys) => void parked.push(...keys),
  });
});

afterAll(async () => {
  await hearing.leave();
  await database.close();
  await clone.drop();
});

async function claimed(count: number): Promise<{ orders: TestOrder[]; calls: ClaimedCall[] }> {
  const orders = Array.from({ length: count }, () => newOrder(newId()));
  for (const order of orders)
    await hearing.hear(orderPlaced(order, 1_000, 'sealed:tok_visa'), stockReserved(order, 1_000));
  const calls = await claimCalls(database.sql, hearing.epoch, count, CLAIM_MS, 'fake');
  return {
    orders,
    calls: orders.flatMap(({ orderId }) => calls.find((call) => call.orderId === orderId) ?? []),
  };
}

const declined = (call: ClaimedCall, reason: string): Settlement => ({
  ...{ call, epoch: hearing.epoch, state: 'done', outcome: 'declined', delayMs: 0, reason },
  command: { type: 'RecordDeclined', data: { wave: 1, reason } },
});
const standing = async (orders: readonly TestOrder[]) =>
  (
    await database.sql<{ id: string; line: string }[]>`
      SELECT c.order_id AS id, concat_ws(' ', p.status, c.state, c.claimed_epoch IS NULL, a.outcome, a.reason) AS line
      FROM payments p JOIN payment_calls c USING (order_id) JOIN payment_attempts a USING (order_id)`
  )
    .sort((one, other) => orderOf(orders, one.id) - orderOf(orders, other.id))
    .filter(({ id }) => orderOf(orders, id) >= 0)
    .map(({ line }) => line);
const orderOf = (orders: readonly TestOrder[], id: string) =>
  orders.findIndex(({ orderId }) => orderId === id);

describe('a settlement that the database refuses', () => {
  it('is postponed without a word of it, and those beside it stand', async () => {
    const { orders, calls } = await claimed(4);
    // The first is written at once, the others together after it.
    const reasons = ['card_declined', 'card_declined', REFUSED, 'card_declined'];
    await Promise.all(calls.map((call, index) => settle(declined(call, reasons[index] ?? ''))));
    const done = 'DECLINED done t declined card_declined';
    expect(await standing(orders)).toEqual([done, done, `PENDING unknown t unknown ${NEUTRAL}`, done]);
    expect(parked).toEqual([]);
  });

  it('waits for a person once its patience is over', async () => {
    const { orders, calls } = await claimed(1);
    const [call] = calls;
    if (call === undefined) throw new Error('There is no call');
    expect(await settle(declined({ ...call, waitedMs: PATIENCE_MS }, REFUSED))).toBe(null);
    expect(await standing(orders)).toEqual([`UNKNOWN held t unknown ${NEUTRAL}`]);
    expect(parked).toEqual([`authorise ${call.orderId}/1`]);
    const letters = await database.sql`SELECT error FROM dead_letters WHERE key = ${parked[0] ?? ''}`;
    expect([...letters]).toEqual([{ error: NEUTRAL }]);
  });
});
