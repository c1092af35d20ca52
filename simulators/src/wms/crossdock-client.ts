import { Pool } from 'undici';
import { type BatchOutcome, CONFIRM_SHIPMENTS, confirmationInput, readOutcome } from './confirmation.ts';
import type { Pick } from './pick.ts';

/** Two calls for each of a dozen warehouses. */
const CONNECTIONS = 24;
/** Longer than Crossdock's own deadline; after it the answer is unknown and the same batch is sent again. */
const ANSWER_LIMIT_MS = 15_000;

export type ConfirmBatch = (
  idempotencyKey: string,
  picks: readonly Pick[],
  token: string,
) => Promise<BatchOutcome>;

export interface CrossdockClient {
  readonly confirm: ConfirmBatch;
  close(): Promise<void>;
}

/** Speaks GraphQL to Crossdock's public gateway: an origin alone means its `/graphql`. Never rejects. */
export function crossdockClient(gatewayUrl: string): CrossdockClient {
  const { origin, pathname, search } = new URL(gatewayUrl);
  const path = pathname === '/' ? '/graphql' : `${pathname}${search}`;
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    headersTimeout: ANSWER_LIMIT_MS,
    bodyTimeout: ANSWER_LIMIT_MS,
    connectTimeout: ANSWER_LIMIT_MS,
  });
  const confirm: ConfirmBatch = async (idempotencyKey, picks, token) => {
    const variables = { input: confirmationInput(idempotencyKey, picks) };
    const body = JSON.stringify({ operationName: 'ConfirmShipments', query: CONFIRM_SHIPMENTS, variables });
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${token}`,
    };
    try {
      const answer = await pool.request({ path, method: 'POST', headers, body });
      const text = await answer.body.text();
      return outcomeOf(answer.statusCode, answer.headers['retry-after'], text, picks.length);
    } catch (error) {
      return {
        kind: 'again',
        why: error instanceof Error && 'code' in error ? String(error.code) : 'TRANSPORT',
      };
    }
  };
  return { confirm, close: () => pool.destroy() };
}

/** A coded GraphQL error says more than the status it came with. */
function outcomeOf(
  status: number,
  retryAfter: string | string[] | undefined,
  text: string,
  rows: number,
): BatchOutcome {
  const outcome = readOutcome(parseJson(text), rows);
  if (status === 413) return { kind: 'divide', code: 'PAYLOAD_TOO_LARGE' };
  if (status === 200 || outcome.kind === 'divide') return outcome;
  const why =
    outcome.kind === 'again' && outcome.why !== 'UNREADABLE_ANSWER' ? outcome.why : `HTTP_${status}`;
  const seconds = Number(retryAfter);
  return seconds > 0 ? { kind: 'again', why, retryAfterMs: seconds * 1_000 } : { kind: 'again', why };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
