/** What is said to PostgreSQL servers about replication. Each call has a connection of its own: servers come and go. */
import postgres from 'postgres';

const CONNECT_LIMIT_S = 5;
const WAIT_LIMIT_MS = 30_000;
const POLL_MS = 50;
const PROMOTION_LIMIT_S = 60;

async function asking<Answer>(url: string, ask: (sql: postgres.Sql) => Promise<Answer>): Promise<Answer> {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: CONNECT_LIMIT_S,
    // The driver's own question about types is asked by nobody: losing the connection over it would end this process.
    fetch_types: false,
    onnotice: () => undefined,
  });
  try {
    return await ask(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${WAIT_LIMIT_MS / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Makes commits wait for any one of these standbys; for nobody when there is none. Works on a standby, too. */
export function writeSynchronousStandbys(url: string, names: readonly string[]): Promise<void> {
  const value = names.length === 0 ? '' : `ANY 1 (${names.join(', ')})`;
  return asking(url, async (sql) => {
    // ALTER SYSTEM takes no parameters; the names are ours, made of letters, digits and underscores.
    await sql.unsafe(`ALTER SYSTEM SET synchronous_standby_names = '${value}'`);
    await sql`SELECT pg_reload_conf()`;
  });
}

/** Resolves when each of these standbys streams from the server. */
export function streaming(url: string, names: readonly string[]): Promise<void> {
  return asking(url, (sql) =>
    until(`${names.join(', ')} stream`, async () => {
      const rows = await sql`
        SELECT application_name FROM pg_stat_replication
        WHERE state = 'streaming' AND application_name = ANY(string_to_array(${names.join()}, ','))`;
      return rows.length === names.length;
    }),
  );
}

/** Bytes of the log that a standby has received and flushed. */
export function receivedUpTo(url: string): Promise<bigint> {
  return asking(url, async (sql) => {
    const [row] = await sql`
      SELECT pg_wal_lsn_diff(greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), '0/0')::text AS bytes`;
    return BigInt(String(row?.bytes ?? 0));
  });
}

/** Promotes a standby; resolves when it takes writes. */
export function promoteNow(url: string): Promise<void> {
  return asking(url, async (sql) => {
    const [row] = await sql`SELECT pg_promote(true, ${PROMOTION_LIMIT_S}) AS done`;
    if (row?.done !== true) throw new Error(`The promotion took more than ${PROMOTION_LIMIT_S} s.`);
  });
}
