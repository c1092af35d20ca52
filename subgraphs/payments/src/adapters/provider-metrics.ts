import type { BreakerState } from '@crossdock/resilience';
import { Counter, Gauge, type Registry } from '@crossdock/telemetry';

/** What calls to a provider look like from outside, by provider and operation. */
export type ProviderMetrics = Readonly<{
  countCall: (operation: string, answer: string) => void;
  countChange: (operation: string, state: BreakerState) => void;
  /** Of the few codes that partners are not told, so that the label stays small. */
  countUntold: (code: string) => void;
  /** Shows how an operation stands whenever somebody looks: a breaker's trial comes due without a call. */
  show: (operation: string, read: () => Readonly<{ state: BreakerState; timeout_ms: number }>) => void;
}>;

const SHOWN: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 0.5, open: 1 };
const MILLISECONDS_OF_SECOND = 1_000;

type Shared = Readonly<{
  calls: Counter;
  untold: Counter;
  changes: Counter;
  looks: (() => void)[];
  open: Gauge;
  timeout: Gauge;
}>;

/** Several providers share the metrics of one registry. */
const sharedOf = new WeakMap<Registry, Shared>();

function register(registry: Registry): Shared {
  const looks: (() => void)[] = [];
  const ofOperation = ['provider', 'operation'] as const;
  const shared = {
    looks,
    open: new Gauge({
      name: 'crossdock_payments_provider_breaker_open',
      help: '1 while an operation of the provider is not even tried, 0.5 while one trial decides, else 0',
      labelNames: ofOperation,
      registers: [registry],
      collect: () => {
        for (const look of looks) look();
      },
    }),
    timeout: new Gauge({
      name: 'crossdock_payments_provider_timeout_seconds',
      help: 'How long a call to the card provider may take now, by what calls took',
      labelNames: ofOperation,
      registers: [registry],
    }),
    calls: new Counter({
      name: 'crossdock_payments_provider_calls_total',
      help: 'Calls to the card provider by how they ended',
      labelNames: [...ofOperation, 'answer'],
      registers: [registry],
    }),
    untold: new Counter({
      name: 'crossdock_payments_provider_untold_declines_total',
      help: 'Answers with a decline that partners read as generic_decline, by its true code',
      labelNames: ['provider', 'code'],
      registers: [registry],
    }),
    changes: new Counter({
      name: 'crossdock_payments_provider_breaker_changes_total',
      help: 'Times that calls opened, closed or tried the breaker of an operation of the provider',
      labelNames: [...ofOperation, 'state'],
      registers: [registry],
    }),
  };
  sharedOf.set(registry, shared);
  return shared;
}

export function createProviderMetrics(registry: Registry, provider: string): ProviderMetrics {
  const { open, timeout, calls, untold, changes, looks } = sharedOf.get(registry) ?? register(registry);
  return {
    countCall: (operation, answer) => calls.inc({ provider, operation, answer }),
    countChange: (operation, state) => changes.inc({ provider, operation, state }),
    countUntold: (code) => untold.inc({ provider, code }),
    show: (operation, read) => {
      looks.push(() => {
        const { state, timeout_ms } = read();
        open.set({ provider, operation }, SHOWN[state]);
        timeout.set({ provider, operation }, timeout_ms / MILLISECONDS_OF_SECOND);
      });
    },
  };
}
