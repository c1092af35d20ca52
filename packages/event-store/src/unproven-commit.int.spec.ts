import { fileURLToPath } from 'node:url';
import { ownPostgres } from '@crossdock/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from './client.ts';
import { faultKind } from './faults.ts';
import { migrate } from './migrate.ts';
import { loadIntents } from './relay-store.ts';

const NO_TABLES = fileURLToPath(new URL('../test-migrations', import.meta.url));

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
});

afterAll(async () => {
  await Promise.all([database.close(), person.end({ timeout: 1 })]);
  await server.stop();
});

async function endWait(how: 'pg_cancel_backend' | 'pg_terminate_backend'): Promise<void> {
  const waiting = () => person<{ pid: number }[]>`
    SELECT pid FROM pg_stat_activity WHERE application_name = 'unproven' AND wait_event = 'SyncRep'`;
  await expect.poll(async () => (await waiting()).length, { timeout: 10_000 }).toBe(1);
  const [row] = await waiting();
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
  await expect
    .poll(() => person`SELECT id FROM promises WHERE id = ${id}`, { timeout: 10_000 })
    .toHaveLength(1);
});

it('readers of the log are told how far it goes only by a commit of their own', async () => {
  const answers: unknown[] = [];
  const read = loadIntents(database.sql).then((intents) => answers.push(intents.length));
  const waiting = () => person`
    SELECT 1 FROM pg_stat_activity WHERE application_name = 'unproven' AND wait_event = 'SyncRep'`;
  await expect.poll(async () => (await waiting()).length, { timeout: 10_000 }).toBe(1);
  expect(answers).toEqual([]);
  await person`ALTER SYSTEM SET synchronous_standby_names = ''`;
  await person`SELECT pg_reload_conf()`;
  await read;
  expect(answers).toEqual([8]);
});

it('lets other warnings be', async () => {
  await database.sql`SET LOCAL statement_timeout = 1000`;
});
