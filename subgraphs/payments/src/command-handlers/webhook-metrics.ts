import { Counter, Gauge, type Registry } from '@crossdock/telemetry';

export type WebhookMetrics = Readonly<{ taken: Counter; settled: Counter; waiting: Gauge }>;

export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry];
  return {
    taken: new Counter({
      name: 'crossdock_payments_webhooks_total',
      help: 'Webhooks by what became of them: new, duplicate, ignored (signed, and not understood), refused for want of a valid signature, or failed to be stored',
      labelNames: ['provider', 'outcome'],
      registers,
    }),
    settled: new Counter({
      name: 'crossdock_payments_webhooks_settled_total',
      help: 'Webhook events that were looked at, by how that ended; failed ones need payment operations',
      labelNames: ['provider', 'state'],
      registers,
    }),
    waiting: new Gauge({
      name: 'crossdock_payments_webhooks_waiting',
      help: 'Webhook events that nobody looked at yet; counted by the holder of the lease',
      registers,
    }),
  };
}
