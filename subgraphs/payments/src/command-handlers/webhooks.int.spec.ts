// Webhooks in any order and any number: the effect is what the provider shows, once; what nobody signed is not even stored.
import { newId } from '@crossdock/event-store';
import { createLogger, createRegistry } from '@crossdock/telemetry';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dyingAt } from '../../test/dying-provider.ts';
import { orderPlaced, shipmentConfirmed, stockReserved } from '../../test/hearing.ts';
import { openReconciling, type Reconciling } from '../../test/reconciling.ts';
import { readSigned, signed } from '../../test/signed-webhooks.ts';
import type { PaymentProvider } from '../ports.ts';
import { forgetEvents } from '../store/webhook-events.ts';
import { followWebhooks } from './look-at-webhooks.ts';
import { createTakeWebhook, type TakeWebhook } from './take-webhook.ts';
import { createWebhookMetrics } from './webhook-metrics.ts';

const PATIENCE = { timeout: 20_000, interval: 30 };
const HOUR_S = 3_600;

let money: Reconciling;
let take: TakeWebhook;
let isDown = false;
let reads = 0;
const logger = createLogger('payments-test', 'silent');
const metrics = createWebhookMetrics(createRegistry('payments-test'));

/** Counts reads, and answers none of them while it is down. */
const watched = (fake: PaymentProvider): PaymentProvider => ({
  ...fake,
  read: async (id) => {
    reads += 1;
    return isDown ? { kind: 'unknown', reason: 'HTTP 500' } : fake.read(id);
  },
});

beforeAll(async () => {
  money = await openReconciling(watched);
  money.dispatch();
  const { sql } = money.database;
  const readers = new Map([['fake', readSigned]]);
  take = createTakeWebhook({ sql, logger, metrics, providers: money.providers, readers });
});
afterAll(() => money.close());
beforeEach(async () => {
  await money.database.sql`TRUNCATE webhook_events, payment_breaks`;
  isDown = false;
});

/** Lets everything that waits be due, and looks once. */
async function follow(): Promise<void> {
  await money.database.sql`UPDATE webhook_events SET next_try_at = clock_timestamp()`;
  const { sql, providers } = { sql: money.database.sql, providers: money.providers };
  const options = { sql, providers, logger, metrics, codeVersion: 'test', wakeCalls: () => undefined };
  await followWebhooks({ ...options, leaseEpoch: money.epoch }, money.epoch());
}

const stored = () => money.database.sql<{ state: string; deliveries: number; attempts: number }[]>`
  SELECT state, deliveries, attempts FROM webhook_events ORDER BY event_id`;

describe('what is stored', () => {
  it('is what its provider signed, once, however often and late it comes', async () => {
    const { id } = await money.order(1_000);
    const event = signed('fake', { id: 'e1', authorisationId: id });
    expect(await Promise.all(Array.from({ length: 10 }, () => take(event)))).toEqual(Array(10).fill(204));
    expect(await stored()).toEqual([{ state: 'new', deliveries: 10, attempts: 0 }]);
    await follow();
    expect(await take(event)).toBe(204);
    await follow();
    expect(await stored()).toEqual([{ state: 'done', deliveries: 11, attempts: 1 }]);
  });

  it.each([
    ['another secret', signed('fake', { id: 'f1', authorisationId: 'auth_1', secret: 'guessed' })],
    [
      'signed too long ago, and so a replay',
      signed('fake', { id: 'f2', authorisationId: 'auth_1', ageS: HOUR_S }),
    ],
    ['a changed body', { ...signed('fake', { id: 'f3', authorisationId: 'auth_1' }), rawBody: '{}' }],
    ['no signature', { provider: 'fake', headers: {}, rawBody: '{}' }],
  ])('is nothing of %s', async (_what, delivery) => {
    expect(await take(delivery)).toBe(401);
    expect(await stored()).toEqual([]);
  });

  it('is nothing of what is signed and not understood, and that is not asked for again', async () => {
    expect(await take(signed('fake', { id: 'x'.repeat(300), authorisationId: 'auth_1' }))).toBe(204);
    expect(await take(signed('fake', { id: 'thin' }))).toBe(204);
    expect(await stored()).toEqual([]);
    const { values } = await metrics.taken.get();
    expect(values.find(({ labels }) => labels.outcome === 'ignored')?.value).toBe(2);
  });

  it('is nothing of a provider that is not configured, and nothing of one without a secret', async () => {
    expect(await take(signed('elsewhere', { id: 'e', authorisationId: 'a' }))).toBe(404);
    const { sql } = money.database;
    const without = createTakeWebhook({
      sql,
      logger,
      metrics,
      providers: money.providers,
      readers: new Map(),
    });
    expect(await without(signed('fake', { id: 'e', authorisationId: 'a' }))).toBe(401);
    expect(await stored()).toEqual([]);
  });

  it('is counted as failed when it could not be stored, and is the sender’s to send again', async () => {
    const { sql } = money.database;
    const failed = async () =>
      (await metrics.taken.get()).values.find(({ labels }) => labels.outcome === 'failed')?.value;
    await sql`ALTER TABLE webhook_events RENAME TO webhook_events_elsewhere`;
    try {
      const event = signed('fake', { id: 'e', authorisationId: 'a' });
      await expect(take(event)).rejects.toMatchObject({ code: '42P01' });
      expect(await failed()).toBe(1);
    } finally {
      await sql`ALTER TABLE webhook_events_elsewhere RENAME TO webhook_events`;
    }
  });

  it('is forgotten a month after it was settled', async () => {
    const { id } = await money.order(1_000);
    for (const event of ['old', 'young']) await take(signed('fake', { id: event, authorisationId: id }));
    await follow();
    await take(signed('fake', { id: 'waiting', authorisationId: id }));
    await money.database.sql`
      UPDATE webhook_events SET received_at = received_at - interval '31 days' WHERE event_id <> 'young'`;
    expect(await forgetEvents(money.database.sql, money.epoch(), 30, 100)).toBe(1);
    expect(await stored()).toHaveLength(2);
  });
});

