import { getTableConfig } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FulfillmentDatabase, fulfillmentDatabase } from '../../test/fulfillment-database.ts';
import * as tables from './tables.ts';

let db: FulfillmentDatabase;
beforeAll(async () => {
  db = await fulfillmentDatabase();
});
afterAll(() => db.close());

it.each(Object.values(tables).map((table) => getTableConfig(table)))(
  '$name has these columns',
  async ({ name, columns }) => {
    const stored = await db.sql<{ column_name: string; nullable: boolean }[]>`
    SELECT column_name, is_nullable = 'YES' AS nullable FROM information_schema.columns WHERE table_name = ${name}`;
    const described = columns.map((column) => [column.name, !column.notNull]);
    expect(described.sort()).toEqual(
      stored.map(({ column_name, nullable }) => [column_name, nullable]).sort(),
    );
  },
);
