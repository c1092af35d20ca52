import type { Pool } from 'undici';

/** An answer outside 2xx, with what Medusa says of it. */
export class Refused extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string) {
    super(`${status} ${reason}`);
    this.status = status;
    this.reason = reason;
  }
}

const REASON_LENGTH = 80;

/** Sends one request; answers its JSON, rejects with Refused outside 2xx. */
export async function callRest(
  pool: Pool,
  method: 'GET' | 'POST',
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<unknown> {
  const response = await pool.request({
    ...{ method, path, headers: { 'content-type': 'application/json', ...headers } },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.body.text();
  if (response.statusCode >= 200 && response.statusCode < 300) return JSON.parse(text);
  throw new Refused(response.statusCode, reasonIn(text));
}

function reasonIn(text: string): string {
  try {
    const { code, type, message } = JSON.parse(text);
    return `${code ?? type}: ${message}`.slice(0, REASON_LENGTH);
  } catch {
    return text.slice(0, REASON_LENGTH);
  }
}
