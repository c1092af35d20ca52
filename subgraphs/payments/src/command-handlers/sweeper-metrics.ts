import { Counter, Gauge, type Registry } from '@crossdock/telemetry';
import type { OpenBreaksCount, OpenCallsCount } from '../store/payment-gauges.ts';

export type SweeperMetrics = Readonly<{
  hastened: Counter;
  /** What stands open now, counted by the holder of the lease. */
  show: (calls: readonly OpenCallsCount[], breaks: readonly OpenBreaksCount[]) => void;
  /** Whoever holds the lease counts now. */
  reset: () => void;
}>;

const MS_IN_S = 1_000;

export function createSweeperMetrics(registry: Registry): SweeperMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers });
  const open = gauge(
    'crossdock_payments_calls_open',
    'Calls to providers that have not ended; held ones wait for a person',
    ['state', 'operation'],
  );
  const oldest = gauge(
    'crossdock_payments_calls_oldest_seconds',
    'How long the first of these calls has been wanted',
    ['state', 'operation'],
  );
  const unreconciled = gauge(
    'crossdock_payments_unreconciled_minor',
    'How far shipments, ledger and providers are apart, in minor units, over all open differences',
    ['currency'],
  );
  const breaks = gauge('crossdock_payments_breaks_open', 'Open differences by kind', ['kind']);
  const all = [open, oldest, unreconciled, breaks];
  return {
    hastened: new Counter({
      name: 'crossdock_payments_calls_hastened_total',
      help: 'Calls that had been wanted too long and were made due at once',
      registers,
    }),
    show: (calls, differences) => {
      for (const each of all) each.reset();
      for (const { state, operation, calls: count, oldestMs } of calls) {
        open.set({ state, operation }, count);
        oldest.set({ state, operation }, oldestMs / MS_IN_S);
      }
      for (const { kind, currencyCode, breaks: count, amountMinor } of differences) {
        breaks.inc({ kind }, count);
        if (currencyCode !== null) unreconciled.inc({ currency: currencyCode }, amountMinor);
      }
    },
    reset: () => {
      for (const each of all) each.reset();
    },
  };
}
