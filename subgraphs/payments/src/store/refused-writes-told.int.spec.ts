// What a database says of a row that it refused is the row itself: it never reaches a log.
import { openDatabase } from '@crossdock/event-store';
import { createLogger } from '@crossdock/telemetry';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SEALED = 'eyJhbGciOiJFQ0RILUVTIn0.sealed.card';

let clone: TestDatabase;
let database: ReturnType<typeof openDatabase>;

beforeAll(async () => {
  clone = await databaseFromTemplate('refused-writes', async (url) => {
    const template = openDatabase({ url, applicationName: 'payments-test' });
    await template.sql`CREATE TABLE cards (token text UNIQUE, amount int CONSTRAINT amount_positive CHECK (amount > 0))`;
    await template.close();
  });
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
});

afterAll(async () => {
  await database.close();
  await clone.drop();
});

function logged(entry: object): string {
  let line = '';
  const destination = {
    write: (text: string) => {
      line += text;
    },
  };
  createLogger('payments-test', 'info', destination).error(entry, 'a write was refused');
  return line;
}

async function faultOf(run: () => Promise<unknown>): Promise<Error> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('Nothing was refused');
}

describe('a logged error of the database', () => {
  it.each([
    [
      'a row against a check',
      (minor: number) => database.sql`INSERT INTO cards VALUES (${SEALED}, ${minor})`,
      -1,
    ],
    [
      'a key that is there already',
      (minor: number) => database.sql`INSERT INTO cards VALUES (${SEALED}, ${minor}), (${SEALED}, ${minor})`,
      1,
    ],
    [
      'JSON that is none',
      () => database.sql`SELECT ${`{"sealedCardToken":"${SEALED}", no}`}::text::jsonb`,
      1,
    ],
  ])('says where and why, and quotes nothing of it: %s', async (_what, write, minor) => {
    const error = await faultOf(() => write(minor));
    expect(JSON.stringify(error)).toContain(SEALED);
    for (const entry of [{ err: error }, { err: new AggregateError([error], 'several') }, error]) {
      const line = logged(entry);
      expect(line).toContain('a write was refused');
      expect(line).not.toContain(SEALED);
    }
    const { err } = JSON.parse(logged({ err: error }));
    expect(err).toMatchObject({ code: expect.stringMatching(/^2[23]/), stack: expect.any(String) });
  });

  it('still says which constraint it was', async () => {
    const error = await faultOf(() => database.sql`INSERT INTO cards VALUES (${SEALED}, 0)`);
    expect(JSON.parse(logged({ err: error })).err).toMatchObject({
      ...{ code: '23514', constraint_name: 'amount_positive', table_name: 'cards' },
      message: expect.stringContaining('amount_positive'),
    });
  });
});
