import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { discardShelter } from './account.ts';
import type { Watch } from './keep-alive.ts';
import { type Servers, startServers } from './servers.ts';

/** Three servers are started and stopped, and what they write is forced to the disk. */
const SLOW = { timeout: 180_000 };

let folder = '';
const pids = new Map<string, number>();
const said: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-servers-'));
  chmodSync(folder, 0o755);
});
afterAll(() => {
  discardShelter(folder);
  rmSync(folder, { recursive: true, force: true });
});

function start(): Promise<Servers> {
  const watch: Watch = {
    started: (name, pid) => void pids.set(name, pid),
    ended: () => undefined,
    say: (line) => void said.push(line),
    signal: new AbortController().signal,
  };
  return startServers({
    folder,
    logFolder: join(folder, 'logs'),
    say: watch.say,
    databasePassword: 'secret',
    fsync: true,
    withDatabases: true,
    existing: { databaseUrls: undefined, natsUrl: undefined, redisUrl: undefined },
    keeper: watch,
  });
}

async function asking<Row>(url: string, ask: (sql: postgres.Sql) => Promise<Row>): Promise<Row> {
  const sql = postgres(url, { max: 1 });
  try {
    return await ask(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

it('finds its data again, is durable, and clears a pid file that is not its own', SLOW, async () => {
  const first = await start();
  await asking(first.databaseUrls.orders, (sql) => sql`create table kept as select 42 as answer`);
  await first.stop();
  writeFileSync(join(folder, 'postgres', 'postmaster.pid'), `${process.pid}\n`);
  const second = await start();
  const [row] = await asking(
    second.databaseUrls.orders,
    (sql) => sql`
    select answer, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
      current_setting('jit') as jit from kept`,
  );
  expect(row).toEqual({ answer: 42, fsync: 'on', commit: 'on', jit: 'off' });
  await second.stop();
});

it('starts a killed server again on its port', SLOW, async () => {
  const servers = await start();
  const before = pids.get('postgres') ?? 0;
  process.kill(before, 'SIGKILL');
  await expect.poll(() => pids.get('postgres'), { timeout: 60_000 }).not.toBe(before);
  await expect
    .poll(() => asking(servers.databaseUrls.orders, (sql) => sql`select 1 as one`).catch(() => []), {
      timeout: 60_000,
    })
    .toHaveLength(1);
  expect(said.some((line) => /^postgres ended .* starting it again/.test(line))).toBe(true);
  await servers.stop();
});

it('listens on the loopback alone', SLOW, async () => {
  const servers = await start();
  expect([servers.natsUrl, servers.redisUrl].every((url) => url.includes('//127.0.0.1:'))).toBe(true);
  expect(readFileSync(join(folder, 'nats', 'nats.conf'), 'utf8')).toContain('host: "127.0.0.1"');
  const [row] = await asking(
    servers.databaseUrls.orders,
    (sql) => sql`select current_setting('listen_addresses') as at`,
  );
  expect(row).toEqual({ at: '127.0.0.1' });
  await servers.stop();
});
