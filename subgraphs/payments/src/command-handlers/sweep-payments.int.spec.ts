// The minute's sweep: calls that wait too long are made due, and what is open is counted.
import { newId } from '@crossdock/event-store';
import { createRegistry } from '@crossdock/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderPlaced, stockReserved, type TestOrder } from '../../test/hearing.ts';
import { openReconciling, type Reconciling } from '../../test/reconciling.ts';
import { countOpenCalls } from '../store/payment-gauges.ts';
import { sweepPayments } from './sweep-payments.ts';
import { createSweeperMetrics } from './sweeper-metrics.ts';
import { createWebhookMetrics } from './webhook-metrics.ts';

let money: Reconciling;

beforeAll(async () => {
  money = await openReconciling((fake) => fake);
});
afterAll(() => money.close());

describe('the minute’s sweep', () => {
  it('makes calls due that wait too long, and counts what is open', async () => {
    const { sql } = money.database;
    const { order } = await parked();
    const registry = createRegistry('payments-test');
    const options = {
      ...{
        sql,
        logger: money.options.logger,
        metrics: createSweeperMetrics(registry),
        leaseEpoch: money.epoch,
      },
      ...{ webhooks: createWebhookMetrics(registry), wakeCalls: () => undefined },
    };
    await sweepPayments(options, money.epoch());
    expect(await dueIn(order)).toBeGreaterThan(0);
    await sql`UPDATE payment_calls SET since = since - interval '2 minutes' WHERE order_id = ${order.orderId}`;
    await sweepPayments(options, money.epoch());
    expect(await dueIn(order)).toBeLessThanOrEqual(0);
    const text = await registry.metrics();
    expect(text).toMatch(/crossdock_payments_calls_open\{state="unknown",operation="authorise",.*\} 1/);
    expect(text).toMatch(/crossdock_payments_calls_hastened_total\{.*\} 1/);
    expect(text).toMatch(/crossdock_payments_webhooks_waiting/);
  });

  it('counts what waits for a person once, whether its call or only its payment says so', async () => {
    const refused = await parked();
    const renewed = await parked();
    const tried = await parked();
    const heldOf = async () =>
      (await countOpenCalls(money.database.sql)).filter(({ state }) => state === 'held');
    await waits(refused.order, 'held', [{ instance: '1' }]);
    await waits(renewed.order, 'done', [{ instance: '1' }]);
    // One that is tried again is an open call, and waits for nobody.
    await waits(tried.order, 'unknown', [{ instance: '1', again: true }]);
    expect(await heldOf()).toEqual([
      { state: 'held', operation: 'authorise', calls: 2, oldestMs: expect.any(Number) },
    ]);
    await waits(renewed.order, 'done', []);
    expect(await heldOf()).toMatchObject([{ calls: 1 }]);
    await waits(refused.order, 'done', []);
    expect(await heldOf()).toEqual([]);
  });
});

async function waits(
  { orderId }: TestOrder,
  state: string,
  held: readonly Readonly<{ instance: string; again?: true }>[],
): Promise<void> {
  const { sql } = money.database;
  const calls = held.map((call) => ({ operation: 'authorise', reason: 'no', owner: 'finance', ...call }));
  await sql`UPDATE payment_calls SET state = ${state} WHERE order_id = ${orderId}`;
  await sql`UPDATE payments SET in_depth = ${sql.json({ held: calls })} WHERE order_id = ${orderId}`;
}

/** An order whose authorisation nobody heard of, and whose next look is an hour away; no dispatcher is about. */
async function parked() {
  const order = { orderId: newId(), partnerId: newId() };
  await money.hear(orderPlaced(order, 500, 'sealed:tok_visa'), stockReserved(order, 500));
  await money.database.sql`
    UPDATE payment_calls SET state = 'unknown', claimed_epoch = NULL, next_try_at = clock_timestamp() + interval '1 hour'
    WHERE order_id = ${order.orderId}`;
  return { order };
}

async function dueIn({ orderId }: TestOrder): Promise<number> {
  const [row] = await money.database.sql<{ ms: number }[]>`
    SELECT (extract(epoch FROM next_try_at - clock_timestamp()) * 1000)::float8 AS ms FROM payment_calls WHERE order_id = ${orderId}`;
  return row?.ms ?? Number.NaN;
}
