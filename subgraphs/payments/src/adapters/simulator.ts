import { BrokenCircuitError, type CallPolicy, createCallPolicy } from '@crossdock/resilience';
import { Counter, Gauge, type Logger, type Registry } from '@crossdock/telemetry';
import { Pool } from 'undici';
import type { PaymentProvider, ProviderAnswer } from '../ports.ts';
import { answerOfFault, readAuthorisation, readRefusal, readReport } from './provider-answers.ts';

type Operation = 'create' | 'renew' | 'confirm' | 'read' | 'capture' | 'release' | 'refund' | 'report';

/** Calls of one operation at once, and calls that may wait for a place. */
const CONCURRENCY = 32;
const QUEUE = 64;
const CONNECTIONS = 48;
const TOKEN_PREFIX = 'tok_';
/** Only what moves no money is repeated here; the rest is read before it is repeated. */
const RETRIES: Readonly<Record<Operation, number>> = {
  ...{ create: 2, renew: 2, read: 2, report: 2 },
  ...{ confirm: 0, capture: 0, release: 0, refund: 0 },
};
/** A card that is slow to answer still answers a confirmation in a few seconds. */
const TIMEOUT_MS: Readonly<Record<Operation, number>> = {
  ...{ create: 4_000, renew: 4_000, read: 4_000, report: 8_000 },
  ...{ confirm: 8_000, capture: 6_000, release: 6_000, refund: 6_000 },
};
const FAILURES_TO_OPEN = 5;
const HALF_OPEN_AFTER_MS = 5_000;

export type SimulatorOptions = Readonly<{
  /** As configured. */
  name: string;
  url: string;
  key: string;
  logger: Logger;
  registry: Registry;
}>;

type Request = Readonly<{ method: 'GET' | 'POST'; path: string; key?: string; body?: object }>;
type Call = <Value>(
  operation: Operation,
  request: Request,
  read: (body: unknown) => Value,
) => Promise<ProviderAnswer<Value>>;

/** One policy for each operation, so that a failing capture does not stop authorisations. */
function createPolicies({ logger, registry }: SimulatorOptions): (operation: Operation) => CallPolicy {
  const policies = new Map<Operation, CallPolicy>();
  const open = new Gauge({
    name: 'crossdock_payments_provider_breaker_open',
    help: '1 while an operation of the provider is not even tried',
    labelNames: ['operation'],
    registers: [registry],
  });
  return (operation) => {
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
        open.set({ operation }, state === 'open' ? 1 : 0);
        logger.warn({ operation, state }, 'the breaker of the payment provider changed');
      },
    });
    policies.set(operation, policy);
    return policy;
  };
}

async function exchange<Value>(
  pool: Pool,
  secret: string,
  { method, path, key, body }: Request,
  read: (body: unknown) => Value,
  signal: AbortSignal,
): Promise<ProviderAnswer<Value>> {
  const response = await pool.request({
    method,
    path,
    headers: {
      authorization: `Bearer ${secret}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  });
  const answered = await response.body.json().catch(() => null);
  if (response.statusCode >= 300) return readRefusal(response.statusCode, answered);
  return { kind: 'done', value: read(answered) };
}

function createCall(options: SimulatorOptions, pool: Pool): Call {
  const policyOf = createPolicies(options);
  const calls = new Counter({
    name: 'crossdock_payments_provider_calls_total',
    help: 'Calls to the card provider by how they ended',
    labelNames: ['operation', 'answer'],
    registers: [options.registry],
  });
  return async (operation, request, read) => {
    const answer = await policyOf(operation)
      .execute((signal) => exchange(pool, options.key, request, read, signal))
      .catch(answerOfFault);
    calls.inc({ operation, answer: answer.kind });
    return answer;
  };
}

const pathOf = (id: string) => `/v1/authorizations/${encodeURIComponent(id)}`;

/** Speaks the HTTP contract of docs/payment-provider.openapi.yaml. */
export function createSimulatorProvider(options: SimulatorOptions): PaymentProvider {
  const pool = new Pool(options.url, { connections: CONNECTIONS });
  const call = createCall(options, pool);
  const path = '/v1/authorizations';
  return {
    name: options.name,
    capturesMany: true,
    accepts: (cardToken) => cardToken.startsWith(TOKEN_PREFIX),
    isAvailable: () => true,
    create: (request, key) => {
      const body = { ...request, confirm: false };
      return call('create', { method: 'POST', path, key, body }, readAuthorisation);
    },
    renew: (request, key) => {
      const body = { ...request, confirm: false };
      return call('renew', { method: 'POST', path, key, body }, readAuthorisation);
    },
    confirm: (id, key) =>
      call('confirm', { method: 'POST', path: `${pathOf(id)}/confirm`, key, body: {} }, readAuthorisation),
    read: (id) => call('read', { method: 'GET', path: pathOf(id) }, readAuthorisation),
    capture: (id, body, key) =>
      call('capture', { method: 'POST', path: `${pathOf(id)}/captures`, key, body }, () => null),
    release: (id, key) =>
      call('release', { method: 'POST', path: `${pathOf(id)}/void`, key, body: {} }, readAuthorisation),
    refund: (captureId, body, key) => {
      const of = `/v1/captures/${encodeURIComponent(captureId)}/refunds`;
      return call('refund', { method: 'POST', path: of, key, body }, () => null);
    },
    report: (after) => {
      const query = new URLSearchParams(after === null ? {} : { after });
      return call('report', { method: 'GET', path: `/v1/report?${query}` }, readReport);
    },
    close: () => pool.destroy(),
  };
}
