// What the gateway counts. One registry a process.
import { Counter, createRegistry, Gauge, Histogram, type Registry } from '@crossdock/telemetry';
import type { FeedCounts } from './feed/feed-service.ts';
import type { SubgraphCall } from './subgraphs/data-source.ts';

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

export type Telemetry = Readonly<{
  registry: Registry;
  subgraphCall: (call: SubgraphCall) => void;
  feed: FeedCounts;
}>;

export function createTelemetry(): Telemetry {
  const registry = createRegistry('gateway');
  const calls = new Histogram({
    name: 'gateway_subgraph_call_seconds',
    help: 'Time of calls to subgraphs, by HTTP status or kind of fault.',
    labelNames: ['subgraph', 'outcome'],
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    registry,
    subgraphCall: ({ subgraph, outcome, seconds }) => calls.observe({ subgraph, outcome }, seconds),
    feed: feedCounts(registry),
  };
}

function feedCounts(registry: Registry): FeedCounts {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const open = new Gauge({ name: 'gateway_feeds_open', help: 'Live feeds now open.', registers });
  const items = counter('gateway_feed_items_total', 'Items shown on live feeds.');
  const refills = counter('gateway_feed_refills_total', 'Reads of the log for what JetStream did not bring.');
  const forks = counter('gateway_feed_forks_total', 'Times the orders log had another history than before.');
  const ends = new Counter({
    name: 'gateway_feed_ends_total',
    help: 'Live feeds ended by the gateway, by code.',
    labelNames: ['code'],
    registers,
  });
  return {
    opened: () => open.inc(),
    closed: () => open.dec(),
    item: () => items.inc(),
    ended: (code) => ends.inc({ code }),
    refilled: () => refills.inc(),
    forked: () => forks.inc(),
  };
}
