import { fileURLToPath } from 'node:url';
import { ownPostgres } from '@crossdock/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from './client.ts';
import { faultKind } from './faults.ts';
import { migrate } from './migrate.ts';
import { loadIntents } from './relay-store.ts';

const NO_TABLES = fileURLToPath(new URL('../test-migrations', import.meta.url));
const PATIENCE = { timeout: 15_000 };

let server: Awaited<ReturnType<typeof ownPostgres>>;
let database: Database;
/** Does not wait for standbys itself. */
let person: postgres.Sql;

beforeAll(async () => {
  server = await ownPostgres();
  await migrate(server.url, NO_TABLES);
  database = openDatabase({ url: server.url, applicationName: 'unproven' });
  person = postgres(server.url, { max: 1, connection: { synchronous_commit: 'local' } });
  await person`CREATE TABLE promises (id int PRIMARY KEY)`;
  await person`ALTER SYSTEM SET synchronous_standby_names = 'nobody'`;
  await person`SELECT pg_reload_conf()`;
  await commitsWait();
});

afterAll(async () => {
  await Promise.all([database.close(), person.end({ timeout: 1 })]);
  await server.stop();
});

const waiting = (name: string) => person<{ pid: number }[]>`
  SELECT pid FROM pg_stat_activity WHERE application_name = ${name} AND wait_event = 'SyncRep'`;

/** The server reads its settings again in its own time, and says so nowhere: until then commits do not wait. */
async function commitsWait(): Promise<void> {
  const probe = postgres(server.url, {
    ...{ max: 1, onnotice: () => undefined, connection: { application_name: 'probe' } },
  });
  await person`CREATE TABLE probes (id serial PRIMARY KEY)`;
  const doesWait = async () => {
    let isDone = false;
    const commit = probe`INSERT INTO probes DEFAULT VALUES`.then(() => {
      isDone = true;
    });
    const backend = await vi.waitFor(async () => {
      const [row] = await waiting('probe');
      if (row === undefined && !isDone) throw new Error('The commit neither waits nor is done.');
      return row;
    }, PATIENCE);
    if (backend !== undefined) await person`SELECT pg_cancel_backend(${backend.pid})`;
    await commit;
    return backend !== undefined;
  };
  await vi.waitFor(async () => expect(await doesWait()).toBe(true), PATIENCE);
  await probe.end();
}

async function endWait(how: 'pg_cancel_backend' | 'pg_terminate_backend'): Promise<void> {
  await expect.poll(async () => (await waiting('unproven')).length, PATIENCE).toBe(1);
  const [row] = await waiting('unproven');
  await person.unsafe(`SELECT ${how}(${row?.pid ?? 0})`);
}

it.each([
  ['pg_cancel_backend', 1],
  ['pg_terminate_backend', 2],
] as const)('a commit whose wait for a standby was ended by %s is unknown, not success', async (how, id) => {
  const outcome = database.sql`INSERT INTO promises VALUES (${id})`.then(
    () => 'success',
    (error: unknown) => faultKind(error),
  );
  await endWait(how);
  expect(await outcome).toBe('infrastructure');
  // It stands here all the same: this is why nobody may answer from a row that was found by reading alone. It is
  // polled for: the warning leaves the backend before its transaction leaves the list of those that run.
  await expect.poll(() => person`SELECT id FROM promises WHERE id = ${id}`, PATIENCE).toHaveLength(1);
});

it('readers of the log are told how far it goes only by a commit of their own', async () => {
  const answers: unknown[] = [];
  const read = loadIntents(database.sql).then((intents) => answers.push(intents.length));
  await expect.poll(async () => (await waiting('unproven')).length, PATIENCE).toBe(1);
  expect(answers).toEqual([]);
  await person`ALTER SYSTEM SET synchronous_standby_names = ''`;
  await person`SELECT pg_reload_conf()`;
  await read;
  expect(answers).toEqual([8]);
});

it('lets other warnings be', async () => {
  await database.sql`SET LOCAL statement_timeout = 1000`;
});
