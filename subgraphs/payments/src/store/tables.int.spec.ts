import { fileURLToPath } from 'node:url';
import { type Database, migrate, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { getTableColumns, getTableName } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  creditAccounts,
  invoices,
  ledgerEntries,
  orderNames,
  paymentAttempts,
  paymentBreaks,
  paymentCalls,
  paymentReconciliations,
  payments,
} from './tables.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

let clone: TestDatabase;
let database: Database;

beforeAll(async () => {
  clone = await databaseFromTemplate('payments', (url) => migrate(url, MIGRATIONS));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
});

afterAll(async () => {
  await database.close();
  await clone.drop();
});

it.each([
  payments,
  paymentAttempts,
  paymentCalls,
  creditAccounts,
  invoices,
  orderNames,
  ledgerEntries,
  paymentReconciliations,
  paymentBreaks,
])('a read-model table is what the migrations made', async (table) => {
  const columns = await database.sql<{ name: string; type: string; required: boolean }[]>`
    SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AS required FROM information_schema.columns
    WHERE table_name = ${getTableName(table)}`;
  const made = new Map(columns.map(({ name, type, required }) => [name, { type, required }]));
  for (const column of Object.values(getTableColumns(table))) {
    expect({ name: column.name, ...made.get(column.name) }).toEqual({
      name: column.name,
      type: column.getSQLType(),
      required: column.notNull,
    });
  }
});