describe('what a webhook leads to', () => {
  it('is nothing where our record is what the provider shows, in whatever order events come', async () => {
    const { order, id } = await money.order(1_000, 1_000);
    for (const event of ['captured', 'authorised', 'created'])
      await take(signed('fake', { id: event, authorisationId: id }));
    reads = 0;
    await follow();
    // One look for all three: the authorisation, and then the order.
    expect(reads).toBe(2);
    expect(await money.breaksOf(order)).toEqual([]);
    expect((await stored()).map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  });

  it('is that a call whose outcome nobody heard is made at once, and finds out', async () => {
    const { order, id } = await money.order(1_000);
    const dying = dyingAt(money.provider, 'capture', 'after');
    await money.takeOver();
    const dead = money.dispatch(dying.deadly);
    await money.hear(shipmentConfirmed(order, 1_000));
    await dying.died;
    await dead.stop();
    // Its process died after the provider had taken the money; the call's next try is far away.
    await money.takeOver();
    money.dispatch();
    await money.database.sql`
      UPDATE payment_calls SET claimed_epoch = NULL, next_try_at = clock_timestamp() + interval '1 hour'
      WHERE order_id = ${order.orderId} AND operation = 'capture' AND state <> 'done'`;
    await take(signed('fake', { id: 'late', authorisationId: id }));
    await follow();
    await expect.poll(() => money.statusOf(order), PATIENCE).toMatchObject({ captured: 1_000 });
    const shown = await money.provider.read(id);
    expect(shown).toMatchObject({ value: { captures: [{ amountMinor: 1_000 }] } });
    expect(await money.breaksOf(order)).toEqual([]);
    dying.revive();
  });

  it('is that the card is asked again where the provider gave up what the order needs', async () => {
    const { order, id } = await money.order(1_000);
    await money.provider.release(id, 'by hand');
    for (const event of ['v1', 'v2']) {
      await take(signed('fake', { id: event, authorisationId: id }));
      await follow();
    }
    expect(await money.breaksOf(order)).toEqual([
      { kind: 'AUTHORISATION_LOST', state: 'HEALED', subject: id, expected: 1_000, found: 0 },
    ]);
    await money.hear(shipmentConfirmed(order, 1_000));
    await expect.poll(() => money.statusOf(order), PATIENCE).toMatchObject({ captured: 1_000 });
  });

  it('is a difference with an owner, which ends with the look that finds it no more', async () => {
    const { sql } = money.database;
    const { order, id } = await money.order(1_000);
    const look = async (event: string) => {
      await take(signed('fake', { id: event, authorisationId: id }));
      await follow();
    };
    await sql`UPDATE payments SET authorised_minor = 900 WHERE order_id = ${order.orderId}`;
    for (const event of ['d1', 'd2']) await look(event);
    const differs = { kind: 'AMOUNT_DIFFERS', subject: id, expected: 900, found: 1_000 };
    expect(await money.breaksOf(order)).toEqual([{ ...differs, state: 'OPEN' }]);
    // About an authorisation that no look at this order reads: only the provider's report shows it.
    await sql`
      INSERT INTO payment_breaks (id, kind, state, order_id, subject, detail, owner)
      VALUES (${newId()}, 'STRAY_AUTHORISATION', 'OPEN', ${order.orderId}, 'auth_elsewhere', 'Look.', 'x'),
             (${newId()}, 'SHIPPED_NOT_TAKEN', 'OPEN', ${order.orderId}, 'was taken since', 'Look.', 'x')`;
    await sql`UPDATE payments SET authorised_minor = 1000 WHERE order_id = ${order.orderId}`;
    await look('d3');
    const stand = (await money.breaksOf(order)).map(({ kind, state }) => `${kind} ${state}`);
    expect(stand.sort()).toEqual([
      'AMOUNT_DIFFERS HEALED',
      'SHIPPED_NOT_TAKEN HEALED',
      'STRAY_AUTHORISATION OPEN',
    ]);
  });

  it('waits while the provider does not answer, and fails in the end with its owner told', async () => {
    const { id } = await money.order(1_000);
    await take(signed('fake', { id: 'e', authorisationId: id }));
    isDown = true;
    await follow();
    expect(await stored()).toEqual([{ state: 'new', deliveries: 1, attempts: 1 }]);
    await money.database.sql`UPDATE webhook_events SET attempts = 19`;
    await follow();
    expect(await stored()).toMatchObject([{ state: 'failed', attempts: 20 }]);
  });

  it('is nothing for what names no order of ours', async () => {
    const order = { orderId: newId(), partnerId: newId() };
    await money.hear(orderPlaced(order, 500), stockReserved(order, 500));
    await take(signed('fake', { id: 'e', authorisationId: 'auth_unknown' }));
    await follow();
    expect(await stored()).toMatchObject([{ state: 'new', attempts: 1 }]);
  });
});
