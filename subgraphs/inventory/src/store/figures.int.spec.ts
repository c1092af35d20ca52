// What is decided on is of one moment, whoever writes meanwhile.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inventory, openInventory } from '../../test/inventory.ts';
import { loadTotals } from './figures.ts';

const SKU = 'moving-between';
/** Units that are reserved or waited for, and never both. */
const UNITS = 4;
/** Reads while units go to and fro: read apart, the two figures would differ in one of some dozens. */
const READS = 500;

let inventory: Inventory;
beforeAll(async () => {
  inventory = await openInventory();
});
afterAll(() => inventory.close());

it('shows units that stop waiting and are reserved in one of the two figures, never in both or in none', async () => {
  const { sql } = inventory;
  await sql`INSERT INTO sku_totals (sku, sellable, reserved, held) VALUES (${SKU}, 10, 0, 0)`;
  await sql`INSERT INTO backorder_totals (sku, units) VALUES (${SKU}, ${UNITS})`;
  const reading = { ends: false };
  const toAndFro = (async () => {
    while (!reading.ends) {
      await sql.unsafe(`DO $$ BEGIN
        DELETE FROM backorder_totals WHERE sku = '${SKU}';
        UPDATE sku_totals SET reserved = ${UNITS} WHERE sku = '${SKU}';
      END $$`);
      await sql.unsafe(`DO $$ BEGIN
        UPDATE sku_totals SET reserved = 0 WHERE sku = '${SKU}';
        INSERT INTO backorder_totals (sku, units) VALUES ('${SKU}', ${UNITS});
      END $$`);
    }
  })();
  const sums = new Set<number>();
  const seen = new Set<number>();
  for (let read = 0; read < READS; read += 1) {
    const { totals, waiting } = await loadTotals(sql, [SKU]);
    const reserved = totals[0]?.reserved ?? 0;
    seen.add(reserved);
    sums.add(reserved + (waiting.get(SKU) ?? 0));
  }
  reading.ends = true;
  await toAndFro;
  expect([...sums]).toEqual([UNITS]);
  expect([...seen].toSorted()).toEqual([0, UNITS]);
});
