import type { Sql } from '@crossdock/event-store';
import type { Logger, Registry } from '@crossdock/telemetry';
import type { Providers, ReadNotice } from '../ports.ts';
import { startWebhookLooks } from './look-at-webhooks.ts';
import { startReconciliation } from './reconcile.ts';
import { startPaymentSweeper } from './sweep-payments.ts';
import { createSweeperMetrics } from './sweeper-metrics.ts';
import { createTakeWebhook, type TakeWebhook } from './take-webhook.ts';
import { createWebhookMetrics } from './webhook-metrics.ts';

export type WatchOptions = Readonly<{
  sql: Sql;
  logger: Logger;
  registry: Registry;
  providers: Providers;
  /** Who checks the signatures of webhooks, by the provider's name. */
  readers: ReadonlyMap<string, ReadNotice>;
  /** Seconds from one comparison to the next that nobody asked for. */
  reconcileEveryS: number;
  /** Of the code, for dead letters. */
  codeVersion: string;
  leaseEpoch: () => number | null;
  wakeCalls: () => void;
}>;

export type PaymentWatch = Readonly<{ takeWebhook: TakeWebhook; stop: () => Promise<void> }>;

/** Starts all that looks after the money beside the calls themselves: webhooks, the minute's sweep, the comparison. */
export function watchPayments(options: WatchOptions): PaymentWatch {
  const { registry, readers, reconcileEveryS: everyS, ...parts } = options;
  const metrics = createWebhookMetrics(registry);
  const looks = [
    startWebhookLooks({ ...parts, metrics }),
    startPaymentSweeper({ ...parts, metrics: createSweeperMetrics(registry), webhooks: metrics }),
    startReconciliation({ ...parts, everyS }),
  ];
  return {
    takeWebhook: createTakeWebhook({ ...parts, metrics, readers }),
    stop: async () => {
      await Promise.all(looks.map((each) => each.stop()));
    },
  };
}
