import postgres from 'postgres';
import { ARRAY_TYPES } from './array-types.ts';
import type { Sql } from './client.ts';

/** One connection for work that needs a transaction or a session's lock; never one of the pools that serve. */
export type OwnConnection = Readonly<{
  sql: Sql;
  /** Throws once the connection broke: what the session held is gone, although the next statement would be answered. */
  mustStand: () => void;
  close: () => Promise<void>;
}>;

/** Waiting for a lock stops the others who wait behind us: less than they wait themselves. */
const LOCK_TIMEOUT_MS = 3_000;
/** The largest comparison of tables; nobody waits for it. */
const STATEMENT_TIMEOUT_MS = 15 * 60_000;
/** A transaction that holds others up ends by itself when its process hangs or dies. */
const IDLE_IN_TRANSACTION_MS = 5_000;
const CONNECT_TIMEOUT_S = 5;
const CLOSE_TIMEOUT_S = 5;

export function openOwnConnection(url: string, applicationName: string): OwnConnection {
  let broke = false;
  const sql = postgres(url, {
    max: 1,
    onnotice: () => undefined,
    onclose: () => {
      broke = true;
    },
    connect_timeout: CONNECT_TIMEOUT_S,
    max_lifetime: null,
    fetch_types: false,
    types: { bigint: postgres.BigInt, ...ARRAY_TYPES },
    connection: {
      application_name: applicationName,
      lock_timeout: LOCK_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  });
  return {
    sql,
    mustStand: () => {
      if (broke) throw new Error('the connection to the database broke');
    },
    close: () => sql.end({ timeout: CLOSE_TIMEOUT_S }),
  };
}
