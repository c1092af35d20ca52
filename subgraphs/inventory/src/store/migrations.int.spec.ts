// A database with orders in it comes to know what it did not tell before: currencies, units for sale, and what is suspended.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate } from '@crossdock/testing';
import { expect, it } from 'vitest';
import { disagreements, oversold } from '../../test/books.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
const LAST_BEFORE = 2;

/** The migrations as they were before stock was kept in depth. */
async function migrationsBefore(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-migrations-'));
  await cp(MIGRATIONS, folder, { recursive: true });
  const journal = join(folder, 'meta', '_journal.json');
  const { entries, ...rest }: { entries: { idx: number }[] } = JSON.parse(await readFile(journal, 'utf8'));
  const early = entries.filter(({ idx }) => idx <= LAST_BEFORE);
  await writeFile(journal, JSON.stringify({ ...rest, entries: early }));
  return folder;
}

const ORDER = '00000000-0000-7000-8000-000000000001';
const CAUSE = '00000000-0000-7000-8000-000000000002';

/** Ten units in an OPEN warehouse and five in one that shut, two of them assigned; three are claimed and not assigned. */
const BEFORE = `
  INSERT INTO products VALUES ('A', 'A', 100, 'GBP', 1, 1, 0, 1);
  INSERT INTO warehouses VALUES ('N', 'OPEN'), ('S', 'DOWN');
  INSERT INTO stock (sku, warehouse_id, on_hand, allocated) VALUES ('A', 'N', 10, 0), ('A', 'S', 5, 2);
  INSERT INTO sku_totals (sku, sellable, reserved) VALUES ('A', 10, 5);
  INSERT INTO movements (sku, warehouse_id, kind, quantity, order_id, cause) VALUES
    ('A', 'N', 'receipt', 11, NULL, '${CAUSE}'), ('A', 'S', 'receipt', 5, NULL, '${CAUSE}'),
    ('A', NULL, 'reserve', 6, '${ORDER}', '${CAUSE}'), ('A', 'N', 'allocate', 1, '${ORDER}', '${CAUSE}'),
    ('A', 'S', 'allocate', 2, '${ORDER}', '${CAUSE}'), ('A', 'N', 'ship', 1, '${ORDER}', '${CAUSE}');
  INSERT INTO reservations VALUES ('${ORDER}', 'P-1', 0, 'RESERVED', false, '[["A",6]]',
    '[{"shipmentId":"1","warehouseId":"N","lines":[["A",1]],"left":true},{"shipmentId":"2","warehouseId":"S","lines":[["A",2]],"left":false}]',
    3, 3, now());
  SELECT log_append(ARRAY[0], ARRAY['reservation'], ARRAY['${ORDER}'], ARRAY[1], ARRAY['${CAUSE}']::uuid[],
    ARRAY['StockReserved'], ARRAY[1], ARRAY['{"currencyCode":"GBP"}'], ARRAY['{}'])`;

it('adds up after the migration as the books of today do', async () => {
  const folder = await migrationsBefore();
  const clone = await databaseFromTemplate('inventory_before_depth', (url) => migrate(url, folder));
  await rm(folder, { recursive: true });
  const database = openDatabase({ url: clone.url, applicationName: 'inventory-spec' });
  try {
    await database.sql.unsafe(BEFORE);
    await migrate(clone.url, MIGRATIONS);
    expect(await disagreements(database.sql)).toEqual([]);
    expect(await oversold(database.sql)).toEqual([]);
    expect(await database.sql`SELECT sellable, reserved, held, withdrawing FROM sku_totals`).toEqual([
      { sellable: 10, reserved: 3, held: 0, withdrawing: 2 },
    ]);
    expect(await database.sql`SELECT currency_code, policy, waiting, wave FROM reservations`).toEqual([
      { currency_code: 'GBP', policy: null, waiting: [], wave: 1 },
    ]);
  } finally {
    await database.close();
    await clone.drop();
  }
});
