// One subgraph over HTTP: pooled connections, a deadline, a bound on calls in flight, a breaker. It knows no GraphQL.
import { BrokenCircuitError, BulkheadRejectedError, createCallPolicy } from '@crossdock/resilience';
import { Pool } from 'undici';

/** A placeOrder that waits for a milestone holds a connection up to 10 s, so that there are many. */
const CONNECTIONS = 256;
const CALLS_IN_FLIGHT_MAX = 1_024;
/** Shorter than the subgraphs keep theirs open, so that we never send on a connection they just closed. */
const KEEP_ALIVE_MS = 30_000;
/** The longest `waitMs` (10 s) and the work around it. */
const MUTATION_DEADLINE_MS = 15_000;
const QUERY_DEADLINE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 1_000;
const ANSWER_BYTES_MAX = 32 * 1_024 * 1_024;
const FAILURES_TO_OPEN = 10;
const HALF_OPEN_AFTER_MS = 1_000;

const NOTHING_WAS_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const CONNECTION_LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export type SubgraphReply =
  | Readonly<{ kind: 'answered'; status: number; text: string }>
  | Readonly<{ kind: 'unavailable' }>
  | Readonly<{ kind: 'overloaded' }>;

export type SubgraphClient = Readonly<{
  name: string;
  /** Sends one operation; a fault of machinery is a value, never a rejection. */
  send: (
    operation: 'query' | 'mutation',
    headers: Record<string, string>,
    body: string,
  ) => Promise<SubgraphReply>;
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
    headersTimeout: MUTATION_DEADLINE_MS,
    bodyTimeout: QUERY_DEADLINE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: ANSWER_BYTES_MAX,
  });
  const policies = {
    query: policyWithin(QUERY_DEADLINE_MS),
    mutation: policyWithin(MUTATION_DEADLINE_MS),
  };

  async function post(headers: Record<string, string>, body: string): Promise<SubgraphReply> {
    const response = await pool.request({ method: 'POST', path: '/graphql', headers, body });
    return { kind: 'answered', status: response.statusCode, text: await response.body.text() };
  }

  return {
    name,
    send: (operation, headers, body) =>
      policies[operation]
        .execute(() =>
          post(headers, body).catch((error) => again(operation, error, () => post(headers, body))),
        )
        .catch((error: unknown): SubgraphReply => {
          if (error instanceof BulkheadRejectedError) return { kind: 'overloaded' };
          if (!(error instanceof BrokenCircuitError)) onFault(error);
          return { kind: 'unavailable' };
        }),
    isAlive: async () => {
      const timing = { headersTimeout: CONNECT_TIMEOUT_MS, bodyTimeout: CONNECT_TIMEOUT_MS };
      const health = await pool
        .request({ method: 'GET', path: '/healthz', ...timing })
        .catch(() => undefined);
      await health?.body.dump();
      return health?.statusCode === 200;
    },
    close: () => pool.destroy(),
  };
}

const policyWithin = (timeoutMs: number) =>
  createCallPolicy({
    concurrency: CALLS_IN_FLIGHT_MAX,
    queue: 0,
    retries: 0,
    timeoutMs,
    failuresToOpen: FAILURES_TO_OPEN,
    halfOpenAfterMs: HALF_OPEN_AFTER_MS,
    isFault: () => true,
  });

/** One more try: of anything when nothing was sent, of a query also when the connection broke. */
function again<T>(operation: 'query' | 'mutation', error: unknown, call: () => Promise<T>): Promise<T> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const harmless = NOTHING_WAS_SENT.has(code) || (operation === 'query' && CONNECTION_LOST.has(code));
  return harmless ? call() : Promise.reject(error);
}
