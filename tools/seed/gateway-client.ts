/** A client of the public API for seeding and first orders: one call, bounded repeats where the answer says "later". */
import { PlainFailure } from '../infrastructure/plain-failure.ts';

export interface GatewayClient {
  /**
   * Sends one operation and answers its data. What is only not ready yet (a replica on its way, a busy subgraph) is
   * sent again, so a mutation must carry an idempotency key. Rejects with a PlainFailure when it is refused for good.
   */
  readonly send: <Data>(document: string, variables: Readonly<Record<string, unknown>>) => Promise<Data>;
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

const CALL_LIMIT_MS = 60_000;
const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 250;

/** Refusals that end when facts of another subgraph arrive, or the load passes. */
const NOT_READY_YET = new Set([
  'UNKNOWN_PARTNER',
  'UNKNOWN_SKU',
  'UNKNOWN_WAREHOUSE',
  'REQUEST_IN_PROGRESS',
  'SUBGRAPH_UNAVAILABLE',
  'OVERLOADED',
  'RATE_LIMITED',
]);

/** A client that speaks with one token. */
export function gatewayClient(gatewayUrl: string, token: string): GatewayClient {
  return {
    send: async <Data>(document: string, variables: Readonly<Record<string, unknown>>) => {
      for (let tries = 1; ; tries += 1) {
        const { data, refusals } = await post(gatewayUrl, token, document, variables);
        // The document and Data stand side by side at each caller.
        if (refusals.length === 0) return data as Data;
        const isFinal = tries === MAX_TRIES || !refusals.every(({ code }) => NOT_READY_YET.has(code));
        if (isFinal) throw refused(document, refusals);
        await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * tries));
      }
    },
  };
}

async function post(url: string, token: string, query: string, variables: Readonly<Record<string, unknown>>) {
  const reply = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(CALL_LIMIT_MS),
  });
  const text = await reply.text();
  const body = parsed(text);
  if (body === undefined)
    return { data: undefined, refusals: [{ code: `HTTP_${reply.status}`, message: text.slice(0, 300) }] };
  return { data: body.data, refusals: [...refusalsOf(body.errors), ...refusalsOf(userErrorsIn(body.data))] };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The user errors of every payload in the data, those of single rows included. */
function userErrorsIn(data: unknown): unknown[] {
  if (!isRecord(data)) return [];
  return Object.values(data).flatMap((payload) => {
    if (!isRecord(payload)) return [];
    const rows = Array.isArray(payload.results) ? payload.results.filter(isRecord) : [];
    return [payload, ...rows].flatMap(({ userErrors }) => (Array.isArray(userErrors) ? userErrors : []));
  });
}

function refusalsOf(errors: unknown): Refusal[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(isRecord).map((error) => {
    const extensions = isRecord(error.extensions) ? error.extensions : {};
    return { code: String(error.code ?? extensions.code ?? 'UNKNOWN'), message: String(error.message) };
  });
}

function refused(document: string, refusals: readonly Refusal[]): PlainFailure {
  const operation = /(?:mutation|query)\s+(\w+)/.exec(document)?.[1] ?? 'The operation';
  const reasons = [...new Set(refusals.map(({ code, message }) => `${code}: ${message}`))].slice(0, 5);
  return new PlainFailure(`${operation} was refused: ${reasons.join('; ')}`);
}
