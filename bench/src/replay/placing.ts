import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { type Answer, readAnswer } from './answer.ts';

/** A request that hangs longer than this is given up and sent again under its key. */
const REQUEST_TIMEOUT_MS = 30_000;
/** The client's patience: with the pauses below it rides out an outage of about half a minute. */
const ATTEMPTS_LIMIT = 20;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

export type Outcome = Exclude<Answer, { kind: 'retry' }> & { readonly attempts: number };

export interface OrderDoor {
  /** Sends one order until it is decided or patience ends; a request sent again carries the same key. */
  readonly place: (body: string) => Promise<Outcome>;
  readonly close: () => Promise<void>;
  /** Breaks off what is under way: an order that is not decided within its remaining attempts is unknown. */
  readonly giveUp: () => Promise<void>;
}

/** One request: when it was sent and answered (ms of a clock that never goes back), and what it came to. */
export interface Attempt {
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly answer: Answer;
}

/** Opens keep-alive connections to the gateway. `draw` gives numbers in [0, 1) for the jitter of retries. */
export function openOrderDoor(
  gatewayUrl: string,
  token: string,
  connections: number,
  draw: () => number,
  onAttempt: (attempt: Attempt) => void = () => undefined,
): OrderDoor {
  const { origin } = new URL(gatewayUrl);
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    headersTimeout: REQUEST_TIMEOUT_MS,
    bodyTimeout: REQUEST_TIMEOUT_MS,
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const ask = async (body: string): Promise<Answer> => {
    try {
      const response = await pool.request({ method: 'POST', path: '/graphql', headers, body });
      return readAnswer(response.statusCode, await response.body.text());
    } catch (error) {
      return { kind: 'retry', code: transportCodeOf(error), afterMs: 0 };
    }
  };
  const attempt = async (body: string): Promise<Answer> => {
    const sentAt = performance.now();
    const answer = await ask(body);
    onAttempt({ sentAt, answeredAt: performance.now(), answer });
    return answer;
  };
  return {
    place: (body) => placed(body, attempt, draw),
    close: () => pool.close(),
    giveUp: () => pool.destroy(),
  };
}

/** Repeats an attempt while its answer asks for it, with growing pauses, a bounded number of times. */
export async function placed(
  body: string,
  attempt: (body: string) => Promise<Answer>,
  draw: () => number,
): Promise<Outcome> {
  let code = '';
  for (let attempts = 1; attempts <= ATTEMPTS_LIMIT; attempts += 1) {
    const answer = await attempt(body);
    if (answer.kind !== 'retry') return { ...answer, attempts };
    code = answer.code;
    await sleep(pauseBefore(attempts, answer.afterMs, draw));
  }
  return { kind: 'unknown', codes: [code], attempts: ATTEMPTS_LIMIT };
}

/** Doubles from attempt to attempt up to a limit, half of it by chance; never shorter than the server asked for. */
export function pauseBefore(attempt: number, askedMs: number, draw: () => number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
  return Math.max(askedMs, longest * (0.5 + draw() / 2));
}

function transportCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'TRANSPORT';
}
