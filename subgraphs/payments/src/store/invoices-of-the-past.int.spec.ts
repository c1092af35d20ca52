// The migration that brings invoices finds shipments that left before there were any.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Database, migrate, newId, openDatabase } from '@crossdock/event-store';
import { databaseFromTemplate, type TestDatabase } from '@crossdock/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
const BEFORE_INVOICES = 4;

let folder: string;
let clone: TestDatabase;
let database: Database;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  cpSync(MIGRATIONS, folder, { recursive: true });
  const file = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: unknown[] };
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, BEFORE_INVOICES) }));
  clone = await databaseFromTemplate('payments-before-invoices', (url) => migrate(url, folder));
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
});

afterAll(async () => {
  await database.close();
  await clone.drop();
  rmSync(folder, { recursive: true });
});

type Shipment = Readonly<{ shipmentId: string; valueMinor: number; state: string }>;

async function paymentWith(method: 'TERMS' | 'CARD', shipments: readonly Shipment[]): Promise<void> {
  const captured = shipments.filter(({ state }) => state === 'CAPTURED');
  const orderId = newId();
  const sum = captured.reduce((total, { valueMinor }) => total + valueMinor, 0);
  await database.sql`
    INSERT INTO payments (order_id, partner_id, partition, version, stream_version, closed, method, currency_code, total_minor,
      reserved_minor, stage, status, outcome_unknown, authorised_minor, captured_minor, refunded_minor, authorisation_epoch, shipments)
    VALUES (${orderId}, 'p', 0, 1, 1, false, ${method}, 'GBP', 5000, 5000, 'AUTHORISED', 'AUTHORISED', false, 5000, ${sum}, 0, 1,
      ${JSON.stringify(shipments)}::text::jsonb)`;
  for (const { shipmentId, valueMinor } of captured) {
    await database.sql`
      INSERT INTO ledger_entries (entry_id, order_id, shipment_id, debit_account, credit_account, currency_code, amount_minor, posted_at)
      VALUES (${newId()}, ${orderId}, ${shipmentId}, 'receivable/p', 'sales', 'GBP', ${valueMinor}, '2026-01-31T23:30:00Z')`;
  }
}

it('they are invoiced as of the day they were booked, and nothing else is', async () => {
  await database.sql`
    INSERT INTO credit_accounts (partner_id, partition, currency_code, limit_minor, exposure_minor, version)
    VALUES ('p', 0, 'GBP', 1, 1, 3), ('q', 0, 'GBP', 0, 0, 0)`;
  const [onTerms, byCard, asked, waiting] = [newId(), newId(), newId(), newId()];
  await paymentWith('TERMS', [{ shipmentId: onTerms, valueMinor: 1_000, state: 'CAPTURED' }]);
  await paymentWith('CARD', [
    { shipmentId: byCard, valueMinor: 2_000, state: 'CAPTURED' },
    { shipmentId: asked, valueMinor: 500, state: 'REQUESTED' },
    { shipmentId: waiting, valueMinor: 100, state: 'WAITING' },
  ]);
  await database.close();
  await migrate(clone.url, MIGRATIONS);
  database = openDatabase({ url: clone.url, applicationName: 'payments-test' });
  const rows = await database.sql`
    SELECT shipment_id, method, total_minor::int AS total, paid_minor::int AS paid, due_on - issued_on AS days, lines,
           CASE WHEN shipment_id <> ${asked} THEN issued_on::text END AS issued
    FROM invoices ORDER BY total_minor`;
  const common = { lines: [], issued: '2026-01-31' };
  expect([...rows]).toEqual([
    { ...common, shipment_id: asked, method: 'CARD', total: 500, paid: 0, days: 0, issued: null },
    { ...common, shipment_id: onTerms, method: 'TERMS', total: 1_000, paid: 0, days: 30 },
    { ...common, shipment_id: byCard, method: 'CARD', total: 2_000, paid: 2_000, days: 0 },
  ]);
  const numbers = await database.sql`SELECT number::int, issued_on FROM invoices ORDER BY number`;
  expect(numbers.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect([...(await database.sql`SELECT last_number::int AS last FROM invoice_counter`)]).toEqual([
    { last: 3 },
  ]);
  const limits = await database.sql`SELECT partner_id, limit_set FROM credit_accounts ORDER BY 1`;
  expect([...limits]).toEqual([
    { partner_id: 'p', limit_set: true },
    { partner_id: 'q', limit_set: false },
  ]);
});
