import { type Head, head, type Slice, type Source, slice } from '@crossdock/contracts';
import { Pool } from 'undici';
import { z } from 'zod';

/** Milliseconds one read of another's log may take; the reader tries again later. */
const READ_TIMEOUT_MS = 10_000;
const CONNECTIONS = 2;
/** Milliseconds for the question how far somebody has come: whoever asks it starts up and must not wait for the absent. */
const CONSUMED_TIMEOUT_MS = 1_000;

const comparison = z.object({ heads: z.array(head.extend({ agrees: z.boolean() })) });
const page = z.object({ slices: z.array(slice) });
const consumption = z.object({ positions: z.array(head) });

export type ShownPosition = Readonly<{ partition: number; position: number; eventId: string | null }>;
export type ComparedHead = Head & Readonly<{ agrees: boolean }>;

/** Reads the logs of the other subgraphs over HTTP: the one way they call each other. */
export type LogClient = Readonly<{
  /** Shows how far we have come; answers the heads, and whether each shown event stands where we say. */
  compare: (source: Source, shown: readonly ShownPosition[]) => Promise<ComparedHead[]>;
  /** Slices behind the given positions, at most `limit` events of each partition. */
  read: (
    source: Source,
    after: readonly Readonly<{ partition: number; position: number }>[],
    limit: number,
  ) => Promise<Slice[]>;
  /** How far the consumer of the subgraph `by` has come in the log of `source`; rejects after a second. */
  consumed: (by: Source, source: Source) => Promise<Head[]>;
  close: () => Promise<void>;
}>;

/** `consumer` is whose positions are shown: where it stands, the log it reads must once have been. */
export function createLogClient(
  addresses: Readonly<Record<string, string>>,
  secret: string,
  consumer?: Source,
): LogClient {
  const pools = new Map<string, Pool>();

  function poolOf(source: Source): Pool {
    const address = addresses[source];
    if (address === undefined) throw new Error(`No address is configured for the log of ${source}`);
    const known = pools.get(source);
    if (known !== undefined) return known;
    const pool = new Pool(address, {
      connections: CONNECTIONS,
      headersTimeout: READ_TIMEOUT_MS,
      bodyTimeout: READ_TIMEOUT_MS,
    });
    pools.set(source, pool);
    return pool;
  }

  async function post(source: Source, path: string, body: object, timeoutMs?: number): Promise<unknown> {
    const response = await poolOf(source).request({
      method: 'POST',
      ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
      path,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify(body),
    });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw new Error(`The log of ${source} answered ${response.statusCode}`);
    }
    return response.body.json();
  }

  return {
    compare: async (source, shown) => {
      const answer = await post(source, '/internal/log/heads', { positions: shown, consumer });
      return comparison.parse(answer).heads;
    },
    read: async (source, after, limit) =>
      page.parse(await post(source, '/internal/log/read', { after, limit })).slices,
    consumed: async (by, source) =>
      consumption.parse(await post(by, '/internal/log/consumed', { source }, CONSUMED_TIMEOUT_MS)).positions,
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}
