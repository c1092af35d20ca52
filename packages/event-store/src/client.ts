import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { ARRAY_TYPES } from './array-types.ts';
import { refuseUnprovenCommit } from './unproven-commit.ts';
import { watchedSockets } from './watched-socket.ts';

/** The client of the hot path: single statements only, each one call of a function, autocommit. Never `begin`. */
export type Sql = postgres.Sql<{ bigint: bigint }>;
/** Drizzle's own client: it owns read-model queries. It mutates its postgres.js client, so it never shares one. */
export type ReadDatabase = PostgresJsDatabase;

export type Database = Readonly<{ sql: Sql; read: ReadDatabase; close: () => Promise<void> }>;

export type DatabaseOptions = Readonly<{
  url: string;
  /** Shown in pg_stat_activity; bench reads CPU by it. */
  applicationName: string;
  /** Connections for writes; a batch uses one for one call. */
  writeConnections?: number;
  readConnections?: number;
  /** Milliseconds a server that was asked may stay silent before the connection is given up. */
  silenceLimit_ms?: number;
  /** Milliseconds a statement may take; a command that moves a whole log needs more than a request. */
  statementTimeoutMs?: number;
}>;

const WRITE_CONNECTIONS = 4;
const READ_CONNECTIONS = 4;
/** A statement that runs longer is cancelled: longer than any batch, shorter than a client's patience. */
const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_S = 5;
const CLOSE_TIMEOUT_S = 5;
/** The driver's own pause between attempts grows to 20 s, which would outlast most outages. */
const RECONNECT = { first_s: 0.05, longest_s: 0.5 };

function connect(options: DatabaseOptions, max: number, more: Record<string, string>) {
  const settings = {
    max,
    onnotice: refuseUnprovenCommit,
    connect_timeout: CONNECT_TIMEOUT_S,
    max_lifetime: null,
    fetch_types: false,
    types: { bigint: postgres.BigInt, ...ARRAY_TYPES },
    connection: {
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      ...more,
    },
    backoff: (attempts: number) =>
      Math.min(RECONNECT.longest_s, RECONNECT.first_s * 2 ** attempts) * (0.5 + Math.random() / 2),
    // Known to the driver, not to its types.
    socket: watchedSockets(options.silenceLimit_ms),
  };
  return postgres(options.url, settings);
}

/** Opens the pools of one subgraph's database. Nothing is connected until the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  // Plans of functions made on small tables stay for the session: with these switches they stay index scans.
  const planner = {
    jit: 'off',
    enable_seqscan: 'off',
    enable_mergejoin: 'off',
    plan_cache_mode: 'force_generic_plan',
  };
  const sql = connect(options, options.writeConnections ?? WRITE_CONNECTIONS, planner);
  const reading = connect(options, options.readConnections ?? READ_CONNECTIONS, { jit: 'off' });
  return {
    sql,
    read: drizzle(reading),
    close: async () => {
      await Promise.all([sql.end({ timeout: CLOSE_TIMEOUT_S }), reading.end({ timeout: CLOSE_TIMEOUT_S })]);
    },
  };
}

/** Milliseconds a statement of the command `restore-log` may take: storing a day's keys is one statement. */
const RESTORE_STATEMENT_TIMEOUT_MS = 600_000;

/** The database of a command that moves a whole log: one call at a time, each as long as it needs. */
export function openRestoreDatabase(url: string, subgraph: string): Database {
  return openDatabase({
    url,
    applicationName: `${subgraph} restore-log`,
    writeConnections: 2,
    readConnections: 1,
    statementTimeoutMs: RESTORE_STATEMENT_TIMEOUT_MS,
  });
}
