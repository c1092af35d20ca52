import { Pool } from 'undici';
import { ANSWER_LIMIT_MS, LANES } from './delivery-limits.ts';
import type { SignedMessage } from './signing.ts';

export interface Receiver {
  /** True for a 2xx. Never rejects. */
  send(message: SignedMessage): Promise<boolean>;
  close(): Promise<void>;
}

export function receiverAt(address: string): Receiver {
  const { origin, pathname, search } = new URL(address);
  const limits = { headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: ANSWER_LIMIT_MS };
  const pool = new Pool(origin, { connections: LANES, connectTimeout: ANSWER_LIMIT_MS, ...limits });
  const path = `${pathname}${search}`;
  const send = async ({ headers, body }: SignedMessage) => {
    try {
      const sent = { ...headers, 'content-type': 'application/json' };
      const answer = await pool.request({ path, method: 'POST', headers: sent, body });
      await answer.body.dump();
      return answer.statusCode >= 200 && answer.statusCode < 300;
    } catch {
      return false; // that nobody was there is counted like any refusal
    }
  };
  return { send, close: () => pool.destroy() };
}
