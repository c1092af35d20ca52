import { Counter, Gauge, Histogram, type Registry } from '@crossdock/telemetry';

/** What a worker measures; the names are what dashboards and fault runs read. */
export function createWorkerMetrics(registry: Registry) {
  return { ...leaseMetrics(registry), ...relayMetrics(registry), ...consumerMetrics(registry) };
}

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

const APPLY_SECONDS_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5];

function counter(registry: Registry, name: string, help: string) {
  return new Counter({ name: `crossdock_${name}`, help, registers: [registry] });
}

function labelled<Label extends string>(registry: Registry, name: string, help: string, label: Label) {
  return new Counter({ name: `crossdock_${name}`, help, labelNames: [label], registers: [registry] });
}

function leaseMetrics(registry: Registry) {
  const help = '1 while this process holds the lease';
  return {
    leased: new Gauge({ name: 'crossdock_worker_leased', help, registers: [registry] }),
    leaseTaken: counter(registry, 'worker_lease_taken_total', 'Leases taken'),
    faults: labelled(registry, 'worker_faults_total', 'Faults by kind', 'kind'),
  };
}

function relayMetrics(registry: Registry) {
  return {
    published: counter(registry, 'relay_published_events_total', 'Events whose publish was tried'),
    abandoned: counter(registry, 'relay_abandoned_messages_total', 'Messages left to refill'),
  };
}

function consumerMetrics(registry: Registry) {
  return {
    applied: counter(registry, 'consumer_applied_events_total', 'Events whose offset moved'),
    batches: counter(registry, 'consumer_batches_total', 'Calls that applied events'),
    parked: counter(registry, 'dead_letters_total', 'Events parked for a person'),
    settledLetters: labelled(registry, 'dead_letters_settled_total', 'Letters tried or discarded', 'outcome'),
    parkedLetters: new Gauge({
      name: 'crossdock_parked_letters',
      help: 'Dead letters that wait, those behind a failed one included; of the process with the lease',
      registers: [registry],
    }),
    refilled: labelled(registry, 'consumer_refilled_events_total', 'Events read from a log', 'source'),
    duplicates: labelled(registry, 'consumer_duplicate_slices_total', 'Slices already known', 'source'),
    applySeconds: new Histogram({
      name: 'crossdock_consumer_apply_seconds',
      help: 'Duration of a call that applied events',
      buckets: APPLY_SECONDS_BUCKETS,
      registers: [registry],
    }),
    forked: new Gauge({
      name: 'crossdock_consumer_forked',
      help: '1 where the log of a source is not the one consumed so far',
      labelNames: ['source', 'partition'],
      registers: [registry],
    }),
  };
}
