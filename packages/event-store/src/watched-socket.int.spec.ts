import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from './client.ts';
import { faultKind } from './faults.ts';

/** Longer than a busy machine lets an answer wait. */
const SILENCE_MS = 2_000;

let database: TestDatabase;
let door: { url: string; swallow: (on: boolean) => void; close: () => void };

/** A way to the database that can lose everything without closing anything. */
async function doorTo(url: string) {
  const target = new URL(url);
  const databasePort = Number(target.port);
  let swallowing = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = dial(databasePort, target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
      from.on('data', (bytes) => {
        if (!swallowing) to.write(bytes);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.href,
    swallow: (on: boolean) => {
      swallowing = on;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

beforeAll(async () => {
  database = await databaseFromTemplate('watched-socket', async () => undefined);
  door = await doorTo(database.url);
});

afterAll(async () => {
  door.close();
  await database.drop();
});

it('settles statements of a connection that swallows everything, and works again when the way is open', async () => {
  const { sql, close } = openDatabase({ url: door.url, applicationName: 'test', silenceLimit_ms: 1_000 });
  const again = async () => (await sql<{ three: number }[]>`SELECT 3 AS three`)[0]?.three;
  const answers = () => expect.poll(() => again().catch(() => null), { timeout: 15_000 }).toBe(3);
  // Polled for: a machine that stands still for so long makes the database look silent.
  await answers();
  door.swallow(true);
  const error = await sql`SELECT 2`.then(
    () => null,
    (fault: unknown) => fault,
  );
  expect(faultKind(error)).toBe('infrastructure');
  door.swallow(false);
  await answers();
  await close();
});

it('leaves an idle connection alone, however long it is silent', async () => {
  const { sql, close } = openDatabase({
    url: door.url,
    applicationName: 'test',
    writeConnections: 1,
    silenceLimit_ms: SILENCE_MS,
  });
  const backend = async () => (await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`)[0]?.pid;
  const before = await backend();
  await new Promise((resolve) => setTimeout(resolve, 2 * SILENCE_MS));
  expect(await backend()).toBe(before);
  await close();
});
