import { getTableColumns, getTableName } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inventory, openInventory } from '../../test/inventory.ts';
import * as tables from './tables.ts';

let inventory: Inventory;

beforeAll(async () => {
  inventory = await openInventory();
});

afterAll(() => inventory.close());

it('describes every column of the database as it is', async () => {
  for (const table of Object.values(tables)) {
    const columns = await inventory.sql`
      SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required
      FROM pg_attribute a WHERE a.attrelid = ${getTableName(table)}::regclass AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum`;
    const described = Object.values(getTableColumns(table)).map((column) => ({
      name: column.name,
      type: column.getSQLType(),
      required: column.notNull,
    }));
    expect(described).toEqual([...columns]);
  }
});
