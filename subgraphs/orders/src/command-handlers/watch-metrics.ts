import { Counter, Gauge, type Registry } from '@crossdock/telemetry';

/** What tells that orders wait too long. Only the process that holds the worker's lease sets the gauge. */
export function createWatchMetrics(registry: Registry) {
  const registers = [registry];
  return {
    overdue: new Gauge({
      name: 'crossdock_orders_overdue',
      help: 'Orders that were reminded and have not moved since, by status, and those on hold',
      labelNames: ['status'],
      registers,
    }),
    reminders: new Counter({
      name: 'crossdock_order_reminders_total',
      help: 'Reminders of orders that wait longer in their status than they may',
      registers,
    }),
    held: new Counter({
      name: 'crossdock_orders_held_total',
      help: 'Orders put on hold, by who must act',
      labelNames: ['owner'],
      registers,
    }),
  };
}

export type WatchMetrics = ReturnType<typeof createWatchMetrics>;
