// What the gateway counts. One registry a process.
import { Counter, createRegistry, Gauge, Histogram, type Registry } from '@crossdock/telemetry';
import type { SubgraphCall } from './subgraphs/data-source.ts';

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

export type Telemetry = Readonly<{
  registry: Registry;
  subgraphCall: (call: SubgraphCall) => void;
  feedSubscribers: Gauge;
  feedItems: Counter;
  feedRefills: Counter;
  feedEnds: Counter<'code'>;
}>;

export function createTelemetry(): Telemetry {
  const registry = createRegistry('gateway');
  const registers = [registry];
  const calls = new Histogram({
    name: 'gateway_subgraph_call_seconds',
    help: 'Time of calls to subgraphs, by HTTP status or kind of fault.',
    labelNames: ['subgraph', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  return {
    registry,
    subgraphCall: ({ subgraph, outcome, seconds }) => calls.observe({ subgraph, outcome }, seconds),
    feedSubscribers: new Gauge({ name: 'gateway_feed_subscribers', help: 'Live feeds now open.', registers }),
    feedItems: new Counter({
      name: 'gateway_feed_items_total',
      help: 'Items sent on live feeds.',
      registers,
    }),
    feedRefills: new Counter({
      name: 'gateway_feed_refills_total',
      help: 'Times the live feed read events from the log that JetStream did not bring.',
      registers,
    }),
    feedEnds: new Counter({
      name: 'gateway_feed_ends_total',
      help: 'Live feeds ended by the gateway, by code.',
      labelNames: ['code'],
      registers,
    }),
  };
}
