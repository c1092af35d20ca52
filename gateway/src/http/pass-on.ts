// Hands a request that is no GraphQL on to one subgraph: few headers, a deadline, a bound on size and on requests under way.
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Pool } from 'undici';
import { sendError } from './error-replies.ts';
import { createPlaces, type Places } from './places.ts';
import { STATUS_OF_PASSED_ON } from './public-errors.ts';

/** Shorter than the subgraphs keep theirs open, so that we never send on a connection they just closed. */
const KEEP_ALIVE_MS = 30_000;
const CONNECT_TIMEOUT_MS = 1_000;
/** Until the answer begins, and between two parts of it. */
const ANSWER_BEGINS_WITHIN_MS = 10_000;
const STALL_MS = 5_000;
/** Seconds after which a client is asked to come again. */
const RETRY_AFTER_S = '1';

/** What one kind of request may take of us. */
export type PassOnLimits = Readonly<{
  /** Requests that the subgraph works on at once, each with a connection. */
  connections: number;
  /** More that wait for one of them; beyond these a request is turned away: a slow subgraph must not collect the whole world's here. */
  waitingMax: number;
  /** Milliseconds from when it came until the answer ends, however steadily that comes. */
  deadline_ms: number;
  answerBytesMax: number;
}>;

/** What is sent on; `headers` are all that the subgraph sees of the client's. */
export type PassedOn = Readonly<{
  method: 'GET' | 'POST';
  /** With its query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Buffer;
}>;

/** What came of the subgraph; whoever gets it reads the body or throws it away. */
export type Answer = Readonly<{ status: number; contentType: string | undefined; body: Readable }>;

export type PassOn = Readonly<{
  /**
   * Sends it and lets `answered` reply with what came, whose body breaks where it is too large or too slow; replies itself when
   * nothing did. Nothing is tried twice, and what nobody waits for any more is given up.
   */
  pass: (
    request: PassedOn,
    reply: FastifyReply,
    answered: (answer: Answer) => FastifyReply,
  ) => Promise<FastifyReply>;
  /** For answers that the subgraph never gives on purpose: the client is told that something broke, and an operator which. */
  onBadAnswer: (answer: Answer) => void;
  close: () => Promise<void>;
}>;

/** Who hears of requests that got no answer, and of answers that are none. */
export type PassOnFaults = Readonly<{
  onFault: (error: unknown) => void;
  onBadAnswer: (answer: Answer) => void;
}>;

const GONE = new Error('The client went away.');

const refuse = (reply: FastifyReply, code: keyof typeof STATUS_OF_PASSED_ON, sentence: string) =>
  sendError(reply.header('retry-after', RETRY_AFTER_S), code, sentence, STATUS_OF_PASSED_ON[code]);

/** Aborted when the reply is over or the client went away (with GONE), or at the deadline. */
function endOf(reply: FastifyReply, deadline_ms: number): AbortSignal {
  const end = new AbortController();
  const late = () => end.abort(new Error('There was no answer before the deadline.'));
  const deadline = setTimeout(late, deadline_ms);
  reply.raw.once('close', () => {
    clearTimeout(deadline);
    end.abort(GONE);
  });
  return end.signal;
}

type Sending = Readonly<{ pool: Pool; places: Places; request: PassedOn; signal: AbortSignal }>;

/** Null when too many wait. The place is given back when the subgraph has nothing more to do with the request, and not before. */
async function send({ pool, places, request, signal }: Sending): Promise<Answer | null> {
  if (!(await places.enter(signal))) return null;
  try {
    const response = await pool.request({ ...request, body: request.body ?? null, signal });
    const { statusCode: status, headers, body } = response;
    body.once('close', places.leave);
    // Whoever reads it hears of it too; one that nobody reads any more must not end the process.
    body.on('error', () => undefined);
    const type = headers['content-type'];
    return { status, contentType: typeof type === 'string' ? type : undefined, body };
  } catch (error) {
    places.leave();
    throw error;
  }
}

/** Passes requests on to the subgraph at `origin`; undefined when there is none. */
export function createPassOn(
  origin: string | undefined,
  { connections, waitingMax, deadline_ms, answerBytesMax }: PassOnLimits,
  { onFault, onBadAnswer }: PassOnFaults,
): PassOn {
  const pool =
    origin === undefined
      ? null
      : new Pool(new URL(origin).origin, {
          connections,
          pipelining: 1,
          keepAliveTimeout: KEEP_ALIVE_MS,
          connect: { timeout: CONNECT_TIMEOUT_MS },
          headersTimeout: ANSWER_BEGINS_WITHIN_MS,
          bodyTimeout: STALL_MS,
          maxResponseSize: answerBytesMax,
        });
  // The pool's own queue has no end and keeps what was given up: with as many places as connections nothing waits there.
  const places = createPlaces(connections, waitingMax);
  return {
    pass: async (request, reply, answered) => {
      if (pool === null) return refuse(reply, 'SUBGRAPH_UNAVAILABLE', 'It is not there.');
      // Whoever went away already is not waited for.
      if (reply.raw.closed) return reply.hijack();
      const signal = endOf(reply, deadline_ms);
      try {
        const answer = await send({ pool, places, request, signal });
        return answer === null ? refuse(reply, 'OVERLOADED', 'Try again later.') : answered(answer);
      } catch (error) {
        if (signal.reason === GONE) return reply.hijack();
        onFault(error);
        return refuse(reply, 'SUBGRAPH_UNAVAILABLE', 'It does not answer now; try again later.');
      }
    },
    onBadAnswer,
    close: async () => pool?.destroy(),
  };
}
