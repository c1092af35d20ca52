// One subgraph over HTTP: pooled connections, a deadline, a bound on calls in flight, a breaker. It knows no GraphQL.

import { pause } from '@crossdock/resilience';
import { Pool } from 'undici';
import { createBreaker } from './breaker.ts';

/** A placeOrder that waits for a milestone holds a connection up to 10 s, so that there are many. */
const CONNECTIONS = 256;
const CALLS_IN_FLIGHT_MAX = 1_024;
/** Shorter than the subgraphs keep theirs open, so that we never send on a connection they just closed. */
const KEEP_ALIVE_MS = 30_000;
/** Until the answer begins: the longest `waitMs` (10 s) and the work around it. */
const MUTATION_DEADLINE_MS = 15_000;
const QUERY_DEADLINE_MS = 5_000;
/** Between two parts of an answer that has begun. */
const STALL_MS = 5_000;
const CONNECT_TIMEOUT_MS = 1_000;
const ANSWER_BYTES_MAX = 32 * 1_024 * 1_024;

/** A replica that just ended is replaced by another within this many tries and pauses. */
const ATTEMPTS = 3;
const PAUSE_MS = 40;
const CONNECTION_BROKE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
]);

export type Operation = 'query' | 'mutation';
export type SubgraphReply =
  | Readonly<{ kind: 'answered'; status: number; text: string }>
  | Readonly<{ kind: 'unavailable' }>
  | Readonly<{ kind: 'overloaded' }>;

export type SubgraphClient = Readonly<{
  name: string;
  /** Sends one operation; a fault of machinery is a value, never a rejection. */
  send: (operation: Operation, headers: Record<string, string>, body: string) => Promise<SubgraphReply>;
  /** True when the subgraph answers its health check within a second. */
  isAlive: () => Promise<boolean>;
  close: () => Promise<void>;
}>;

/** `onFault` hears of every call that got no answer. */
export function createSubgraphClient(
  name: string,
  origin: string,
  onFault: (error: unknown) => void,
): SubgraphClient {
  const pool = new Pool(new URL(origin).origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: ANSWER_BYTES_MAX,
  });
  const breakers = { query: createBreaker(), mutation: createBreaker() };
  let inFlight = 0;

  async function post(
    operation: Operation,
    headers: Record<string, string>,
    body: string,
  ): Promise<SubgraphReply> {
    const headersTimeout = operation === 'mutation' ? MUTATION_DEADLINE_MS : QUERY_DEADLINE_MS;
    const timing = { headersTimeout, bodyTimeout: STALL_MS };
    const response = await pool.request({ method: 'POST', path: '/graphql', headers, body, ...timing });
    return { kind: 'answered', status: response.statusCode, text: await response.body.text() };
  }

  return {
    name,
    send: async (operation, headers, body) => {
      if (inFlight >= CALLS_IN_FLIGHT_MAX) return { kind: 'overloaded' };
      const breaker = breakers[operation];
      if (!breaker.mayCall()) return { kind: 'unavailable' };
      inFlight += 1;
      try {
        const call = () => post(operation, headers, body);
        const reply = await persistently(call);
        breaker.succeeded();
        return reply;
      } catch (error) {
        breaker.failed();
        onFault(error);
        return { kind: 'unavailable' };
      } finally {
        inFlight -= 1;
      }
    },
    isAlive: () => isAlive(pool),
    close: () => pool.destroy(),
  };
}

async function isAlive(pool: Pool): Promise<boolean> {
  const timing = { headersTimeout: CONNECT_TIMEOUT_MS, bodyTimeout: CONNECT_TIMEOUT_MS };
  const health = await pool.request({ method: 'GET', path: '/healthz', ...timing }).catch(() => undefined);
  await health?.body.dump();
  return health?.statusCode === 200;
}

/**
 * Tries again what is known or safe to repeat: every mutation carries an idempotency key, so that a broken connection may be
 * tried over, perhaps at another replica; a deadline that passed may not, for the client's own patience is at its end.
 */
async function persistently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (attempt >= ATTEMPTS || !CONNECTION_BROKE.has(code)) throw error;
      await pause(attempt * PAUSE_MS);
    }
  }
}
