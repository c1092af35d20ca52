import { Pool } from 'undici';

/** A connection for each of 500 buyers. */
const CONNECTIONS = 500;
/** An answer that takes longer counts as none. */
export const ANSWER_LIMIT_MS = 120_000;

/** Keep-alive connections of buyers to a platform on this machine. */
export function openPool(port: number): Pool {
  return new Pool(`http://127.0.0.1:${port}`, {
    connections: CONNECTIONS,
    headersTimeout: ANSWER_LIMIT_MS,
    bodyTimeout: ANSWER_LIMIT_MS,
  });
}
