import { type CallPolicy, createCallPolicy } from '@crossdock/resilience';
import { Gauge, type Logger, type Registry } from '@crossdock/telemetry';
import { Pool } from 'undici';
import { z } from 'zod';
import type { OutgoingRelease, TellAnswer, TellResult, WarehouseSystem } from '../ports.ts';

/** One call at a time to a warehouse; the dispatcher keeps it so, and the bulkhead holds it to that. */
const CONCURRENCY = 1;
const QUEUE = 1;
const RETRIES = 1;
/** A WMS answers when what it took is durable: milliseconds, seconds under load. */
const TIMEOUT_MS = 4_000;
const FAILURES_TO_OPEN = 4;
const HALF_OPEN_AFTER_MS = 5_000;
const CONNECTIONS = 16;

const tellResults = z.object({
  results: z.array(
    z.object({
      shipmentId: z.string(),
      releaseEpoch: z.int(),
      result: z.enum(['ACCEPTED', 'ALREADY_ACCEPTED', 'REFUSED']),
      reason: z.string().nullish(),
    }),
  ),
});

export type HttpWarehouseSystemOptions = Readonly<{
  url: string;
  key: string;
  logger: Logger;
  registry: Registry;
}>;

/** Not the answer of a WMS: nothing is known of what was told. */
class Unanswered extends Error {
  override name = 'Unanswered';
}

/** Speaks the WMS's HTTP contract (docs/wms.openapi.yaml); each warehouse has its own breaker. */
export function createHttpWarehouseSystem(
  options: HttpWarehouseSystemOptions,
): WarehouseSystem & Readonly<{ close: () => Promise<void> }> {
  const pool = new Pool(options.url, {
    ...{ connections: CONNECTIONS, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS },
  });
  const policyOf = createPolicies(options);
  return {
    tell: async (warehouseId, releases): Promise<TellAnswer> => {
      try {
        const results = await policyOf(warehouseId).execute((signal) =>
          post(pool, options.key, releases, signal),
        );
        return { kind: 'answered', results };
      } catch (error) {
        return {
          kind: 'unknown',
          why: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        };
      }
    },
    close: () => pool.destroy(),
  };
}

/** The policy of each warehouse, made when it is first called. */
function createPolicies({
  registry,
  logger,
}: HttpWarehouseSystemOptions): (warehouseId: string) => CallPolicy {
  const policies = new Map<string, CallPolicy>();
  const open = new Gauge({
    name: 'crossdock_fulfillment_wms_breaker_open',
    help: '1 while calls to the warehouse are not even tried',
    labelNames: ['warehouse'],
    registers: [registry],
  });
  return (warehouseId) => {
    const known = policies.get(warehouseId);
    if (known !== undefined) return known;
    const policy = createCallPolicy({
      ...{ concurrency: CONCURRENCY, queue: QUEUE, retries: RETRIES, timeoutMs: TIMEOUT_MS },
      ...{ failuresToOpen: FAILURES_TO_OPEN, halfOpenAfterMs: HALF_OPEN_AFTER_MS },
      isFault: () => true,
      onState: (state) => {
        open.set({ warehouse: warehouseId }, state === 'open' ? 1 : 0);
        logger.warn({ warehouseId, state }, 'the breaker of a warehouse changed');
      },
    });
    policies.set(warehouseId, policy);
    return policy;
  };
}

async function post(
  pool: Pool,
  key: string,
  releases: readonly OutgoingRelease[],
  signal: AbortSignal,
): Promise<TellResult[]> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/v1/shipments',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ shipments: releases }),
    signal,
  });
  if (statusCode !== 200) {
    await body.dump();
    throw new Unanswered(`HTTP ${statusCode}`);
  }
  const { results } = tellResults.parse(await body.json());
  return results.map((each) => ({ ...each, reason: each.reason ?? null }));
}
