import { Counter, type Registry } from '@crossdock/telemetry';

/** What telling releases counts. */
export function createDispatchMetrics(registry: Registry) {
  const registers = [registry];
  return {
    calls: new Counter({
      name: 'crossdock_fulfillment_wms_calls_total',
      help: 'Calls to warehouses by warehouse and whether they were answered',
      labelNames: ['warehouse', 'answer'],
      registers,
    }),
    releases: new Counter({
      name: 'crossdock_fulfillment_told_releases_total',
      help: 'Releases told, by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    owned: new Counter({
      name: 'crossdock_fulfillment_refused_releases_total',
      help: 'Releases a WMS refused for good; they wait for their owner',
      registers,
    }),
  };
}

export type DispatchMetrics = ReturnType<typeof createDispatchMetrics>;
