import { Counter, Gauge, Histogram, type Registry } from '@crossdock/telemetry';

/** What a worker measures; the names are what dashboards and fault runs read. */
export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    published: new Counter({ name: 'crossdock_relay_published_events_total', help: 'Events whose publish was tried', registers }),
    abandoned: new Counter({ name: 'crossdock_relay_abandoned_messages_total', help: 'Messages left to refill', registers }),
    applied: new Counter({ name: 'crossdock_consumer_applied_events_total', help: 'Events whose offset moved', registers }),
    batches: new Counter({ name: 'crossdock_consumer_batches_total', help: 'Calls that applied events', registers }),
    applySeconds: new Histogram({
      name: 'crossdock_consumer_apply_seconds', help: 'Duration of a call that applied events',
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5], registers,
    }),
    refilled: new Counter({ name: 'crossdock_consumer_refilled_events_total', help: 'Events read from a log', labelNames: ['source'], registers }),
    duplicates: new Counter({ name: 'crossdock_consumer_duplicate_slices_total', help: 'Slices already known', labelNames: ['source'], registers }),
    forked: new Gauge({ name: 'crossdock_consumer_forked', help: '1 where a source log is not the one consumed', labelNames: ['source', 'partition'], registers }),
    faults: new Counter({ name: 'crossdock_worker_faults_total', help: 'Faults by kind', labelNames: ['kind'], registers }),
    parked: new Counter({ name: 'crossdock_dead_letters_total', help: 'Events parked for a person', registers }),
    leased: new Gauge({ name: 'crossdock_worker_leased', help: '1 while this process holds the lease', registers }),
    leaseTaken: new Counter({ name: 'crossdock_worker_lease_taken_total', help: 'Leases taken', registers }),
  };
}
