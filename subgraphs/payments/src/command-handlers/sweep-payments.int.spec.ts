// The minute's sweep: calls that wait too long are made due, and what is open is counted.
import { newId } from '@crossdock/event-store';
import { createRegistry } from '@crossdock/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderPlaced, stockReserved, type TestOrder } from '../../test/hearing.ts';
import { openReconciling, type Reconciling } from '../../test/reconciling.ts';
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
});

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
