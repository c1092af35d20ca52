import { expect, it } from 'vitest';
import { metricsIn } from './process-metrics.ts';

it('reads names with their labels, spaces within them included', () => {
  const text = `# HELP crossdock_worker_faults_total Faults by kind
# TYPE crossdock_worker_faults_total counter
crossdock_worker_faults_total{kind="lost connection",process="orders"} 3
crossdock_worker_leased 1
process_start_time_seconds 1.7e+9
`;
  expect([...metricsIn(text)]).toEqual([
    ['crossdock_worker_faults_total{kind="lost connection",process="orders"}', 3],
    ['crossdock_worker_leased', 1],
    ['process_start_time_seconds', 1.7e9],
  ]);
});
