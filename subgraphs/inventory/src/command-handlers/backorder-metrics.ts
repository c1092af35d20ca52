import { Counter, Gauge, type Registry } from '@crossdock/telemetry';

/** What tells who waits for goods. Only the process that holds the worker's lease sets the gauges. */
export function createBackorderMetrics(registry: Registry) {
  const registers = [registry];
  return {
    units: new Gauge({
      name: 'crossdock_backordered_units',
      help: 'Units of orders that wait for receipts',
      registers,
    }),
    orders: new Gauge({
      name: 'crossdock_backordered_orders',
      help: 'Orders of which units wait for receipts',
      registers,
    }),
    oldest: new Gauge({
      name: 'crossdock_backorder_oldest_seconds',
      help: 'How long the units wait that have waited longest',
      registers,
    }),
    released: new Counter({
      name: 'crossdock_backorder_units_released_total',
      help: 'Units that waited and were reserved',
      registers,
    }),
    lostGuards: new Counter({
      name: 'crossdock_backorder_guards_lost_total',
      help: 'Releases decided on figures that moved meanwhile, and decided again',
      registers,
    }),
  };
}

export type BackorderMetrics = ReturnType<typeof createBackorderMetrics>;
