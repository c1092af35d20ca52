import { faultKind, type Sql } from '@crossdock/event-store';
import { type Looks, startLooks } from '@crossdock/resilience';
import type { Logger } from '@crossdock/telemetry';
import { hastenCalls } from '../store/card-calls.ts';
import { countOpenBreaks, countOpenCalls, loadWaitingOrders } from '../store/payment-gauges.ts';
import { countWaitingEvents, forgetEvents } from '../store/webhook-events.ts';
import type { SweeperMetrics } from './sweeper-metrics.ts';
import type { WebhookMetrics } from './webhook-metrics.ts';

/** Milliseconds between sweeps. */
const SWEEP_EVERY_MS = 60_000;
/** A call that was wanted longer, and that nobody is making, is made due now: its pause has outgrown its use. */
const WANTED_MS = 60_000;
/** Orders hastened in one sweep: what the provider may be asked at once besides all else. */
const ORDERS_MAX = 500;
/** Days a settled webhook event is kept: longer than any provider repeats one. */
const EVENTS_KEPT_DAYS = 30;
/** Events deleted in one call, and calls in one sweep. */
const FORGOTTEN_AT_ONCE = 1_000;
const FORGETS_MAX = 20;

export type SweepOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  metrics: SweeperMetrics;
  webhooks: WebhookMetrics;
  /** Only the process that holds the worker lease sweeps, and writes under its epoch. */
  leaseEpoch: () => number | null;
  /** Says that calls became due. */
  wakeCalls: () => void;
}>;

/** One sweep: hastens calls that wait too long, forgets old webhook events, counts what is open. Rejects with LEASE_LOST. */
export async function sweepPayments(options: SweepOptions, epoch: number): Promise<void> {
  const { sql, metrics, webhooks, wakeCalls } = options;
  const orders = await loadWaitingOrders(sql, WANTED_MS, ORDERS_MAX);
  if (orders.length > 0) {
    metrics.hastened.inc(await hastenCalls(sql, epoch, orders));
    // Also where none was to be hastened: what is due and unclaimed for so long waits for a look of the dispatcher.
    wakeCalls();
  }
  for (let call = 0; call < FORGETS_MAX; call += 1) {
    if ((await forgetEvents(sql, epoch, EVENTS_KEPT_DAYS, FORGOTTEN_AT_ONCE)) < FORGOTTEN_AT_ONCE) break;
  }
  metrics.show(await countOpenCalls(sql), await countOpenBreaks(sql));
  webhooks.waiting.set(await countWaitingEvents(sql));
}

/** Sweeps every minute while this process holds the lease. A fault costs a sweep, nothing else. */
export function startPaymentSweeper(options: SweepOptions): Looks {
  const look = async () => {
    const epoch = options.leaseEpoch();
    if (epoch === null) {
      options.metrics.reset();
      options.webhooks.waiting.reset();
      return;
    }
    try {
      await sweepPayments(options, epoch);
    } catch (error) {
      options.logger.warn({ kind: faultKind(error), err: error }, 'payments cannot be swept now');
    }
  };
  return startLooks(look, SWEEP_EVERY_MS);
}
