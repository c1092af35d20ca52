// Orders on their way while the tables change under them.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, newId, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate } from '@crossdock/testing';
import { expect, it } from 'vitest';
import { loadProgress } from './progress.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
const BOOKS = '0004_cancellation_and_waves';

/** The migrations as they were before orders had books. */
function withoutBooks(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-migrations-'));
  cpSync(MIGRATIONS, folder, { recursive: true });
  const file = join(folder, 'meta/_journal.json');
  // The journal's own shape.
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { tag: string }[] };
  const last = journal.entries.findIndex(({ tag }) => tag === BOOKS);
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last) }));
  return folder;
}

it('get a book where less than all was reserved, and none otherwise', async () => {
  const folder = withoutBooks();
  const clone = await databaseFromTemplate('orders-without-books', (url) => migrate(url, folder));
  const { sql, close } = openDatabase({ url: clone.url, applicationName: 'orders-migrations' });
  const [waiting, confirmed, whole] = [newId(), newId(), newId()];
  const lines = [
    { sku: 'a', quantity: 5 },
    { sku: 'b', quantity: 2 },
  ];
  const some = JSON.stringify([{ sku: 'a', quantity: 3 }]);
  for (const [position, [id, reserved, status, units]] of [
    [waiting, some, 'PLACED', null] as const,
    [confirmed, some, 'CONFIRMED', 3] as const,
    [whole, null, 'CONFIRMED', 7] as const,
  ].entries()) {
    await sql`INSERT INTO orders (order_id, partition, partner_id, number, status, version, shortage_policy, currency_code,
        total_minor, units_ordered, units_confirmed, stock, payment, reserved_lines, placed_by, placed_at)
      VALUES (${id}, 0, 'p1', ${id}, ${status}, 1, 'SHIP_AVAILABLE', 'GBP', 700, 7, ${units}, 'RESERVED',
        ${units === null ? 'OPEN' : 'AUTHORISED'}, ${reserved}::text::jsonb, 'me', now())`;
    await sql`INSERT INTO events VALUES (0, ${position + 1}, 'order', ${id}, 1, ${newId()}, 'OrderPlaced', 1,
      ${JSON.stringify({ lines })}::text::jsonb, '{}', now())`;
  }
  await migrate(clone.url, MIGRATIONS);
  const orders = await loadProgress(sql, [waiting, confirmed, whole]);
  const book = { heardWave: 1, restWaits: false, brokenWhole: null };
  expect(orders.get(waiting)?.state.book).toEqual({
    ...book,
    lines: [
      { sku: 'a', ordered: 5, cancelled: 0, claimed: 3, confirmed: 0 },
      { sku: 'b', ordered: 2, cancelled: 0, claimed: 0, confirmed: 0 },
    ],
    waves: [{ wave: 1, lines: [{ sku: 'a', quantity: 3 }], payment: 'OPEN' }],
  });
  expect(orders.get(confirmed)?.state.book).toEqual({
    ...book,
    lines: [
      { sku: 'a', ordered: 5, cancelled: 2, claimed: 3, confirmed: 3 },
      { sku: 'b', ordered: 2, cancelled: 2, claimed: 0, confirmed: 0 },
    ],
    waves: [{ wave: 1, lines: [], payment: 'AUTHORISED' }],
  });
  expect(orders.get(whole)?.state.book).toBeNull();
  await close();
  await clone.drop();
  rmSync(folder, { recursive: true });
});
