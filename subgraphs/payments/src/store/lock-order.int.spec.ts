// Two sessions meet in the same order's rows: whatever the moment, none of them is ended by the database for a deadlock.
import { fileURLToPath } from 'node:url';
import { type Database, discardLetters, migrate, newId, openDatabase } from '@crossdock/event-store';
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
import { endedOrBlocked } from '../../test/lock-waits.ts';
import { loadPayments } from './payment-rows.ts';
import { writePayments } from './write-payments.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

let clone: TestDatabase;
let database: Database;
let hearing: Hearing;

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

describe('invoices', () => {
  /** A shipment of this partner, issued or credited, as `invoices_write` takes it. */
  const sheetOf = (...invoices: readonly object[]) => {
    const each = { orderId: newId(), currencyCode: 'GBP', totalMinor: 1_000, paidMinor: 0, creditedMinor: 0 };
    return JSON.stringify({
      orders: [],
      invoices: invoices.map((more) => ({ shipmentId: newId(), ...each, ...more })),
    });
  };

  it('credited by card beside one that is issued want no account behind the counter', async () => {
    const { sql } = database;
    const [partnerId, shipmentId] = [newId(), newId()];
    const paid = { shipmentId, partnerId, method: 'CARD', paidMinor: 1_000 };
    await sql`SELECT invoices_write(${sheetOf(paid)}::text::jsonb)`;
    await sql`SELECT credit_move(ARRAY[${partnerId}], ARRAY[3], ARRAY['GBP'], ARRAY[0]::bigint[], ARRAY[NULL]::bigint[])`;
    // Money of the partner that settled no invoice on terms yet.
    await sql`UPDATE credit_accounts SET unapplied_minor = 500 WHERE partner_id = ${partnerId}`;
    const onTerms = await sql.reserve();
    try {
      await onTerms`BEGIN`;
      await onTerms`SELECT 1 FROM credit_accounts WHERE partner_id = ${partnerId} FOR NO KEY UPDATE`;
      const credited = { ...paid, method: null, paidMinor: 0, creditedMinor: 400 };
      const byCard = sql`SELECT invoices_write(${sheetOf({ ...paid, shipmentId: newId() }, credited)}::text::jsonb)`;
      const outcome = Promise.allSettled([byCard]);
      expect(await endedOrBlocked(sql, byCard)).toBe('ended');
      await onTerms`SELECT invoices_write(${sheetOf({ partnerId, method: 'TERMS' })}::text::jsonb)`;
      await onTerms`COMMIT`;
      expect(await outcome).toMatchObject([{ status: 'fulfilled' }]);
    } finally {
      await onTerms`ROLLBACK`;
      onTerms.release();
    }
    const [account] =
      await sql`SELECT unapplied_minor::int AS left FROM credit_accounts WHERE partner_id = ${partnerId}`;
    expect(account).toEqual({ left: 0 });
  });
});

describe('a call that is left to a person once more', () => {
  /** Writes that a call of the order is held, as the settlement of its try does. */
  async function hold({ orderId }: TestOrder, through = database.sql): Promise<void> {
    const payments = await loadPayments(database.sql, [orderId]);
    const [payment] = payments;
    const eventId = newId();
    const version = (payment?.streamVersion ?? 0) + 1;
    const fact = {
      ...{ partition: payment?.partition ?? 0, category: 'payment', streamId: orderId, version, id: eventId },
      ...{ type: 'PaymentHeld', data: {}, metadata: {} },
    };
    const letter = {
      eventId,
      key: `authorise ${orderId}/1`,
      error: 'held',
      fingerprint: 'held',
      attempts: 1,
    };
    await writePayments(
      through,
      { epoch: hearing.epoch, settled: [] },
      {
        payments: payments.map((each) => ({ ...each, streamVersion: version })),
        ...{ credit: [], entries: [], calls: [], events: [fact] },
        letters: [{ ...letter, codeVersion: 'test', trace: null }],
      },
    );
  }

  type Place = { source: string; partition: number; position: number };
  const placesOf = ({ orderId }: TestOrder) => database.sql<Place[]>`
    SELECT source, partition, position::float8 AS position FROM dead_letters
    WHERE key = ${`authorise ${orderId}/1`} ORDER BY ordinal`;
  const isParked = async ({ orderId }: TestOrder) =>
    (await database.sql`SELECT 1 FROM parked_keys WHERE key = ${`authorise ${orderId}/1`}`).length === 1;

  const ask = ({ orderId }: TestOrder, request: string) => database.sql`
    UPDATE dead_letters SET request = ${request}, requested_by = 'ada' WHERE key = ${`authorise ${orderId}/1`}`;

  async function heldOrder(): Promise<TestOrder> {
    const order = newOrder(newId());
    await hearing.hear(orderPlaced(order, 1_000, 'sealed:tok_visa'), stockReserved(order, 1_000));
    await hold(order);
    return order;
  }

  it('keeps its key while the first letter is discarded', async () => {
    const { sql } = database;
    const order = await heldOrder();
    const first = await placesOf(order);
    await ask(order, 'DISCARD');
    const settling = await sql.reserve();
    try {
      await settling`BEGIN`;
      await hold(order, settling);
      const discard = discardLetters(sql, 'payments', hearing.epoch, first);
      const outcome = Promise.allSettled([discard]);
      await endedOrBlocked(sql, discard);
      await settling`COMMIT`;
      expect(await outcome).toMatchObject([{ status: 'fulfilled' }]);
    } finally {
      await settling`ROLLBACK`;
      settling.release();
    }
    expect(await placesOf(order)).toHaveLength(2);
    expect(await isParked(order)).toBe(true);
  });

  it.each([
    ['replayed', {}],
    ['rehearsed', { dryRun: true }],
  ])(
    'waits for the first letter that is %s, before it has anything that this one wants',
    async (how, more) => {
      const { sql } = database;
      const order = await heldOrder();
      const first = await placesOf(order);
      await ask(order, 'REPLAY');
      const inbox = {
        consumer: 'payments',
        epoch: hearing.epoch,
        offsets: [],
        parked: [],
        replays: first,
        ...more,
      };
      const replaying = await sql.reserve();
      try {
        await replaying`BEGIN`;
        await replaying`SELECT payments_consume(${JSON.stringify(inbox)}::text::jsonb)`;
        const settling = hold(order);
        const outcome = Promise.allSettled([settling]);
        expect(await endedOrBlocked(sql, settling)).toBe('blocked');
        await replaying`SELECT 1 FROM payments WHERE order_id = ${order.orderId} FOR NO KEY UPDATE`;
        await (how === 'replayed' ? replaying`COMMIT` : replaying`ROLLBACK`);
        expect(await outcome).toMatchObject([{ status: 'fulfilled' }]);
      } finally {
        await replaying`ROLLBACK`;
        replaying.release();
      }
      expect(await isParked(order)).toBe(true);
    },
  );
});
