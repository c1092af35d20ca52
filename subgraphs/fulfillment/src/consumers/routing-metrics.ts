import { Counter, type Registry } from '@crossdock/telemetry';

/** What routing counts. */
export function createRoutingMetrics(registry: Registry) {
  const registers = [registry];
  return {
    plans: new Counter({
      name: 'crossdock_fulfillment_plans_total',
      help: 'Plans by rule; attempts after the first are what inventory refused',
      labelNames: ['rule', 'attempt'],
      registers,
    }),
    released: new Counter({
      name: 'crossdock_fulfillment_released_shipments_total',
      help: 'Shipments released to a WMS',
      registers,
    }),
    onHold: new Counter({
      name: 'crossdock_fulfillment_orders_on_hold_total',
      help: 'Orders that could not be routed and wait for their owner',
      registers,
    }),
  };
}

export type RoutingMetrics = ReturnType<typeof createRoutingMetrics>;
