// How a bench makes the simulated payment provider misbehave, and asks it what it holds. Past every link: what is broken
// between us and the provider does not keep the bench from it.
import { z } from 'zod';
import type { Cluster } from './cluster/index.ts';
import { processOf } from './pipeline.ts';

export const PROVIDER_OPERATIONS = ['create', 'confirm', 'read', 'capture', 'void', 'refund'] as const;
export type ProviderOperation = (typeof PROVIDER_OPERATIONS)[number];

export interface ProviderMode {
  readonly mode:
    | 'none'
    | 'charge-then-timeout'
    | 'error-500'
    | 'error-429'
    | 'slow'
    | 'hang'
    | 'reset'
    | 'forget-keys';
  /** Share of requests that meet it, 0 to 1; all where absent. */
  readonly probability?: number;
  readonly seed?: number;
  readonly operations?: readonly ProviderOperation[];
  /** Bounds of what `slow` takes; 5 to 60 s where absent. */
  readonly slowMinMs?: number;
  readonly slowMaxMs?: number;
}

export interface Gate {
  readonly operation: ProviderOperation;
  /** Before anything is done, or after it is done and durable but unanswered. */
  readonly phase: 'before' | 'after';
  readonly count: number;
}

export interface WebhookSwitches {
  readonly duplicates?: number;
  readonly reorder?: boolean;
  readonly delayMs?: number;
  readonly forgedShare?: number;
  readonly stopped?: boolean;
}

/** On which terms cards are asked; what is left out is as the provider was started. */
export interface ProviderTerms {
  readonly validMs?: number;
  readonly capturesOnce?: boolean;
}

const gateState = z.object({
  remaining: z.number(),
  held: z.array(z.object({ orderId: z.string().nullable() })),
});
const webhookCounts = z.object({
  sent: z.number(),
  accepted: z.number(),
  refused: z.number(),
  forgedSent: z.number(),
  forgedAccepted: z.number(),
  waiting: z.number(),
});
export type WebhookCounts = Readonly<z.infer<typeof webhookCounts>>;

export interface ProviderControl {
  readonly setMode: (mode: ProviderMode) => Promise<void>;
  readonly holdAt: (gate: Gate) => Promise<void>;
  /** How many requests the gate holds now. */
  readonly held: () => Promise<number>;
  /** Lets what is held go on, or drops it, and closes the gate. */
  readonly release: (how: 'go-on' | 'drop') => Promise<void>;
  readonly setTerms: (terms: ProviderTerms) => Promise<void>;
  readonly setWebhooks: (switches: WebhookSwitches) => Promise<void>;
  /** Sends the last ones again, as they were signed. */
  readonly replayWebhooks: (count: number) => Promise<void>;
  readonly webhooks: () => Promise<WebhookCounts>;
}

const ANSWER_LIMIT_MS = 5_000;

export function providerControl(cluster: Cluster): ProviderControl {
  const { port } = processOf(cluster, 'payment-provider');
  const authorization = `Bearer ${cluster.keys.secrets.paymentProviderKey}`;
  const ask = async (method: 'GET' | 'PUT' | 'POST', path: string, body?: object): Promise<unknown> => {
    const reply = await fetch(`http://127.0.0.1:${port}/control/${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    if (!reply.ok) throw new Error(`The payment provider answered ${reply.status} to ${method} ${path}`);
    return reply.json();
  };
  return {
    setMode: async (mode) => void (await ask('PUT', 'mode', mode)),
    holdAt: async (gate) => void (await ask('PUT', 'gate', gate)),
    held: async () => gateState.parse(await ask('GET', 'gate')).held.length,
    release: async (how) => void (await ask('POST', 'gate/release', { how })),
    setTerms: async (terms) => void (await ask('PUT', 'terms', terms)),
    setWebhooks: async (switches) => void (await ask('PUT', 'webhooks', switches)),
    replayWebhooks: async (count) => void (await ask('POST', 'webhooks/replay', { count })),
    webhooks: async () => webhookCounts.parse(await ask('GET', 'webhooks')),
  };
}
