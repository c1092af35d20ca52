import { type AddressInfo, createServer, connect as dial, type Server } from 'node:net';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from './client.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await databaseFromTemplate('array-types', async () => undefined);
});
afterAll(() => database.drop());

const UUID = '018f5b2e-7c1d-7a60-8000-0242ac120002';
const AWKWARD = ['', ' ', 'NULL', 'null', '{}', 'a,b', '"', '\\', '\\"{,}', 'é\n\t'];

describe('arrays of the types our functions take', () => {
  // The driver declares a bare list of booleans, dates or bigints as a single value: those are sent as texts.
  it.each<[string, (string | number)[], unknown[]]>([
    ['text', AWKWARD, AWKWARD],
    ['int', [1, -2, 2_147_483_647], [1, -2, 2_147_483_647]],
    ['smallint', [5], [5]],
    ['float8', [0.5, -60], [0.5, -60]],
    ['numeric', ['12.50'], ['12.50']],
    ['bigint', ['1', '-9007199254740993'], [1n, -9_007_199_254_740_993n]],
    ['boolean', ['true', 'f'], [true, false]],
    ['uuid', [UUID], [UUID]],
    ['timestamptz', ['2026-03-01T09:30:00.123Z'], [new Date('2026-03-01T09:30:00.123Z')]],
  ])('%s go and come back, with nulls, and empty', async (type, sent, expected) => {
    const { sql, close } = openDatabase({ url: database.url, applicationName: 'test' });
    const statement = `SELECT $1::${type}[] AS back, cardinality($1::${type}[]) AS length`;
    const answer = async (values: (string | number | null)[]) => (await sql.unsafe(statement, [values]))[0];
    expect(await answer([...sent, null])).toEqual({ back: [...expected, null], length: sent.length + 1 });
    expect(await answer([])).toEqual({ back: [], length: 0 });
    await close();
  });
});

/** Stands before the database and resets a connection as soon as it is greeted and asked for something. */
async function resettingDoor(url: string, asked: string[]): Promise<{ url: string; server: Server }> {
  const target = new URL(url);
  const port = Number(target.port);
  const GREETED = Buffer.from('5a0000000549', 'hex');
  const server = createServer((client) => {
    const upstream = dial(port, target.hostname);
    let greeted = false;
    client.on('error', () => undefined);
    upstream.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('data', (bytes) => {
      greeted ||= bytes.includes(GREETED);
      client.write(bytes);
    });
    client.on('data', (bytes) => {
      if (!greeted) return upstream.write(bytes);
      asked.push(bytes.toString('latin1'));
      return client.resetAndDestroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  target.port = String((server.address() as AddressInfo).port);
  return { url: target.href, server };
}

it('asks a new connection nothing but what it was opened for, so that whoever asked hears of its loss', async () => {
  const asked: string[] = [];
  const door = await resettingDoor(database.url, asked);
  const { sql, close } = openDatabase({ url: door.url, applicationName: 'test' });
  await expect(sql`SELECT 'ours'`).rejects.toThrow(/ECONNRESET|CONNECTION_CLOSED/);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain("SELECT 'ours'");
  await close();
  door.server.close();
});
