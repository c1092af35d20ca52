import type { Logger, Registry } from '@crossdock/telemetry';
import { Pool } from 'undici';
import type { PaymentProvider, ProviderAnswer } from '../ports.ts';
import {
  ANSWER_MAX_BYTES,
  readAuthorisation,
  readMoved,
  readRefusal,
  readReport,
  releaseOf,
} from './provider-answers.ts';
import { createProviderCalls, type ProviderOperation } from './provider-calls.ts';
import type { NoteUntold } from './told-reasons.ts';

const CONNECTIONS = 48;
const TOKEN_PREFIX = 'tok_';

export type SimulatorOptions = Readonly<{
  /** As configured. */
  name: string;
  url: string;
  key: string;
  /** False where it is set up so that every first capture is final. */
  capturesMany?: boolean;
  logger: Logger;
  registry: Registry;
}>;

type Request = Readonly<{ method: 'GET' | 'POST'; path: string; key?: string; body?: object }>;

type Desk = Readonly<{ pool: Pool; key: string; noteUntold: NoteUntold }>;

async function exchange<Value>(
  desk: Desk,
  { method, path, key, body }: Request,
  read: (body: unknown) => Value,
  signal: AbortSignal,
): Promise<ProviderAnswer<Value>> {
  const response = await desk.pool.request({
    method,
    path,
    headers: {
      authorization: `Bearer ${desk.key}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  });
  const answered = await response.body.json().catch(() => null);
  if (response.statusCode >= 300) return readRefusal(response.statusCode, answered, desk.noteUntold);
  return { kind: 'done', value: read(answered) };
}

const pathOf = (id: string) => `/v1/authorizations/${encodeURIComponent(id)}`;

/** Speaks the HTTP contract of docs/payment-provider.openapi.yaml. */
export function createSimulatorProvider(options: SimulatorOptions): PaymentProvider {
  const pool = new Pool(options.url, { connections: CONNECTIONS, maxResponseSize: ANSWER_MAX_BYTES });
  const { execute, isAvailable, noteUntold } = createProviderCalls(options);
  const desk: Desk = { pool, key: options.key, noteUntold };
  const call = <Value>(
    operation: ProviderOperation,
    request: Request,
    read: (body: unknown) => Value,
  ): Promise<ProviderAnswer<Value>> => execute(operation, (signal) => exchange(desk, request, read, signal));
  const readShown = (body: unknown) => readAuthorisation(body, noteUntold);
  const path = '/v1/authorizations';
  return {
    name: options.name,
    capturesMany: options.capturesMany ?? true,
    accepts: (cardToken) => cardToken.startsWith(TOKEN_PREFIX),
    isAvailable,
    // It takes every minor unit, whatever the currency.
    create: ({ grainMinor: _any, ...request }, key) => {
      const body = { ...request, confirm: false };
      return call('create', { method: 'POST', path, key, body }, readShown);
    },
    renew: (request, key) => {
      const body = { ...request, confirm: false };
      return call('renew', { method: 'POST', path, key, body }, readShown);
    },
    confirm: (id, key) =>
      call('confirm', { method: 'POST', path: `${pathOf(id)}/confirm`, key, body: {} }, readShown),
    read: (id) => call('read', { method: 'GET', path: pathOf(id) }, readShown),
    capture: (id, body, key) =>
      call('capture', { method: 'POST', path: `${pathOf(id)}/captures`, key, body }, (answered) =>
        readMoved(answered, body),
      ),
    release: async (id, key) =>
      releaseOf(
        await call('release', { method: 'POST', path: `${pathOf(id)}/void`, key, body: {} }, readShown),
      ),
    refund: (captureId, body, key) => {
      const of = `/v1/captures/${encodeURIComponent(captureId)}/refunds`;
      return call('refund', { method: 'POST', path: of, key, body }, (answered) => readMoved(answered, body));
    },
    report: (after) => {
      const query = new URLSearchParams(after === null ? {} : { after });
      return call('report', { method: 'GET', path: `/v1/report?${query}` }, readReport);
    },
    close: () => pool.destroy(),
  };
}
