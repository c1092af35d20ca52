// A client of the public API as an integrator writes one: HTTP, a token, JSON. It knows nothing of what lies behind.

export type GatewayError = Readonly<{
  message: string;
  path?: readonly (string | number)[];
  extensions: Readonly<{ code: string; requestId?: string }>;
}>;

export type Answer<Data> = Readonly<{
  status: number;
  /** The raw body, for what must not stand in it. */
  text: string;
  data: Data | null;
  errors: readonly GatewayError[];
}>;

export type Variables = Readonly<Record<string, unknown>>;

/** One caller: an address and a token. */
export type GatewayClient = Readonly<{
  /** Sends an operation and answers whatever came. */
  ask: <Data>(document: string, variables?: Variables) => Promise<Answer<Data>>;
  /** Sends an operation that must succeed; throws with the errors when it does not. */
  data: <Data>(document: string, variables?: Variables) => Promise<Data>;
}>;

/** A request that hangs must not hang the run. */
const ANSWER_WITHIN_MS = 30_000;

export function gatewayClient(gatewayUrl: string, token: string): GatewayClient {
  const ask = <Data>(document: string, variables: Variables = {}) =>
    send<Data>(gatewayUrl, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: document, variables }),
    });
  return {
    ask,
    data: async <Data>(document: string, variables?: Variables) => {
      const { data, text } = await ask<Data>(document, variables);
      if (data === null || text.includes('"errors":')) throw new Error(`The gateway refused: ${text}`);
      return data;
    },
  };
}

/** Any request to /graphql, well-formed or not. */
export async function send<Data>(
  gatewayUrl: string,
  { search = '', ...init }: RequestInit & { search?: string },
): Promise<Answer<Data>> {
  const response = await fetch(`${gatewayUrl}/graphql${search}`, {
    method: 'POST',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    ...init,
  });
  const text = await response.text();
  const body = bodyOf<Data>(text);
  return { status: response.status, text, data: body.data ?? null, errors: body.errors ?? [] };
}

type Body<Data> = Readonly<{ data?: Data | null; errors?: readonly GatewayError[] }>;

/** An answer that is no JSON has neither data nor errors, which no test takes for good. */
function bodyOf<Data>(text: string): Body<Data> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The error codes of an answer, in order. */
export const codesOf = ({ errors }: Answer<unknown>): string[] =>
  errors.map(({ extensions }) => extensions.code);
