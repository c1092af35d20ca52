import { Counter, Gauge, type Registry } from '@crossdock/telemetry';

/** What tells how much stock is held. Only the process that holds the worker's lease sets the gauges. */
export function createHoldMetrics(registry: Registry) {
  const registers = [registry];
  return {
    live: new Gauge({
      name: 'crossdock_holds_live',
      help: 'Holds of stock that are alive',
      registers,
    }),
    expired: new Counter({
      name: 'crossdock_holds_expired_total',
      help: 'Holds of stock whose time ran out before an order claimed them',
      registers,
    }),
  };
}

export type HoldMetrics = ReturnType<typeof createHoldMetrics>;
