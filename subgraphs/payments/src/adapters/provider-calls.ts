import { BrokenCircuitError, type CallPolicy, createCallPolicy } from '@crossdock/resilience';
import { Counter, Gauge, type Logger, type Registry } from '@crossdock/telemetry';
import type { PaymentProvider, ProviderAnswer } from '../ports.ts';
import { answerOfFault } from './provider-answers.ts';

/** What a provider is asked over the network. */
export type ProviderOperation = Extract<
  keyof PaymentProvider,
  'create' | 'renew' | 'confirm' | 'read' | 'capture' | 'release' | 'refund' | 'report'
>;

/** Calls of one operation at once, and calls that may wait for a place. */
const CONCURRENCY = 32;
const QUEUE = 64;
/** Only what moves no money is repeated here; the rest is read before it is repeated. */
const RETRIES: Readonly<Record<ProviderOperation, number>> = {
  ...{ create: 2, renew: 2, read: 2, report: 2 },
  ...{ confirm: 0, capture: 0, release: 0, refund: 0 },
};
/** A card that is slow to answer still answers a confirmation in a few seconds. */
const TIMEOUT_MS: Readonly<Record<ProviderOperation, number>> = {
  ...{ create: 4_000, renew: 4_000, read: 4_000, report: 8_000 },
  ...{ confirm: 8_000, capture: 6_000, release: 6_000, refund: 6_000 },
};
const FAILURES_TO_OPEN = 5;
const HALF_OPEN_AFTER_MS = 5_000;

export type ProviderCallsOptions = Readonly<{
  /** The provider's name as configured; a label of the metrics. */
  name: string;
  logger: Logger;
  registry: Registry;
}>;

/** Calls to one provider, each operation under a policy of its own: a failing capture does not stop authorisations. */
export type ProviderCalls = Readonly<{
  /** Runs one call; what it throws becomes the answer that `answerOfFault` gives. */
  execute: <Value>(
    operation: ProviderOperation,
    run: (signal: AbortSignal) => Promise<ProviderAnswer<Value>>,
  ) => Promise<ProviderAnswer<Value>>;
  /** False while the breaker of new authorisations is open. */
  isAvailable: () => boolean;
}>;

type Metrics = Readonly<{ open: Gauge; calls: Counter }>;

/** Several providers share the metrics of one registry. */
function metricsOf(registry: Registry): Metrics {
  const open = 'crossdock_payments_provider_breaker_open';
  const calls = 'crossdock_payments_provider_calls_total';
  const known = { open: registry.getSingleMetric(open), calls: registry.getSingleMetric(calls) };
  if (known.open instanceof Gauge && known.calls instanceof Counter)
    return { open: known.open, calls: known.calls };
  return {
    open: new Gauge({
      name: open,
      help: '1 while an operation of the provider is not even tried',
      labelNames: ['provider', 'operation'],
      registers: [registry],
    }),
    calls: new Counter({
      name: calls,
      help: 'Calls to the card provider by how they ended',
      labelNames: ['provider', 'operation', 'answer'],
      registers: [registry],
    }),
  };
}

export function createProviderCalls({
  name: provider,
  logger,
  registry,
}: ProviderCallsOptions): ProviderCalls {
  const { open, calls } = metricsOf(registry);
  const policies = new Map<ProviderOperation, CallPolicy>();
  const openNow = new Set<ProviderOperation>();

  function policyOf(operation: ProviderOperation): CallPolicy {
    const known = policies.get(operation);
    if (known !== undefined) return known;
    const policy = createCallPolicy({
      concurrency: CONCURRENCY,
      queue: QUEUE,
      retries: RETRIES[operation],
      timeoutMs: TIMEOUT_MS[operation],
      failuresToOpen: FAILURES_TO_OPEN,
      halfOpenAfterMs: HALF_OPEN_AFTER_MS,
      isFault: (error) => !(error instanceof BrokenCircuitError),
      onState: (state) => {
        if (state === 'open') openNow.add(operation);
        else openNow.delete(operation);
        open.set({ provider, operation }, state === 'open' ? 1 : 0);
        logger.warn({ provider, operation, state }, 'the breaker of the payment provider changed');
      },
    });
    policies.set(operation, policy);
    return policy;
  }

  return {
    execute: async (operation, run) => {
      // A repetition that the breaker stops says nothing of the try before it, which may have reached the provider.
      let triesThatLeft = 0;
      const once = (signal: AbortSignal) => {
        triesThatLeft += 1;
        return run(signal).catch((error: unknown) => {
          if (answerOfFault(error).kind === 'not-sent') triesThatLeft -= 1;
          throw error;
        });
      };
      const last = await policyOf(operation).execute(once).catch(answerOfFault);
      const answer: typeof last =
        last.kind === 'not-sent' && triesThatLeft > 0 ? { kind: 'unknown', reason: last.reason } : last;
      calls.inc({ provider, operation, answer: answer.kind });
      return answer;
    },
    isAvailable: () => !openNow.has('create') && !openNow.has('confirm'),
  };
}
