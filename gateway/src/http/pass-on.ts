// Hands a request that is no GraphQL on to one subgraph: few headers, a deadline, a bound on size and on requests under way.
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Pool } from 'undici';
import { sendError } from './error-replies.ts';

const CONNECTIONS = 16;
/** More at once are turned away: a slow subgraph must not collect the whole world's requests here. */
const UNDER_WAY_MAX = 64;
/** Shorter than the subgraphs keep theirs open, so that we never send on a connection they just closed. */
const KEEP_ALIVE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 1_000;
/** Until the answer begins, and between two parts of it. */
const ANSWER_BEGINS_WITHIN_MS = 10_000;
const STALL_MS = 5_000;
/** Until the answer ends, however steadily it comes. */
const DEADLINE_MS = 30_000;
const ANSWER_BYTES_MAX = 16 * 1_024 * 1_024;

/** What is sent on; `headers` are all that the subgraph sees of the client's. */
export type PassedOn = Readonly<{
  method: 'GET' | 'POST';
  /** With its query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Buffer;
}>;

export type Answer = Readonly<{ status: number; contentType: string | undefined; body: Readable }>;

export type PassOn = Readonly<{
  /**
   * Sends it and lets `answered` reply with what came, whose body breaks where it is too large or too slow; replies itself when
   * nothing did. Nothing is tried twice.
   */
  pass: (
    request: PassedOn,
    reply: FastifyReply,
    answered: (answer: Answer) => FastifyReply,
  ) => Promise<FastifyReply>;
  close: () => Promise<void>;
}>;

/** Passes requests on to the subgraph at `origin`; undefined when there is none. `onFault` hears of every one without an answer. */
export function createPassOn(origin: string | undefined, onFault: (error: unknown) => void): PassOn {
  const pool =
    origin === undefined
      ? null
      : new Pool(new URL(origin).origin, {
          connections: CONNECTIONS,
          pipelining: 1,
          keepAliveTimeout: KEEP_ALIVE_MS,
          connect: { timeout: CONNECT_TIMEOUT_MS },
          headersTimeout: ANSWER_BEGINS_WITHIN_MS,
          bodyTimeout: STALL_MS,
          maxResponseSize: ANSWER_BYTES_MAX,
        });
  let underWay = 0;
  return {
    pass: async ({ body, ...request }, reply, answered) => {
      if (pool === null) return sendError(reply, 'SUBGRAPH_UNAVAILABLE', 'It is not there.', 503);
      if (underWay >= UNDER_WAY_MAX) return sendError(reply, 'OVERLOADED', 'Try again later.');
      // Whoever went away already is not waited for.
      if (reply.raw.closed) return reply.hijack();
      underWay += 1;
      // The response is closed whatever becomes of it, also when the client goes away.
      reply.raw.once('close', () => {
        underWay -= 1;
      });
      try {
        const response = await pool.request({
          ...request,
          body: body ?? null,
          signal: AbortSignal.timeout(DEADLINE_MS),
        });
        const type = response.headers['content-type'];
        return answered({
          status: response.statusCode,
          contentType: typeof type === 'string' ? type : undefined,
          body: response.body,
        });
      } catch (error) {
        onFault(error);
        return sendError(reply, 'SUBGRAPH_UNAVAILABLE', 'It does not answer now; try again later.', 503);
      }
    },
    close: async () => pool?.destroy(),
  };
}
