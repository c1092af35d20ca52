// Reads the log of the orders subgraph over HTTP: what JetStream lost, what a client missed long ago. Equal reads
// under way at the same time are one.
import { type Head, head, slice } from '@crossdock/contracts';
import { Pool } from 'undici';
import { z } from 'zod';

/** Events of each partition that one read brings. */
export const READ_LIMIT = 500;
/** Reads at once; the rest wait, so that a thousand clients that return together do not stop the subgraph. */
const CONNECTIONS = 8;
const READ_TIMEOUT_MS = 10_000;

const page = z.object({ slices: z.array(slice), heads: z.array(head) });
const comparison = z.object({
  heads: z.array(head.extend({ agrees: z.boolean() })),
  /** A log that is being restored: what it does not hold now it may hold again. */
  closed: z.boolean().optional(),
});

export type LogPage = z.infer<typeof page>;
export type ComparedHead = z.infer<typeof comparison>['heads'][number];

export type OrdersLog = Readonly<{
  /** Behind the given places, at most READ_LIMIT of each partition. With `partnerIds` others may be left out. */
  read: (after: readonly Head[], partnerIds?: readonly string[]) => Promise<LogPage>;
  /** The heads, and whether each shown event stands where it is shown. Rejects while a log that lacks one is being restored. */
  compare: (shown: readonly Head[]) => Promise<readonly ComparedHead[]>;
  close: () => Promise<void>;
}>;

export function createOrdersLog(origin: string, secret: string): OrdersLog {
  const pool = new Pool(new URL(origin).origin, {
    connections: CONNECTIONS,
    headersTimeout: READ_TIMEOUT_MS,
    bodyTimeout: READ_TIMEOUT_MS,
  });
  const underWay = new Map<string, Promise<unknown>>();

  async function post(path: string, body: string): Promise<unknown> {
    const response = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body,
    });
    const answer = await response.body.json();
    if (response.statusCode !== 200) throw new Error(`The log of orders answered ${response.statusCode}.`);
    return answer;
  }

  function once(path: string, request: object): Promise<unknown> {
    const body = JSON.stringify(request);
    const key = `${path}\n${body}`;
    const twin = underWay.get(key);
    if (twin !== undefined) return twin;
    const reading = post(path, body).finally(() => underWay.delete(key));
    underWay.set(key, reading);
    return reading;
  }

  return {
    read: async (places, partnerIds) => {
      const after = places.map(({ partition, position }) => ({ partition, position }));
      return page.parse(await once('/internal/log/read', { after, limit: READ_LIMIT, partnerIds }));
    },
    compare: async (positions) => {
      const { heads, closed } = comparison.parse(await once('/internal/log/heads', { positions }));
      if (closed === true) throw new Error('The log of orders is closed until it is restored.');
      return heads;
    },
    close: () => pool.destroy(),
  };
}
