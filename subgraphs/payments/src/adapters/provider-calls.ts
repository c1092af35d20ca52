import {
  type CallPolicy,
  createCallPolicy,
  createMeasuredTimeout,
  createRetryBudget,
  type MeasuredTimeout,
} from '@crossdock/resilience';
import type { Logger, Registry } from '@crossdock/telemetry';
import type { PaymentProvider, ProviderAnswer } from '../ports.ts';
import { answerOfFault, isProviderFault, ProviderFault } from './provider-answers.ts';
import { createProviderMetrics, type ProviderMetrics } from './provider-metrics.ts';
import type { NoteUntold } from './told-reasons.ts';

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
/** Retries of all operations of a provider that a short fault may cost at once; later ones are a tenth of the calls. */
const RETRIES_AT_ONCE = 20;

type Bounds = Readonly<{ floor_ms: number; ceiling_ms: number }>;
/** A lost packet of a handshake is sent again after a second (RFC 6298), which is no outage; nothing waits for longer than four. */
const QUICK: Bounds = { floor_ms: 1_500, ceiling_ms: 4_000 };
/** Time-outs while money moves leave an answer unknown and cost a read: they come later. */
const MOVES_MONEY: Bounds = { floor_ms: 2_500, ceiling_ms: 6_000 };
const TIMEOUT_MS: Readonly<Record<ProviderOperation, Bounds>> = {
  ...{ create: QUICK, renew: QUICK, read: QUICK },
  ...{ capture: MOVES_MONEY, release: MOVES_MONEY, refund: MOVES_MONEY },
  // The card's bank decides behind it: seldom at once, and in a few seconds even when it is slow.
  confirm: { floor_ms: 3_000, ceiling_ms: 8_000 },
  // A page of hundreds, which nobody waits for.
  report: { floor_ms: 4_000, ceiling_ms: 8_000 },
};
/** How much longer than one in a thousand calls took a call may take: what is slow today was not always. */
const TIMEOUT_FACTOR = 2;
/**
 * A breaker opens within ten seconds of an outage at a few calls a second, whatever its time-out, and half a minute after it
 * every operation is tried again.
 */
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
  /** False while a new authorisation would not even be tried: one of its breakers is open, or its one trial is under way. */
  isAvailable: () => boolean;
  noteUntold: NoteUntold;
}>;

/** What a new authorisation needs. */
const OF_AUTHORISATION = ['create', 'confirm'] as const satisfies readonly ProviderOperation[];

type Calls = Readonly<{ policy: CallPolicy; timeout: MeasuredTimeout }>;

/** What is said to operators alone; neither holds card data. */
function notesFor(logger: Logger, provider: string, metrics: ProviderMetrics) {
  const noteUntold: NoteUntold = (code, about) => {
    metrics.countUntold(code);
    const text = 'a card was declined for a reason that partners are not told';
    logger.warn({ provider, code, ...about }, text);
  };
  const noteKeyRefused = (operation: ProviderOperation, { message: status }: ProviderFault) =>
    logger.error({ provider, operation, status }, 'the payment provider refuses our key');
  return { noteUntold, noteKeyRefused };
}

export function createProviderCalls({
  name: provider,
  logger,
  registry,
}: ProviderCallsOptions): ProviderCalls {
  const metrics = createProviderMetrics(registry, provider);
  const { noteUntold, noteKeyRefused } = notesFor(logger, provider, metrics);
  const budget = createRetryBudget(RETRIES_AT_ONCE);
  const known = new Map<ProviderOperation, Calls>();

  function open(operation: ProviderOperation): Calls {
    const timeout = createMeasuredTimeout({ ...TIMEOUT_MS[operation], factor: TIMEOUT_FACTOR });
    const policy = createCallPolicy({
      ...{ concurrency: CONCURRENCY, queue: QUEUE, retries: RETRIES[operation], budget },
      ...{ timeoutMs: timeout.timeoutMs, isFault: isProviderFault },
      ...{ failuresToOpen: FAILURES_TO_OPEN, halfOpenAfterMs: HALF_OPEN_AFTER_MS },
      onState: (state) => {
        metrics.countChange(operation, state);
        logger.warn({ provider, operation, state }, 'the breaker of the payment provider changed');
      },
    });
    metrics.show(operation, () => ({ state: policy.state(), timeout_ms: timeout.timeoutMs() }));
    return { policy, timeout };
  }

  function callsOf(operation: ProviderOperation): Calls {
    const calls = known.get(operation) ?? open(operation);
    known.set(operation, calls);
    return calls;
  }

  return {
    execute: async (operation, run) => {
      const { policy, timeout } = callsOf(operation);
      // A repetition that the breaker stops says nothing of the try before it, which may have reached the provider.
      let triesThatLeft = 0;
      const once = (signal: AbortSignal) => {
        triesThatLeft += 1;
        return timeout.measure(signal, run).catch((error: unknown) => {
          if (answerOfFault(error).kind === 'not-sent') triesThatLeft -= 1;
          if (error instanceof ProviderFault && error.isOurs) noteKeyRefused(operation, error);
          throw error;
        });
      };
      const last = await policy.execute(once).catch(answerOfFault);
      const answer: typeof last =
        last.kind === 'not-sent' && triesThatLeft > 0 ? { kind: 'unknown', reason: last.reason } : last;
      metrics.countCall(operation, answer.kind);
      return answer;
    },
    noteUntold,
    isAvailable: () => OF_AUTHORISATION.every((operation) => callsOf(operation).policy.wouldTry()),
  };
}
